"""S73, S77, S81: lots drawn for households and villages against their expectation."""

from collections.abc import Callable

import jax
import numpy as np
import pytest

from country import Surroundings
from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.dekulakization import dekulakize
from perelom.model.protest import protest
from perelom.model.self_liquidation import self_liquidate
from perelom.world.state import State

MEMBERS = 40
ERRORS = 4
LEVERS = {
    "dekulakization_quota": 120.0,
    "expropriation_quota": 120.0,
    "first_category_quota": 60.0,
    "kulak_levy": 1.0,
}
LINES: dict[str, tuple[Callable[[State, Context], Moved], tuple[str, ...]]] = {
    "dekulakize": (
        dekulakize,
        ("deported", "deported_individual", "arrested_rural", "settled", "grain_taken_along"),
    ),
    "self_liquidate": (
        self_liquidate,
        ("self_liquidated_persons", "self_liquidated_individual", "roubles_carried_away"),
    ),
}


@pytest.mark.parametrize("line", LINES)
def test_the_mean_of_lots_is_the_expected_flow(
    line: str, state: State, around: Surroundings
) -> None:
    move, names = LINES[line]
    step = jax.jit(lambda s, c: move(s, c)[1])
    wanted = step(state, around(2, **LEVERS))
    drawn = [step(state, around(2, expected=False, member=m, **LEVERS)) for m in range(MEMBERS)]
    for name in names:
        sums = np.asarray([np.asarray(flows[name]).sum() for flows in drawn])
        error = sums.std(ddof=1) / np.sqrt(MEMBERS)
        assert error > 0
        assert abs(sums.mean() - np.asarray(wanted[name]).sum()) <= ERRORS * error, name


def test_whole_households_and_persons(state: State, around: Surroundings) -> None:
    after, flows, _ = dekulakize(state, around(2, expected=False, **LEVERS))
    for values in (after.households.present, *after.households.persons):
        # The first household of a village holds what whole persons left over.
        whole = np.asarray(values)[:, 1:]
        np.testing.assert_allclose(whole, np.round(whole), atol=1e-9)
    gone = np.asarray(flows["deported_individual"] + flows["deported_kolkhoz"])
    assert gone.sum() > 0
    np.testing.assert_allclose(gone, np.round(gone), atol=1e-9)


def test_the_same_lots_again(state: State, around: Surroundings) -> None:
    first, second, other = (
        dekulakize(state, around(2, expected=False, member=m, **LEVERS))[1]["deported"]
        for m in (3, 3, 4)
    )
    np.testing.assert_array_equal(first, second)
    assert not np.array_equal(first, other)


def test_villages_rise_or_do_not(state: State, around: Surroundings) -> None:
    busy = {"disturbances_in_quiet_times": 0.2}
    wanted = np.asarray(protest(state, around(parameters=busy)).events).sum()
    events = [
        np.asarray(protest(state, around(parameters=busy, expected=False, member=m)).events)
        for m in range(MEMBERS)
    ]
    assert set(np.unique(events)) == {0.0, 1.0}
    sums = np.asarray(events).sum(axis=1)
    assert abs(sums.mean() - wanted) <= ERRORS * sums.std(ddof=1) / np.sqrt(MEMBERS)
