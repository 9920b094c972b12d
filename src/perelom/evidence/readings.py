"""How each simulated variable is read when it is held against an observation.

A reading is a part, or one part over another. Each part names a simulated variable and how it is
taken over the period of the observation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Taken = Literal["stock", "flow", "standing", "harvest"]
"""`stock`: the value on a day, or the mean over the days of a period; known on the first of each
month and straight between. `flow`: the sum over the period, parts of months by days. `standing`:
the value on 1 July of the year. `harvest`: the sum over the calendar year in which 1 July falls."""

DAYS_A_YEAR = 365.25

Months = NDArray[Any]
"""First days of months, as datetime64."""


@dataclass(frozen=True)
class Part:
    """A simulated variable and how it is taken over a period."""

    variable: str
    taken: Taken


@dataclass(frozen=True)
class Reading:
    """What is compared with a series: `scale` times `top`, over `bottom` where there is one.

    base: the calendar year that an index is relative to.
    """

    top: Part
    bottom: Part | None = None
    scale: float = 1.0
    base: int | None = None


READINGS: dict[str, Reading] = {
    "collectivized_households_share": Reading(
        Part("kolkhoz_households", "stock"), Part("peasant_households", "stock")
    ),
    "sown_area_grain": Reading(Part("sown_area_grain", "standing")),
    "grain_harvest": Reading(Part("grain_harvest", "harvest")),
    "grain_yield": Reading(Part("grain_harvest", "harvest"), Part("sown_area_grain", "standing")),
    "grain_per_labour_day": Reading(Part("labour_day_grain", "flow"), Part("labour_days", "flow")),
    "crude_birth_rate": Reading(
        Part("births_total", "flow"), Part("population_total", "stock"), scale=1000.0
    ),
    "crude_death_rate": Reading(
        Part("deaths_total", "flow"), Part("population_total", "stock"), scale=1000.0
    ),
    "state_grain_procurement": Reading(Part("state_grain_procurement", "flow")),
    "grain_exports": Reading(Part("grain_exports", "flow")),
    "births_total": Reading(Part("births_total", "flow")),
    "deaths_total": Reading(Part("deaths_total", "flow")),
    "excess_deaths": Reading(Part("excess_deaths", "flow")),
    "population_total": Reading(Part("population_total", "stock")),
    "population_urban": Reading(Part("population_urban", "stock")),
    "population_rural": Reading(Part("population_rural", "stock")),
    "peasant_households": Reading(Part("peasant_households", "stock")),
    "kolkhoz_households": Reading(Part("kolkhoz_households", "stock")),
    "average_annual_wage": Reading(
        Part("wages_paid", "flow"), Part("workers_and_employees", "stock")
    ),
    "real_wage_index": Reading(
        Part("real_yearly_wages", "stock"),
        Part("workers_and_employees", "stock"),
        scale=100.0,
        base=1928,
    ),
    "livestock_horses": Reading(Part("livestock_horses", "stock")),
    "livestock_cattle": Reading(Part("livestock_cattle", "stock")),
    "livestock_sheep_goats": Reading(Part("livestock_sheep_goats", "stock")),
    "livestock_pigs": Reading(Part("livestock_pigs", "stock")),
}


def reading_of(series: str, kinds: Mapping[str, str]) -> Reading | None:
    """Return how a series is read, given the kind of each simulated variable.

    A variable without an entry above is read by its kind, `stock` or `flow`.
    """
    if series in READINGS:
        return READINGS[series]
    if kinds.get(series) == "stock":
        return Reading(Part(series, "stock"))
    if kinds.get(series) == "flow":
        return Reading(Part(series, "flow"))
    return None


def period_of(start: date, end: date, count: str | None) -> tuple[date, date]:
    """Return the days at which an observation is read: herds on 1 January or on 1 July."""
    if count == "january":
        first = date(start.year + (start.month > 6), 1, 1)
        return first, first
    if count == "summer":
        return date(start.year, 7, 1), date(start.year, 7, 1)
    return start, end


def month_weights(
    taken: Taken, start: date, end: date, calendar: str, months: Months
) -> NDArray[np.float64] | None:
    """Return the weight of each simulated month in a period; none where months are lacking.

    Parameters
    ----------
    taken
        How the variable is taken over the period.
    start, end
        First and last day of the period.
    calendar
        Calendar of the observation; a flow given as `annual_mean` is divided by its years.
    months
        First days of the simulated months, one after the other.

    """
    if taken == "stock":
        return _stock(start, end, months)
    if taken == "flow":
        weights = _flow(start, end, months)
        if weights is None or calendar != "annual_mean":
            return weights
        return weights / round(((end - start).days + 1) / DAYS_A_YEAR)
    years = [y for y in range(start.year, end.year + 1) if start <= date(y, 7, 1) <= end]
    each = [
        _stock(date(year, 7, 1), date(year, 7, 1), months)
        if taken == "standing"
        else _flow(date(year, 1, 1), date(year, 12, 31), months)
        for year in years
    ]
    found = [weights for weights in each if weights is not None]
    if not found or len(found) < len(years):
        return None
    return np.asarray(np.mean(found, axis=0))


def _stock(start: date, end: date, months: Months) -> NDArray[np.float64] | None:
    edges = months.astype("datetime64[M]").astype("datetime64[D]")
    days = np.arange(np.datetime64(start), np.datetime64(end) + np.timedelta64(1, "D"))
    left = np.searchsorted(edges, days, side="right") - 1
    into = (days - edges[np.clip(left, 0, None)]).astype(float)
    if left.min() < 0 or (left[-1] == len(edges) - 1 and into[-1] > 0):
        return None
    right = np.minimum(left + 1, len(edges) - 1)
    length = np.where(right > left, (edges[right] - edges[left]).astype(float), 1.0)
    weights = np.zeros(len(edges))
    np.add.at(weights, left, 1 - into / length)
    np.add.at(weights, right, into / length)
    return np.asarray(weights / len(days))


def _flow(start: date, end: date, months: Months) -> NDArray[np.float64] | None:
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    after = (months.astype("datetime64[M]") + 1).astype("datetime64[D]")
    begin, stop = np.datetime64(start), np.datetime64(end + timedelta(days=1))
    if begin < first[0] or stop > after[-1]:
        return None
    covered = np.minimum(after, stop) - np.maximum(first, begin)
    share = covered.astype(float) / (after - first).astype(float)
    return np.asarray(np.clip(share, 0.0, 1.0))
