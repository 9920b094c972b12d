"""S67: state farms. Check: marketed share of their harvest."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.state_farms import land_wanted, sowable, state_farms
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State


def with_farms(state: State, **columns: float) -> State:
    values = {name: jnp.full(40, value) for name, value in columns.items()}
    return replace(state, regions=replace(state.regions, **values))


def test_land_follows_the_order_where_there_is_steppe(state: State, around: Surroundings) -> None:
    context = around(3, state_farm_area=5.0)
    wanted = np.asarray(land_wanted(with_farms(state, state_farm_land=0.0), context))
    np.testing.assert_allclose(wanted.sum(), 5e6)
    np.testing.assert_allclose(wanted / wanted.sum(), context.geography.steppe)
    farms = with_farms(state, state_farm_land=1e6)
    _, flows, _ = state_farms(farms, around(3, state_farm_area=0.0))
    assert (np.asarray(flows["land_given_up_state_farms"]) > 0).all()
    assert not np.asarray(flows["land_broken_state_farms"]).any()


def test_machines_let_them_sow_more(state: State, around: Surroundings) -> None:
    few, many = (
        np.asarray(sowable(with_farms(state, state_farm_land=1e5, tractors=n), around(5)))
        for n in (0.0, 500.0)
    )
    assert (many > few).all()
    own = float(around().parameters["state_farm_own_draught"])
    np.testing.assert_allclose(few, own * 1e5, rtol=1e-6)


def test_they_keep_seed_and_feed_and_hand_over_the_rest(state: State, around: Surroundings) -> None:
    context = around(10)
    rate = context.parameters["seed_rate"] + context.parameters["state_farm_feed"]
    kept = 1e5 * float(rate)
    for grain, delivers in ((0.5 * kept, False), (20 * kept, True)):
        farms = with_farms(state, state_farm_land=1e5, state_farm_grain=grain)
        after, flows, _ = state_farms(farms, context)
        handed_over = np.asarray(flows["delivered_state_farms"])
        assert (handed_over > 0).all() == delivers
        np.testing.assert_allclose(
            after.regions.granary - farms.regions.granary, handed_over, atol=1e-6
        )


@pytest.mark.xdist_group("expected")
def test_most_of_their_harvest_is_marketed(expected_country: Country) -> None:
    course = expected_country.run(until="1937-12")
    brought_in = course.between("1931-07", "1936-06", "harvest_state_farms")
    marketed = course.between("1931-07", "1936-06", "delivered_state_farms")
    lent = course.between("1931-07", "1936-06", "seed_lent_state_farms")
    peasants = course.between("1931-07", "1936-06", "harvest_own", "harvest_kolkhoz")
    taken = course.between("1931-07", "1936-06", "taken_own", "taken_kolkhoz", "sold_to_state")
    assert (marketed - lent) / brought_in > taken / peasants


@pytest.mark.xdist_group("expected")
def test_a_larger_order_sows_more_and_off_nothing(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1933-06")
    small = expected_country.run(decide(historical, drop=("state_farm_area",)), until="1933-06")
    off = expected_country.run(off=["state_farms"], until="1933-06")
    at = month_index("1932-06")
    sown = [c.stock("standing_state_farms").sum(axis=1)[at] for c in (off, small, plain)]
    assert sown[0] == 0 < sown[1] < sown[2]
    assert plain.on("1932-06", "standing_state_farms") < 10.5e6
