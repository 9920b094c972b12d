"""Line 5 of the month: what peasants sell, to whom, and why they hold back. Systems S13-S15.

Mechanisms M1 (withholding at a poor price), M3 (goods famine), M64 (kolkhoz market).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.exchange import exchange
from perelom.model.food import (
    grain_needed_until_harvest,
    months_to_harvest,
    rural_shortage,
)
from perelom.model.needs import grain_wanted
from perelom.model.smooth import excess
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


def market(state: State, context: Context) -> Moved:
    """Offer surplus grain to the state's buyers and to private trade. S13-S16.

    surplus = grain beyond food, feed and seed until the harvest; neighbours who lack bread until
    then come first and get what exceeds a part of the own bread (S04). Offered = surplus x the
    month's share of sales x marketed share; private trade takes its share while it is legal, or
    once the kolkhoz market of May 1932 is open.
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
    willing = marketed_share(levers["grain_price"], levers["goods_supply"], context)
    remaining = numbers["sales_in_remaining_months"]
    month = jnp.minimum(context.seasons["sale"] * remaining, 1.0)
    offered = surplus * at_households(at_villages(geography, willing * month), grain)
    offered = jnp.minimum(offered, surplus)
    trade = jnp.maximum(levers["private_trade"], levers["kolkhoz_market"])
    private = numbers["private_trade_share"] * trade
    to_trade = offered * at_households(at_villages(geography, private), grain)
    to_state = offered - to_trade
    flows = {"sold_to_state": over_slots(to_state), "sold_privately": over_slots(to_trade)}
    regions = replace(
        state.regions,
        granary=state.regions.granary + to_regions(geography, flows["sold_to_state"]),
        town_grain=state.regions.town_grain + to_regions(geography, flows["sold_privately"]),
        delivered=state.regions.delivered + to_regions(geography, flows["sold_to_state"]),
    )
    villages = replace(state.villages, delivered=state.villages.delivered + flows["sold_to_state"])
    households = replace(households, grain=grain - to_trade - to_state)
    return replace(state, households=households, villages=villages, regions=regions), flows, {}
