"""Gatherings of raions follow each other: devices that met in other orders would mix them up."""

from collections.abc import Iterable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, PartitionSpec

from perelom.model.branch import Moved, gathered, taking_turns, when
from perelom.world.state import State

AXIS = "raions"


def _equations(program: Any) -> list[Any]:
    """Return the equations of the program that each device runs."""
    (shared,) = jax.make_jaxpr(program)(jnp.ones((2, 3))).jaxpr.eqns
    return list(shared.params["jaxpr"].eqns)


def _shared(program: Any) -> Any:
    mesh = Mesh(np.asarray(jax.devices()[:1]), (AXIS,))
    spec = PartitionSpec(None, AXIS)
    return jax.shard_map(program, mesh=mesh, in_specs=spec, out_specs=spec, check_vma=False)


def _needs(equation: Any, earlier: Any, equations: Iterable[Any]) -> bool:
    """Return whether an equation can only be computed after an earlier one."""
    made_by = {id(out): e for e in equations for out in e.outvars}
    waiting, seen = [equation], set()
    while waiting:
        current = waiting.pop()
        for given in current.invars:
            source = made_by.get(id(given))
            if source is earlier:
                return True
            if source is not None and id(source) not in seen:
                seen.add(id(source))
                waiting.append(source)
    return False


def test_a_gathering_waits_for_the_last_one() -> None:
    def program(values: jax.Array) -> jax.Array:
        with taking_turns():
            return gathered(values, AXIS) + gathered(2 * values, AXIS)

    equations = _equations(_shared(program))
    first, second = (e for e in equations if e.primitive.name == "all_gather")
    assert _needs(second, first, equations)


def test_a_branch_takes_its_turn(state: State) -> None:
    def program(values: jax.Array) -> jax.Array:
        def move(state: State) -> Moved:
            return state, {"sown": gathered(2 * values, AXIS)}, {}

        with taking_turns():
            before = gathered(values, AXIS)
            _, flows, _ = when(values.sum() > 0, move, state)
            return before + flows["sown"] + gathered(3 * values, AXIS)

    equations = _equations(_shared(program))
    first, last = (e for e in equations if e.primitive.name == "all_gather")
    (branch,) = (e for e in equations if e.primitive.name == "cond")
    assert _needs(branch, first, equations)
    assert _needs(last, branch, equations)


def test_turns_change_no_value() -> None:
    def program(values: jax.Array) -> jax.Array:
        with taking_turns():
            gathered(values * jnp.nan, AXIS)
            return gathered(values, AXIS)

    values = jnp.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(_shared(program)(values), values)


def test_one_device_gathers_nothing() -> None:
    values = jnp.arange(6.0).reshape(2, 3)
    assert gathered(values, AXIS) is values
