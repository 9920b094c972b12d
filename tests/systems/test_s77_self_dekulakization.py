"""S77: farms that sell out and leave. Check: only under threat, by year and destination."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import EMPTY, Country, Surroundings
from perelom.model.self_liquidation import leaving_chance, self_liquidate, threatened
from perelom.world.state import SPECIES, State


def test_nobody_leaves_a_quiet_village(state: State, around: Surroundings) -> None:
    assert not np.asarray(leaving_chance(state, around())).any()
    assert not bool(threatened(state, around()))
    assert bool(threatened(state, around(kulak_levy=0.1)))
    assert not bool(threatened(state, around(kulak_levy=1.0, off=["self_liquidation"])))


def test_closed_form_at_the_full_levy(state: State, around: Surroundings) -> None:
    numbers = around().parameters
    level = float(numbers["self_liquidation_at_full_levy"])
    slope = float(numbers["self_liquidation_levy"])
    odds = level / (1 - level) * np.exp(-slope)
    wanted = level - odds / (1 + odds)
    np.testing.assert_allclose(leaving_chance(state, around(kulak_levy=1.0)), wanted, rtol=1e-6)


def test_levy_and_repression_seen_raise_the_chance(state: State, around: Surroundings) -> None:
    rising = [
        float(np.asarray(leaving_chance(state, around(kulak_levy=levy)))[0])
        for levy in (0.0, 0.3, 0.9, 1.5)
    ]
    assert rising == sorted(rising)
    seen = replace(state, villages=replace(state.villages, repressed=jnp.full(40, 0.02)))
    with_threat = float(np.asarray(leaving_chance(seen, around(kulak_levy=0.9)))[0])
    assert with_threat > rising[2]


def test_only_the_labelled_leave_and_they_go_to_towns(state: State, around: Surroundings) -> None:
    after, flows, _ = self_liquidate(state, around(kulak_levy=1.0))
    present = [np.asarray(s.households.present) for s in (state, after)]
    label = np.asarray(state.households.label)
    np.testing.assert_array_equal(present[0][label != 3], present[1][label != 3])
    assert (present[1][(label == 3) & (present[0] > 0)] < 1).all()
    weight = np.asarray(around().geography.village_weight)
    gone = float((np.asarray(flows["self_liquidated_persons"]) * weight).sum())
    town = [float(np.asarray(s.regions.town_persons).sum()) for s in (state, after)]
    np.testing.assert_allclose(town[1] - town[0], gone, rtol=1e-6)
    for species in SPECIES:
        assert np.asarray(flows[f"{species}_slaughtered_on_leaving"]).sum() > 0


@pytest.mark.xdist_group("expected")
def test_none_without_the_policy(expected_country: Country) -> None:
    fled = ("self_liquidated_individual", "self_liquidated_kolkhoz")
    quiet = expected_country.run(EMPTY, until="1930-06")
    assert quiet.flow(*fled).sum() == 0
    course = expected_country.run(until="1931-12")
    assert course.between("1926-12", "1928-04", *fled) == 0
    assert course.between("1929-07", "1930-06", *fled) > course.between("1928-07", "1929-06", *fled)
