"""Line 6 of the month: state purchases from kolkhozes after deliveries. Systems S13, S15, S16.

From 1934 the state buys at a price above that of deliveries from kolkhozes that have delivered,
and leaves them the kolkhoz market for the rest. Mechanisms M1 (price), M3 (goods), M64 (market).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.kolkhoz import reserved_grain
from perelom.model.market import marketed_share, private_share, sold_of_the_rest
from perelom.model.payments import (
    market_grain_price,
    settle,
    share_paid,
    state_grain_price,
    towns_pay,
)
from perelom.model.smooth import ratio
from perelom.model.space import at_villages, to_regions
from perelom.world.state import State


def on_offer(state: State, context: Context) -> Float[Array, " village"]:
    """Return the grain that kolkhozes offer this month, t. S13, M1, M3.

    Of (store - reserved)+ the month's part of most x mu(price x premium, goods) a year, x
    fulfilled^2, delivered over owed, at most 1: nobody may sell before the state has its due.
    """
    villages, levers, geography = state.villages, context.levers, context.geography
    spare = jnp.maximum(villages.kolkhoz_grain - reserved_grain(state, context), 0.0)
    price = levers["grain_price"] * levers["purchase_price"]
    willing = marketed_share(price, state.regions.goods_found, context)
    willing = willing * (levers["purchase_price"] > 0) * context.parameters["kolkhoz_grain_sold"]
    share = at_villages(geography, sold_of_the_rest(willing, context))
    done = jnp.where(villages.plan > 0, ratio(villages.delivered, villages.plan), 1.0)
    done = jnp.minimum(done, 1.0)
    return spare * share * done * done * context.switches["kolkhoz_purchases"]


def purchases(state: State, context: Context) -> Moved:
    """Buy grain of kolkhozes for the state, and let them sell the rest to towns. S13, S15, S16.

    A part as large as that of households goes to the kolkhoz market, if there is one. The state
    pays its price times the premium.
    """
    geography, villages = context.geography, state.villages
    offered = on_offer(state, context)
    private = private_share(state, context) * context.levers["kolkhoz_market"]
    traded = offered * at_villages(geography, private)
    bought = offered - traded
    flows = {"purchased_kolkhoz": bought, "sold_on_market_kolkhoz": traded}
    to_state, to_towns = to_regions(geography, bought), to_regions(geography, traded)
    fixed = state_grain_price(context) * context.levers["purchase_price"]
    fixed = fixed * context.switches["state_payments"]
    free = market_grain_price(state, context)
    free = free * share_paid((to_towns * free).sum(), state, context)
    paid = {
        "grain_paid_kolkhoz": bought * at_villages(geography, fixed),
        "market_grain_paid_kolkhoz": traded * at_villages(geography, free),
    }
    regions = replace(
        state.regions,
        granary=state.regions.granary + to_state,
        delivered=state.regions.delivered + to_state,
        town_grain=state.regions.town_grain + to_towns,
        private_sales=state.regions.private_sales + mean_of_year(to_towns, context),
    )
    villages = replace(
        villages,
        kolkhoz_grain=villages.kolkhoz_grain - offered,
        kolkhoz_cash=villages.kolkhoz_cash
        + paid["grain_paid_kolkhoz"]
        + paid["market_grain_paid_kolkhoz"],
    )
    state = replace(state, villages=villages, regions=regions)
    due = to_regions(geography, paid["market_grain_paid_kolkhoz"]).sum()
    state, from_towns = towns_pay(state, due)
    state, settled = settle(state, paid | from_towns, context)
    return state, flows | settled, {}


def mean_of_year(sold: Float[Array, " region"], context: Context) -> Float[Array, " region"]:
    """Return a month's sales as their part of a year's mean, roubles of 1926/27. S15, M59."""
    return sold * context.parameters["market_grain_price"] / 12
