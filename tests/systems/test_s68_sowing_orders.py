"""S68: the sowing campaign. Check: area of kolkhozes answers to orders, seed drives and loans."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.sowing import collect_seed, crop_share, kolkhoz_seed_target, sow
from perelom.world.state import State


@pytest.fixture
def kolkhoz(state: State) -> State:
    """Half of the village in a kolkhoz with horses but little seed, grain in members' yards."""
    households, villages = state.households, state.villages
    land = households.land.sum(axis=1)
    return replace(
        state,
        households=replace(
            households, member=0.5 * households.present, grain=0.3 * households.land
        ),
        villages=replace(
            villages, kolkhoz_land=land, kolkhoz_seed=0.01 * land, kolkhoz_horses=land
        ),
    )


def test_orders_raise_the_area_of_kolkhozes_only(kolkhoz: State, around: Surroundings) -> None:
    rich = replace(
        kolkhoz, villages=replace(kolkhoz.villages, kolkhoz_seed=kolkhoz.villages.kolkhoz_land)
    )
    areas = []
    for order in (0.5, 1.0):
        context = around(5, sowing_order=order)
        areas.append(sow(rich, context, crop_share(context, winter=False), winter=False))
    assert (np.asarray(areas[1].kolkhoz) > np.asarray(areas[0].kolkhoz)).all()
    np.testing.assert_array_equal(areas[1].own, areas[0].own)


def test_an_order_without_seed_stays_on_paper(kolkhoz: State, around: Surroundings) -> None:
    areas = []
    for order in (1.0, 1.5):
        context = around(5, sowing_order=order)
        areas.append(sow(kolkhoz, context, crop_share(context, winter=False), winter=False))
    np.testing.assert_allclose(areas[1].kolkhoz, areas[0].kolkhoz, rtol=0.01)
    rate = float(around().parameters["seed_rate"])
    assert (np.asarray(areas[1].kolkhoz_seed) <= np.asarray(kolkhoz.villages.kolkhoz_seed)).all()
    bound = np.asarray(kolkhoz.villages.kolkhoz_seed) / rate
    assert (np.asarray(areas[1].kolkhoz) <= bound * (1 + 1e-9)).all()


def test_seed_drives_take_from_members_what_the_kolkhoz_lacks(
    kolkhoz: State, around: Surroundings
) -> None:
    context = around(2)
    after, flows, _ = jax.jit(collect_seed)(kolkhoz, context)
    collected = np.asarray(flows["seed_collected"])
    assert (collected > 0).any()
    gain = np.asarray(after.villages.kolkhoz_seed - kolkhoz.villages.kolkhoz_seed)
    loss = np.asarray(kolkhoz.households.grain - after.households.grain)
    np.testing.assert_allclose(gain, collected, rtol=1e-9)
    np.testing.assert_allclose(loss.sum(axis=1), collected, rtol=1e-9)
    target = np.asarray(kolkhoz_seed_target(kolkhoz, context))
    bound = np.maximum(target, np.asarray(kolkhoz.villages.kolkhoz_seed))
    assert (np.asarray(after.villages.kolkhoz_seed) <= bound * (1 + 1e-9)).all()
    most = float(context.parameters["seed_collected_at_most"])
    member = np.asarray(kolkhoz.households.member)
    held = np.asarray(kolkhoz.households.grain)
    assert (loss <= most * held * member * (1 + 1e-9)).all()


def test_no_drive_where_nothing_is_missing_or_nobody_is_in(
    kolkhoz: State, around: Surroundings
) -> None:
    rich = replace(
        kolkhoz, villages=replace(kolkhoz.villages, kolkhoz_seed=kolkhoz.villages.kolkhoz_land)
    )
    nobody = replace(
        kolkhoz,
        households=replace(kolkhoz.households, member=jnp.zeros_like(kolkhoz.households.member)),
    )
    for state in (rich, nobody):
        assert not np.asarray(jax.jit(collect_seed)(state, around(2))[1]["seed_collected"]).any()
    off = around(2, off=["seed_collection"])
    assert not np.asarray(jax.jit(collect_seed)(kolkhoz, off)[1]["seed_collected"]).any()
