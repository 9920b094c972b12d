"""Branches that cost nothing when not taken, and other boundaries that the compiler keeps."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

import jax
import jax.extend.core
import jax.numpy as jnp
from jaxtyping import Array

from perelom.world.state import State

Values = TypeVar("Values")
Moved = tuple[State, dict[str, Array], dict[str, Array]]
"""State after, flows by name, notes by name."""

_turn: ContextVar[Array | None] = ContextVar("turn", default=None)
"""Zero, out of the last gathering of the program that is being traced."""


@contextmanager
def taking_turns() -> Iterator[None]:
    """Make the gatherings traced inside follow each other: every device must meet in one order."""
    before = _turn.set(jnp.zeros((1, 1)))
    try:
        yield
    finally:
        _turn.reset(before)


def gathered(values: Array, axis: str) -> Array:
    """Return the columns of all devices, [..., column], where several share them.

    A row of zeros from the last gathering goes along. Without it two gatherings that do not need
    each other may be under way at once, and devices would mistake one for the other.
    """
    turn = _turn.get()
    if turn is None:
        return values
    rows = values.reshape(-1, values.shape[-1])
    waits = jnp.broadcast_to(turn.astype(values.dtype), (1, rows.shape[-1]))
    everywhere = jax.lax.all_gather(jnp.concatenate([rows, waits]), axis, axis=1, tiled=True)
    _turn.set(everywhere[-1:, :1].astype(turn.dtype))
    return everywhere[:-1].reshape(*values.shape[:-1], -1)


def computed_once(values: Values) -> Values:
    """Return arrays that the compiler neither repeats in what uses them nor melts into it."""
    barred: Values = jax.lax.optimization_barrier(values)
    return barred


def when(predicate: Array, move: Callable[[State], Moved], state: State) -> Moved:
    """Apply `move` if the predicate holds; else keep the state, with flows and notes of zero.

    The branch is a compilation boundary. Columns that `move` does not touch stay outside it, so
    that they are not copied.
    """
    turn = _turn.get()
    leaves, tree = jax.tree.flatten((state, turn))
    shapes: list[Any] = []

    def flat(*inputs: Array) -> list[Array]:
        now, turn_inside = jax.tree.unflatten(tree, inputs)
        _turn.set(turn_inside)
        after, flows, notes = move(now)
        outputs, form = jax.tree.flatten((jax.tree.leaves((after, _turn.get())), flows, notes))
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
    columns, flows, notes = jax.tree.unflatten(shapes[0], [*merged, *results])
    after, turn_after = jax.tree.unflatten(tree, columns)
    _turn.set(turn_after)
    return after, flows, notes
