"""Running members in several processes: each worker builds its world once and compiles once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from perelom.errors import AccountError, EnsembleError, FitError
from perelom.inference.pool import run_jobs

Forward = Callable[[int, dict[str, float]], NDArray[np.float64]]
"""From a member's number and its parameters to the simulated value of every observation.

A value that the run does not have is NaN; a run that ends with an error raises AccountError.
"""

Job = tuple[int, dict[str, float]]


@dataclass(frozen=True)
class MemberRun:
    """One finished run: simulated values (empty where it failed), why it failed, seconds."""

    number: int
    simulated: NDArray[np.float64]
    error: str
    seconds: float


def run_members(
    make: Callable[[], Forward], jobs: Sequence[Job], processes: int, observations: int
) -> Iterator[MemberRun]:
    """Run members and yield each as it ends, in any order.

    Parameters
    ----------
    make
        Builds the function that runs a member, once a process. It and what it returns do not depend
        on the process, so that any number of processes gives the same values.
    jobs
        The members to run.
    processes
        How many processes; with one, members run in this process.
    observations
        How many values a run has.

    Raises
    ------
    FitError
        If a worker process ended unexpectedly.

    """
    try:
        with closing(run_jobs(partial(_Members, make, observations), jobs, processes)) as runs:
            yield from runs
    except EnsembleError as error:
        raise FitError(str(error)) from error


class _Members:
    """Runs members one by one."""

    def __init__(self, make: Callable[[], Forward], observations: int) -> None:
        self._forward, self._observations = make(), observations

    def __call__(self, job: Job) -> MemberRun:
        """Run one member."""
        return _run(self._forward, *job, self._observations)


def _run(forward: Forward, number: int, parameters: dict[str, float], count: int) -> MemberRun:
    started = perf_counter()
    try:
        simulated, error = forward(number, parameters), ""
    except AccountError as reason:
        simulated, error = np.full(count, np.nan), str(reason)
    return MemberRun(number, simulated, error, round(perf_counter() - started, 3))
