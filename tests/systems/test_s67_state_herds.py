"""S67, S84: herds of state farms. Check: the order, where animals come from, feed and neglect."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.space import over_slots, to_regions
from perelom.model.state_herds import herds_ordered, keep_state_herds, state_herds
from perelom.scenario import Scenario
from perelom.world.state import State

ORDER = {"state_farm_cattle": 3.0, "state_farm_sheep_goats": 7.0, "state_farm_pigs": 2.0}


def _with_herds(state: State, head: float) -> State:
    full = {f"state_farm_{s}": jnp.full(40, head) for s in ("cattle", "sheep_goats", "pigs")}
    return replace(state, regions=replace(state.regions, **full))


def test_the_order_is_spread_whole(around: Surroundings) -> None:
    ordered = herds_ordered(around(5, **ORDER))
    for species, amount in ordered.items():
        np.testing.assert_allclose(np.asarray(amount).sum(), ORDER[f"state_farm_{species}"] * 1e6)


def test_without_an_order_nothing_is_bought(state: State, around: Surroundings) -> None:
    after, flows, _ = state_herds(state, around(5))
    assert all(not np.asarray(amount).any() for amount in flows.values())
    np.testing.assert_array_equal(after.households.pigs, state.households.pigs)
    off = state_herds(state, around(5, off=["state_herds"], **ORDER))[1]
    assert not np.asarray(off["pigs_bought_by_state_farms"]).any()


def test_what_farms_buy_leaves_the_yards_of_the_region(state: State, around: Surroundings) -> None:
    context = around(5, **ORDER)
    after, flows, _ = state_herds(state, context)
    bought = to_regions(context.geography, flows["cattle_bought_by_state_farms"])
    lost = to_regions(
        context.geography, over_slots(state.households.cattle - after.households.cattle)
    )
    np.testing.assert_allclose(lost, bought, rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(after.regions.state_farm_cattle, bought, rtol=1e-9)
    assert np.asarray(bought).sum() > 0


def test_unfed_state_herds_lose_more(state: State, around: Surroundings) -> None:
    context = around(1, **ORDER)
    rich, bare = (
        _with_herds(
            replace(state, regions=replace(state.regions, granary=jnp.full(40, grain))), 1e4
        )
        for grain in (1e7, 0.0)
    )
    fed, starved = (keep_state_herds(one, context)[1] for one in (rich, bare))
    assert np.asarray(fed["fed_state_herds"]).sum() > 0
    assert not np.asarray(starved["fed_state_herds"]).any()
    for species in ("cattle", "sheep_goats", "pigs"):
        name = f"{species}_died_state_farms"
        assert np.asarray(starved[name]).sum() > np.asarray(fed[name]).sum()


def test_an_order_taken_back_ends_in_slaughter(state: State, around: Surroundings) -> None:
    held = _with_herds(state, 1e4)
    kept, dissolved = (
        np.asarray(keep_state_herds(held, c)[1]["pigs_slaughtered_state_farms"]).sum()
        for c in (around(11, **(ORDER | {"state_farm_pigs": 20.0})), around(11))
    )
    assert dissolved > kept


@pytest.mark.xdist_group("expected")
def test_state_herds_are_in_the_national_count(
    expected_country: Country, historical: Scenario
) -> None:
    course = expected_country.run(until="1933-06")
    assert course.on("1933-06", "state_farm_cattle") > 0
    none = decide(historical, drop=tuple(ORDER))
    assert expected_country.run(none, until="1933-06").on("1933-06", "state_farm_cattle") == 0
