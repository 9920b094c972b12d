"""One chart for a notebook or a file: a variable of a run with its observations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from perelom.evidence.variables import NATION
from perelom.results import figures
from perelom.results.errors import RequestError
from perelom.results.files import write_whole
from perelom.results.page import caution, template
from perelom.results.series import Series, series_of

if TYPE_CHECKING:
    from perelom.results.run import Run

_FIGURE = "max-width:36em;margin:1em 0;padding:.6em;text-align:left"


@dataclass(frozen=True)
class Chart:
    """A drawing with what a reader must know of it; a notebook shows both.

    series: what is drawn. region: whose values. banded: whether draws give an interval.
    """

    series: Series
    region: str
    banded: bool

    @property
    def svg(self) -> str:
        """The drawing alone, with its colours."""
        return figures.chart(self.series).replace("<svg ", f'<svg style="{_colours()}" ', 1)

    def write(self, path: str | Path) -> Path:
        """Write the drawing as an SVG file."""
        path = Path(path)
        write_whole(path, self.svg.encode())
        return path

    def _repr_html_(self) -> str:
        series = self.series
        keys = [(figures.line_key(line.layer), f"simulated, {line.layer}") for line in series.lines]
        keys += [
            (figures.key(*mark), f"observed: {variant}")
            for variant, mark in figures.marks(series).items()
        ]
        legend = "".join(
            f'<span style="display:inline-block;margin-right:1em;white-space:nowrap">'
            f"{_small(drawn)} {escape(name)}</span>"
            for drawn, name in keys
        )
        shown = (
            "Line: median of the draws; band: 5% to 95% of them."
            if self.banded
            else "One run: its line carries no interval."
        )
        told = [series.variable.definition.rstrip(".") + ".", shown]
        told += [caution(series.variable.name, banded=self.banded)]
        told += ["Hollow marks are held out of the fit."] if series.points.height else []
        return (
            f'<figure style="{_FIGURE};{_colours()}">'
            f"<strong>{escape(series.title)}, {escape(self.region)}</strong>, "
            f"{escape(series.unit)}; {escape(series.basis)}{figures.chart(series)}"
            f'<figcaption style="font-size:.85em;font-style:normal;max-width:none">{legend}<br>'
            f"{escape(' '.join(told))}</figcaption></figure>"
        )


def chart(run: Run, variable: str, region: str = NATION) -> Chart:
    """Draw a variable of a run, with the observations of that region.

    Raises
    ------
    RequestError
        The run has no such variable or region.

    """
    for what, name, known in (
        ("variable", variable, [str(one) for one in run.monthly.data_vars]),
        ("region", region, [str(one) for one in run.monthly["region"].to_numpy()]),
    ):
        if name not in known:
            near = get_close_matches(name, known, n=3, cutoff=0.5)
            raise RequestError(
                what=f"the run has no {what} {name!r}",
                where="Run.chart",
                allowed="a name of `run.monthly`" + ("" if what == "variable" else "['region']"),
                remedy=f"did you mean {' or '.join(near)}?" if near else "look the names up there",
            )
    return Chart(series_of(run, variable, region), region, run.ensemble is not None)


@cache
def _colours() -> str:
    """Return the colours of the report on paper, as a style; they do not change with the page."""
    found = re.search(r":root\{(.*?)\}", template("style.css.jinja").render(), re.DOTALL)
    assert found
    return found[1].replace("\n", "") + ";background:var(--paper);color:var(--ink)"


def _small(drawn: str) -> str:
    return drawn.replace("<svg ", '<svg style="height:1.3em;vertical-align:middle" ', 1)
