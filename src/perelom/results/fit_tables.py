"""What a fit found, as tables: observations before and after, parameters, and the draws to ship."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.evidence import Parameter
from perelom.inference.fitting import Fit, Stage
from perelom.inference.intervals import HIGH, LOW, MIDDLE, quantiles, with_noise
from perelom.inference.posterior import ABOUT_FILE, DRAWS_FILE, prior_hash
from perelom.inference.prior_check import COLUMNS
from perelom.inference.transform import from_normal
from perelom.results.coverage import PRIOR_FILE
from perelom.results.fit_folder import FitFolder
from perelom.results.manifest import code_version, now

Values = NDArray[np.float64]

ACCEPTED = 0.70
"""The share of fitted points that the 90% interval with error is to contain."""

SHIPPED = 100
"""How many draws ship with the package."""

ABOUT = (*COLUMNS, "use", "discrepancy")


def observation_table(fit: Fit) -> pl.DataFrame:
    """Hold both ensembles against every observation that all their members have a value for.

    Returns
    -------
    polars.DataFrame
        One row an observation, fitted and held out: `fitted`; for `prior` and `posterior` p05, p50,
        p95, `_low` and `_high` (90% interval with the observation's own error), `_inside` (value in
        it) and `_inside_whole` (with the model's own error too); `width`: posterior range of the
        simulated values over that of the prior.

    """
    heard = _heard(fit.prior) & _heard(fit.posterior)
    table = fit.observations.filter(pl.Series(heard))
    fitted = np.isin(np.flatnonzero(heard), fit.likelihood.columns)
    columns: dict[str, Any] = {"fitted": fitted}
    for name, stage in (("prior", fit.prior), ("posterior", fit.posterior)):
        columns |= _against(name, stage.simulated[:, heard], table)
    ranges = [columns[f"{name}_p95"] - columns[f"{name}_p05"] for name in ("posterior", "prior")]
    with np.errstate(divide="ignore", invalid="ignore"):
        width = ranges[0] / ranges[1]
    return table.select(ABOUT).with_columns(
        *(pl.Series(name, values) for name, values in columns.items()),
        pl.Series("width", np.where(ranges[1] > 0, width, np.nan)).fill_nan(None),
    )


def group_table(points: pl.DataFrame) -> pl.DataFrame:
    """Sum the observations up by use and group: held-out groups last, misses first."""
    used = points.filter(pl.col("fitted") | (pl.col("use") == "held_out"))
    return (
        used.group_by("use", "group")
        .agg(
            points=pl.len(),
            before=pl.col("prior_inside").mean(),
            after=pl.col("posterior_inside").mean(),
            whole=pl.col("posterior_inside_whole").mean(),
            width=pl.col("width").median(),
        )
        .sort("use", "after", "group")
    )


def parameter_table(fit: Fit) -> pl.DataFrame:
    """Say how far each parameter moved, the farthest first.

    Returns
    -------
    polars.DataFrame
        name, unit, p05, p50, p95 before and after, shift (of the mean, in standard deviations of
        the prior) and ratio (of the standard deviations, after over before).

    """
    before, after = (stage.normal[stage.good] for stage in (fit.prior, fit.posterior))
    values = [_columns(part, fit.problem.free) for part in (before, after)]
    rows: dict[str, Any] = {
        "name": list(fit.problem.free),
        "unit": [parameter.unit for parameter in fit.problem.free.values()],
    }
    for name, found in zip(("prior", "posterior"), values, strict=True):
        for label, probability in (("p05", LOW), ("p50", MIDDLE), ("p95", HIGH)):
            rows[f"{name}_{label}"] = np.quantile(found, probability, axis=0)
    rows["shift"] = (after.mean(axis=0) - before.mean(axis=0)) / before.std(axis=0)
    rows["ratio"] = after.std(axis=0) / before.std(axis=0)
    return pl.DataFrame(rows).sort(pl.col("shift").abs(), descending=True, maintain_order=True)


def share_inside(points: pl.DataFrame, use: str, column: str = "posterior_inside") -> float | None:
    """Return the share of the fitted, or of the held-out, points inside an interval."""
    chosen = points.filter(pl.col("fitted") if use == "fit" else pl.col("use") == "held_out")
    return float(chosen[column].sum()) / chosen.height if chosen.height else None


def posterior_table(fit: Fit) -> pl.DataFrame:
    """Return the fitted parameter sets, one member a row."""
    stage = fit.posterior
    sets = from_normal(stage.normal[stage.good], fit.problem.free)
    numbers = pl.Series("member", np.flatnonzero(stage.good))
    return pl.DataFrame(sets).select(numbers, pl.all())


def summary(fit: Fit, points: pl.DataFrame, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fit in one object: shares inside, groups, parameters, misfit by iteration."""
    likelihood = fit.likelihood
    return {
        **about,
        "fitted_points": int(points["fitted"].sum()),
        "held_out_points": points.filter(pl.col("use") == "held_out").height,
        "wanted_inside": ACCEPTED,
        "inside": {
            use: {
                name: share_inside(points, use, column)
                for name, column in (
                    ("prior", "prior_inside"),
                    ("posterior", "posterior_inside"),
                    ("posterior_with_discrepancy", "posterior_inside_whole"),
                )
            }
            for use in ("fit", "held_out")
        },
        "misfit_by_iteration": [
            round(float(np.median(likelihood.misfit(stage.simulated))), 4) for stage in fit.stages
        ],
        "failed_by_iteration": [int((~stage.good).sum()) for stage in fit.stages],
        "seconds_per_member": round(
            float(np.median([run.seconds for stage in fit.stages for run in stage.runs])), 2
        ),
        "groups": group_table(points).to_dicts(),
        "parameters": parameter_table(fit).to_dicts(),
    }


def shipped_files(fit: Fit, points: pl.DataFrame, about: Mapping[str, Any]) -> dict[str, str]:
    """Return the files that ship with the package, by name: draws, description, prior ranges."""
    good = np.flatnonzero(fit.posterior.good)
    count = min(SHIPPED, good.size)
    chosen = good[np.linspace(0, good.size - 1, count).round().astype(int)]
    normal = fit.posterior.normal[chosen]
    centre = fit.posterior.normal[good].mean(axis=0)
    central = int(((normal - centre) ** 2).sum(axis=1).argmin())
    draws = pl.DataFrame(
        {name: float(f"{value:.7g}") for name, value in each.items()}
        for each in from_normal(normal, fit.problem.free)
    ).select(pl.Series("draw", range(count)), pl.all())
    described = {"priors": prior_hash(), "central": central, "draws": count, **about}
    return {
        DRAWS_FILE: draws.write_csv(),
        PRIOR_FILE: points.select("id", "prior_p05", "prior_p95").write_csv(),
        ABOUT_FILE: json.dumps(described, indent=2) + "\n",
    }


def _against(name: str, simulated: Values, table: pl.DataFrame) -> dict[str, Values]:
    value = table["value"].to_numpy()
    p05, p50, p95 = quantiles(simulated, LOW, MIDDLE, HIGH)
    low, high = quantiles(with_noise(simulated, table["sigma"].to_numpy()), LOW, HIGH)
    least, most = quantiles(with_noise(simulated, table["total"].to_numpy()), LOW, HIGH)
    return {
        f"{name}_p05": p05,
        f"{name}_p50": p50,
        f"{name}_p95": p95,
        f"{name}_low": low,
        f"{name}_high": high,
        f"{name}_inside": (low <= value) & (value <= high),
        f"{name}_inside_whole": (least <= value) & (value <= most),
    }


def _heard(stage: Stage) -> NDArray[np.bool_]:
    return np.asarray(np.isfinite(stage.simulated).all(axis=0))


def _columns(normal: Values, free: Mapping[str, Parameter]) -> Values:
    sets = from_normal(normal, free)
    return np.asarray([[each[name] for name in free] for each in sets])


def write_results(fit: Fit, folder: FitFolder, about: Mapping[str, Any]) -> dict[str, Any]:
    """Write posterior, observations, summary and the draws to ship; return the summary."""
    points = observation_table(fit)
    told = summary(fit, points, about)
    folder.write("posterior.csv", posterior_table(fit).write_csv())
    folder.write("observations.csv", points.write_csv())
    folder.write("summary.json", json.dumps(told, indent=2) + "\n")
    described = {**about, "date": now(), "code_version": code_version()}
    for name, text in shipped_files(fit, points, described).items():
        folder.write(f"shipped/{name}", text)
    return told
