"""Prices of grain, and payments between villages, towns and the treasury. Systems S13, S36, S70.

Mechanism M59 (money). Payments pass through the State Bank: what one region or the treasury pays in
leaves it in the same month, so that nothing is held there.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.flows import BANK, FLOWS
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_capital, to_regions
from perelom.world.state import State

TREASURY = ("treasury_paid", "treasury_received")


def state_price_index(context: Context) -> Float[Array, " region"]:
    """Return the state's price of farm produce in roubles, 1 as in 1926/27. S13, S33.

    The lever is the price of grain in industrial goods; times their price it is one in roubles.
    """
    return context.levers["grain_price"] * context.levers["retail_price"]


def state_grain_price(context: Context) -> Float[Array, " region"]:
    """Return what the state pays for grain, roubles a tonne. S13, M1."""
    return context.parameters["state_grain_price"] * state_price_index(context)


def market_grain_price(state: State, context: Context) -> Float[Array, " region"]:
    """Return the price of grain on the free market, roubles a tonne. S15, M59."""
    return context.parameters["market_grain_price"] * state.regions.market_price


def bread_price(context: Context) -> Float[Array, " region"]:
    """Return the state's retail price of bread and flour, roubles a tonne of grain. S86, M60.

    It follows the shop prices of other goods times an order of its own.
    """
    listed = context.levers["retail_price"] * context.levers["bread_price"]
    return context.parameters["state_bread_price"] * listed


def market_money(state: State, context: Context) -> Float[Array, " region"]:
    """Return what towns can spend on the free market this month, roubles. S15, M59.

    Odds of the share of 1926 x (free price / shop price)^(1 - e): demand for food is inelastic, so
    the dearer it is on the market, the more of their money people bring.
    """
    regions, share = state.regions, context.parameters["market_money_share"]
    dearer = regions.market_price / context.levers["retail_price"]
    inelastic = 1 - context.parameters["food_demand_elasticity"]
    odds = power(dearer, inelastic * context.switches["inelastic_food"]) * share
    return regions.town_cash * (odds / (1 - share + odds))


def share_paid(due: Array, state: State, context: Context) -> Float[Array, ""]:
    """Return the share of a bill of the whole country that towns' market money can pay. M59."""
    return ratio(smooth_min(due, market_money(state, context).sum()), due)


def towns_pay(state: State, amount: Array) -> tuple[State, Flows]:
    """Take an amount out of all towns in proportion to their money: traders carry it. S15."""
    cash = state.regions.town_cash
    paid = cash * ratio(amount, cash.sum())
    regions = replace(state.regions, town_cash=cash - paid)
    return replace(state, regions=regions), {"towns_paid": paid}


def settle(
    state: State, flows: Flows, context: Context, kept: Array | float = 0
) -> tuple[State, Flows]:
    """Let the treasury pay and receive what passed through the bank. S32, S36, M59, M60.

    T' = T + received - paid + issued: currency is issued for what is lacking to the balance `kept`.
    """
    geography = context.geography
    regional = jnp.zeros_like(state.regions.town_cash)
    villages: Array = jnp.zeros_like(state.villages.kolkhoz_cash)
    for name, amount in flows.items():
        flow = FLOWS[name]
        if name in TREASURY or BANK not in (flow.source, flow.sink):
            continue
        sign = 1 if flow.source == BANK else -1
        if flow.by_region:
            regional = regional + sign * amount
        else:
            villages = villages + sign * amount
    # What each region takes out of the bank less what it puts in.
    net = regional + to_regions(geography, villages)
    paid, received = jnp.maximum(net, 0.0).sum(), jnp.maximum(-net, 0.0).sum()
    after = state.nation.treasury + received - paid
    issued = jnp.maximum(kept - after, 0.0)
    booked = {"treasury_paid": paid, "treasury_received": received, "currency_issued": issued}
    state = replace(state, nation=replace(state.nation, treasury=after + issued))
    return state, flows | {name: at_capital(geography, value) for name, value in booked.items()}
