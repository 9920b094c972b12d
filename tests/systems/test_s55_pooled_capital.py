"""S55: capital pooled in the kolkhoz. Check: what a member brings and what a leaver gets back."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.campaign import campaign
from perelom.world.state import SPECIES, State

POOLED = ("land", "seed", "implements", *SPECIES)


@pytest.fixture
def outside(state: State) -> State:
    """Nobody in a kolkhoz, kolkhozes empty, pressure full."""
    villages = state.villages
    empty = {f"kolkhoz_{name}": jnp.zeros(40) for name in (*POOLED, "winter_sown", "spring_sown")}
    return replace(
        state,
        households=replace(state.households, member=jnp.zeros_like(state.households.member)),
        villages=replace(villages, pressure=jnp.ones(40), **empty),
        regions=replace(state.regions, tempo=jnp.ones(40)),
    )


def _ordered(around: Surroundings, pooled: float, **given: object) -> object:
    return around(1, collectivization_pressure=1.0, animals_pooled=pooled, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("column", POOLED)
def test_what_is_handed_over_is_in_the_kolkhoz(
    outside: State, around: Surroundings, column: str
) -> None:
    after, flows, _ = jax.jit(campaign)(outside, _ordered(around, 1.0))
    given = np.asarray(getattr(outside.households, column) - getattr(after.households, column))
    held = np.asarray(getattr(after.villages, f"kolkhoz_{column}"))
    np.testing.assert_allclose(given.sum(axis=1), held, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(flows[f"{column}_pooled"], held, rtol=1e-9, atol=1e-9)
    assert held.sum() >= 0


def test_how_much_of_the_yard_is_pooled_is_decided(outside: State, around: Surroundings) -> None:
    all_of_it, none = (
        jax.jit(campaign)(outside, _ordered(around, pooled))[1] for pooled in (1.0, 0.0)
    )
    for species in ("cattle", "sheep_goats", "pigs"):
        assert np.asarray(all_of_it[f"{species}_pooled"]).sum() > 0
        assert np.asarray(none[f"{species}_pooled"]).sum() == 0
    assert np.asarray(none["horses_pooled"]).sum() > 0


def test_the_poor_bring_little(outside: State, around: Surroundings) -> None:
    """Capital per joining household is below the mean: those without animals join first."""
    _, flows, _ = jax.jit(campaign)(outside, _ordered(around, 1.0))
    weight = np.asarray(around().geography.village_weight)
    joined = (np.asarray(flows["joined"]) * weight).sum()
    horses = (np.asarray(flows["horses_pooled"]) * weight).sum() / joined
    present = (np.asarray(outside.households.present).sum(axis=1) * weight).sum()
    mean = (np.asarray(outside.households.horses).sum(axis=1) * weight).sum() / present
    share = float(around().parameters["horses_pooled"])
    assert 0 < horses < mean * share


def test_a_leaver_gets_a_part_of_a_members_share(state: State, around: Surroundings) -> None:
    households = state.households
    present = households.present
    members = present.sum(axis=1)
    inside = replace(
        state,
        households=replace(households, member=present, seed=jnp.zeros_like(present)),
        villages=replace(
            state.villages, kolkhoz_seed=10.0 * members, pressure=jnp.zeros(40),
            expected_pay=jnp.zeros(40),
        ),
    )  # fmt: skip
    context = around(3)
    after, flows, _ = jax.jit(campaign)(inside, context)
    left, back = np.asarray(flows["left"]), np.asarray(flows["seed_returned"])
    assert left.sum() > 0
    returned = float(context.parameters["returned_to_leavers"])
    np.testing.assert_allclose(back, left * 10.0 * returned, rtol=1e-9)
    per_member = np.asarray(after.villages.kolkhoz_seed) / (np.asarray(members) - left)
    assert (per_member > 10.0).all()
