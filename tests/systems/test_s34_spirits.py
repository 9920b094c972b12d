"""S34, M61: the spirits monopoly. Check: revenue share, cash absorbed, a bound on litres."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.retail import retail, spirits
from perelom.world.state import State

GOODS = 9e8


def _bought(state: State, around: Surroundings, goods: float, **how: object) -> float:
    _, flows, _ = retail(state, jnp.asarray(goods), around(1, **how))  # type: ignore[arg-type]
    return float(flows["spirits_bought_rural"].sum() + flows["spirits_bought_town"].sum())


def test_with_full_shops_spirits_are_a_habit(around: Surroundings) -> None:
    wanted = jnp.full((2, 3), 1e6)
    share = float(around().parameters["spirits_share"])
    np.testing.assert_allclose(spirits(wanted, wanted, around()), share * wanted, rtol=0.02)


def test_money_that_finds_no_goods_goes_for_spirits(state: State, around: Surroundings) -> None:
    full, empty = (_bought(state, around, goods) for goods in (GOODS, GOODS / 8))
    assert empty > 1.2 * full


def test_distilleries_bound_what_is_sold(around: Surroundings) -> None:
    wanted = jnp.full((2, 3), 1e12)
    numbers = {name: float(value) for name, value in around().parameters.items()}
    most = 1e6 * numbers["spirits_capacity"] * numbers["spirits_sales_1926"] / 12
    for price in (1.0, 2.0):
        sold = float(spirits(wanted, wanted, around(retail_price=price)).sum())
        np.testing.assert_allclose(sold, most * price, rtol=0.02)


def test_what_is_paid_leaves_the_cash_of_buyers(state: State, around: Surroundings) -> None:
    after, flows, _ = retail(state, jnp.asarray(GOODS / 4), around(1))
    paid = flows["goods_bought_town"] + flows["spirits_bought_town"]
    np.testing.assert_allclose(state.regions.town_cash - after.regions.town_cash, paid, rtol=1e-5)
    spent = (state.households.cash - after.households.cash).sum(axis=1)
    paid = flows["goods_bought_rural"] + flows["spirits_bought_rural"]
    np.testing.assert_allclose(spent, paid, rtol=1e-3, atol=1e-2)


def test_switched_off_nobody_buys_spirits(state: State, around: Surroundings) -> None:
    assert _bought(state, around, GOODS / 4, off=["spirits"]) == 0.0
    assert _bought(state, around, GOODS / 4, off=["retail_trade"]) == 0.0
    plain = replace(state)
    with_, without = (
        retail(plain, jnp.asarray(GOODS / 4), around(1, off=off))[1]["goods_bought_town"]
        for off in ([], ["spirits"])
    )
    np.testing.assert_array_equal(with_, without)
