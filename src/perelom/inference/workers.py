"""Running members in several processes: each worker builds its world once and compiles once."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from perelom.errors import AccountError, FitError

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
    if processes == 1 or len(jobs) <= 1:
        forward = make() if jobs else None
        for number, parameters in jobs:
            assert forward is not None
            yield _run(forward, number, parameters, observations)
        return
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        max_workers=min(processes, len(jobs)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(make, observations),
    )
    try:
        for done in as_completed([pool.submit(_run_here, job) for job in jobs]):
            yield done.result()
    except BrokenProcessPool as error:
        raise FitError(
            "a worker process ended unexpectedly, often because memory ran out; the members done "
            "so far are kept; run the same command again, with fewer --processes if need be"
        ) from error
    except BaseException:  # Ctrl-C, or a reader that wants no more: nobody waits for open runs
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


_forward: Forward | None = None
_observations = 0


def _start(make: Callable[[], Forward], observations: int) -> None:
    """Prepare a worker; only the parent answers Ctrl-C."""
    global _forward, _observations
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _forward, _observations = make(), observations


def _run_here(job: Job) -> MemberRun:
    assert _forward is not None
    return _run(_forward, *job, _observations)


def _run(forward: Forward, number: int, parameters: dict[str, float], count: int) -> MemberRun:
    started = perf_counter()
    try:
        simulated, error = forward(number, parameters), ""
    except AccountError as reason:
        simulated, error = np.full(count, np.nan), str(reason)
    return MemberRun(number, simulated, error, round(perf_counter() - started, 3))
