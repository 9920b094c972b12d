"""Line 5 of the month: what peasants sell, to whom, and why they hold back. Systems S13-S15.

Mechanisms M1 (withholding at a poor price), M3 (goods famine), M64 (kolkhoz market).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, Flows
from perelom.model.exchange import exchange
from perelom.model.food import (
    grain_needed_until_harvest,
    months_to_harvest,
    rural_shortage,
)
from perelom.model.needs import grain_wanted
from perelom.model.obligations import counted
from perelom.model.payments import (
    market_grain_price,
    settle,
    share_paid,
    state_grain_price,
    state_price_index,
    towns_pay,
)
from perelom.model.smooth import excess, power
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import State


def marketed_share(price: Array, goods: Array, context: Context) -> Array:
    """Return the share of marketable grain that peasants want to sell, relative to 1926.

    mu = 1 / (1 + a (p v)^-sigma), divided by its value at p v = 1: p is the price of grain in
    industrial goods, v the chance of finding goods in the shop. S13, S14, M1, M3.
    """
    numbers, switch = context.parameters, context.switches
    elasticity, scale = numbers["sale_elasticity"], numbers["sale_scale"]
    found = 1 + switch["goods_famine"] * (goods - 1)
    response = switch["grain_withholding"] * elasticity
    return (1 + scale) / (1 + scale * (price * found) ** -response)


def sold_of_the_rest(willing: Array, context: Context) -> Array:
    """Return the share of what they still have to sell that sellers offer this month. S13.

    mu s / (1 - min(1, mu) C), at most 1: s is the month's share of a year's sales, C that of the
    months since July. By the end of June the share mu of the year's surplus has been offered, in
    the proportions of the calendar, and the rest is kept.
    """
    before, month = context.seasons["sold_before"], context.seasons["sale"]
    return jnp.minimum(willing * month / (1 - jnp.minimum(willing, 1.0) * before), 1.0)


def market(state: State, context: Context) -> Moved:
    """Offer surplus grain to the state's buyers and to private trade. S13-S16.

    surplus = grain beyond food, feed and seed until the harvest; neighbours who lack bread until
    then come first and get what exceeds a part of the own bread (S04). Of the surplus they offer
    the month's part; private trade takes its share while it is legal, or once the kolkhoz market of
    May 1932 is open.
    """
    households, geography = state.households, context.geography
    numbers, levers = context.parameters, context.levers
    grain = households.grain
    need = grain_needed_until_harvest(state, context)
    shortage = (
        rural_shortage(state, months_to_harvest(context), context)
        * numbers["access_to_village_grain"]
    )
    bread = grain_wanted(state, context) * months_to_harvest(context).astype(grain.dtype)
    spare = jnp.maximum(grain - bread * numbers["bread_kept_from_neighbours"], 0.0)
    bought, sold = exchange(shortage, spare, context)
    grain = grain + bought - sold
    surplus = jnp.minimum(excess(grain - need, numbers["surplus_width"]), grain)
    willing = marketed_share(levers["grain_price"], state.regions.goods_found, context)
    month = at_villages(geography, sold_of_the_rest(willing, context))
    offered = surplus * at_households(month, grain)
    trade = jnp.maximum(levers["private_trade"], levers["kolkhoz_market"])
    private = private_share(state, context) * trade
    to_trade = offered * at_households(at_villages(geography, private), grain)
    to_state = offered - to_trade
    flows = {"sold_to_state": over_slots(to_state), "sold_privately": over_slots(to_trade)}
    by_region = {name: to_regions(geography, amount) for name, amount in flows.items()}
    regions = replace(
        state.regions,
        granary=state.regions.granary + by_region["sold_to_state"],
        town_grain=state.regions.town_grain + by_region["sold_privately"],
        delivered=state.regions.delivered + by_region["sold_to_state"],
        private_sales=mean_sales(state, by_region["sold_privately"], context),
    )
    outside = over_slots(to_state * households.outside)
    delivered = state.villages.delivered + counted(flows["sold_to_state"], outside, context)
    villages = replace(state.villages, delivered=delivered)
    households = replace(households, grain=grain - to_trade - to_state)
    state = replace(state, households=households, villages=villages, regions=regions)
    state, paid = pay_for_grain(state, to_state, to_trade, by_region["sold_privately"], context)
    return state, flows | paid, {}


def private_share(state: State, context: Context) -> Float[Array, " region"]:
    """Return the share of offered grain that goes to free trade where it is allowed. S15, M64.

    Odds of the share of 1926 x q^e, q = b x / (x + b - 1), x = free price / state price, both 1 in
    1926/27: a price b times as good counts as much as any higher one.
    """
    numbers = context.parameters
    share = numbers["private_trade_share"]
    response = numbers["market_price_response"] * context.switches["market_price_response"]
    gain, most = state.regions.market_price / state_price_index(context), numbers["price_noticed"]
    better = power(most * gain / (gain + most - 1), response)
    return share * better / (1 - share + share * better)


def mean_sales(
    state: State, sold: Float[Array, " region"], context: Context
) -> Float[Array, " region"]:
    """Move the mean of private sales, roubles of 1926/27 a month over about a year. S15, M59."""
    month = sold * context.parameters["market_grain_price"]
    return state.regions.private_sales + (month - state.regions.private_sales) / 12


def pay_for_grain(
    state: State,
    to_state: Float[Array, "village slot"],
    to_trade: Float[Array, "village slot"],
    traded: Float[Array, " region"],
    context: Context,
) -> tuple[State, Flows]:
    """Pay households: the state at its price, towns at the free one while money lasts. S13, S15.

    to_state, to_trade: grain of households, t; traded: its sum by region.
    """
    geography, households = context.geography, state.households
    fixed = state_grain_price(context) * context.switches["state_payments"]
    free = market_grain_price(state, context)
    free = free * share_paid((traded * free).sum(), state, context)
    by_state = to_state * at_households(at_villages(geography, fixed), to_state)
    by_towns = to_trade * at_households(at_villages(geography, free), to_trade)
    flows = {"grain_paid_own": over_slots(by_state), "private_grain_paid": over_slots(by_towns)}
    cash = households.cash + by_state + by_towns
    state = replace(state, households=replace(households, cash=cash))
    due = to_regions(geography, flows["private_grain_paid"]).sum()
    state, from_towns = towns_pay(state, due)
    return settle(state, flows | from_towns, context)
