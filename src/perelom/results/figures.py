"""Charts as compact SVG whose colours are CSS variables, so that light, dark and print all read."""

from __future__ import annotations

import io
import re
from functools import cache
from itertools import cycle
from typing import Any, Literal

import numpy as np
import polars as pl
from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from perelom.results.series import Line, Series

COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--rule)",
    "#030303": "var(--true)",
    "#040404": "var(--reported)",
    "#050501": "var(--variant-1)",
    "#050502": "var(--variant-2)",
    "#050503": "var(--variant-3)",
    "#050504": "var(--variant-4)",
    "#050505": "var(--variant-5)",
    "#050506": "var(--variant-6)",
    "#ffffff": "var(--paper)",
}
"""Stand-in colours of the drawing and the CSS variables that replace them."""

_VARIANTS = ("#050501", "#050502", "#050503", "#050504", "#050505", "#050506")
_MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "*", "h")
_LINES = {"true": ("#030303", "-", 1.8), "reported": ("#040404", (0, (4, 2)), 1.6)}
_GROUPS = (
    "figure|axes|patch|line2d|text|xtick|ytick|matplotlib|LineCollection|StepPatch|FillBetween"
)
_SHADE = 0.16
"""How dense the area between the 5% and the 95% of an ensemble is drawn."""
_SIZE = (5.2, 3.0)
YEARS = (1926.3, 1941.2)


def marks(series: Series) -> dict[str, tuple[str, str]]:
    """Return marker and stand-in colour of each variant of a series."""
    pairs = zip(cycle(_MARKERS), cycle(_VARIANTS), strict=False)
    return dict(zip(series.variants, pairs, strict=False))


def chart(series: Series) -> str:
    """Draw a series: simulated lines, observations with error bars.

    Filled marks were fitted or are context, hollow marks are held out; a thick bar is a published
    range, a thin one the 90% interval of the error model.
    """
    figure, axes = _axes()
    for line in series.lines:
        _draw_line(axes, line, yearly=series.taken == "yearly")
    for variant, (marker, colour) in marks(series).items():
        points = series.points.filter(pl.col("variant") == variant)
        for use in points["use"].unique().sort():
            _draw_points(axes, points.filter(pl.col("use") == use), marker, colour, str(use))
    _limits(axes, series)
    drawn = svg_of(figure)
    for artist in (*axes.lines, *axes.collections, *axes.patches):
        artist.remove()
    return drawn


@cache
def key(marker: str, colour: str, use: str = "fit") -> str:
    """Draw one mark for a legend."""
    figure = figure_of(0.22, 0.22)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.plot([0], [0], **_mark(marker, colour, use))
    return svg_of(figure)


@cache
def line_key(layer: str) -> str:
    """Draw the line of a layer for a legend."""
    figure = figure_of(0.45, 0.2)
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    colour, style, width = _LINES[layer]
    axes.plot([0, 1], [0, 0], color=colour, linestyle=style, linewidth=width)
    return svg_of(figure)


@cache
def _axes() -> tuple[Figure, Axes]:
    """Return the one figure that all charts of series use: making ticks is half of the work."""
    figure = figure_of(*_SIZE)
    return figure, axes_of(figure, (0.105, 0.12, 0.88, 0.84))


def axes_of(figure: Figure, place: tuple[float, float, float, float]) -> Axes:
    """Add plain axes over the simulated years: no frame, a light grid."""
    axes = figure.add_axes(place)
    axes.patch.set_visible(False)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", linewidth=0.6)
    axes.tick_params(length=0)
    axes.tick_params(axis="x", pad=7)
    axes.set_xticks([1927, 1929, 1931, 1933, 1935, 1937, 1939])
    axes.set_xlim(*YEARS)
    return axes


def figure_of(width: float, height: float) -> Figure:
    """Make an empty figure; sizes in inches."""
    _style()
    figure = Figure(figsize=(width, height))
    figure.patch.set_visible(False)
    return figure


@cache
def _style() -> None:
    rcParams.update(
        {
            "svg.fonttype": "none",
            "svg.hashsalt": "perelom",
            "font.size": 10,
            "text.color": "#010101",
            "axes.edgecolor": "#020202",
            "axes.labelcolor": "#010101",
            "xtick.color": "#010101",
            "ytick.color": "#010101",
            "grid.color": "#020202",
            "axes.formatter.useoffset": False,
            "axes.axisbelow": True,
        }
    )


def _draw_line(axes: Axes, line: Line, *, yearly: bool) -> None:
    colour, style, width = _LINES[line.layer]
    trace(axes, line, yearly=yearly, color=colour, linestyle=style, linewidth=width)


def trace(axes: Axes, line: Line, *, yearly: bool, color: str, **style: Any) -> None:
    """Draw a line, by steps where it has one value a year, with its band where it has one."""
    if not np.isfinite(line.values).any():
        return
    years = np.append(line.years, line.years[-1:] + 1) if yearly else line.years
    if line.low is not None and line.high is not None:
        low, high = (np.append(v, v[-1:]) if yearly else v for v in (line.low, line.high))
        step: Literal["post"] | None = "post" if yearly else None
        axes.fill_between(
            years, low, high, step=step, color=color, alpha=_SHADE, linewidth=0.0, zorder=1
        )
    if yearly:
        axes.stairs(line.values, years, baseline=None, color=color, **style)
    else:
        axes.plot(years, line.values, color=color, **style)


def _draw_points(axes: Axes, points: pl.DataFrame, marker: str, colour: str, use: str) -> None:
    x, y = points["year"].to_numpy(), points["value"].to_numpy()
    for published, width in ((True, 1.8), (False, 0.7)):
        some = points.filter(pl.col("published") == published)
        if some.height:
            axes.vlines(some["year"], some["bottom"], some["top"], color=colour, linewidth=width)
    axes.plot(x, y, **_mark(marker, colour, use))


def _mark(marker: str, colour: str, use: str) -> dict[str, Any]:
    return {
        "linestyle": "none",
        "marker": marker,
        "markersize": 4.0 if use == "context" else 5.5,
        "markeredgewidth": 1.4,
        "color": colour,
        "markerfacecolor": "#ffffff" if use == "held_out" else colour,
        "alpha": 0.55 if use == "context" else None,
    }


def _limits(axes: Axes, series: Series) -> None:
    tops = [line.values if line.high is None else line.high for line in series.lines]
    highest = [np.nanmax(values) for values in tops if np.isfinite(values).any()]
    highest += [value for value in (series.points["top"].max(),) if isinstance(value, float)]
    lowest = [np.nanmin(line.values) for line in series.lines if np.isfinite(line.values).any()]
    lowest += [value for value in (series.points["bottom"].min(),) if isinstance(value, float)]
    top = max(highest, default=1.0)
    bottom = min(lowest, default=0.0)
    if bottom < 0.55 * top or top - bottom < 0.1 * top:
        bottom = min(0.0, bottom)
    room = 0.04 * (top - bottom or 1.0)
    axes.set_ylim(bottom - (room if bottom else 0.0), top + room)


def svg_of(figure: Figure) -> str:
    """Return a figure as compact SVG without names of its parts."""
    buffer = io.StringIO()
    FigureCanvasSVG(figure)
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", text, count=1, flags=re.DOTALL)
    text = re.sub(rf' id="(?:{_GROUPS})[^"]*"', "", text)
    text = re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", text, count=1)
    text = re.sub(r"(\d+\.\d\d)\d+", r"\1", text)
    for stand_in, variable in COLOURS.items():
        text = text.replace(stand_in, variable)
    return re.sub(r"\n\s*", "\n", text)
