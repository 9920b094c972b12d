"""S04: hire, rent and help between neighbours. Check: remove kulaks and see draught gaps appear."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.exchange import exchange
from perelom.model.sowing import own_draught, share_seed
from perelom.world.state import LABELS, State


def _amounts(state: State, seed: int) -> jnp.ndarray:
    generator = np.random.default_rng(seed)
    present = np.asarray(state.households.present)
    return jnp.asarray(generator.exponential(1.0, present.shape) * present)


def test_what_neighbours_get_is_what_neighbours_give(state: State, around: Surroundings) -> None:
    asked, spare = _amounts(state, 1), 0.5 * _amounts(state, 2)
    got, given = exchange(asked, spare, around())
    np.testing.assert_allclose(got.sum(axis=1), given.sum(axis=1), rtol=1e-12)
    assert (np.asarray(got) <= np.asarray(asked) * (1 + 1e-12)).all()
    assert (np.asarray(given) <= np.asarray(spare) * (1 + 1e-12)).all()
    # Half as much is offered as asked for: nearly all of it changes hands.
    assert (np.asarray(given.sum(axis=1)) > 0.97 * np.asarray(spare.sum(axis=1))).all()


def test_nothing_is_exchanged_where_nobody_lacks_or_has(state: State, around: Surroundings) -> None:
    some, none = _amounts(state, 1), jnp.zeros_like(_amounts(state, 1))
    for asked, spare in ((some, none), (none, some)):
        got, given = exchange(asked, spare, around())
        assert not got.any()
        assert not given.any()
    got, given = exchange(some, some, around(off=["village_exchange"]))
    assert not got.any()
    assert not given.any()


def test_draught_is_shared_and_none_is_made(state: State, around: Surroundings) -> None:
    households = state.households
    horseless = (np.asarray(households.horses) == 0) & (np.asarray(households.land) > 0)
    assert horseless.any()
    shared = np.asarray(own_draught(households, around()))
    alone = np.asarray(own_draught(households, around(parameters={"draught_sharing": 0.0})))
    assert (alone[horseless] == 0).all()
    with_horses_near = horseless & (alone.sum(axis=1, keepdims=True) > 0)
    assert (shared[with_horses_near] > 0).all()
    np.testing.assert_allclose(shared.sum(axis=1), alone.sum(axis=1), rtol=1e-9)


def test_without_kulaks_the_horseless_lose_draught(state: State, around: Surroundings) -> None:
    households = state.households
    kulak = households.label == LABELS.index("kulak")
    gone = replace(households, horses=jnp.where(kulak, 0.0, households.horses))
    before, after = (np.asarray(own_draught(h, around())) for h in (households, gone))
    horseless = (np.asarray(households.horses) == 0) & (np.asarray(households.land) > 0)
    near = horseless & np.asarray(kulak.any(axis=1, keepdims=True))
    assert after[near].sum() < before[near].sum()
    far = horseless & ~np.asarray(kulak.any(axis=1, keepdims=True))
    np.testing.assert_array_equal(after[far], before[far])


def test_seed_is_lent_before_spring(state: State, around: Surroundings) -> None:
    half = np.arange(state.households.seed.shape[1]) % 2 == 0
    seed = jnp.where(half, 2.0, 0.0) * state.households.present
    lent = share_seed(replace(state, households=replace(state.households, seed=seed)), around(5))
    np.testing.assert_allclose(lent.seed.sum(axis=1), seed.sum(axis=1), rtol=1e-12)
    assert np.asarray(lent.seed)[:, ~half].sum() > 0


@pytest.mark.xdist_group("expected")
def test_neighbours_keep_people_alive(expected_country: Country) -> None:
    """Where shops sell no bread, more go hungry without neighbours already in the 1920s."""
    plain = expected_country.run(off=["bread_in_shops"], until="1928-12")
    alone = expected_country.run(off=["bread_in_shops", "village_exchange"], until="1928-12")
    deaths = [c.between("1927-01", "1928-12", "deaths_rural") for c in (plain, alone)]
    assert deaths[1] > deaths[0]
