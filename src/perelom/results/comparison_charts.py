"""Charts of a comparison: scenarios over time with their bands, and below the paired difference."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from perelom.evidence.variables import Variable, variables
from perelom.experiments.paired import Paired
from perelom.results.drawing import Frame, Stroke, extent, grid, limits, outlined, svg, text
from perelom.results.figures import VARIANTS, stroke_key
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

_COLOURS = ("var(--true)", *VARIANTS[:5])
_DASHES = ((), (8.5, 3.4), (1.7, 2.6), (8.5, 2.6, 1.7, 2.6), (15.0, 5.0), (5.0, 5.0))
_SIZE = (374.0, 310.0)
_ABOVE = (40.0, 6.0, 328.0, 170.0)
_BELOW = (40.0, 206.0, 328.0, 80.0)


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
    return [
        {"svg": stroke_key(_stroke(place)), "name": arm} for place, arm in enumerate(paired.arms)
    ]


def _chart(paired: Paired, variable: Variable, first_month: int) -> Chart:
    taken = how_taken(variable, paired.national[0])
    scale, unit = shown_in(variable)
    lines, differences = [], []
    for place, arm in enumerate(paired.arms):
        own = paired.national[place][variable.name]
        less = own - paired.national[0][variable.name]
        lines.append(_line(paired, own * scale, taken, first_month, arm))
        differences.append(_line(paired, less * scale, taken, first_month, arm))
    above, below = _frame(_ABOVE, lines), _frame(_BELOW, differences, 0.0)
    zero = float(below.y(0.0))
    parts = [
        grid(above, years=False),
        *_drawn(above, lines, taken),
        text(below.left, below.top - 8, "difference from the base, pair by pair"),
        grid(below),
        f'<path d="M{below.left} {zero:.1f}h{below.width}" stroke="var(--ink)"/>',
        *_drawn(below, differences, taken)[1:],
    ]
    drawing = svg(*_SIZE, parts)
    return Chart(variable, unit, _basis(taken, first_month), drawing, _spoken(unit, lines))


def _frame(place: tuple[float, float, float, float], lines: list[Line], *more: float) -> Frame:
    shown = [v for one in lines for v in (one.values, one.low, one.high) if v is not None]
    return Frame(*place, *limits(*extent([*shown, np.array(more)])))


def _drawn(frame: Frame, lines: list[Line], taken: Taken) -> list[str]:
    yearly = taken == "yearly"
    return [outlined(frame, one, _stroke(place), yearly=yearly) for place, one in enumerate(lines)]


def _line(paired: Paired, values: np.ndarray, taken: Taken, first_month: int, arm: str) -> Line:
    years, shown = along(paired.months, values, taken, first_month)
    low, middle, high = band(shown)
    return Line(arm, years, middle, low, high)


def _stroke(place: int) -> Stroke:
    count = len(_COLOURS)
    return Stroke(_COLOURS[place % count], 1.7, _DASHES[place % count])


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
