"""Money for animal and garden produce and technical crops. Systems S14, S15, S38, S55.

Mechanisms M1 (price), M20 (plots), M59 (money), M64 (kolkhoz market).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, together
from perelom.model.market import marketed_share
from perelom.model.needs import persons_of
from perelom.model.payments import share_paid, state_price_index, towns_pay
from perelom.model.plots import plot_food
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import SPECIES, State


class Products(NamedTuple):
    """A month's marketed produce at prices of 1926/27, roubles: to free trade and to the state."""

    market: Array
    state: Array


def own_products(state: State, context: Context) -> Products:
    """Return what households market besides grain. S15, S38, S55, M20.

    Animal products by head, technical crops by land not under grain; and by persons what gardens
    and poultry yard give, of members in proportion to what their plots bring.
    """
    households, numbers, geography = state.households, context.parameters, context.geography
    animal = total(getattr(households, s) * numbers[f"{s}_marketed"] for s in SPECIES) / 12
    other = numbers["technical_crops_value"] * context.seasons["technical_crops"]
    other = at_villages(geography, (1 - geography.grain_share) * other)
    part, persons = numbers["animal_products_on_market"], persons_of(state, context)
    plot = at_households(plot_food(state, context) - 1, persons)
    garden = persons * (1 + households.member * plot)
    garden = garden * (numbers["garden_marketed"] * context.switches["garden_sales"] / 12)
    technical = households.land * at_households(other, animal)
    return Products(animal * part + garden, animal * (1 - part) + technical)


def kolkhoz_products(state: State, context: Context) -> Products:
    """Return what kolkhozes market besides grain."""
    villages, numbers, geography = state.villages, context.parameters, context.geography
    animal = total(getattr(villages, f"kolkhoz_{s}") * numbers[f"{s}_marketed"] for s in SPECIES)
    other = numbers["technical_crops_value"] * context.seasons["technical_crops"]
    other = at_villages(geography, (1 - geography.grain_share) * other)
    part = numbers["animal_products_on_market"]
    technical = villages.kolkhoz_land * other
    return Products(animal * part / 12, animal * (1 - part) / 12 + technical)


def trade_freedom(context: Context) -> Float[Array, " region"]:
    """Return how free peasants are to sell food other than grain, 0 to 1. S15, M64."""
    levers = context.levers
    free = jnp.maximum(levers["private_trade"], levers["kolkhoz_market"])
    return jnp.maximum(free, levers["bazaars"])


def eager_to_sell(state: State, context: Context) -> Float[Array, " region"]:
    """Return what households offer of milk, meat and eggs, 1 as in 1926. S13, S15, M1, M64.

    The share retained answers to the free price in goods of shops, and to the chance of finding
    these, as that of grain does. What is sold more is eaten less at home.
    """
    price = state.regions.market_price / context.levers["retail_price"]
    eager = marketed_share(price, state.regions.goods_found, context)
    return 1 + context.switches["product_supply"] * (eager - 1)


def market_offer(state: State, context: Context) -> Float[Array, " region"]:
    """Return food offered on the free market, roubles of 1926/27 a month. S15, M59, M64.

    Products that trade is free to sell, and the mean of a year's private grain.
    """
    own, common = own_products(state, context).market, kolkhoz_products(state, context).market
    own, common = to_regions(context.geography, jnp.stack([over_slots(own), common]))
    products = own * eager_to_sell(state, context) + common
    return products * trade_freedom(context) + state.regions.private_sales


def farm_sales(state: State, context: Context) -> Moved:
    """Pay for animal products, garden produce and technical crops. S15, S38, M59, M64.

    The state pays its price for technical crops and its part of animal products; towns pay the
    free price for the rest, of which households sell more where it is dear, as far as trade is free
    and their market money goes.
    """
    geography, switch = context.geography, context.switches["farm_sales"]
    own, common = own_products(state, context), kolkhoz_products(state, context)
    fixed = at_villages(geography, state_price_index(context) * switch)
    price = state.regions.market_price * trade_freedom(context) * switch
    free = at_villages(geography, price)
    eager = free * at_villages(geography, eager_to_sell(state, context))
    due = over_slots(own.market) * eager + common.market * free
    paid = share_paid(to_regions(geography, due).sum(), state, context)
    households, villages = state.households, state.villages
    by_state = own.state * at_households(fixed, own.state)
    on_market = own.market * at_households(eager * paid, own.market)
    flows = {
        "products_paid_own": over_slots(by_state),
        "market_products_paid_own": over_slots(on_market),
        "products_paid_kolkhoz": common.state * fixed,
        "market_products_paid_kolkhoz": common.market * free * paid,
    }
    on_markets = flows["market_products_paid_own"] + flows["market_products_paid_kolkhoz"]
    from_kolkhoz = flows["products_paid_kolkhoz"] + flows["market_products_paid_kolkhoz"]
    state = replace(
        state,
        households=replace(households, cash=households.cash + by_state + on_market),
        villages=replace(villages, kolkhoz_cash=villages.kolkhoz_cash + from_kolkhoz),
    )
    state, from_towns = towns_pay(state, to_regions(geography, on_markets).sum())
    return state, together(flows, from_towns), {}
