"""Observation operators: from a simulated run to the value that an observation speaks of.

An operator is a weight for each month and a weight for each region, so that the value is linear
in the simulated variable (or a ratio of two such values). The layer of the observation says
whether the run's true or its reported values are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from perelom.errors import CrosswalkError, UnitError
from perelom.evidence.places import region_weights
from perelom.evidence.readings import Part, Reading, month_weights, period_of, reading_of
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


@dataclass(frozen=True)
class Layers:
    """The true and the reported values of a run, by month and region."""

    true: xr.Dataset
    reported: xr.Dataset

    def values(self, variable: str, layer: str) -> tuple[xr.DataArray | None, str]:
        """Return a variable in a layer, or in the true one where it is not reported apart."""
        if layer == "reported" and variable in self.reported:
            return self.reported[variable], "reported"
        return (self.true[variable], "true") if variable in self.true else (None, layer)

    def kinds(self) -> dict[str, str]:
        """Return the kind of each variable that states one."""
        both = {**self.reported.data_vars, **self.true.data_vars}
        return {str(name): str(array.attrs.get("kind", "")) for name, array in both.items()}


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


class NotComparableError(ValueError):
    """The run has no value that the observation speaks of."""


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
    if row["count"] == "summer" and f"{name}_summer" in layers.true:
        name = f"{name}_summer"
    array, used = layers.values(name, str(row["layer"]))
    if array is None:
        raise NotComparableError(f"the run has no variable '{name}'")
    start, end = period_of(row["period_start"], row["period_end"], row["count"])
    months = array["month"].to_numpy()
    in_time = month_weights(part.taken, start, end, str(row["calendar"]), months)
    if in_time is None:
        raise NotComparableError("the period lies outside the simulated months")
    in_space, uncertainty = region_weights(
        str(row["region"]), [str(name) for name in array["region"].to_numpy()]
    )
    value = _weighted(array, in_time, in_space)
    if convert:
        unit = str(row["unit"])
        value *= factor(str(array.attrs.get("units", unit)), unit)
    return value, used, uncertainty


def _weighted(
    array: xr.DataArray, in_time: NDArray[np.float64], in_space: NDArray[np.float64]
) -> float:
    values = array.transpose("month", "region").to_numpy()
    used_months, used_regions = np.flatnonzero(in_time), np.flatnonzero(in_space)
    block = values[np.ix_(used_months, used_regions)].astype(np.float64)
    return float(in_time[used_months] @ block @ in_space[used_regions])
