"""Charts of a comparison: scenarios over time with their bands, and below the paired difference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from perelom.evidence.variables import Variable, variables
from perelom.experiments.paired import Paired
from perelom.results.figures import (
    YEARS,
    axes_of,
    figure_of,
    svg_of,
    trace,
)
from perelom.results.series import Line, Taken, along, band, how_taken, shown_in

SHOWN = 8
_WANTED = (
    ("collectivized_households_share", 1),
    ("grain_harvest", 1),
    ("state_grain_procurement", 7),
    ("livestock_horses", 1),
    ("excess_deaths", 1),
    ("births_total", 1),
    ("population_urban", 1),
    ("industrial_production_index", 1),
    ("industrial_gross_output", 1),
    ("investment_total", 1),
    ("real_wage_index", 1),
    ("grain_exports", 7),
    ("food_consumption_rural", 1),
    ("livestock_cattle", 1),
)
"""Variables in order of preference, and the month in which the year of a flow begins."""

_COLOURS = ("#030303", "#050501", "#050502", "#050503", "#050504", "#050505")
_DASHES = ("-", (0, (5, 2)), (0, (1, 1.5)), (0, (5, 1.5, 1, 1.5)), (0, (9, 3)), (0, (3, 3)))


@dataclass(frozen=True)
class Chart:
    """One chart: what it shows, and its drawing."""

    variable: Variable
    unit: str
    basis: str
    svg: str
    spoken: str


def charts(paired: Paired) -> list[Chart]:
    """Draw the first eight of the wanted variables that the runs have."""
    known = [(name, month) for name, month in _WANTED if name in paired.national[0]]
    return [_chart(paired, variables()[name], month) for name, month in known[:SHOWN]]


def keys(paired: Paired) -> list[dict[str, str]]:
    """Return the line and the name of each scenario for a legend."""
    shown = []
    for place, arm in enumerate(paired.arms):
        figure = figure_of(0.45, 0.2)
        axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set_axis_off()
        axes.plot([0, 1], [0, 0], linewidth=1.8, **_style(place))
        shown.append({"svg": svg_of(figure), "name": arm})
    return shown


def _chart(paired: Paired, variable: Variable, first_month: int) -> Chart:
    taken = how_taken(variable, paired.national[0])
    scale, unit = shown_in(variable)
    yearly = taken == "yearly"
    figure = figure_of(5.2, 4.3)
    above = axes_of(figure, (0.105, 0.43, 0.88, 0.55))
    below = axes_of(figure, (0.105, 0.075, 0.88, 0.25))
    lines = []
    for place, arm in enumerate(paired.arms):
        own = paired.national[place][variable.name]
        less = own - paired.national[0][variable.name]
        line = _line(paired, own * scale, taken, first_month, arm)
        lines.append(line)
        trace(above, line, yearly=yearly, linewidth=1.7, **_style(place))
        if place:
            difference = _line(paired, less * scale, taken, first_month, arm)
            trace(below, difference, yearly=yearly, linewidth=1.7, **_style(place))
    below.axhline(0.0, color="#010101", linewidth=0.8)
    for axes in (above, below):
        axes.set_xlim(*YEARS)
    above.set_xticklabels([])
    low, high = above.get_ylim()
    if low < 0.55 * high:
        above.set_ylim(min(low, 0.0) if low < 0 else 0.0, high)
    below.text(
        0.0, 1.08, "difference from the base, pair by pair", transform=below.transAxes, fontsize=9
    )
    return Chart(variable, unit, _basis(taken, first_month), svg_of(figure), _spoken(unit, lines))


def _line(paired: Paired, values: np.ndarray, taken: Taken, first_month: int, arm: str) -> Line:
    years, shown = along(paired.months, values, taken, first_month)
    low, middle, high = band(shown)
    return Line(arm, years, middle, low, high)


def _style(place: int) -> dict[str, Any]:
    count = len(_COLOURS)
    return {"color": _COLOURS[place % count], "linestyle": _DASHES[place % count]}


def _basis(taken: Taken, first_month: int) -> str:
    if taken == "yearly":
        return "yearly sums, July to June" if first_month == 7 else "yearly sums, calendar years"
    return "first of July" if taken == "july" else "first day of each month"


def _spoken(unit: str, lines: list[Line]) -> str:
    parts = [f"In {unit}."]
    for line in lines:
        known = np.flatnonzero(np.isfinite(line.values))
        if known.size:
            first, last = known[0], known[-1]
            parts.append(
                f"{line.layer}: median {line.values[first]:.3g} in {int(line.years[first])}, "
                f"{line.values[last]:.3g} in {int(line.years[last])}."
            )
    return " ".join(parts)
