"""Branches that cost nothing when not taken, and other boundaries that the compiler keeps."""

from collections.abc import Callable
from typing import Any

import jax
import jax.extend.core
import jax.numpy as jnp
from jaxtyping import Array

from perelom.world.state import State

Moved = tuple[State, dict[str, Array], dict[str, Array]]
"""State after, flows by name, notes by name."""


def computed_once(values: Array) -> Array:
    """Return values that the compiler neither repeats in what uses them nor melts into it."""
    barred: Array = jax.lax.optimization_barrier(values)
    return barred


def when(predicate: Array, move: Callable[[State], Moved], state: State) -> Moved:
    """Apply `move` if the predicate holds; else keep the state, with flows and notes of zero.

    The branch is a compilation boundary. Columns that `move` does not touch stay outside it, so
    that they are not copied.
    """
    leaves, tree = jax.tree.flatten(state)
    shapes: list[Any] = []

    def flat(*inputs: Array) -> list[Array]:
        after, flows, notes = move(jax.tree.unflatten(tree, inputs))
        outputs, form = jax.tree.flatten((jax.tree.leaves(after), flows, notes))
        shapes[:] = [form]
        return outputs

    # The move is traced once; a column that comes out as it went in is the same variable.
    traced = jax.make_jaxpr(flat)(*leaves)
    count = len(leaves)
    inputs, outputs = traced.jaxpr.invars, traced.jaxpr.outvars
    kept = [new is old for new, old in zip(outputs, inputs[:count], strict=False)]
    apply = jax.extend.core.jaxpr_as_fun(traced)

    def taken(*given: Array) -> list[Array]:
        results = apply(*given)
        return [x for x, same in zip(results[:count], kept, strict=True) if not same] + list(
            results[count:]
        )

    def skipped(*given: Array) -> list[Array]:
        unchanged = [x for x, same in zip(given, kept, strict=True) if not same]
        return unchanged + [jnp.zeros(v.aval.shape, v.aval.dtype) for v in outputs[count:]]

    results = iter(jax.lax.cond(predicate, taken, skipped, *leaves))
    merged = [old if same else next(results) for old, same in zip(leaves, kept, strict=True)]
    after, flows, notes = jax.tree.unflatten(shapes[0], [*merged, *results])
    return jax.tree.unflatten(tree, after), flows, notes
