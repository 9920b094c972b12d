"""Line 6 of the month: the state's grain plan and how it is met. Systems S16-S22, S26, S97.

Mechanisms M30 (plan), M31 (allocation), M32 (ratchet), M33 (counter-plans), M4 and M36 (force and
tightening in shortfall), M35 (hiding).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, Flows
from perelom.model.food import months_to_harvest
from perelom.model.needs import grain_wanted
from perelom.model.payments import settle, state_grain_price
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import Regions, State

TONNES_PER_MEGATONNE = 1e6


def plan_of_the_year(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Set the year's plan for every region, t. S20, S26, M30, M31, M32.

    Q_USSR: the scenario's figure if it gives one, else the doctrine's
    w needs + (1 - w) last deliveries (1 + g). Shares follow
    believed surplus^phi x last deliveries^(1 - phi): who gave gives again.
    """
    numbers, levers = context.parameters, context.levers
    needs = planned_needs(regions, context)
    grown = regions.delivered_last_year.sum() * (1 + numbers["plan_growth"])
    weight = numbers["plan_weight_of_needs"]
    doctrine = weight * needs + (1 - weight) * grown
    ordered = levers["procurement_plan"][0] * TONNES_PER_MEGATONNE
    total = jnp.where(ordered > 0, ordered, doctrine)
    believed = believed_surplus(regions, context)
    progressive = numbers["plan_weight_of_belief"]
    last = jnp.maximum(regions.delivered_last_year, 1.0)
    weights = believed**progressive * last ** (1 - progressive)
    return total * weights / weights.sum()


def planned_needs(regions: Regions, context: Context) -> Array:
    """Return what the centre wants grain for in a year: towns, army and industry, exports; t."""
    numbers = context.parameters
    towns = regions.town_persons.sum() * numbers["town_grain_need"]
    exports = context.levers["grain_exports_plan"][0] * TONNES_PER_MEGATONNE
    return towns * (1 + numbers["army_and_industry_need"]) + exports


def believed_surplus(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the grain the centre believes a region can spare, t, never below a floor. M31."""
    numbers = context.parameters
    rural_need = context.reference.rural_persons.sum(axis=0) * numbers["rural_need_in_plans"]
    spare = regions.believed_harvest - rural_need
    floor = numbers["plan_floor_of_surplus"] * regions.believed_harvest + 1.0
    return jnp.maximum(spare, floor)


def open_the_year(state: State, context: Context) -> State:
    """Close the agricultural year and hand down new plans, on 1 July. S20, S26, M31, M33.

    Villages get the region's plan by the harvest expected on their land, with the raion's
    counter-plan on top; last year's takings become what households expect.
    """
    villages, regions, geography = state.villages, state.regions, context.geography
    numbers, switches = context.parameters, context.switches
    regions = replace(
        regions,
        delivered_last_year=regions.delivered,
        believed_harvest=regions.believed_harvest
        + numbers["belief_update"] * (regions.reported_harvest - regions.believed_harvest),
    )
    plan = plan_of_the_year(regions, context) * switches["procurement_plan"]
    land = over_slots(state.households.land) + villages.kolkhoz_land
    expected = land * at_villages(geography, geography.grain_share * geography.normal_yield)
    share = ratio(expected, at_villages(geography, to_regions(geography, expected)))
    counter = 1 + numbers["counter_plan"] * switches["counter_plans"]
    take = jnp.clip(ratio(villages.delivered, villages.harvest), 0.0, 1.0)
    learnt = numbers["expectation_update"]
    pay = ratio(villages.distributed, over_slots(state.households.labour_days))
    worked = (over_slots(state.households.labour_days) > 0).astype(pay.dtype)
    zeros = jnp.zeros_like(villages.plan)
    villages = replace(
        villages,
        plan=share * at_villages(geography, plan) * counter,
        expected_take=villages.expected_take + learnt * (take - villages.expected_take),
        expected_pay=villages.expected_pay + learnt * worked * (pay - villages.expected_pay),
        delivered=zeros,
        harvest=zeros,
        distributed=zeros,
    )
    nothing = jnp.zeros_like(regions.plan)
    regions = replace(
        regions, plan=plan, delivered=nothing, harvest=nothing, reported_harvest=nothing
    )
    households = replace(state.households, labour_days=jnp.zeros_like(state.households.labour_days))
    return replace(state, households=households, villages=villages, regions=regions)


class Claims(NamedTuple):
    """What brigades take from own stores, kolkhoz stores and kolkhoz seed, t."""

    own: Float[Array, "village slot"]
    kolkhoz: Float[Array, " village"]
    seed: Float[Array, " village"]


def force(state: State, context: Context) -> Float[Array, " village"]:
    """Return the share of what is there that officials are ready to take, 0 to 1. M36.

    E = 1 - exp(-phi E0 exp(gamma lag)) with E0 the lever, phi the part of ordered force that
    reaches villages through local leniency and disorder, lag the part of the due plan missing.
    """
    villages, geography = state.villages, context.geography
    due = villages.plan * context.seasons["deliveries_due"]
    lag = ratio(jnp.maximum(due - villages.delivered, 0.0), villages.plan)
    tightening = context.parameters["force_tightening"] * context.switches["tightening"]
    ordered = at_villages(geography, context.levers["procurement_force"])
    ordered = ordered * context.parameters["force_reaching_villages"]
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

    grip = power(applied, numbers["kolkhoz_compliance"])
    kolkhoz = smooth_min(missing * kolkhoz_part, villages.kolkhoz_grain * grip)
    seized = smooth_min(
        jnp.maximum(missing * kolkhoz_part - kolkhoz, 0.0),
        villages.kolkhoz_seed
        * at_villages(context.geography, context.levers["seed_seizure"])
        * numbers["seed_seized_share"],
    )

    rank = power(households.land, numbers["quota_progression"])
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
    state = _revise_plan(state, context)
    taken = claims(state, context)
    households, villages = state.households, state.villages
    flows = {
        "taken_own": over_slots(taken.own),
        "taken_kolkhoz": taken.kolkhoz,
        "seed_seized_kolkhoz": taken.seed,
    }
    collected = flows["taken_own"] + taken.kolkhoz + taken.seed
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
    )
    households = replace(households, grain=households.grain - taken.own)
    state = replace(state, households=households, villages=villages, regions=regions)
    state, paid = pay_for_deliveries(state, taken, context)
    return state, flows | paid, {}


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


def _revise_plan(state: State, context: Context) -> State:
    """Scale plans to the scenario's figure when the centre changes it within the year. M37."""
    ordered = context.levers["procurement_plan"][0] * TONNES_PER_MEGATONNE
    planned = state.regions.plan.sum()
    factor = jnp.where((ordered > 0) & (planned > 0), ratio(ordered, planned), 1.0)
    villages = replace(state.villages, plan=state.villages.plan * factor)
    regions = replace(state.regions, plan=state.regions.plan * factor)
    return replace(state, villages=villages, regions=regions)
