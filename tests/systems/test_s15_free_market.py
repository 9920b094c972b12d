"""S15, M64: the free market. Check: price over state price; where grain goes; who pays."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.context import Context
from perelom.model.farm_sales import eager_to_sell, farm_sales, market_offer
from perelom.model.market import market, private_share
from perelom.model.payments import market_money
from perelom.model.retail import free_price
from perelom.model.space import over_slots, to_regions, total
from perelom.world.calendar import month_index
from perelom.world.state import State

ANSWERS = ("inelastic_food", "product_supply")
"""Answers of buyers and sellers to the price: without them it is unit elastic."""


def _settled(state: State, around: Surroundings, months: int = 200, **how: object) -> np.ndarray:
    context = around(1, **how)  # type: ignore[arg-type]
    for _ in range(months):
        state = free_price(state, context)
    return np.asarray(state.regions.market_price)


def _with_money(state: State, factor: float) -> State:
    return replace(
        state, regions=replace(state.regions, town_cash=factor * state.regions.town_cash)
    )


def test_the_price_of_1926_stays_while_money_and_food_do(
    state: State, around: Surroundings
) -> None:
    np.testing.assert_allclose(_settled(state, around), 1.0, rtol=1e-4)


def test_the_price_follows_money(state: State, around: Surroundings) -> None:
    rich = _with_money(state, 3.0)
    plain = _settled(rich, around, off=ANSWERS)
    np.testing.assert_allclose(plain, 3.0, rtol=0.05)
    # Demand is inelastic, so the price rises by more; more is sold then, so it rises by less.
    assert (_settled(rich, around, off=["product_supply"]) > 1.1 * plain).all()
    assert (_settled(rich, around, off=["inelastic_food"]) < 0.95 * plain).all()


def test_less_food_on_offer_dearer(state: State, around: Surroundings) -> None:
    half = replace(state, regions=replace(state.regions, private_sales=0 * state.regions.town_cash))
    # A third of what was offered was grain; households sell more of the rest as it gets dearer.
    assert (_settled(half, around) > 1.1).all()
    closed = _settled(state, around, private_trade=0.0)
    assert (closed > 1.5).all()
    off = _settled(half, around, off=["free_market_price"])
    np.testing.assert_array_equal(off, 1.0)


def test_the_dearer_food_is_the_more_of_their_money_towns_bring(
    state: State, around: Surroundings
) -> None:
    context = around()
    share = float(context.parameters["market_money_share"])
    inelastic = 1 - float(context.parameters["food_demand_elasticity"])
    dear = replace(state, regions=replace(state.regions, market_price=16 * jnp.ones(40)))

    def part(state: State, context: Context) -> np.ndarray:
        return np.asarray(market_money(state, context) / state.regions.town_cash)

    odds = share / (1 - share) * 16**inelastic
    np.testing.assert_allclose(part(dear, context), odds / (1 + odds), rtol=1e-5)
    odds = share / (1 - share) * 2**inelastic
    np.testing.assert_allclose(part(dear, around(retail_price=8.0)), odds / (1 + odds), rtol=1e-5)
    np.testing.assert_allclose(part(state, context), share, rtol=1e-5)
    np.testing.assert_allclose(part(dear, around(off=["inelastic_food"])), share, rtol=1e-5)


def test_gardens_and_free_trade_feed_the_market(state: State, around: Surroundings) -> None:
    context = around()
    offer = np.asarray(market_offer(state, context))
    without = np.asarray(market_offer(state, around(off=["garden_sales"])))
    assert (offer > without).all()
    people = over_slots(total(state.households.persons))
    persons = float(to_regions(context.geography, people).sum())
    garden = float(context.parameters["garden_marketed"]) / 12
    np.testing.assert_allclose((offer - without).sum(), garden * persons, rtol=1e-3)
    closed = np.asarray(market_offer(state, around(private_trade=0.0)))
    half = np.asarray(market_offer(state, around(private_trade=0.0, bazaars=0.5)))
    np.testing.assert_allclose(half - closed, (offer - closed) / 2, rtol=1e-4)
    # Grain has no bazaar of its own.
    np.testing.assert_array_equal(
        private_share(state, around(bazaars=0.5)), private_share(state, around())
    )


def test_more_is_sold_where_it_is_dear_and_shops_are_full(
    state: State, around: Surroundings
) -> None:
    def eager(price: float, found: float = 1.0, **how: object) -> float:
        there = replace(
            state,
            regions=replace(
                state.regions,
                market_price=price * jnp.ones(40),
                goods_found=found * jnp.ones(40),
            ),
        )
        return float(eager_to_sell(there, around(**how))[0])  # type: ignore[arg-type]

    np.testing.assert_allclose(eager(1.0), 1.0, rtol=1e-5)
    assert eager(0.5) < 1 < eager(4.0) < eager(20.0) < 1 + float(around().parameters["sale_scale"])
    assert eager(4.0, found=0.3) < eager(4.0)
    np.testing.assert_allclose(eager(4.0, retail_price=4.0), 1.0, rtol=1e-5)
    assert eager(4.0, off=["product_supply"]) == 1.0


def test_grain_goes_where_it_is_dear(state: State, around: Surroundings) -> None:
    context = around(10)
    base = float(context.parameters["private_trade_share"])
    np.testing.assert_allclose(private_share(state, context), base, rtol=1e-6)
    dear = replace(state, regions=replace(state.regions, market_price=4 * jnp.ones(40)))
    share = np.asarray(private_share(dear, context))
    assert (share > base).all()
    assert (share < 1).all()
    # The state's price in roubles is what counts, and it rises with that of goods.
    assert (np.asarray(private_share(dear, around(10, retail_price=4.0))) < share).all()
    off = private_share(dear, around(10, off=["market_price_response"]))
    np.testing.assert_allclose(off, base, rtol=1e-6)


@pytest.mark.parametrize("move", [market, farm_sales])
def test_towns_never_pay_more_than_they_have(
    state: State, around: Surroundings, move: object
) -> None:
    rich = replace(
        state,
        households=replace(state.households, grain=10 * state.households.land),
        regions=replace(state.regions, market_price=50 * jnp.ones(40)),
    )
    context = around(10)
    after, flows, _ = jax.jit(move)(rich, context)  # type: ignore[call-overload]
    assert (np.asarray(after.regions.town_cash) >= 0).all()
    paid = sum(
        np.asarray(to_regions(context.geography, flows[name])).sum()
        for name in flows
        if name
        in ("private_grain_paid", "market_products_paid_own", "market_products_paid_kolkhoz")
    )
    np.testing.assert_allclose(np.asarray(flows["towns_paid"]).sum(), paid, rtol=1e-6)


@pytest.mark.xdist_group("expected")
def test_the_free_price_leaves_the_state_price_behind(expected_country: Country) -> None:
    """Check of S15: market over state price rises from 1927 to the winter of 1931/32."""
    course = expected_country.run(until="1933-06")
    people = course.stock("town_persons")[:-1]
    price = course.notes["free_price"].sum(axis=1) / people.sum(axis=1)
    first, later = month_index("1927-03"), month_index("1931-12")
    assert price[later] > 3 * price[first]
