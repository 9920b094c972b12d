"""Lines 6 and 13 of the month, their plan side: how much grain the centre wants, and from where.

Systems S20, S26, S97. Mechanisms M30 (plan), M31 (allocation), M32 (ratchet), M33 (counter-plans),
M37 (cuts). Plans follow what the centre believes and counts, never what there is.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.obligations import (
    CENTNERS_PER_TONNE,
    exempted,
    obligation,
    state_claim,
    under_law,
)
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_villages, over_slots, to_regions
from perelom.world.state import Regions, State

TONNES_PER_MEGATONNE = 1e6


def plan_of_the_year(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Set the year's plan for every region, t. S20, S26, M30, M31, M32.

    Q_USSR: the scenario's figure if it gives one, else the doctrine's
    w needs + (1 - w) (1 + g) x what last year's plans and deliveries ask for by the ratchet. Shares
    follow believed surplus^phi x last deliveries^(1 - phi): who gave gives again.
    """
    numbers, levers = context.parameters, context.levers
    needs = planned_needs(regions, context)
    grown = ratcheted(regions, context).sum() * (1 + numbers["plan_growth"])
    weight = numbers["plan_weight_of_needs"]
    doctrine = weight * needs + (1 - weight) * grown
    ordered = levers["procurement_plan"][0] * TONNES_PER_MEGATONNE
    total = jnp.where(ordered > 0, ordered, doctrine)
    believed = believed_surplus(regions, context)
    progressive = numbers["plan_weight_of_belief"]
    last = jnp.maximum(regions.delivered_last_year, 1.0)
    weights = believed**progressive * last ** (1 - progressive)
    return total * weights / weights.sum()


