"""S17: extraordinary measures of 1928. Check: a jump in early 1928, a loss later."""

from dataclasses import replace

import numpy as np
import pytest

from country import COLLECTED, Country, Surroundings, decide
from perelom.model.procurement import force
from perelom.scenario import Scenario
from perelom.world.state import State

UNTIL = "1929-12"


@pytest.fixture(scope="module")
def without(historical: Scenario) -> Scenario:
    """The decisions to the end of 1929 without any force."""
    return decide(historical, drop=("procurement_force",))


@pytest.mark.xdist_group("expected")
def test_a_jump_in_early_1928(expected_country: Country, without: Scenario) -> None:
    plain = expected_country.run(until=UNTIL)
    free = expected_country.run(without, until=UNTIL)
    assert plain.between("1928-01", "1928-03", "taken_own") > 0
    assert free.between("1926-12", UNTIL, "taken_own", "taken_kolkhoz") == 0
    gain = [c.between("1928-01", "1928-06", *COLLECTED) for c in (plain, free)]
    assert gain[0] > gain[1]


@pytest.mark.xdist_group("expected")
def test_a_loss_later_if_force_is_used_once(expected_country: Country, without: Scenario) -> None:
    """Force of January-June 1928 alone: peasants then sow and sell less of their own will."""
    once = decide(
        without, ("1928-01", "procurement_force", 1.0), ("1928-07", "procurement_force", 0)
    )
    seized = expected_country.run(once, until=UNTIL)
    free = expected_country.run(without, until=UNTIL)
    assert seized.between("1928-01", "1928-06", *COLLECTED) > free.between(
        "1928-01", "1928-06", *COLLECTED
    )
    later = [c.between("1928-07", "1929-06", *COLLECTED) for c in (seized, free)]
    assert later[0] < later[1]
    sown = [c.on("1929-07", "standing_own", "standing_kolkhoz") for c in (seized, free)]
    assert sown[0] < sown[1]


def test_force_tightens_with_arrears(state: State, around: Surroundings) -> None:
    villages = state.villages
    plan = 1.0 + 0 * villages.plan
    used = {}
    for delivered in (0.0, 0.5, 1.0):
        now = replace(state, villages=replace(villages, plan=plan, delivered=delivered * plan))
        used[delivered] = np.asarray(force(now, around(6, procurement_force=0.3)))
        loose = np.asarray(force(now, around(6, procurement_force=0.3, off=["tightening"])))
        reach = float(around().parameters["force_reaching_villages"])
        np.testing.assert_allclose(loose, 1 - np.exp(-0.3 * reach), rtol=1e-12)
        assert (used[delivered] >= loose).all()
    assert (used[0.0] > used[0.5]).all()
    assert (used[0.5] > used[1.0]).all()
    assert (used[0.0] < 1).all()
