"""Named national outcomes: what comparisons and ablations report, each with its definition."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from perelom.evidence.variables import variables

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Outcome:
    """A number read off the national true layer of a run.

    variables: names of output variables, the first one that the run has is read. first, last:
    months, YYYY-MM, both included. taken: `sum` of flows, `at` the first day of the last month,
    `mean` over the months; left out, flows are summed and all else is averaged. unit: of the
    number shown, left out that of the variable; scale: from the variable's unit to it.
    """

    name: str
    variables: tuple[str, ...]
    first: str
    last: str
    definition: str
    taken: Literal["sum", "at", "mean"] | None = None
    unit: str = ""
    scale: float = 1.0

    def of(self, national: Mapping[str, Values], months: np.ndarray) -> float | None:
        """Read the outcome off monthly national values; None where the run does not have it.

        Parameters
        ----------
        national
            Monthly national values by variable.
        months
            First days of these months.

        """
        found = self.variable(national)
        month = months.astype("datetime64[M]")
        if found is None or not month[0] <= np.datetime64(self.first, "M") <= month[-1]:
            return None
        if np.datetime64(self.last, "M") > month[-1]:
            return None
        chosen = month >= np.datetime64(self.first, "M")
        chosen &= month <= np.datetime64(self.last, "M")
        values = national[found][chosen]
        usual = "sum" if found in variables() and variables()[found].kind == "flow" else "mean"
        taken = self.taken or usual
        if taken == "at":
            return float(values[-1]) * self.scale
        return float(values.sum() if taken == "sum" else values.mean()) * self.scale

    def variable(self, known: Collection[str]) -> str | None:
        """Return the variable that is read where these are known."""
        return next((name for name in self.variables if name in known), None)

    def unit_in(self, known: Collection[str]) -> str:
        """Return the unit of the number where these variables are known."""
        found = self.variable(known)
        declared = variables().get(found) if found else None
        return self.unit or (declared.unit.replace("_", " ") if declared else "")


EXCESS_DEATHS = (
    "deaths of the months less the deaths that the same persons would have had in the same months "
    "without hunger; not the excess over a demographic baseline that published estimates use"
)

OUTCOMES = (
    Outcome(
        name="grain sown 1932",
        variables=("sown_area_grain",),
        first="1932-07",
        last="1932-07",
        taken="at",
        unit="Mha",
        definition="area under standing grain on 1 July 1932",
    ),
    Outcome(
        name="harvest 1932",
        variables=("grain_harvest",),
        first="1932-07",
        last="1932-12",
        taken="sum",
        unit="Mt",
        definition="barn harvest of grain, after losses in the field",
    ),
    Outcome(
        name="procurement 1931/32",
        variables=("state_grain_procurement",),
        first="1931-07",
        last="1932-06",
        taken="sum",
        unit="Mt",
        definition="grain that came into state hands by purchase or delivery, July to June",
    ),
    Outcome(
        name="exports 1930-32",
        variables=("grain_exports",),
        first="1930-07",
        last="1932-12",
        taken="sum",
        unit="Mt",
        definition="grain shipped abroad, July 1930 to December 1932",
    ),
    Outcome(
        name="kolkhoz households 3/1930",
        variables=("kolkhoz_households",),
        first="1930-03",
        last="1930-03",
        taken="at",
        unit="mn",
        definition="member households on 1 March 1930, paper membership not counted",
    ),
    Outcome(
        name="kolkhoz households 1/1933",
        variables=("kolkhoz_households",),
        first="1933-01",
        last="1933-01",
        taken="at",
        unit="mn",
        definition="member households on 1 January 1933, paper membership not counted",
    ),
    Outcome(
        name="horses 1/1934",
        variables=("livestock_horses",),
        first="1934-01",
        last="1934-01",
        taken="at",
        unit="mn",
        definition="horses of all owners on 1 January 1934",
    ),
    Outcome(
        name="cattle 1/1934",
        variables=("livestock_cattle",),
        first="1934-01",
        last="1934-01",
        taken="at",
        unit="mn",
        definition="cattle of all owners on 1 January 1934",
    ),
    Outcome(
        name="births 1932-34",
        variables=("births_total",),
        first="1932-01",
        last="1934-12",
        taken="sum",
        unit="mn",
        definition="live births in villages and towns",
        scale=1e-6,
    ),
    Outcome(
        name="excess deaths 1930-34",
        variables=("excess_deaths",),
        first="1930-01",
        last="1934-12",
        taken="sum",
        unit="mn",
        definition=f"excess deaths from hunger, 1930 to 1934: {EXCESS_DEATHS}",
        scale=1e-6,
    ),
    Outcome(
        name="town population 1/1935",
        variables=("population_urban",),
        first="1935-01",
        last="1935-01",
        taken="at",
        unit="mn",
        definition="persons living in towns on 1 January 1935",
        scale=1e-6,
    ),
    Outcome(
        name="town population 1/1939",
        variables=("population_urban",),
        first="1939-01",
        last="1939-01",
        taken="at",
        unit="mn",
        definition="persons living in towns on 1 January 1939",
        scale=1e-6,
    ),
    Outcome(
        name="population 1/1939",
        variables=("population_total",),
        first="1939-01",
        last="1939-01",
        taken="at",
        unit="mn",
        definition="all persons alive on 1 January 1939",
        scale=1e-6,
    ),
    Outcome(
        name="rural food 1932/33",
        variables=("food_consumption_rural",),
        first="1932-07",
        last="1933-06",
        taken="mean",
        unit="kcal",
        definition="food energy eaten a rural person and day, July 1932 to June 1933",
    ),
    Outcome(
        name="town food 1932/33",
        variables=("food_consumption_urban",),
        first="1932-07",
        last="1933-06",
        taken="mean",
        unit="kcal",
        definition="food energy eaten a town person and day, July 1932 to June 1933",
    ),
    Outcome(
        name="disturbances 1930",
        variables=("mass_disturbances",),
        first="1930-01",
        last="1930-12",
        definition="mass disturbances of peasants in 1930 as they happened, registered or not",
    ),
    Outcome(
        name="deported families 1930-31",
        variables=("deported_kulak_families",),
        first="1930-01",
        last="1931-12",
        definition="families labelled kulak and deported, 1930 and 1931",
    ),
    Outcome(
        name="investment 1937",
        variables=("investment_total", "investment_total_new_roubles", "investment_industry"),
        first="1937-01",
        last="1937-12",
        definition="gross investment of the year, the widest sum that the run keeps",
    ),
    Outcome(
        name="industrial output 1937",
        variables=("industrial_production_index", "industrial_gross_output"),
        first="1937-01",
        last="1937-12",
        definition="output of industry in the year",
    ),
    Outcome(
        name="real wage 1937",
        variables=("average_real_wage",),
        first="1937-01",
        last="1937-12",
        definition="average wage against the prices that workers paid, mean of the year",
    ),
    Outcome(
        name="consumption 1937",
        variables=("consumption_per_head", "consumption_total"),
        first="1937-01",
        last="1937-12",
        definition="consumption of households in the year",
    ),
)
"""What every paired experiment reports, in this order; what a run does not have is left out."""


def available(
    national: Mapping[str, Values], months: np.ndarray
) -> tuple[list[Outcome], list[str]]:
    """Split the outcomes into those that a run has and the names of those that it lacks."""
    has = [one for one in OUTCOMES if one.of(national, months) is not None]
    return has, [one.name for one in OUTCOMES if one not in has]
