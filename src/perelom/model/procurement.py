"""Line 6 of the month: how the state's grain plan is met. Systems S16-S19, S80, S97.

Mechanisms M4 and M36 (force and tightening in shortfall), M35 (hiding). The plans themselves are
in `plans`.
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.context import Context, Flows, together
from perelom.model.food import months_to_harvest
from perelom.model.needs import grain_wanted
from perelom.model.officials import force_passed_on
from perelom.model.payments import settle, state_grain_price
from perelom.model.plans import revise
from perelom.model.purchases import purchases
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.model.stations import compliance
from perelom.world.state import State


class Claims(NamedTuple):
    """What brigades take from own stores, kolkhoz stores and kolkhoz seed, t."""

    own: Float[Array, "village slot"]
    kolkhoz: Float[Array, " village"]
    seed: Float[Array, " village"]


def force(state: State, context: Context) -> Float[Array, " village"]:
    """Return the share of what is there that officials are ready to take, 0 to 1. M36.

    E = 1 - exp(-phi E0 exp(gamma lag)) with E0 the lever, phi the part of ordered force that
    officials pass on to villages, lag the part of the due plan missing.
    """
    villages, geography = state.villages, context.geography
    due = villages.plan * context.seasons["deliveries_due"]
    lag = ratio(jnp.maximum(due - villages.delivered, 0.0), villages.plan)
    tightening = context.parameters["force_tightening"] * context.switches["tightening"]
    ordered = context.levers["procurement_force"] * force_passed_on(state.regions, context)
    ordered = at_villages(geography, ordered)
    return 1 - jnp.exp(-ordered * jnp.exp(tightening * lag))


def claims(state: State, context: Context) -> Claims:
    """Work out what is taken this month, village by village. S16, S17, S19, S20, M4, M35.

    The part of the due plan that is still missing is laid on kolkhoz and own land by harvest
    land. A kolkhoz is cleared up to its compliance; households down to a floor of bread,
    (1 - E^2) of what they want until the harvest, less what they hide; heavier quotas fall on
    larger land (progression).
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    applied = force(state, context) * context.switches["forced_procurement"]
    due = villages.plan * context.seasons["deliveries_due"]
    missing = jnp.maximum(due - villages.delivered, 0.0)
    own_land = over_slots(households.land)
    kolkhoz_part = ratio(villages.kolkhoz_land, own_land + villages.kolkhoz_land)

    grip = compliance(power(applied, numbers["kolkhoz_compliance"]), state, context)
    kolkhoz = smooth_min(missing * kolkhoz_part, villages.kolkhoz_grain * grip)
    seized = smooth_min(
        jnp.maximum(missing * kolkhoz_part - kolkhoz, 0.0),
        villages.kolkhoz_seed
        * at_villages(context.geography, context.levers["seed_seizure"])
        * numbers["seed_seized_share"],
    )

    present = households.present
    rank = present * power(ratio(households.land, present), numbers["quota_progression"])
    quota = ratio(rank, at_households(over_slots(rank), rank))
    asked = quota * at_households(missing * (1 - kolkhoz_part), rank)
    strength = at_households(applied, rank)
    months = months_to_harvest(context).astype(rank.dtype)
    # Grain beyond the household's bread goes first: bread is touched with the square of force.
    floor = (1 - strength * strength) * grain_wanted(state, context) * months
    open_store = households.grain * (1 - numbers["grain_hidden"] * context.switches["hiding"])
    findable = jnp.maximum(open_store - floor, 0.0) * strength
    return Claims(own=smooth_min(asked, findable), kolkhoz=kolkhoz, seed=seized)


def procurement(state: State, context: Context) -> Moved:
    """Follow changes of the plan and collect what is due. S16-S22."""
    state = revise(state, context)
    taken = claims(state, context)
    households, villages = state.households, state.villages
    flows = {
        "taken_own": over_slots(taken.own),
        "taken_kolkhoz": taken.kolkhoz,
        "seed_seized_kolkhoz": taken.seed,
    }
    collected = flows["taken_own"] + taken.kolkhoz + taken.seed
    grain_before = over_slots(households.grain) + villages.kolkhoz_grain + villages.kolkhoz_seed
    by_region = to_regions(context.geography, collected)
    regions = replace(
        state.regions,
        granary=state.regions.granary + by_region,
        delivered=state.regions.delivered + by_region,
    )
    villages = replace(
        villages,
        kolkhoz_grain=villages.kolkhoz_grain - taken.kolkhoz,
        kolkhoz_seed=villages.kolkhoz_seed - taken.seed,
        delivered=villages.delivered + collected,
        taken_part=ratio(collected, grain_before),
    )
    households = replace(households, grain=households.grain - taken.own)
    state = replace(state, households=households, villages=villages, regions=regions)
    state, paid = pay_for_deliveries(state, taken, context)
    state, bought, _ = when(
        context.levers["purchase_price"].max() > 0, lambda s: purchases(s, context), state
    )
    notes = {"procurement_plan": regions.plan, "delivered_in_year": state.regions.delivered}
    return state, together(flows | paid, bought), notes


def pay_for_deliveries(state: State, taken: Claims, context: Context) -> tuple[State, Flows]:
    """Pay the state's price for what was taken: by name it was a purchase. S17, M59."""
    price = state_grain_price(context) * context.switches["state_payments"]
    price = at_villages(context.geography, price)
    own = taken.own * at_households(price, taken.own)
    kolkhoz = (taken.kolkhoz + taken.seed) * price
    flows = {"grain_paid_own": over_slots(own), "grain_paid_kolkhoz": kolkhoz}
    villages = replace(state.villages, kolkhoz_cash=state.villages.kolkhoz_cash + kolkhoz)
    households = replace(state.households, cash=state.households.cash + own)
    return settle(replace(state, households=households, villages=villages), flows, context)
