"""Members in several processes: the same bits, one clear error when a worker dies."""

import logging
import os
from collections.abc import Callable
from functools import partial

import numpy as np
import pytest
import toy

from perelom.errors import FitError
from perelom.inference.fitting import fit
from perelom.inference.pool import run_jobs
from perelom.inference.workers import Forward, run_members


def test_two_processes_give_the_same_bits_as_one() -> None:
    one, two = (
        fit(toy.problem(0.1), toy.Memory(), members=20, iterations=1, seed=3, processes=processes)
        for processes in (1, 2)
    )
    assert np.array_equal(one.posterior.normal, two.posterior.normal)
    assert np.array_equal(one.posterior.simulated, two.posterior.simulated)


def test_a_failed_member_says_why_and_ends_nothing() -> None:
    jobs = [(0, toy.TRUTH), (1, toy.TRUTH | {"a": 3.0})]
    runs = {run.number: run for run in run_members(partial(toy.make, 0.0), jobs, 1, toy.POINTS)}
    assert runs[0].error == ""
    assert np.isfinite(runs[0].simulated).all()
    assert "does not close" in runs[1].error
    assert np.isnan(runs[1].simulated).all()


def dies() -> Forward:
    def forward(_number: int, _parameters: dict[str, float]) -> np.ndarray:
        os._exit(1)

    return forward


def test_a_worker_that_dies_is_one_clear_error() -> None:
    jobs = [(n, dict(toy.TRUTH)) for n in range(4)]
    with pytest.raises(FitError, match="worker process ended unexpectedly"):
        list(run_members(dies, jobs, 2, toy.POINTS))


def test_nothing_to_do_starts_nothing() -> None:
    assert list(run_members(dies, [], 2, toy.POINTS)) == []


def speaks() -> Callable[[int], int]:
    logging.getLogger("perelom").info("a remark")
    return abs


@pytest.mark.parametrize("level", ["INFO", "WARNING"])
def test_what_workers_remark_is_heard_where_someone_listens(
    caplog: pytest.LogCaptureFixture, level: str
) -> None:
    log = logging.getLogger("perelom")
    log.addHandler(caplog.handler)
    try:
        with caplog.at_level(level, logger="perelom"):
            assert sorted(run_jobs(speaks, [-1, 2, -3], 2)) == [1, 2, 3]
    finally:
        log.removeHandler(caplog.handler)
    assert set(caplog.messages) == ({"a remark"} if level == "INFO" else set())
