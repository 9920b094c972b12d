"""S04: hire inside the village. Check: money passes from the land-rich to the land-poor."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.hire import hire, labour
from perelom.world.state import State


def _earned(state: State, around: Surroundings, **how: object) -> np.ndarray:
    context = around(7, **how)  # type: ignore[arg-type]
    after = hire(state, labour(state, context), context)
    return np.asarray(after.households.cash - state.households.cash, dtype=float)


def test_money_stays_in_the_village(state: State, around: Surroundings) -> None:
    earned = _earned(state, around)
    moved = np.abs(earned).sum(axis=1)
    assert moved.sum() > 0
    assert (np.abs(earned.sum(axis=1)) <= 1e-5 * moved + 1e-3).all()


def test_those_with_land_pay_those_with_hands(state: State, around: Surroundings) -> None:
    context = around(7)
    hands = labour(state, context)
    earned = _earned(state, around)
    assert (earned[np.asarray(hands.lacking) == 0] >= 0).all()
    assert (earned[np.asarray(hands.lacking) > 0] <= 0).all()
    after = np.asarray(state.households.cash) + earned
    assert (after >= 0).all()


def test_fear_lowers_hire_and_the_switch_ends_it(state: State, around: Surroundings) -> None:
    pressed = replace(
        state, villages=replace(state.villages, pressure=jnp.ones_like(state.villages.pressure))
    )
    free, feared = (np.abs(_earned(s, around)).sum() for s in (state, pressed))
    # Less is asked for, so that cash binds less: pay falls by less than hire.
    fear = float(around().parameters["hire_fear"])
    assert (1 - fear) * free <= feared < (1 - fear / 2) * free
    assert not _earned(state, around, off=["village_hire"]).any()