def ratcheted(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return what last year's plan Q and deliveries P make the centre expect again, t. S26, M32.

    Q + up (P - Q)+ - down (Q - P)+: a plan exceeded is raised by most of the excess, a plan missed
    is hardly lowered. Where no plan was set, and without the mechanism: P.
    """
    numbers, plan, delivered = context.parameters, regions.plan, regions.delivered_last_year
    above, below = jnp.maximum(delivered - plan, 0.0), jnp.maximum(plan - delivered, 0.0)
    asked = plan + numbers["ratchet_up"] * above - numbers["ratchet_down"] * below
    held = context.switches["ratchet"] * (plan > 0)
    return delivered + held * (asked - delivered)


def planned_needs(regions: Regions, context: Context) -> Array:
    """Return what the centre wants grain for in a year: towns, army and industry, exports; t."""
    numbers = context.parameters
    towns = regions.town_persons.sum() * numbers["town_grain_need"]
    exports = context.levers["grain_exports_plan"][0] * TONNES_PER_MEGATONNE
    return towns * (1 + numbers["army_and_industry_need"]) + exports


def forecast(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the harvest that the centre expects of each region this summer, t. S91, M43.

    believed harvest x exp(k w): district reports on the state of the crops pass on part of what
    the season's weather w has done to them, the better part of a failure being put down to
    bad will.
    """
    heard = context.parameters["crop_reports_heard"] * context.switches["crop_reports"]
    return regions.believed_harvest * jnp.exp(heard * regions.growing_weather)


def believed_surplus(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the grain the centre believes a region can spare, t, never below a floor. M31."""
    numbers, expected = context.parameters, forecast(regions, context)
    rural_need = context.reference.rural_persons.sum(axis=0) * numbers["rural_need_in_plans"]
    floor = numbers["plan_floor_of_surplus"] * expected + 1.0
    return jnp.maximum(expected - rural_need, floor)


def state_farm_quota(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return what state farms are counted on for in the year's plan, t, at most half of it. S67.

    Land x (normal yield - seed - feed).
    """
    numbers = context.parameters
    kept = numbers["seed_rate"] + numbers["state_farm_feed"]
    surplus = jnp.maximum(context.geography.normal_yield - kept, 0.0)
    counted_on = regions.state_farm_land * surplus * context.switches["state_farms"]
    return smooth_min(counted_on, regions.plan / 2)


def arrears(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the part of the year's plan that is due and not delivered, 0 to 1. S97, M36.

    Deliveries are weighed and counted at the state's own elevators: the centre knows them.
    """
    due = regions.plan * context.seasons["deliveries_due"]
    return ratio(jnp.maximum(due - regions.delivered, 0.0), regions.plan)


def decreed(context: Context) -> Float[Array, " region"]:
    """Return the plan that the centre has set for a region by name, t; 0 where it has not. S20.

    lever x grain area of 1926. By hectare, because decrees name krais and republics that consist of
    several regions of the model. Such a figure goes before the law on deliveries, too.
    """
    area = context.reference.land * context.geography.grain_share
    by_name = context.levers["regional_plan"] / CENTNERS_PER_TONNE
    return area * by_name * context.switches["regional_plans"]


def rescaled(whole: Float[Array, " region"], context: Context) -> Float[Array, " region"]:
    """Return by what regional plans (t) are multiplied to follow the centre's figures. S20, M31.

    Regions named in a decree get its figure; the others share what is left of the national one in
    proportion to their plans, or keep these where there is no national figure.
    """
    named = decreed(context)
    fixed = (named > 0) & (whole > 0)
    ordered = context.levers["procurement_plan"][0] * TONNES_PER_MEGATONNE
    left = jnp.maximum(ordered - jnp.where(fixed, named, 0.0).sum(), 0.0)
    others = jnp.where(fixed, 0.0, whole).sum()
    scale = jnp.where((ordered > 0) & (others > 0), ratio(left, others), 1.0)
    return jnp.where(fixed, ratio(named, whole), scale)


def revise(state: State, context: Context) -> State:
    """Follow changes of the plan within the year. S20, S97, M37.

    plan = the year's plan, scaled to the scenario's figures where there are any, x (1 - cut). Where
    the lever `plan_revision` permits it, regions win a cut by petition:
    cut' = cut + lever pace (arrears + believed hunger over what is tolerated)(most - cut). Under
    the law on deliveries the cut is at least the exemption decreed.
    """
    regions, numbers, levers = state.regions, context.parameters, context.levers
    whole = regions.plan / (1 - regions.plan_cut)
    scale = rescaled(whole, context)
    plea = arrears(regions, context) + regions.believed_hunger / numbers["tolerated_hunger"]
    pace = jnp.minimum(levers["plan_revision"] * numbers["plan_cut_pace"] * plea, 1.0)
    begun = exempted(state, context)
    cut = begun + pace * jnp.maximum(numbers["plan_cut_most"] - begun, 0.0)
    plan = whole * scale * (1 - cut)
    factor = at_villages(context.geography, scale * (1 - cut) / (1 - regions.plan_cut))
    villages = replace(state.villages, plan=state.villages.plan * factor)
    return replace(state, villages=villages, regions=replace(regions, plan=plan, plan_cut=cut))


def open_the_year(state: State, context: Context) -> State:
    """Close the agricultural year and hand down new plans, on 1 July. S20, S26, M31, M33.

    Reported surprises enter belief; villages get the region's plan, less what state farms are to
    deliver, by the harvest expected on their land, with the raion's counter-plan on top, or what
    the law asks by hectare; last year's takings become what households expect.
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
    quota = state_farm_quota(replace(regions, plan=plan), context)
    peasants = plan - quota
    owed, law = obligation(state, context), under_law(context)
    claim = state_claim(to_regions(geography, owed), quota, state, context)
    plan = jnp.where(law > 0, claim * switches["procurement_plan"], plan)
    owed = owed * switches["procurement_plan"]
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
        plan=jnp.where(
            at_villages(geography, law) > 0,
            owed,
            share * at_villages(geography, peasants) * counter,
        ),
        expected_take=villages.expected_take + learnt * (take - villages.expected_take),
        expected_pay=villages.expected_pay + learnt * worked * (pay - villages.expected_pay),
        delivered=zeros,
        harvest=zeros,
        distributed=zeros,
    )
    nothing = jnp.zeros_like(regions.plan)
    regions = replace(
        regions,
        plan=plan,
        plan_cut=nothing,
        delivered=nothing,
        harvest=nothing,
        reported_harvest=nothing,
    )
    households = replace(state.households, labour_days=jnp.zeros_like(state.households.labour_days))
    return replace(state, households=households, villages=villages, regions=regions)
