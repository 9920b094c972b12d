"""Ensembles: members in, what is read off their runs out. Every ensemble of the package runs here.

A member is a parameter set and a number that fixes its luck. It may run in several arms (another
scenario, a mechanism left out): the arms of a member share parameters and luck, which makes them a
pair. All runs of a process share one world and one compiled program. A run whose accounts do not
close is kept with its error: it never ends the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from time import perf_counter
from typing import Generic, Literal, NamedTuple, TypeVar

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from perelom.engine.run import simulate
from perelom.engine.settings import Settings
from perelom.errors import AccountError
from perelom.evidence import observations
from perelom.evidence.operators import compare
from perelom.evidence.variables import variables
from perelom.inference.pool import run_jobs
from perelom.scenario import Scenario
from perelom.world.build import build
from perelom.world.state import World

Progress = Callable[[int, int], None]
"""Called with the members done and the members planned."""

T = TypeVar("T")
Reader = Callable[[xr.Dataset, xr.Dataset], T]
"""What is read off the true and the reported layer of a run. It travels to worker processes."""


@dataclass(frozen=True)
class Arm:
    """One way in which every member runs: a scenario, and mechanisms switched off."""

    name: str
    scenario: Scenario
    off: frozenset[str] = frozenset()


class Job(NamedTuple):
    """One run: the member's number, the arm's place in the list, the member's parameters."""

    member: int
    arm: int
    parameters: dict[str, float]


@dataclass(frozen=True)
class Finished(Generic[T]):
    """One run that ended: what was read off it, or why it failed."""

    member: int
    arm: int
    found: T | None
    error: str
    seconds: float


def run_arms(
    arms: Sequence[Arm],
    settings: Settings,
    members: Sequence[tuple[int, dict[str, float]]],
    read: Reader[T],
    processes: int = 1,
) -> Generator[Finished[T], None, None]:
    """Run every member in every arm and yield what is read off each run as it ends.

    Parameters
    ----------
    arms
        What differs between the runs of a member.
    settings
        What all runs share.
    members
        Number and parameters of each member; the number fixes weather and lots.
    read
        Reads what is wanted off the two layers of a run.
    processes
        How many processes share the runs; the results do not depend on it.

    """
    jobs = [Job(number, arm, own) for number, own in members for arm in range(len(arms))]
    return run_jobs(partial(_Runs, tuple(arms), settings, read), jobs, processes)


class _Runs(Generic[T]):
    """Does jobs of one ensemble in one world."""

    def __init__(self, arms: tuple[Arm, ...], settings: Settings, read: Reader[T]) -> None:
        self._arms, self._settings, self._read = arms, settings, read
        self._world = build(settings.villages, dtype=settings.dtype)

    def __call__(self, job: Job) -> Finished[T]:
        """Run one member in one arm."""
        started = perf_counter()
        arm, shared = self._arms[job.arm], self._settings
        own = replace(
            shared,
            parameters=shared.parameters | job.parameters,
            member=job.member,
            off=shared.off | arm.off,
        )
        found, error = None, ""
        try:
            found = self._read(*run_layers(arm.scenario, own, self._world))
        except AccountError as reason:
            error = str(reason)
        seconds = round(perf_counter() - started, 3)
        return Finished(job.member, job.arm, found, error, seconds)


@dataclass(frozen=True)
class Member:
    """One member of an ensemble: its parameters and how it ended."""

    number: int
    parameters: dict[str, float]
    status: Literal["complete", "failed"]
    error: str
    seconds: float


@dataclass(frozen=True)
class Ensemble:
    """Runs of one scenario under several parameter sets.

    members: in the order of the parameter sets. observations: the rows that were compared, with
    the crosswalk's error as `region_uncertainty`. simulated: [member, observation], NaN where a
    member failed or has no such value.
    """

    members: tuple[Member, ...]
    observations: pl.DataFrame
    simulated: NDArray[np.float64]

    @property
    def failed(self) -> tuple[Member, ...]:
        """The members whose run ended with an error."""
        return tuple(member for member in self.members if member.status == "failed")


def run_ensemble(
    scenario: Scenario,
    settings: Settings,
    parameter_sets: Sequence[dict[str, float]],
    progress: Progress | None = None,
    processes: int = 1,
) -> Ensemble:
    """Run a scenario once for each parameter set and read off every scored observation.

    Parameters
    ----------
    scenario
        What is decided.
    settings
        What all members share; the number of a member is its place in the list, so that weather
        differs between members.
    parameter_sets
        Values that replace defaults, one set a member.
    progress
        Called before the first and after each member.
    processes
        How many processes share the runs.

    """
    scored = observations().filter(pl.col("use").is_in(["fit", "held_out"]))
    planned = len(parameter_sets)
    simulated = np.full((planned, scored.height), np.nan)
    uncertainty = pl.Series("region_uncertainty", [None] * scored.height, dtype=pl.Float64)
    members: dict[int, Member] = {}
    if progress is not None:
        progress(0, planned)
    runs = run_arms(
        [Arm(scenario.name, scenario)],
        settings,
        list(enumerate(parameter_sets)),
        partial(compare, scored),
        processes,
    )
    for run in runs:
        if run.found is not None:
            simulated[run.member] = run.found["simulated"].fill_null(np.nan).to_numpy()
            uncertainty = run.found["region_uncertainty"]
        status: Literal["complete", "failed"] = "failed" if run.error else "complete"
        members[run.member] = Member(
            run.member, parameter_sets[run.member], status, run.error, run.seconds
        )
        if progress is not None:
            progress(len(members), planned)
    in_order = tuple(members[number] for number in range(planned))
    return Ensemble(in_order, scored.with_columns(uncertainty), simulated)


def run_layers(
    scenario: Scenario, settings: Settings, world: World
) -> tuple[xr.Dataset, xr.Dataset]:
    """Run a scenario in memory and return its true and its reported layer with their units."""
    chunks = [(c.monthly, c.reported) for c in simulate(scenario, settings, world=world)]
    true, reported = zip(*chunks, strict=True)
    return _joined(true), _joined(reported)


def _joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Put chunks of months one after the other and state units and kinds."""
    table = variables()
    first = parts[0]
    columns = {}
    for name in first.data_vars:
        values = np.concatenate([part[name].to_numpy() for part in parts])
        declared = table.get(str(name))
        notes = {"units": declared.unit, "kind": declared.kind} if declared else {}
        columns[str(name)] = (("month", "region"), values, notes)
    months = np.concatenate([part["month"].to_numpy() for part in parts])
    return xr.Dataset(columns, coords={"month": months, "region": first["region"].to_numpy()})
