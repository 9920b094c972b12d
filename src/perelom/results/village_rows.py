"""The life of a village by months or years: which numbers, and how a year sums them up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from perelom.results.page import number
from perelom.results.village_life import VillageLife

Take = Literal["first", "last", "sum", "mean", "least", "most", "march"]
Stretch = tuple[str, slice]
"""A name, and the months that it stands for."""

_PERCENT = 100.0
_JULY, _MARCH = "07", "03"


@dataclass(frozen=True)
class Measure:
    """A number that is shown of a stretch of months.

    key: name of the column; `true.` and `reported.` before it: that layer of the region. take: how
    months are summed up (march: the value of 1 March, when shares were reported most eagerly).
    scale: what the value is multiplied by.
    """

    key: str
    heading: str
    unit: str
    definition: str
    take: Take = "sum"
    digits: int = 0
    scale: float = 1.0


PEOPLE = (
    Measure("persons", "Persons", "persons", "people of the village on the first day", "first"),
    Measure(
        "peasant_households", "Farms", "households", "households that farm, first day", "first"
    ),
    Measure(
        "kolkhoz_share",
        "Kolkhoz",
        "%",
        "share of these in the kolkhoz, first day",
        "first",
        0,
        _PERCENT,
    ),
    Measure("joined", "Joined", "households", "households that joined the kolkhoz"),
    Measure("left", "Left", "households", "households that left the kolkhoz"),
    Measure("divided_households", "New", "households", "households that others divided into"),
    Measure("births_rural", "Born", "persons", "live births"),
    Measure("deaths_rural", "Died", "persons", "deaths from all causes"),
    Measure(
        "excess_deaths",
        "Excess",
        "persons",
        "deaths expected at the hunger there was less those expected without hunger",
        digits=1,
    ),
    Measure("to_towns", "Towns", "persons", "moved, were recruited or fled to towns"),
)
LAND = (
    Measure("land", "Land", "ha", "arable land of households and kolkhoz, first day", "first"),
    Measure(
        "kolkhoz_land_share", "Kolkhoz", "%", "share of it with the kolkhoz", "first", 0, _PERCENT
    ),
    Measure("harvest", "Harvest", "t", "grain brought in"),
    Measure("plan", "Plan", "t", "grain plan of the agricultural year on the village", "last", 1),
    Measure("taken", "Taken", "t", "grain that the state got under any title", digits=1),
    Measure("distributed", "Given", "t", "grain that the kolkhoz gave out to members", digits=1),
    Measure("relief", "Relief", "t", "food relief", digits=1),
    Measure("eaten", "Eaten", "kg", "grain eaten a person and month, mean", "mean", 1),
    Measure("grain", "Store", "t", "grain in store on the first day", "first"),
    Measure("body_reserve", "Body", "kg", "mean body weight against normal, lowest", "least", 1),
)
ANIMALS = (
    Measure("horses", "Horses", "head", "own and kolkhoz, first day", "first"),
    Measure("cattle", "Cattle", "head", "own and kolkhoz, first day", "first"),
    Measure("sheep_goats", "Sheep", "head", "sheep and goats, own and kolkhoz", "first"),
    Measure("pigs", "Pigs", "head", "own and kolkhoz, first day", "first"),
)
FORCE = (
    Measure("pressure", "Press.", "0 to 1", "pressure to join that is felt, most", "most", 2),
    Measure("deported", "Deport.", "persons", "persons deported"),
    Measure("arrested_rural", "Arrest.", "persons", "persons arrested"),
    Measure("stripped_households", "Strip.", "households", "stripped of a part of the farm"),
    Measure("self_liquidated_households", "Fled", "households", "sold out and fled to towns"),
)
REPORTS = (
    Measure(
        "true.share", "Kolkhoz", "%", "region: in kolkhozes, 1 March", "march", 0, _PERCENT
    ),
    Measure("reported.share", "reported", "%", "the same as reported", "march", 0, _PERCENT),
    Measure("true.harvest", "Harvest", "Mt", "region: grain harvest", digits=2),
    Measure("reported.harvest", "reported", "Mt", "the same as reported", digits=2),
    Measure(
        "true.weight_lost", "Weight", "%", "region: body weight lost, most", "most", 1, _PERCENT
    ),
    Measure("reported.weight_lost", "believed", "%", "the same as the centre believed", "most", 1,
            _PERCENT),
)  # fmt: skip
MORE = (
    Measure("wage_families", "Wage families", "households", "live by wages, first day", "first"),
    Measure("deported_households", "Deported", "households", "households deported"),
    Measure("died_out_households", "Died out", "households", "households with nobody left"),
    Measure("moved_whole_households", "Moved whole", "households", "moved to towns as a family"),
    Measure("took_posts_households", "Took posts", "households", "gave up the farm for wages"),
    Measure("moved_to_village", "Came", "persons", "came from towns"),
    Measure("disturbances", "Disturb.", "events", "mass disturbances", digits=1),
    Measure("seed_seized_kolkhoz", "Seed taken", "t", "seed grain taken for arrears", digits=1),
    Measure("true.deaths", "Deaths", "persons", "region, towns included: deaths"),
    Measure("reported.deaths", "registered", "persons", "the same as registered"),
)
TABLES = {
    "People and households": PEOPLE,
    "Land, grain and food": LAND,
    "Animals, force and punishments": (*ANIMALS, *FORCE),
    "Reports of the region beside what happened": REPORTS,
}
"""The tables that a life is shown in; each fits eighty columns."""
EVERYTHING = (*PEOPLE, *LAND, *ANIMALS, *FORCE, *REPORTS, *MORE)


def agricultural_years(months: Sequence[str]) -> list[Stretch]:
    """Return the agricultural years, July to June, as far as the months go."""
    starts = [0, *(n for n, month in enumerate(months) if month[5:] == _JULY and n)]
    stops = [*starts[1:], len(months)]
    return [
        (year_of(months[start]), slice(start, stop))
        for start, stop in zip(starts, stops, strict=True)
    ]


def year_of(month: str) -> str:
    """Return the agricultural year of a month, such as 1932/33."""
    year = int(month[:4]) - (month[5:] < _JULY)
    return f"{year}/{(year + 1) % 100:02d}"


def single_months(months: Sequence[str], year: int | None = None) -> list[Stretch]:
    """Return the months one by one, or those of a calendar year."""
    return [
        (month, slice(n, n + 1))
        for n, month in enumerate(months)
        if year is None or int(month[:4]) == year
    ]


def rows(
    life: VillageLife, stretches: Sequence[Stretch], measures: Sequence[Measure] = EVERYTHING
) -> list[dict[str, str | float]]:
    """Return one row a stretch: its name as `period`, then the measures by key."""
    table = []
    for name, months in stretches:
        row: dict[str, str | float] = {"period": name}
        for one in measures:
            values = column(life, one.key)[months]
            row[one.key] = _taken(values, one.take, life.months[months]) * one.scale
        table.append(row)
    return table


def written(value: float, digits: int) -> str:
    """Write a value of a table; what rounds to zero has no sign."""
    return number(round(value, digits) + 0.0, digits)


def column(life: VillageLife, key: str) -> NDArray[np.float64]:
    """Return the monthly values that a key of a measure names."""
    layer, _, name = key.rpartition(".")
    if layer:
        return (life.true if layer == "true" else life.reported)[name]
    return life.columns[key]


def _taken(values: NDArray[np.float64], take: Take, months: Sequence[str]) -> float:
    if take == "march":
        marches = [n for n, month in enumerate(months) if month[5:] == _MARCH]
        return float(values[marches[0] if marches else 0])
    if take in ("first", "last"):
        return float(values[0 if take == "first" else -1])
    if take in ("least", "most"):
        return float(values.min() if take == "least" else values.max())
    return float(values.sum() if take == "sum" else values.mean())
