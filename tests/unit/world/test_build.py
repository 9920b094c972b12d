"""The built country: margins, whole numbers, determinism, empty slots."""

import equinox as eqx
import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perelom.errors import WorldSizeError
from perelom.world.build import build
from perelom.world.reconcile import targets
from perelom.world.state import SLOTS, SPECIES, World


def _same(first: World, second: World) -> bool:
    pairs = zip(jax.tree.leaves(first), jax.tree.leaves(second), strict=True)
    return all(np.array_equal(np.asarray(a), np.asarray(b)) for a, b in pairs)


def test_blocks_change_no_bit() -> None:
    assert _same(build(320, block=1000), build(320, block=37))


def test_same_seed_same_country_other_seed_another() -> None:
    assert _same(build(40, seed=7), build(40, seed=7))
    assert not _same(build(40, seed=7), build(40, seed=8))


def test_types() -> None:
    world = build(40, dtype=np.float64)
    assert world.state.households.land.dtype == np.float64
    assert build(40).state.households.land.dtype == np.float32
    for leaf in jax.tree.leaves((world.state.villages, world.state.regions)):
        assert leaf.dtype == np.float64


def test_bad_size_is_refused() -> None:
    with pytest.raises(WorldSizeError):
        build(100)


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 2**31 - 1), villages=st.sampled_from([40, 320]))
def test_every_country_is_sound(seed: int, villages: int) -> None:
    world = build(villages, seed=seed)
    households = world.state.households
    present = np.asarray(households.present)
    assert set(np.unique(present)) <= {0.0, 1.0}
    assert present.sum(1).max() <= 0.9 * SLOTS
    number = np.asarray(households.birth_number)
    np.testing.assert_array_equal(number >= 0, present > 0)
    for name in households.__dataclass_fields__:
        values = np.asarray(getattr(households, name))
        assert np.isfinite(values).all(), name
        if name != "birth_number":
            assert (np.where(present > 0, 0, values) == 0).all(), name
        if name not in ("birth_number", "disposition"):
            assert values.min() >= 0, name
    for leaf in jax.tree.leaves((world.state.villages, world.state.regions, world.geography)):
        assert np.isfinite(np.asarray(leaf)).all()
        assert np.asarray(leaf).min() >= 0


def test_persons_and_animals_are_whole_but_for_one_household_a_region_and_kind() -> None:
    world = build(320)
    households = world.state.households
    for cell in np.asarray(households.persons, dtype=float):
        assert (cell != np.floor(cell)).sum() <= 40
    for kind in SPECIES:
        heads = np.asarray(getattr(households, kind), dtype=float)
        assert (heads != np.floor(heads)).sum() <= 40


def test_standing_grain_and_seed_go_with_land() -> None:
    world = build(320)
    households, geography = world.state.households, world.geography
    region = np.repeat(np.asarray(geography.raion_region), 8)
    winter = np.asarray(geography.grain_share * geography.winter_share)[region][:, None]
    land = np.asarray(households.land, dtype=float)
    np.testing.assert_allclose(np.asarray(households.winter_sown), land * winter, rtol=1e-5)
    assert not np.asarray(households.spring_sown).any()
    spring = land.sum(1) * (np.asarray(geography.grain_share)[region] - winter[:, 0])
    held = np.asarray(households.seed, dtype=float).sum(1) + world.state.villages.kolkhoz_seed
    spring = spring + np.asarray(world.state.villages.kolkhoz_land) * (
        np.asarray(geography.grain_share)[region] - winter[:, 0]
    )
    np.testing.assert_allclose(held, spring * targets().national["seed_rate"], rtol=1e-4)


def test_kolkhozes_hold_what_their_members_gave() -> None:
    world = build(2000)
    households, villages = world.state.households, world.state.villages
    member = np.asarray(households.member)
    weight = np.asarray(world.geography.village_weight)[:, None]
    share = (weight * member).sum() / (weight * np.asarray(households.present)).sum()
    assert abs(share - targets().national["kolkhoz_share"]) < 0.0005
    where = member.sum(1) > 0
    assert set(np.unique(member.sum(1)[where])) == {13.0}
    np.testing.assert_array_equal(np.asarray(villages.kolkhoz_land) > 0, where)
    assert not np.asarray(households.land)[member > 0].any()


def test_flows_of_the_autumn_add_up() -> None:
    world = build(2000)
    weight = np.asarray(world.geography.village_weight)
    villages, regions, national = world.state.villages, world.state.regions, targets().national
    for name, total in (
        ("delivered", "delivered_to_date"),
        ("harvest", "harvest_1926"),
    ):
        of_regions = np.asarray(getattr(regions, name)).sum()
        assert np.isclose(of_regions, national[total], rtol=1e-6)
        of_villages = (weight * np.asarray(getattr(villages, name))).sum()
        assert np.isclose(of_villages, of_regions, rtol=1e-6)
    births = (weight * np.asarray(villages.conceptions)).sum(1) * 12
    rural = np.asarray(targets().persons).sum()
    np.testing.assert_allclose(births, national["birth_rate_rural"] * rural / 1000, rtol=1e-3)
    take = np.asarray(villages.expected_take)
    assert (take >= 0).all()
    assert (take < 0.6).all()


def test_world_is_a_pytree() -> None:
    world = build(40)
    doubled = jax.tree.map(lambda leaf: leaf * 2, eqx.filter(world, eqx.is_inexact_array))
    assert np.isclose(float(doubled.geography.weight[0]), 2 * float(world.geography.weight[0]))
