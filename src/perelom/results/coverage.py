"""The scoreboard of an ensemble: how far off its median is, how often its interval holds.

The 90% interval of a point joins the spread of the draws with the observation's own error (range,
grade, crosswalk). About nine tenths of the points should lie in it: a smaller share means too
narrow intervals or a wrong model, a larger one intervals too wide to say much.
"""

from __future__ import annotations

import csv
import io

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.evidence.tables import data_path
from perelom.results.draws import Draws
from perelom.results.score import by_group as distances
from perelom.results.score import judge

Values = NDArray[np.float64]

PRIOR_FILE = "fit_observations.csv"
"""Ships with the package once there is a fit: the prior ensemble's range for each observation."""


def compare_draws(draws: Draws) -> pl.DataFrame:
    """Hold every observation of the package against the draws.

    Returns
    -------
    polars.DataFrame
        The columns of `score.judge`, where the simulated value is the median, and p05, p95 (range
        of the draws), least90, most90 (with the observation's error), inside (value within them).

    """
    from perelom import evidence
    from perelom.evidence import operators

    observed = evidence.observations()
    found = [operators.compare(observed, *layers) for layers in draws.each()]
    simulated = np.asarray([one["simulated"].fill_null(np.nan).to_numpy() for one in found])
    return judge_draws(observed, simulated, found[0])


def judge_draws(observed: pl.DataFrame, simulated: Values, told: pl.DataFrame) -> pl.DataFrame:
    """Join observations with the draws' values.

    Parameters
    ----------
    observed
        The observation table.
    simulated
        [draw, observation], NaN where a draw has no value.
    told
        id, comparable, reason and region_uncertainty of the observations, in their order.

    """
    heard = np.isfinite(simulated).all(axis=0)
    low, middle, high = (np.full(observed.height, np.nan) for _ in range(3))
    low[heard], middle[heard], high[heard] = np.quantile(simulated[:, heard], (0.05, 0.5, 0.95), 0)
    medians = told.with_columns(
        simulated=pl.Series(middle).fill_nan(None), comparable=pl.Series(heard)
    )
    ranges = pl.DataFrame({"id": observed["id"], "p05": low, "p95": high}).fill_nan(None)
    judged = judge(observed, medians).join(ranges, on="id", how="left", maintain_order="left")
    place = {name: number for number, name in enumerate(observed["id"])}
    columns = [place[name] for name in judged["id"]]
    least, most = predictive(simulated[:, columns], judged["sigma"].to_numpy())
    return judged.with_columns(
        least90=pl.Series(least).fill_nan(None), most90=pl.Series(most).fill_nan(None)
    ).with_columns(inside=pl.col("value").is_between("least90", "most90"))


def predictive(simulated: Values, sigma: Values) -> tuple[Values, Values]:
    """Return the 90% interval of draws with normal errors of observation added.

    Parameters
    ----------
    simulated
        [draw, observation].
    sigma
        Standard error of each observation.

    """
    from perelom.inference.intervals import HIGH, LOW, with_noise

    heard = np.isfinite(simulated).all(axis=0)
    least, most = np.full(sigma.shape, np.nan), np.full(sigma.shape, np.nan)
    if heard.any():
        noisy = with_noise(simulated[:, heard], sigma[heard])
        least[heard], most[heard] = np.quantile(noisy, (LOW, HIGH), axis=0)
    return least, most


def by_group(comparison: pl.DataFrame) -> pl.DataFrame:
    """Sum the comparison up by group: fitted first, then held out, the largest error first.

    Returns
    -------
    polars.DataFrame
        The columns of `score.by_group` and: off and lean (mean distance of the median, without and
        with its sign), width (mean width of the draws' 90% range), all three as shares of the mean
        observed size of the series, or in points of 1 where all figures are shares (in_points);
        cover (share of points inside the 90% interval with error), of_prior (median width over that
        of the prior ensemble, null where no fit ships).

    """
    scored = comparison.filter(
        pl.col("use").is_in(["fit", "held_out"]),
        pl.col("duplicate_of").is_null(),
        pl.col("z").is_not_null(),
    ).join(prior_widths(), on="id", how="left")
    size = pl.col("value").abs().mean().over("group", "series", "unit")
    all_shares = (pl.col("unit") == "share").all().over("group")
    distance = pl.col("simulated") - pl.col("value")
    range_ = pl.col("p95") - pl.col("p05")
    scored = scored.with_columns(
        scale=pl.when(all_shares).then(1.0).otherwise(pl.when(size > 0).then(size)),
        in_points=all_shares,
    )
    summed = scored.group_by("group", "use").agg(
        off=(distance.abs() / pl.col("scale")).mean(),
        lean=(distance / pl.col("scale")).mean(),
        width=(range_ / pl.col("scale")).mean(),
        in_points=pl.col("in_points").first(),
        cover=pl.col("inside").mean(),
        of_prior=(range_ / pl.when(pl.col("prior_width") > 0).then("prior_width")).median(),
    )
    return distances(comparison).join(
        summed, on=["group", "use"], how="left", maintain_order="left"
    )


def prior_widths() -> pl.DataFrame:
    """Return id and prior_width of each observation: the prior ensemble's; empty without a fit."""
    path = data_path(PRIOR_FILE)
    schema = {"id": pl.String, "prior_width": pl.Float64}
    if not path.is_file():
        return pl.DataFrame(schema=schema)
    rows = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))
    widths = [(row["id"], float(row["prior_p95"]) - float(row["prior_p05"])) for row in rows]
    return pl.DataFrame(widths, schema=schema, orient="row")
