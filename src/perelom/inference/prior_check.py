"""The prior predictive check: whether the priors cover what was observed.

A model whose priors, before any fit, already miss most observations lacks a mechanism or has its
ranges wrong; fitting would then bend other parameters. Only observations that may be fitted are
looked at; what is held out stays unseen.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from perelom.engine.settings import Settings
from perelom.errors import AccountError
from perelom.evidence.error_model import with_sigma
from perelom.evidence.variables import variables
from perelom.inference.ensemble import Ensemble, Progress, run_ensemble
from perelom.inference.intervals import HIGH, LOW, MIDDLE, quantiles, with_noise
from perelom.inference.prior import draw_parameters
from perelom.scenario import Scenario

ACCEPTED = 0.80
"""The share of points that the 5-95% range of the simulated values is to contain."""

COLUMNS = (
    "id",
    "group",
    "series",
    "region",
    "period_start",
    "period_end",
    "layer",
    "variant",
    "source",
    "grade",
    "unit",
    "value",
    "sigma",
)


@dataclass(frozen=True)
class PriorCheck:
    """The check's result.

    points: one row an observation with `p05`, `p50`, `p95` of the simulated values, `contained`,
    `contained_with_error` and `direction` (`too high`: the model lies above the observation).
    silent: the observations that no member could be compared with. ensemble: the runs behind it.
    """

    points: pl.DataFrame
    silent: pl.DataFrame
    ensemble: Ensemble

    @property
    def share(self) -> float:
        """Share of points inside the simulated 5-95% range."""
        return _mean(self.points["contained"])

    @property
    def share_with_error(self) -> float:
        """Share of points inside the range of simulated values with errors of observation."""
        return _mean(self.points["contained_with_error"])

    @property
    def accepted(self) -> bool:
        """Whether the range contains as many points as it should."""
        return self.share >= ACCEPTED

    def by(self, *keys: str) -> pl.DataFrame:
        """Sum up by `series` or by `group`: points, contained, misses by direction."""
        return (
            self.points.group_by(*keys)
            .agg(
                points=pl.len(),
                contained=pl.col("contained").mean(),
                with_error=pl.col("contained_with_error").mean(),
                too_high=(pl.col("direction") == "too high").sum(),
                too_low=(pl.col("direction") == "too low").sum(),
            )
            .sort("contained", *keys)
        )

    def misses(self) -> pl.DataFrame:
        """Return the observations outside the range, by group, series and time."""
        return self.points.filter(~pl.col("contained")).sort("group", "series", "period_start")


def check_priors(
    scenario: Scenario,
    settings: Settings,
    draws: int,
    seed: int,
    progress: Progress | None = None,
    processes: int = 1,
) -> PriorCheck:
    """Run a scenario under draws from the priors and hold their range against observations."""
    sets = draw_parameters(draws, seed)
    return judge(run_ensemble(scenario, settings, sets, progress, processes))


def judge(ensemble: Ensemble) -> PriorCheck:
    """Hold the range of an ensemble against the fitted observations of simulated series.

    Raises
    ------
    AccountError
        If no member ran through.

    """
    if len(ensemble.failed) == len(ensemble.members):
        first = ensemble.failed[0].error if ensemble.failed else "there are none"
        raise AccountError(f"no draw ran through; the first one: {first}")
    table = with_sigma(ensemble.observations).with_row_index("column")
    wanted = table.filter(
        pl.col("use") == "fit",
        pl.col("series").is_in(list(variables())),
        pl.col("duplicate_of").is_null(),
    )
    simulated = ensemble.simulated[:, wanted["column"].to_numpy()]
    heard = np.isfinite(simulated).any(axis=0)
    compared = wanted.filter(pl.Series(heard))
    simulated = simulated[np.isfinite(simulated).any(axis=1)][:, heard]
    low, middle, high = quantiles(simulated, LOW, MIDDLE, HIGH)
    value = compared["value"].to_numpy()
    crosswalk = compared["region_uncertainty"].fill_null(0.0).to_numpy() * middle
    sigma = np.hypot(compared["sigma"].to_numpy(), crosswalk)
    least, most = quantiles(with_noise(simulated, sigma), LOW, HIGH)
    direction = np.where(value < low, "too high", np.where(value > high, "too low", ""))
    points = compared.select(COLUMNS).with_columns(
        pl.Series("sigma", sigma),
        pl.Series("p05", low),
        pl.Series("p50", middle),
        pl.Series("p95", high),
        pl.Series("contained", (low <= value) & (value <= high)),
        pl.Series("contained_with_error", (least <= value) & (value <= most)),
        pl.Series("direction", direction.astype(str)),
    )
    return PriorCheck(points, wanted.filter(pl.Series(~heard)).select(COLUMNS), ensemble)


def _mean(flags: pl.Series) -> float:
    return float(flags.sum()) / len(flags)
