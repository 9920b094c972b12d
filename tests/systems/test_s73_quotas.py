"""S73: quotas of dekulakization. Check: realised share against the cap."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from country import Country, Surroundings, decide
from perelom.model.dekulakization import chances, dekulakize, ordered, overshoot, skill_left
from perelom.scenario import Scenario
from perelom.world.state import State

QUOTAS = ("dekulakization_quota", "expropriation_quota", "first_category_quota")
DEPORTED = ("deported_individual", "deported_kolkhoz")


def _tempo(state: State, tempo: float) -> State:
    return replace(state, regions=replace(state.regions, tempo=jnp.full(40, tempo)))


def _families(state: State, around: Surroundings, **levers: float) -> float:
    context = around(
        2,
        year=1930,
        off=["deportation_trains"],
        parameters={"selection_middle": 0.0},
        **levers,
    )
    _, flows, _ = dekulakize(state, context)
    return float(sum(np.asarray(flows[name]).sum() for name in DEPORTED))


def test_small_quotas_are_met_where_nobody_races(state: State, around: Surroundings) -> None:
    """At a quota so small that nobody's chance is near 1 the realised share is the quota."""
    households = float(np.asarray(state.households.present).sum())
    level = replace(state, households=replace(state.households, label=jnp.ones_like(
        state.households.label)))  # fmt: skip
    found = _families(level, around, dekulakization_quota=24.0)
    assert 0.97 * households * 0.002 < found <= households * 0.002


def test_race_makes_overshoot(state: State, around: Surroundings) -> None:
    context = around()
    most = float(context.parameters["quota_overshoot"])
    np.testing.assert_allclose(overshoot(_tempo(state, 0.0), context), 1.0)
    np.testing.assert_allclose(overshoot(_tempo(state, 1.0), context), most, rtol=1e-6)
    np.testing.assert_allclose(overshoot(_tempo(state, 0.5), context), (1 + most) / 2, rtol=1e-6)
    off = around(off=["dekulakization_overshoot"])
    np.testing.assert_array_equal(overshoot(_tempo(state, 1.0), off), np.ones(40))


def test_no_order_no_deportation(around: Surroundings) -> None:
    assert not bool(ordered(around()))
    for lever in QUOTAS:
        assert bool(ordered(around(**{lever: 1.0})))
        assert not bool(ordered(around(off=["dekulakization"], **{lever: 1.0})))


@settings(max_examples=25, deadline=None)
@given(
    quotas=st.tuples(*[st.floats(0, 200)] * 3),
    tempo=st.floats(0, 1),
    wealth=st.floats(0, 3),
)
def test_chances_stay_between_0_and_1(
    state_once: State, around: Surroundings, quotas: tuple[float, ...], tempo: float, wealth: float
) -> None:
    context = around(
        2, parameters={"selection_wealth": wealth}, **dict(zip(QUOTAS, quotas, strict=True))
    )
    for chance in chances(_tempo(state_once, tempo), context):
        values = np.asarray(chance)
        assert np.isfinite(values).all()
        assert values.min() >= 0
        assert values.max() <= 1


@pytest.fixture(scope="module")
def state_once(small_country: Country) -> State:
    return small_country.world.state


def test_those_deported_are_missed_at_work(state: State, around: Surroundings) -> None:
    thinned = replace(state, villages=replace(state.villages, removed=jnp.full(40, 0.05)))
    loss = float(around().parameters["skill_lost_with_removed"])
    np.testing.assert_allclose(skill_left(thinned, around()), np.exp(-0.05 * loss), rtol=1e-6)
    np.testing.assert_array_equal(skill_left(thinned, around(off=["skill_loss"])), np.ones(40))


@pytest.mark.xdist_group("expected")
def test_overshoot_in_the_historical_run(expected_country: Country, historical: Scenario) -> None:
    """Until the halt of April 1930 orders are exceeded with the race, and not without."""
    months = ("1930-02", "1930-03")
    plain = expected_country.run(until="1930-12").between(*months, *DEPORTED)
    exact = expected_country.run(off=["dekulakization_overshoot"], until="1930-12")
    as_ordered = exact.between(*months, *DEPORTED)
    assert 65_000 < as_ordered < 90_000  # two of four months of the orders
    assert plain > 1.1 * as_ordered
    april = expected_country.run(until="1930-12").between("1930-04", "1930-09", *DEPORTED)
    assert april == 0
    none = decide(historical, drop=QUOTAS)
    assert expected_country.run(none, until="1930-12").between(*months, *DEPORTED) == 0
