"""The fit: prior ensemble, updates, posterior ensemble; every finished member is kept at once.

With I iterations there are I + 1 ensembles of runs: the prior one, whose values choose what is
fitted, one after each update but the last, and the posterior one. A member keeps its number, and
with it its luck, through all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Protocol, runtime_checkable

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import FitError
from perelom.evidence import Parameter
from perelom.inference.likelihood import Likelihood, likelihood, with_errors
from perelom.inference.prior import draw_parameters
from perelom.inference.smoother import update
from perelom.inference.transform import from_normal, to_normal
from perelom.inference.workers import Forward, MemberRun, run_members

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]
"""Called with the runs done and the runs planned."""

LACKING = 0.1
"""A run that lacks more than this share of the values that others have counts as failed."""

LEAST_MEMBERS = 10
"""With fewer members no correlation can pass the threshold 3 / sqrt(members)."""


@dataclass(frozen=True)
class Problem:
    """What is fitted: observations to compare (fit and held out), free parameters, the model.

    make builds the function that runs a member; it must be picklable for several processes.
    """

    observations: pl.DataFrame
    free: Mapping[str, Parameter]
    make: Callable[[], Forward]


@runtime_checkable
class Store(Protocol):
    """Where finished work is kept."""

    def ensemble(self, iteration: int) -> Values | None:
        """Return the parameters of an iteration as standard normal numbers, if kept."""

    def keep_ensemble(self, iteration: int, normal: Values) -> None:
        """Keep the parameters of an iteration."""

    def members(self, iteration: int) -> dict[int, MemberRun]:
        """Return the finished runs of an iteration by number."""

    def keep_member(self, iteration: int, run: MemberRun) -> None:
        """Keep a finished run."""


@dataclass(frozen=True)
class Stage:
    """The ensemble of one iteration: parameters in normal space and runs, in order of number."""

    normal: Values
    runs: tuple[MemberRun, ...]
    good: NDArray[np.bool_]

    @property
    def simulated(self) -> Values:
        """Simulated values of the members that ran through, [member, observation]."""
        return self.all_simulated[self.good]

    @property
    def all_simulated(self) -> Values:
        """Simulated values of all members; those that failed are empty."""
        values = np.asarray([run.simulated for run in self.runs])
        return np.where(self.good[:, None], values, np.nan)


@dataclass(frozen=True)
class Fit:
    """A finished fit: its stages from prior to posterior, and what was fitted."""

    problem: Problem
    observations: pl.DataFrame
    likelihood: Likelihood
    stages: tuple[Stage, ...]

    @property
    def prior(self) -> Stage:
        """The ensemble drawn from the priors."""
        return self.stages[0]

    @property
    def posterior(self) -> Stage:
        """The fitted ensemble."""
        return self.stages[-1]


def fit(
    problem: Problem,
    store: Store,
    *,
    members: int,
    iterations: int,
    seed: int,
    processes: int = 1,
    progress: Progress = lambda _done, _planned: None,
) -> Fit:
    """Fit the free parameters to the observations whose use is `fit`.

    Work that the store holds is not done again; the result does not depend on how often the fit was
    interrupted, nor on the number of processes.

    Raises
    ------
    FitError
        Too few members, too few that ran through, or nothing to fit.

    """
    if members < LEAST_MEMBERS or iterations < 1:
        raise FitError(
            f"{members} members and {iterations} iterations; allowed: at least {LEAST_MEMBERS} "
            "members, since fewer show no correlation, and at least 1 iteration"
        )
    observations = with_errors(problem.observations.filter(pl.col("duplicate_of").is_null()))
    planned = members * (iterations + 1)
    stages: list[Stage] = []
    target: Likelihood | None = None
    for iteration in range(iterations + 1):
        normal = store.ensemble(iteration)
        if normal is None:
            normal = _next(problem, stages, target, members, iterations, seed)
            store.keep_ensemble(iteration, normal)
        before = iteration * members
        tell = partial(_tell, progress, before, planned)
        runs = _runs(problem, store, normal, iteration, processes, observations.height, tell)
        stages.append(_stage(normal, runs, target))
        if target is None:
            target = likelihood(observations, stages[0].simulated)
            if not target.columns.size:
                raise FitError("no observation that may be fitted has a simulated counterpart")
    assert target is not None
    return Fit(problem, observations, target, tuple(stages))


def _tell(progress: Progress, before: int, planned: int, done: int) -> None:
    progress(before + done, planned)


def _next(
    problem: Problem,
    stages: list[Stage],
    target: Likelihood | None,
    members: int,
    iterations: int,
    seed: int,
) -> Values:
    if target is None:
        return to_normal(draw_parameters(members, seed, problem.free), problem.free)
    last = stages[-1]
    return update(
        last.normal,
        target.scaled(last.all_simulated),
        target.observed,
        target.error,
        inflation=float(iterations),
        seed=(seed, len(stages)),
    )


def _runs(
    problem: Problem,
    store: Store,
    normal: Values,
    iteration: int,
    processes: int,
    observations: int,
    tell: Callable[[int], None],
) -> list[MemberRun]:
    """Run what the store does not hold yet."""
    done = store.members(iteration)
    tell(len(done))
    sets = from_normal(normal, problem.free)
    jobs = [(number, each) for number, each in enumerate(sets) if number not in done]
    for run in run_members(problem.make, jobs, processes, observations):
        store.keep_member(iteration, run)
        done[run.number] = run
        tell(len(done))
    return [done[number] for number in range(len(sets))]


def _stage(normal: Values, runs: list[MemberRun], target: Likelihood | None) -> Stage:
    """Tell the members that ran through from those that failed or lack values."""
    finite = np.isfinite(np.asarray([run.simulated for run in runs]))
    most = finite.sum(axis=1).max()
    good = finite.sum(axis=1) >= (1 - LACKING) * max(most, 1)
    if target is not None:
        good &= finite[:, target.columns].all(axis=1)
    if good.sum() < LEAST_MEMBERS:
        reason = next((run.error for run in runs if run.error), "their values are empty")
        raise FitError(
            f"only {good.sum()} of {len(runs)} members ran through, at least {LEAST_MEMBERS} are "
            f"needed; the first failure: {reason}"
        )
    return Stage(normal, tuple(runs), good)
