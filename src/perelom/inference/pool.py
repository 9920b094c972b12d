"""Jobs in this process or in several: a worker prepares itself once, then takes job after job."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from perelom.errors import EnsembleError

Job = TypeVar("Job")
Result = TypeVar("Result")

JOBS_WORTH_A_PROCESS = 6
"""Starting a worker and reading the compiled program costs about as much as so many short runs."""
VILLAGES_IN_SEVERAL = 20_000
"""Above this a run takes gigabytes: one at a time."""


def processes_for(jobs: int, villages: int) -> int:
    """Return how many processes to use for so many jobs where the user does not say."""
    if villages > VILLAGES_IN_SEVERAL:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return max(1, min(cores or 1, jobs // JOBS_WORTH_A_PROCESS))


def run_jobs(
    make: Callable[[], Callable[[Job], Result]], jobs: Sequence[Job], processes: int
) -> Iterator[Result]:
    """Run jobs and yield each result as it comes: in order with one process, else in any order.

    Parameters
    ----------
    make
        Builds the function that does a job, once a process. What it returns does not depend on the
        process, so that any number of processes gives the same results.
    jobs
        What is to be done.
    processes
        How many processes; with one, jobs run in this process.

    Raises
    ------
    EnsembleError
        If a worker process ended unexpectedly.

    """
    if processes <= 1 or len(jobs) <= 1:
        work = make() if jobs else None
        for job in jobs:
            assert work is not None
            yield work(job)
        return
    pool = ProcessPoolExecutor(
        max_workers=min(processes, len(jobs)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(make,),
    )
    try:
        for done in as_completed([pool.submit(_run_here, job) for job in jobs]):
            yield done.result()
    except BrokenProcessPool as error:
        raise EnsembleError(
            "a worker process ended unexpectedly, often because memory ran out; "
            "run the same command again, with fewer --processes if need be"
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any] | None = None


def _start(make: Callable[[], Callable[[Any], Any]]) -> None:
    """Prepare a worker; only the parent answers Ctrl-C."""
    global _work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work = make()


def _run_here(job: Any) -> Any:
    assert _work is not None
    return _work(job)
