"""The fit with the real model: what it was made from is found again, stopped or not."""

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import toy

from perelom.engine.settings import Settings
from perelom.inference.fitting import Fit, Problem, fit
from perelom.inference.forward import compared_observations, model
from perelom.inference.prior import free_parameters
from perelom.inference.transform import from_normal
from perelom.results.fit_folder import FitFolder

SETTINGS = Settings(villages=320, draws="expected", until="1930-12")
TRUTH = {
    "fertility": -1.0,
    "division_rate": 1.0,
    "pigs_birth": 1.3,
    "joining_pay": -1.2,
    "quota_overshoot": 1.2,
    "terror_at_full_heat": -1.0,
}
"""Parameters that the years to 1930 tell much about, in standard deviations of their priors."""

MEMBERS, ITERATIONS, UNSEEN = 24, 2, 9_999


@pytest.fixture(scope="module")
def recovered() -> Fit:
    """Fit six parameters to what the model gives under known ones, with other luck."""
    compared = compared_observations().filter(pl.col("use") == "fit")
    free = {name: prior for name, prior in free_parameters().items() if name in TRUTH}
    run = model("historical", SETTINGS, compared)
    truth = from_normal(np.asarray([[TRUTH[name] for name in free]]), free)[0]
    seen = run(UNSEEN, truth)
    value = pl.Series("value", np.where(np.isfinite(seen), seen, compared["value"].to_numpy()))
    unranged = pl.lit(None, pl.Float64)
    made = compared.with_columns(value, low=unranged, high=unranged)
    problem = Problem(made, free, lambda: run)
    return fit(problem, toy.Memory(), members=MEMBERS, iterations=ITERATIONS, seed=3)


def test_parameters_move_towards_the_ones_that_made_the_observations(recovered: Fit) -> None:
    truth = np.asarray([TRUTH[name] for name in recovered.problem.free])
    before, after = (
        np.abs(stage.normal[stage.good].mean(axis=0) - truth)
        for stage in (recovered.prior, recovered.posterior)
    )
    assert (after < before).sum() >= 4
    assert (after < 0.7 * before).sum() >= 3
    assert after.mean() < 0.8 * before.mean()


def test_what_is_found_is_surer_and_closer_to_the_observations(recovered: Fit) -> None:
    prior, posterior = recovered.prior, recovered.posterior
    assert posterior.normal.std(axis=0).mean() < 0.8 * prior.normal.std(axis=0).mean()
    before, after = (
        np.median(recovered.likelihood.misfit(stage.simulated)) for stage in (prior, posterior)
    )
    assert after < before


class StoppedError(Exception):
    """The user pressed Ctrl-C."""


def test_a_stopped_fit_goes_on_to_the_same_bits(tmp_path: Path) -> None:
    settings = replace(SETTINGS, until="1928-01")
    compared = compared_observations()
    make = partial(model, "historical", settings, compared)
    problem = Problem(compared, free_parameters(), make)
    size = {"members": 10, "iterations": 1, "seed": 3}

    def stop(done: int, _planned: int) -> None:
        if done == 14:
            raise StoppedError

    whole = fit(problem, FitFolder(tmp_path / "whole", size), **size)
    with pytest.raises(StoppedError):
        fit(problem, FitFolder(tmp_path / "stopped", size), **size, progress=stop)
    ran: list[int] = []
    again = fit(
        problem,
        FitFolder(tmp_path / "stopped", size),
        **size,
        progress=lambda done, _planned: ran.append(done),
    )
    assert ran == [10, 14, 15, 16, 17, 18, 19, 20]
    assert np.array_equal(again.posterior.normal, whole.posterior.normal)
    assert np.array_equal(again.posterior.simulated, whole.posterior.simulated, equal_nan=True)
