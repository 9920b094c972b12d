"""Charts of national series: simulated lines with their bands, observations with error bars."""

from __future__ import annotations

from functools import cache
from html import escape
from itertools import cycle
from typing import Any

import numpy as np
import polars as pl

from perelom.results.drawing import (
    SHAPES,
    YEARS,
    Frame,
    Stroke,
    bar,
    extent,
    grid,
    limits,
    mark,
    outlined,
    svg,
)
from perelom.results.page import number
from perelom.results.series import Series

VARIANTS = tuple(f"var(--variant-{n})" for n in range(1, 7))
"""Colours that tell variants of observations, or scenarios, apart."""

_STROKES = {"true": Stroke("var(--true)"), "reported": Stroke("var(--reported)", 1.6, (6.4, 3.2))}
_SIZE = (374.0, 216.0)
_PLOT = (40.0, 6.0, 328.0, 184.0)


def marks(series: Series) -> dict[str, tuple[str, str]]:
    """Return shape and colour of each variant of a series."""
    pairs = zip(cycle(SHAPES), cycle(VARIANTS), strict=False)
    return dict(zip(series.variants, pairs, strict=False))


def chart(series: Series) -> str:
    """Draw a series: simulated lines, observations with error bars.

    Filled marks were fitted or are context, hollow marks are held out; a thick bar is a published
    range, a thin one the 90% interval of the error model.
    """
    frame = Frame(*_PLOT, *limits(*_extent(series)))
    yearly = series.taken in ("yearly", "harvest")
    parts = [grid(frame)]
    parts += [outlined(frame, one, _STROKES[one.layer], yearly=yearly) for one in series.lines]
    drawn = marks(series)
    shown = series.points.filter(pl.col("year").is_between(*YEARS), pl.col("value").is_not_null())
    parts += [_point(frame, row, *drawn[row["variant"]]) for row in shown.to_dicts()]
    return svg(*_SIZE, parts)


@cache
def key(shape: str, colour: str, use: str = "fit") -> str:
    """Draw one mark for a legend."""
    return svg(16.0, 16.0, [mark(8.0, 8.0, shape, colour, **_look(use))])


@cache
def line_key(layer: str) -> str:
    """Draw the line of a layer for a legend."""
    return stroke_key(_STROKES[layer])


def stroke_key(stroke: Stroke) -> str:
    """Draw a line for a legend."""
    return svg(32.0, 14.0, [f'<path d="M0 7H32" {stroke.attributes()}/>'])


def _look(use: str) -> dict[str, Any]:
    return {"radius": 2.2 if use == "context" else 3.2, "hollow": use == "held_out"}


def _point(frame: Frame, row: dict[str, Any], shape: str, colour: str) -> str:
    x, y = float(frame.x(row["year"])), float(frame.y(row["value"]))
    edges = (row["top"], row["bottom"])
    known = all(edge is not None and np.isfinite(edge) for edge in edges)
    top, bottom = (float(frame.y(edge)) for edge in edges) if known else (y, y)
    told = f"{row['period']}: {number(row['value'])} ({row['variant']}; {row['source']})"
    faint = ' opacity="0.55"' if row["use"] == "context" else ""
    return (
        f"<g{faint}><title>{escape(told)}</title>"
        + (bar(x, top, bottom, colour, 1.8 if row["published"] else 0.7) if known else "")
        + mark(x, y, shape, colour, **_look(row["use"]))
        + "</g>\n"
    )


def _extent(series: Series) -> tuple[float, float]:
    of_lines = [v for one in series.lines for v in (one.values, one.high) if v is not None]
    of_points = [series.points[name].to_numpy() for name in ("bottom", "top", "value")]
    return extent([*of_lines, *of_points])
