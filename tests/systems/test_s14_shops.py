"""S14, S38: goods in shops. Check: goods per rouble, who gets them, and what it does to sales."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.retail import retail, shop
from perelom.scenario import Scenario
from perelom.world.state import State

GOODS = 6e8


def _found(state: State, around: Surroundings, goods: float, **how: object) -> float:
    context = around(1, **how)  # type: ignore[arg-type]
    after, _, _ = retail(state, jnp.asarray(goods), context)
    return float(np.asarray(after.regions.goods_found).mean())


def test_nobody_gets_more_than_he_wants_nor_all_more_than_there_is() -> None:
    wanted = jnp.asarray([[3.0, 1.0], [2.0, 0.0]])
    for goods in (0.0, 1.0, 5.0, 100.0):
        bought = np.asarray(shop(wanted, wanted, jnp.asarray(goods)))
        assert (bought <= np.asarray(wanted)).all()
        assert bought.sum() <= goods + 1e-9
        assert (bought >= 0).all()
    plenty = np.asarray(shop(wanted, wanted, jnp.asarray(100.0)))
    np.testing.assert_allclose(plenty, wanted, rtol=0.01)


def test_fewer_goods_or_more_money_leave_shops_empty(state: State, around: Surroundings) -> None:
    some = [_found(state, around, goods) for goods in (GOODS, GOODS / 2, GOODS / 4)]
    assert some == sorted(some, reverse=True)
    np.testing.assert_allclose(some[2] / some[1], 0.5, rtol=0.05)
    rich = replace(state, households=replace(state.households, cash=2 * state.households.cash))
    assert _found(rich, around, GOODS / 2) < some[1]
    # Twice the price sells half as many goods for the same money: shops fill up.
    assert _found(state, around, GOODS / 2, retail_price=2.0) > 1.5 * some[1]


def test_the_weight_of_villages_moves_goods_between_town_and_village(
    state: State, around: Surroundings
) -> None:
    bought = []
    for weight in (0.5, 1.0, 2.0):
        _, flows, _ = retail(state, jnp.asarray(GOODS / 4), around(1, goods_supply=weight))
        bought.append((flows["goods_bought_rural"].sum(), flows["goods_bought_town"].sum()))
    rural, town = np.asarray(bought).T
    assert (np.diff(rural) > 0).all()
    assert (np.diff(town) < 0).all()


def test_without_shops_nothing_changes(state: State, around: Surroundings) -> None:
    after, flows, _ = retail(state, jnp.asarray(GOODS), around(1, off=["retail_trade"]))
    assert not any(np.asarray(amount).any() for amount in flows.values())
    np.testing.assert_array_equal(after.regions.goods_found, state.regions.goods_found)
    np.testing.assert_array_equal(after.households.cash, state.households.cash)


@pytest.mark.xdist_group("expected")
def test_goods_famine_comes_with_investment_and_low_prices(
    expected_country: Country, historical: Scenario
) -> None:
    """The same peasants find fewer goods when more is built and shop prices are held down."""
    plain = expected_country.run(until="1930-12")
    slow = decide(historical, drop=("investment_ordered", "retail_price"))
    calm = expected_country.run(slow, until="1930-12")
    last = slice(-24, -12)
    found = [c.notes["goods_found"][last].sum() for c in (plain, calm)]
    assert found[0] < 0.9 * found[1]
