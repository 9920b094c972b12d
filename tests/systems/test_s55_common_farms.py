"""S55, S84: animals between yards and common herds. Check: drive, heifers, nothing unordered."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.common_farms import common_farms
from perelom.model.fear import drive_expected
from perelom.model.herds import herds
from perelom.world.state import State


@pytest.fixture
def members(state: State) -> State:
    """Everybody is a member and has kept animals; the farm has as many."""
    households = replace(
        state.households,
        member=state.households.present,
        outside=jnp.zeros_like(state.households.outside),
    )
    villages = replace(state.villages, kolkhoz_cattle=households.cattle.sum(axis=1))
    return replace(state, households=households, villages=villages)


def test_without_orders_nothing_moves(members: State, around: Surroundings) -> None:
    after, flows, _ = common_farms(members, around(8))
    assert all(not np.asarray(amount).any() for amount in flows.values())
    np.testing.assert_array_equal(after.households.cattle, members.households.cattle)


def test_a_drive_moves_its_share_of_members_animals(members: State, around: Surroundings) -> None:
    after, flows, _ = common_farms(members, around(8, members_animals_pooled=0.6))
    own = np.asarray(members.households.cattle).sum(axis=1)
    np.testing.assert_allclose(flows["cattle_pooled"], own * 0.6 / 12, rtol=1e-6)
    gained = np.asarray(after.villages.kolkhoz_cattle) - np.asarray(members.villages.kolkhoz_cattle)
    np.testing.assert_allclose(gained, flows["cattle_pooled"], rtol=1e-6, atol=1e-9)
    off = around(8, members_animals_pooled=0.6, off=["common_farms"])
    assert not np.asarray(common_farms(members, off)[1]["cattle_pooled"]).any()


def test_households_outside_give_nothing_to_a_drive(state: State, around: Surroundings) -> None:
    outside = replace(
        state,
        households=replace(
            state.households,
            member=jnp.zeros_like(state.households.member),
            outside=state.households.present,
        ),
    )
    flows = common_farms(outside, around(8, members_animals_pooled=1.0))[1]
    assert not np.asarray(flows["pigs_pooled"]).any()


def test_a_drive_frightens_members_and_its_end_calms_them(
    members: State, around: Surroundings
) -> None:
    fear = [float(drive_expected(around(8, members_animals_pooled=d))[0]) for d in (0.0, 0.2, 1.0)]
    assert fear[0] == 0
    assert fear == sorted(fear)
    killed = [
        np.asarray(
            herds(members, around(8, members_animals_pooled=d))[1]["cattle_slaughtered_from_fear"]
        ).sum()
        for d in (0.0, 1.0)
    ]
    assert killed[0] == 0 < killed[1]


def test_heifers_go_to_members_without_a_cow(members: State, around: Surroundings) -> None:
    cattle = members.households.cattle.at[:, ::2].set(0.0)
    short = replace(members, households=replace(members.households, cattle=cattle))
    context = around(9, calves_for_cowless=2.0)
    after, flows, _ = common_farms(short, context)
    given = np.asarray(flows["calves_to_cowless"])
    assert (given >= 0).all()
    assert given.sum() > 0
    before = np.asarray(short.households.cattle)
    gained = np.asarray(after.households.cattle) - before
    lacking = np.maximum(np.asarray(short.households.present) - before, 0.0)
    assert (gained <= lacking + 1e-9).all()
    np.testing.assert_allclose(gained.sum(axis=1), given, atol=1e-6)
    off = around(9, calves_for_cowless=2.0, off=["help_to_cowless"])
    assert not np.asarray(common_farms(short, off)[1]["calves_to_cowless"]).any()
