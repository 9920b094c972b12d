"""Money for animal products and technical crops. Systems S14, S15, S38. Mechanisms M59, M64."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, together
from perelom.model.payments import share_paid, state_price_index, towns_pay
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import SPECIES, State


class Products(NamedTuple):
    """A month's marketed produce at prices of 1926/27, roubles."""

    animal: Array
    technical: Array


def own_products(state: State, context: Context) -> Products:
    """Return what households market besides grain: by head, and by land under other crops."""
    households, numbers, geography = state.households, context.parameters, context.geography
    animal = total(getattr(households, s) * numbers[f"{s}_marketed"] for s in SPECIES) / 12
    other = numbers["technical_crops_value"] * context.seasons["technical_crops"]
    other = at_villages(geography, (1 - geography.grain_share) * other)
    return Products(animal, households.land * at_households(other, animal))


def kolkhoz_products(state: State, context: Context) -> Products:
    """Return what kolkhozes market besides grain."""
    villages, numbers, geography = state.villages, context.parameters, context.geography
    animal = total(getattr(villages, f"kolkhoz_{s}") * numbers[f"{s}_marketed"] for s in SPECIES)
    other = numbers["technical_crops_value"] * context.seasons["technical_crops"]
    other = at_villages(geography, (1 - geography.grain_share) * other)
    return Products(animal / 12, villages.kolkhoz_land * other)


def trade_freedom(context: Context) -> Float[Array, " region"]:
    """Return how free peasants are to sell on the market, 0 to 1. S15, M64."""
    return jnp.maximum(context.levers["private_trade"], context.levers["kolkhoz_market"])


def market_offer(state: State, context: Context) -> Float[Array, " region"]:
    """Return food offered on the free market, roubles of 1926/27 a month. S15, M59, M64.

    Animal products that trade is free to sell, and the mean of a year's private grain.
    """
    own, common = own_products(state, context).animal, kolkhoz_products(state, context).animal
    animal = to_regions(context.geography, over_slots(own) + common)
    share = context.parameters["animal_products_on_market"] * trade_freedom(context)
    return animal * share + state.regions.private_sales


def farm_sales(state: State, context: Context) -> Moved:
    """Pay for animal products and technical crops. S15, S38, M59, M64.

    The state pays its price for technical crops and its part of animal products; towns pay the
    free price for the rest, as far as trade is free and their market money goes.
    """
    geography, numbers = context.geography, context.parameters
    switch = context.switches["farm_sales"]
    own, common = own_products(state, context), kolkhoz_products(state, context)
    part = numbers["animal_products_on_market"]
    fixed = at_villages(geography, state_price_index(context) * switch)
    free = at_villages(
        geography, state.regions.market_price * part * trade_freedom(context) * switch
    )
    due = over_slots(own.animal) * free + common.animal * free
    free = free * share_paid(to_regions(geography, due).sum(), state, context)
    households, villages = state.households, state.villages
    animal = at_households(fixed * (1 - part), own.animal)
    by_state = own.animal * animal + own.technical * at_households(fixed, own.animal)
    on_market = own.animal * at_households(free, own.animal)
    flows = {
        "products_paid_own": over_slots(by_state),
        "market_products_paid_own": over_slots(on_market),
        "products_paid_kolkhoz": (common.animal * (1 - part) + common.technical) * fixed,
        "market_products_paid_kolkhoz": common.animal * free,
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
