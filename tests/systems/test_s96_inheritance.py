"""S96, S01: households that die out. Check: their property stays in the village, to the gramme."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country
from perelom.model.inheritance import pass_on_property
from perelom.world.state import SPECIES, State

COLUMNS = ("grain", "seed", "implements", "cash", *SPECIES)
FIELDS = ("land", "winter_sown", "spring_sown")


def _without(state: State, slot: int, part: float, member: float) -> tuple[State, jnp.ndarray]:
    """Let a part of one household of every village die out."""
    households = state.households
    died = jnp.zeros_like(households.present).at[:, slot].set(part)
    died = died * households.present
    persons = tuple(cell * (1 - died) for cell in households.persons)
    ones = jnp.full_like(households.member, member)
    return replace(
        state,
        households=replace(
            households, persons=persons, present=households.present - died,
            member=ones, outside=1 - ones,
        ),
    ), died  # fmt: skip


@pytest.mark.parametrize("part", [1.0, 0.3])
def test_relatives_inherit_by_persons(state: State, part: float) -> None:
    left, died = _without(state, 3, part, member=0.0)
    after, flows, _ = jax.jit(pass_on_property)(left, died)
    assert not np.asarray(flows["land_pooled"]).any()
    for name in (*COLUMNS, *FIELDS):
        before, now = (np.asarray(getattr(s.households, name)) for s in (left, after))
        np.testing.assert_allclose(now.sum(axis=1), before.sum(axis=1), rtol=1e-12, atol=1e-12)
    gone = np.asarray(left.households.land)[:, 3] * part
    people = np.asarray(sum(left.households.persons))
    got = np.asarray(after.households.land - left.households.land)[:, 5]
    np.testing.assert_allclose(got, gone * people[:, 5] / people.sum(axis=1), rtol=1e-6)
    if part == 1:
        assert not np.asarray(after.households.land)[:, 3].any()


def test_fields_of_members_stay_with_the_kolkhoz(state: State) -> None:
    left, died = _without(state, 3, 1.0, member=1.0)
    after, flows, _ = jax.jit(pass_on_property)(left, died)
    gone = np.asarray(left.households.land)[:, 3]
    np.testing.assert_allclose(flows["land_pooled"], gone, rtol=1e-9)
    kolkhoz = after.villages.kolkhoz_land - left.villages.kolkhoz_land
    np.testing.assert_allclose(kolkhoz, gone, rtol=1e-9, atol=1e-12)
    grain = [np.asarray(s.households.grain).sum() for s in (left, after)]
    np.testing.assert_allclose(grain[1], grain[0], rtol=1e-12)


def test_nothing_moves_where_nobody_dies_or_nobody_is_left(state: State) -> None:
    none = jnp.zeros_like(state.households.present)
    after, _, _ = jax.jit(pass_on_property)(state, none)
    np.testing.assert_array_equal(after.households.land, state.households.land)
    households = state.households
    empty = replace(
        state,
        households=replace(
            households, persons=tuple(0 * c for c in households.persons), present=none
        ),
    )
    idle, flows, _ = jax.jit(pass_on_property)(empty, households.present)
    np.testing.assert_array_equal(idle.households.land, households.land)
    assert not np.asarray(flows["land_pooled"]).any()


@pytest.mark.xdist_group("sampled")
def test_empty_houses_own_nothing(sampled_country: Country) -> None:
    kept, idle = (
        sampled_country.run(off=off, until="1928-12").state.households
        for off in ([], ["inheritance"])
    )
    for households, wanted in ((kept, False), (idle, True)):
        people = np.asarray(sum(households.persons))
        # A village without anybody keeps its fields idle.
        empty = (people == 0) & (people.sum(axis=1, keepdims=True) > 0)
        empty &= np.asarray(households.birth_number) >= 0
        assert empty.any()
        assert bool((np.asarray(households.land)[empty] > 1e-6).any()) is wanted
