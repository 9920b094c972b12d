"""S70: machines for farms. Check: deliveries follow works and imports, not orders alone."""

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.tractors import tractors, tractors_possible
from perelom.world.state import State


def _delivered(
    state: State, around: Surroundings, goods: float, machines: float, **how: object
) -> float:
    context = around(5, tractor_deliveries=60.0, **how)  # type: ignore[arg-type]
    _, flows, _ = tractors(state, jnp.asarray(goods), jnp.asarray(machines), context)
    return float(flows["tractors_delivered"].sum())


def test_old_industry_builds_none(state: State, around: Surroundings) -> None:
    numbers = around().parameters
    usual = 1e6 * float(numbers["producer_output"] * numbers["producer_goods_for_use"])
    built, imported = tractors_possible(jnp.asarray(usual), jnp.asarray(1e7), around())
    assert float(built) == 0
    wanted = 1e7 * float(numbers["tractors_in_imports"] / numbers["tractor_import_price"])
    np.testing.assert_allclose(float(imported), wanted, rtol=1e-6)
    assert _delivered(state, around, usual, 0.0) == 0


def test_deliveries_rise_with_works_and_imports_to_the_order(
    state: State, around: Surroundings
) -> None:
    ordered = 60e3 / 12
    some = [_delivered(state, around, goods, 1e7) for goods in (2.5e9, 5e9, 8e9, 1e12)]
    assert some == sorted(some)
    assert some[0] < 0.5 * ordered
    np.testing.assert_allclose(some[-1], ordered, rtol=0.01)
    assert _delivered(state, around, 2.5e9, 5e7) > some[0]


def test_switched_off_orders_are_met(state: State, around: Surroundings) -> None:
    free = _delivered(state, around, 0.0, 0.0, off=["tractor_supply"])
    np.testing.assert_allclose(free, 60e3 / 12, rtol=1e-9)
