"""What the maps can show: each measure by region and month, with its classes of colour."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

Values = NDArray[np.float64]

YEAR = 12
_BASE = 1928
"""The year that herds are compared with, month by month, so that seasons fall out."""


@dataclass(frozen=True)
class Measure:
    """What one map shows.

    when: what a value stands for in time. classes: where one class of colour ends and the next
    begins, the same for all months. of: from a layer (..., month, region) to the values shown.
    needs: variables that a layer must have. series: observations that stand beside it, times
    `scale`, in `observed_unit` where that is not the unit shown.
    """

    name: str
    title: str
    unit: str
    when: str
    definition: str
    classes: tuple[float, ...]
    of: Callable[[xr.Dataset], Values]
    needs: tuple[str, ...]
    series: str = ""
    scale: float = 1.0
    observed_unit: str = ""


def _of(dataset: xr.Dataset, name: str) -> Values:
    values = dataset[name].transpose(..., "month", "region").to_numpy()
    return np.asarray(values, dtype=np.float64)


def _ratio(top: Values, bottom: Values) -> Values:
    found = np.full(np.broadcast_shapes(top.shape, bottom.shape), np.nan)
    np.divide(top, bottom, out=found, where=bottom > 0)
    return found


def trailing_year(values: Values) -> Values:
    """Return sums over twelve months, NaN before there are so many; [..., month, region]."""
    total = np.cumsum(values, axis=-2)
    sums = np.full_like(total, np.nan)
    sums[..., YEAR - 1, :] = total[..., YEAR - 1, :]
    sums[..., YEAR:, :] = total[..., YEAR:, :] - total[..., :-YEAR, :]
    return sums


def agricultural_years(values: Values, first_month: int) -> Values:
    """Return for each month the sum of its whole agricultural year, July to June, else NaN.

    values: [..., month, region]. first_month: calendar month of the first, 1 to 12.
    """
    sums = np.full_like(values, np.nan)
    count = values.shape[-2]
    for start in range((7 - first_month) % YEAR, count - YEAR + 1, YEAR):
        year = values[..., start : start + YEAR, :]
        sums[..., start : start + YEAR, :] = year.sum(axis=-2, keepdims=True)
    return sums


def _collectivized(dataset: xr.Dataset) -> Values:
    return 100 * _ratio(_of(dataset, "kolkhoz_households"), _of(dataset, "peasant_households"))


def _members(dataset: xr.Dataset) -> Values:
    return 1000 * _of(dataset, "kolkhoz_households")


def _taken(dataset: xr.Dataset) -> Values:
    first = int(dataset["month"].dt.month[0])
    taken, harvest = (
        agricultural_years(_of(dataset, name), first)
        for name in ("state_grain_procurement", "grain_harvest")
    )
    return 100 * _ratio(taken, harvest)


def _herd(species: str) -> Callable[[xr.Dataset], Values]:
    def against_base(dataset: xr.Dataset) -> Values:
        herd, base = (_of(part, f"livestock_{species}") for part in (dataset, _base(dataset)))
        months = dataset["month"].dt.month.to_numpy() - 1
        return 100 * _ratio(herd, base[..., months, :])

    return against_base


def _base(dataset: xr.Dataset) -> xr.Dataset:
    """Return the twelve months of the year compared with, empty where the run lacks them."""
    months = np.arange(f"{_BASE}-01", f"{_BASE + 1}-01", dtype="datetime64[M]")
    return dataset.reindex(month=months.astype("datetime64[ns]"))


def _hunger_deaths(dataset: xr.Dataset) -> Values:
    deaths = trailing_year(_of(dataset, "excess_deaths"))
    return 1000 * _ratio(deaths, _of(dataset, "population_total"))


def _disturbances(dataset: xr.Dataset) -> Values:
    return 1e6 * _ratio(_of(dataset, "mass_disturbances"), _of(dataset, "population_rural"))


_FIRST_DAY = "on the first day of the month"
_HERDS = {"horses": "Horses", "cattle": "Cattle", "pigs": "Pigs", "sheep_goats": "Sheep and goats"}

MEASURES = (
    Measure(
        name="collectivized",
        title="Share of peasant households in kolkhozes",
        unit="%",
        when=_FIRST_DAY,
        definition="Members of a TOZ, artel or commune among all peasant households. The reported "
        "layer contains membership on paper.",
        classes=(5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 95.0),
        of=_collectivized,
        needs=("kolkhoz_households", "peasant_households"),
        series="collectivized_households_share",
        scale=100.0,
    ),
    Measure(
        name="kolkhoz_households",
        title="Households in kolkhozes",
        unit="thousand",
        when=_FIRST_DAY,
        definition="Households that are members of a TOZ, artel or commune.",
        classes=(10.0, 50.0, 100.0, 200.0, 400.0, 700.0, 1000.0),
        of=_members,
        needs=("kolkhoz_households",),
        series="kolkhoz_households",
        scale=1000.0,
    ),
    Measure(
        name="procurement_share",
        title="State procurement as a share of the harvest",
        unit="%",
        when="in the agricultural year, July to June",
        definition="Grain that passed into state hands over the grain harvested. In the reported "
        "layer harvests are official figures, from 1933 the standing crop.",
        classes=(5.0, 10.0, 20.0, 25.0, 30.0, 40.0, 50.0),
        of=_taken,
        needs=("state_grain_procurement", "grain_harvest"),
    ),
    *(
        Measure(
            name=species,
            title=f"{title}, against 1928",
            unit="%",
            when="on the first day of the month, against the same day of 1928",
            definition="Animals of households, kolkhozes and state farms; 100 is the herd of 1928.",
            classes=(25.0, 40.0, 55.0, 70.0, 85.0, 100.0, 130.0),
            of=_herd(species),
            needs=(f"livestock_{species}",),
        )
        for species, title in _HERDS.items()
    ),
    Measure(
        name="excess_deaths",
        title="Excess deaths from hunger",
        unit="per 1,000 persons",
        when="in the twelve months that end with the month",
        definition="Deaths beyond those that the same persons would have had at the hazard without "
        "hunger: the model's definition, which differs from demographic reconstructions against a "
        "baseline of other years.",
        classes=(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
        of=_hunger_deaths,
        needs=("excess_deaths", "population_total"),
        series="excess_deaths",
        scale=0.001,
        observed_unit="thousand persons in the period",
    ),
    Measure(
        name="disturbances",
        title="Mass disturbances",
        unit="per million rural persons",
        when="in the month",
        definition="Crowds of a village against officials. The reported layer holds those that the "
        "police registered.",
        classes=(1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
        of=_disturbances,
        needs=("mass_disturbances", "population_rural"),
    ),
)
"""What the maps show, in the order of the choice."""
