"""Observation operators: from a simulated run to the value that an observation speaks of.

An operator is a weight for each month and a weight for each region, so that the value is linear
in the simulated variable (or a ratio of two such values). The layer of the observation says
whether the run's true or its reported values are read.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from perelom.errors import CrosswalkError, UnitError
from perelom.evidence.places import region_weights
from perelom.evidence.readings import Months, Part, Reading, month_weights, period_of, reading_of
from perelom.evidence.units import factor

FOREIGN_BORDERS = ("post1939", "modern", "1913")
"""Borders in which a figure for the USSR covers lands that the model does not have."""

SCHEMA = {
    "id": pl.String,
    "simulated": pl.Float64,
    "comparable": pl.Boolean,
    "reason": pl.String,
    "layer_used": pl.String,
    "region_uncertainty": pl.Float64,
}


class NotComparableError(ValueError):
    """The run has no value that the observation speaks of."""


@dataclass(frozen=True)
class Simulated:
    """A simulated variable in memory: values by month and region, and the unit it states."""

    values: NDArray[np.float64]
    months: Months
    regions: tuple[str, ...]
    unit: str | None


class Layers:
    """The true and the reported values of a run; each variable is read once."""

    def __init__(self, true: xr.Dataset, reported: xr.Dataset) -> None:
        self._layers = {"true": true, "reported": reported}
        self._read: dict[tuple[str, str], Simulated] = {}

    def __contains__(self, variable: str) -> bool:
        return any(variable in dataset for dataset in self._layers.values())

    def values(self, variable: str, layer: str) -> tuple[Simulated, str]:
        """Return a variable in a layer, or in the true one where it is not reported apart."""
        if variable not in self._layers[layer]:
            layer = "true"
        if variable not in self._layers[layer]:
            raise NotComparableError(f"the run has no variable '{variable}'")
        if (layer, variable) not in self._read:
            array = self._layers[layer][variable].transpose("month", "region")
            self._read[layer, variable] = Simulated(
                values=array.to_numpy().astype(np.float64),
                months=array["month"].to_numpy(),
                regions=tuple(str(name) for name in array["region"].to_numpy()),
                unit=array.attrs.get("units"),
            )
        return self._read[layer, variable], layer

    def kinds(self) -> dict[str, str]:
        """Return the kind of each variable that states one."""
        return {
            str(name): str(array.attrs.get("kind", ""))
            for dataset in self._layers.values()
            for name, array in dataset.data_vars.items()
        }


def compare(
    observations: pl.DataFrame, monthly_true: xr.Dataset, monthly_reported: xr.Dataset | None = None
) -> pl.DataFrame:
    """Return the simulated value that stands against each observation.

    Parameters
    ----------
    observations
        Rows of the observation table.
    monthly_true, monthly_reported
        Simulated variables with the dimensions (month, region): flows of the month, stocks of its
        first day, in the unit of the attribute `units` (without one, that of the observations).

    Returns
    -------
    polars.DataFrame
        id, simulated, comparable, reason (where not comparable), layer_used, region_uncertainty
        (error of the crosswalk as a share of the value); one row an observation, in their order.

    """
    layers = Layers(monthly_true, xr.Dataset() if monthly_reported is None else monthly_reported)
    kinds = layers.kinds()
    rows = []
    for row in observations.iter_rows(named=True):
        reading = reading_of(row["series"], kinds)
        value, used, uncertainty = float("nan"), row["layer"], None
        reason: str | None = "no simulated variable"
        if reading is not None:
            try:
                value, used, uncertainty = simulated_value(row, reading, layers)
                reason = None if np.isfinite(value) else "the simulated values are empty there"
            except (NotComparableError, CrosswalkError, UnitError) as error:
                reason = str(error)
        shown = value if reason is None else None
        rows.append((row["id"], shown, reason is None, reason, used, uncertainty))
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def simulated_value(
    row: dict[str, Any], reading: Reading, layers: Layers
) -> tuple[float, str, float]:
    """Return the value of one observation, the layer it was read from and the crosswalk's error.

    Raises
    ------
    NotComparableError, CrosswalkError, UnitError
        The borders, the period, the region or the unit have no counterpart in the run.

    """
    if row["borders"] in FOREIGN_BORDERS:
        raise NotComparableError(f"stated for other borders ({row['borders']})")
    if reading.base is not None:
        of_base, _, _ = simulated_value(
            row
            | {"period_start": date(reading.base, 1, 1), "period_end": date(reading.base, 12, 31)},
            replace(reading, base=None, scale=1.0),
            layers,
        )
        reading = replace(reading, base=None, scale=reading.scale / of_base)
    top, used, uncertainty = _part(row, reading.top, layers, convert=reading.bottom is None)
    if reading.bottom is None:
        return reading.scale * top, used, uncertainty
    bottom, _, _ = _part(row, reading.bottom, layers, convert=False)
    if bottom == 0:
        raise NotComparableError(f"the simulated {reading.bottom.variable} is zero")
    return reading.scale * top / bottom, used, uncertainty


def _part(
    row: dict[str, Any], part: Part, layers: Layers, *, convert: bool
) -> tuple[float, str, float]:
    name = part.variable
    if row["count"] == "summer" and f"{name}_summer" in layers:
        name = f"{name}_summer"
    found, used = layers.values(name, str(row["layer"]))
    start, end = period_of(row["period_start"], row["period_end"], row["count"])
    in_time = month_weights(part.taken, start, end, str(row["calendar"]), found.months)
    if in_time is None:
        raise NotComparableError("the period lies outside the simulated months")
    in_space, uncertainty = _region_weights(str(row["region"]), found.regions)
    months, regions = np.flatnonzero(in_time), np.flatnonzero(in_space)
    block = found.values[np.ix_(months, regions)]
    value = float(in_time[months] @ block @ in_space[regions])
    if convert and found.unit is not None:
        value *= factor(found.unit, str(row["unit"]))
    return value, used, uncertainty


@lru_cache(maxsize=1024)
def _region_weights(region: str, names: tuple[str, ...]) -> tuple[NDArray[np.float64], float]:
    return region_weights(region, names)
