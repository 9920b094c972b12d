"""What an observation says about the model: its scale, its error and its weight.

Fitted are observations with the use `fit`, each figure once, that every member of the prior
ensemble has a value for. What is held out never enters: not by its value, nor by its error.

Scale: shares on the logit scale, quantities that cannot be negative on the log scale, all others
as they are. A small floor keeps zeros finite. On these scales errors are nearly Gaussian.

Error, in the unit of the observation:

    s^2 = sigma^2 + (u v)^2 + (r v)^2 + a^2

with sigma the observation's own error, u the error of the crosswalk, and r, a the relative and
absolute error of the model itself in the group (`discrepancy.csv`); v is the observed value. Its
weight is shared in two ways:

    error^2 = s^2 n (1 + (m - 1) rho)

n figures of the same series, region, period and layer count as one; m periods of one series in
one region and layer, correlated with rho, count as m / (1 + (m - 1) rho).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import CrosswalkError
from perelom.evidence import region_weights, regions
from perelom.evidence.discrepancy import discrepancy
from perelom.evidence.error_model import SAME, numbers, with_sigma

Values = NDArray[np.float64]

SERIES = ("series", "region", "layer", "unit")
"""Figures that agree in these are one series over time."""

LINEAR, LOG, LOGIT = "linear", "log", "logit"


@dataclass(frozen=True)
class Likelihood:
    """The fitted observations on their scales.

    columns: place of each fitted observation in the compared ones. table: one row each, with
    `scale`, `floor`, `total` (s above) and `error` (on the scale, weights shared). observed: on the
    scale.
    """

    columns: NDArray[np.int64]
    table: pl.DataFrame
    observed: Values
    error: Values

    def scaled(self, simulated: Values) -> Values:
        """Return simulated values of all compared observations as [member, fitted] on the scale."""
        return _scaled(simulated[:, self.columns], self.table)

    def misfit(self, simulated: Values) -> Values:
        """Return each member's mean squared distance in errors."""
        return np.asarray((((self.scaled(simulated) - self.observed) / self.error) ** 2).mean(1))


def with_errors(observations: pl.DataFrame) -> pl.DataFrame:
    """Add `sigma` (with the crosswalk's error), `discrepancy` and `total`.

    Fitted and held-out observations are looked at apart, so that no held-out figure touches the
    error of a fitted one.
    """
    parts = [with_sigma(observations.filter(pl.col("use") == use)) for use in ("fit", "held_out")]
    own = pl.concat(parts).select("id", "sigma")
    known = {region: _crosswalk(region) for region in observations["region"].unique()}
    rows = [discrepancy(group) for group in observations["group"]]
    size = pl.col("value").abs()
    return (
        observations.join(own, on="id", how="left", maintain_order="left")
        .with_columns(
            sigma=(
                pl.col("sigma") ** 2
                + (pl.col("region").replace_strict(known, return_dtype=pl.Float64) * size) ** 2
            ).sqrt(),
            _relative=pl.Series([row.relative for row in rows]),
            _absolute=pl.Series([row.absolute for row in rows]),
            correlation=pl.Series([row.correlation for row in rows]),
        )
        .with_columns(
            discrepancy=((pl.col("_relative") * size) ** 2 + pl.col("_absolute") ** 2).sqrt()
        )
        .with_columns(total=(pl.col("sigma") ** 2 + pl.col("discrepancy") ** 2).sqrt())
        .drop("_relative", "_absolute")
    )


def likelihood(observations: pl.DataFrame, prior: Values) -> Likelihood:
    """Choose what is fitted, its scale and its weight.

    Parameters
    ----------
    observations
        The compared observations with their errors, from `with_errors`.
    prior
        Their simulated values in the prior ensemble, [member, observation], no failed member.

    """
    heard = pl.Series(np.isfinite(prior).all(axis=0))
    wanted = (pl.col("use") == "fit") & pl.col("duplicate_of").is_null() & heard
    table = observations.with_row_index("column").filter(wanted)
    columns = table["column"].to_numpy().astype(np.int64)
    negative, above_one = (prior[:, columns] < 0).any(0), (prior[:, columns] > 1).any(0)
    value = pl.col("value")
    floors = numbers()
    table = (
        table.with_columns(
            _negative=pl.Series(negative, dtype=pl.Boolean) | (value < 0),
            _above_one=pl.Series(above_one, dtype=pl.Boolean) | (value > 1),
        )
        .with_columns(pl.col("_negative", "_above_one").any().over("series"))
        .with_columns(
            scale=pl.when("_negative")
            .then(pl.lit(LINEAR))
            .when((pl.col("unit") == "share") & ~pl.col("_above_one"))
            .then(pl.lit(LOGIT))
            .otherwise(pl.lit(LOG))
        )
        .with_columns(
            floor=pl.when(pl.col("scale") == LOGIT)
            .then(pl.lit(floors["floor_share"]))
            .otherwise(
                value.abs().median().over("series", "region", "unit") * floors["floor_relative"]
            )
            .clip(lower_bound=np.finfo(np.float64).tiny),
            figures=pl.len().over(SAME),
            periods=pl.struct("period_start", "period_end").n_unique().over(SERIES),
        )
        .drop("_negative", "_above_one")
    )
    shared = (pl.col("figures") * (1 + (pl.col("periods") - 1) * pl.col("correlation"))).sqrt()
    table = table.with_columns(error=pl.col("total") * shared * pl.Series(_slope(table)))
    observed = _scaled(table["value"].to_numpy()[None], table)[0]
    return Likelihood(columns, table, observed, table["error"].to_numpy())


def _scaled(values: Values, table: pl.DataFrame) -> Values:
    """Put values, [member, fitted], on their scales."""
    scale, floor = table["scale"].to_numpy(), table["floor"].to_numpy()
    share = (np.clip(values, 0.0, 1.0) + floor) / (1 + 2 * floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        logit, log = np.log(share / (1 - share)), np.log(np.maximum(values, 0.0) + floor)
    return np.asarray(np.where(scale == LOGIT, logit, np.where(scale == LOG, log, values)))


def _slope(table: pl.DataFrame) -> Values:
    """Return how fast each scale moves at the observed value."""
    scale, floor = table["scale"].to_numpy(), table["floor"].to_numpy()
    value = table["value"].to_numpy()
    share = (np.clip(value, 0.0, 1.0) + floor) / (1 + 2 * floor)
    with np.errstate(divide="ignore", invalid="ignore"):
        logit = 1 / (share * (1 - share) * (1 + 2 * floor))
        log = 1 / (np.maximum(value, 0.0) + floor)
    return np.asarray(np.where(scale == LOGIT, logit, np.where(scale == LOG, log, 1.0)))


def _crosswalk(region: str) -> float:
    """Return the crosswalk's error as a share of the value; 0 where the region has none."""
    try:
        return region_weights(region, tuple(regions()["name"]))[1]
    except CrosswalkError:
        return 0.0
