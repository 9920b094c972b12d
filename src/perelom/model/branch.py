"""Branches that cost nothing when not taken: only what a mechanism changes passes through them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array

from perelom.world.state import State

Moved = tuple[State, dict[str, Array], dict[str, Array]]
"""State after, flows by name, notes by name."""


def when(predicate: Array, move: Callable[[State], Moved], state: State) -> Moved:
    """Apply `move` if the predicate holds; else keep the state, with flows and notes of zero.

    The branch is a compilation boundary. Columns that `move` does not touch stay outside it, so
    that they are not copied.
    """
    leaves, tree = jax.tree.flatten(state)
    touched: list[bool] = []

    def probe(*inputs: Array) -> Any:
        after, flows, notes = move(jax.tree.unflatten(tree, inputs))
        outputs = jax.tree.leaves(after)
        touched[:] = [new is not old for new, old in zip(outputs, inputs, strict=True)]
        return flows, notes

    flow_shapes, note_shapes = jax.eval_shape(probe, *leaves)

    def taken(*inputs: Array) -> Any:
        after, flows, notes = move(jax.tree.unflatten(tree, inputs))
        changed = [leaf for leaf, new in zip(jax.tree.leaves(after), touched, strict=True) if new]
        return changed, flows, notes

    def skipped(*inputs: Array) -> Any:
        unchanged = [leaf for leaf, new in zip(inputs, touched, strict=True) if new]
        zeros = jax.tree.map(lambda s: jnp.zeros(s.shape, s.dtype), (flow_shapes, note_shapes))
        return unchanged, *zeros

    changed, flows, notes = jax.lax.cond(predicate, taken, skipped, *leaves)
    replacements = iter(changed)
    merged = [
        next(replacements) if new else leaf for leaf, new in zip(leaves, touched, strict=True)
    ]
    return jax.tree.unflatten(tree, merged), flows, notes
