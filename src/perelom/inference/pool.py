"""Jobs in this process or in several: a worker prepares itself once, then takes job after job."""

from __future__ import annotations

import gc
import logging
import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from logging.handlers import QueueHandler, QueueListener
from multiprocessing.queues import Queue
from typing import Any, TypeVar

from perelom.errors import EnsembleError, PerelomError

Job = TypeVar("Job")
Result = TypeVar("Result")

_LOG = logging.getLogger("perelom")

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
) -> Generator[Result, None, None]:
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
    others = set(multiprocessing.active_children())
    spawned = multiprocessing.get_context("spawn")
    remarks = spawned.Queue() if _LOG.isEnabledFor(logging.INFO) else None
    pool = ProcessPoolExecutor(
        max_workers=min(processes, len(jobs)),
        mp_context=spawned,
        initializer=_start,
        initargs=(make, remarks),
    )
    listener = QueueListener(remarks, *_LOG.handlers) if remarks is not None else None
    if listener is not None:
        listener.start()
    try:
        for done in as_completed([pool.submit(_run_here, job) for job in jobs]):
            yield done.result()
        if listener is not None:
            # Not when work was cut short: a worker that was ended may hold the queue for ever.
            listener.stop()
    except BrokenProcessPool as error:
        raise EnsembleError(
            "a worker process ended unexpectedly, often because memory ran out; what is done so "
            "far is kept where a command keeps it; run the same command again, with fewer "
            "--processes if need be"
        ) from error
    except BaseException:  # Ctrl-C, or a reader that wants no more: nobody waits for open runs
        for worker in set(multiprocessing.active_children()) - others:
            worker.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


_work: Callable[[Any], Any] | None = None
_refused = ""


def _start(make: Callable[[], Callable[[Any], Any]], remarks: Queue[Any] | None) -> None:
    """Prepare a worker; only the parent answers Ctrl-C, and speaks to the user."""
    global _work, _refused
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(50_000, 20, 20)  # as the command line does
    if remarks is not None:
        _LOG.setLevel(logging.INFO)
        _LOG.addHandler(QueueHandler(remarks))
    try:
        _work = make()
    except PerelomError as error:  # told with the first job: a worker that fails here only breaks
        _refused = str(error)


def _run_here(job: Any) -> Any:
    if _work is None:
        raise EnsembleError(_refused)
    return _work(job)
