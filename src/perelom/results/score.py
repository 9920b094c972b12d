"""The scoreboard: each observation in units of its own uncertainty, then group by group."""

import polars as pl
import xarray as xr

from perelom.evidence.error_model import numbers, with_sigma

SIMULATED_COLUMNS = ("id", "simulated", "comparable", "reason", "region_uncertainty")
OBSERVATION_COLUMNS = (
    "id",
    "group",
    "use",
    "series",
    "region",
    "period_start",
    "period_end",
    "calendar",
    "borders",
    "layer",
    "variant",
    "source",
    "grade",
    "unit",
    "value",
    "low",
    "high",
    "sigma",
    "least",
    "most",
    "duplicate_of",
)


def compare_run(monthly: xr.Dataset, reported: xr.Dataset) -> pl.DataFrame:
    """Hold every observation of the package against a run."""
    from perelom import evidence
    from perelom.evidence import operators

    observations = evidence.observations()
    return judge(observations, operators.compare(observations, monthly, reported))


def judge(observations: pl.DataFrame, simulated: pl.DataFrame) -> pl.DataFrame:
    """Join observed and simulated values and express the distance in standard errors.

    Parameters
    ----------
    observations
        The observation table.
    simulated
        Columns id, simulated, comparable, reason, region_uncertainty (error of the crosswalk as a
        share of the value).

    Returns
    -------
    polars.DataFrame
        One row an observation: sigma includes the error of the crosswalk; z is (simulated -
        observed) / sigma, null where not comparable;
        within says whether the simulated value lies in the published envelope, or, where a single
        figure has no range, in its own 90% interval.

    """
    n = numbers()
    crosswalk = (pl.col("region_uncertainty") * pl.col("simulated")).fill_null(0.0)
    single = pl.col("least") == pl.col("most")
    margin = pl.when(single).then(pl.col("sigma") * n["range_to_sigma"]).otherwise(0.0)
    return (
        with_sigma(observations)
        .select(OBSERVATION_COLUMNS)
        .join(simulated.select(SIMULATED_COLUMNS), on="id", how="left")
        .with_columns(sigma=(pl.col("sigma") ** 2 + crosswalk**2).sqrt())
        .with_columns(pl.col("comparable").fill_null(value=False))
        .with_columns(
            z=pl.when("comparable").then((pl.col("simulated") - pl.col("value")) / pl.col("sigma")),
            within=pl.when("comparable").then(
                pl.col("simulated").is_between(pl.col("least") - margin, pl.col("most") + margin)
            ),
        )
    )


def by_group(comparison: pl.DataFrame) -> pl.DataFrame:
    """Sum the comparison up by group: fitted first, then held out, the largest error first.

    Returns
    -------
    polars.DataFrame
        group, use, points (comparable, each figure once), of (all), error (root mean square z),
        bias (mean z), within (share inside the published range). Context is not scored.

    """
    scored = comparison.filter(
        pl.col("use").is_in(["fit", "held_out"]), pl.col("duplicate_of").is_null()
    )
    return (
        scored.group_by("group", "use")
        .agg(
            points=pl.col("z").is_not_null().sum(),
            of=pl.len(),
            error=(pl.col("z") ** 2).mean().sqrt(),
            bias=pl.col("z").mean(),
            within=pl.col("within").mean(),
        )
        .sort(
            pl.col("use") == "held_out",
            "error",
            "group",
            descending=[False, True, False],
            nulls_last=True,
        )
    )


def in_words(error: float | None) -> str:
    """Say how far a group is off: within, near, off or far off."""
    if error is None:
        return "not compared"
    steps = ((1.0, "within"), (2.0, "near"), (4.0, "off"))
    return next((word for limit, word in steps if error <= limit), "far off")
