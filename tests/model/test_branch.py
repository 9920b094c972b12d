"""Branches: taken or not, and what a mechanism does not touch stays what it was."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from perelom.model.branch import Moved, when
from perelom.world.state import State


def _move(state: State) -> Moved:
    seed = state.households.seed + 1.0
    after = replace(state, households=replace(state.households, seed=seed))
    return after, {"sown": seed.sum(axis=-1)}, {"seen": seed.max()}


@pytest.mark.parametrize("compiled", [False, True])
def test_taken(state: State, compiled: bool) -> None:
    run = jax.jit(lambda p, s: when(p, _move, s)) if compiled else lambda p, s: when(p, _move, s)
    after, flows, notes = run(jnp.asarray(True), state)
    np.testing.assert_array_equal(after.households.seed, state.households.seed + 1.0)
    np.testing.assert_array_equal(flows["sown"], after.households.seed.sum(axis=-1))
    np.testing.assert_array_equal(notes["seen"], after.households.seed.max())


@pytest.mark.parametrize("compiled", [False, True])
def test_not_taken_all_is_as_before_and_flows_are_zero(state: State, compiled: bool) -> None:
    run = jax.jit(lambda p, s: when(p, _move, s)) if compiled else lambda p, s: when(p, _move, s)
    after, flows, notes = run(jnp.asarray(False), state)
    for ours, theirs in zip(jax.tree.leaves(after), jax.tree.leaves(state), strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert not flows["sown"].any()
    assert flows["sown"].dtype == state.households.seed.dtype
    assert not notes["seen"].any()


@pytest.mark.parametrize("taken", [False, True])
def test_untouched_columns_do_not_pass_through_the_branch(state: State, taken: bool) -> None:
    after, _, _ = when(jnp.asarray(taken), _move, state)
    same = [
        ours is theirs
        for ours, theirs in zip(jax.tree.leaves(after), jax.tree.leaves(state), strict=True)
    ]
    assert same.count(False) == 1


def test_gradients_go_through_the_branch_that_is_taken(state: State) -> None:
    def seen(size: jax.Array, predicate: jax.Array) -> jax.Array:
        def move(s: State) -> Moved:
            grown = replace(s.households, seed=s.households.seed * size)
            return replace(s, households=grown), {}, {"seed": grown.seed.sum()}

        return when(predicate, move, state)[2]["seed"]

    slope = jax.grad(seen)
    np.testing.assert_allclose(
        slope(jnp.asarray(2.0), jnp.asarray(True)), state.households.seed.sum(), rtol=1e-9
    )
    assert float(slope(jnp.asarray(2.0), jnp.asarray(False))) == 0.0
