"""Line 3 of the month, second half: tending, harvest and losses. Systems S10, S25, S69.

Mechanisms M22 (sowing date to yield), M25 (weather), M26 (losses), M28 (food to work).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.obligations import counted
from perelom.model.reports import career_bias
from perelom.model.smooth import power, ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.model.stations import payment, yield_gain
from perelom.world.state import State


def work_capacity(body_reserve: Array, context: Context) -> Array:
    """Return strength for work: 1 at normal weight, falling with weight lost. M28.

    h = 1 / (1 + exp((loss - loss_half) / width)); loss is the share of normal weight lost.
    """
    numbers = context.parameters
    loss = -body_reserve / numbers["normal_body_weight"]
    fall = (loss - numbers["weight_loss_half_strength"]) / numbers["weight_loss_strength_width"]
    strength = 1.0 / (1.0 + jnp.exp(fall))
    return 1.0 + context.switches["food_to_work"] * (strength - 1.0)


def crop_yield(
    delay: Float[Array, " village"], quality: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the crop standing in the fields, t/ha, before harvest losses.

    y = y_normal / (1 - loss_normal) exp(w - lambda delay) quality^eta, where quality is that of
    the work done (strength x effort) and eta what output owes to it. S10, M16, M22, M25.
    """
    numbers, geography = context.parameters, context.geography
    normal = geography.normal_yield * numbers["yield_level"] / (1 - numbers["harvest_loss_normal"])
    learning = numbers["yield_growth"] * (context.draws.month / 12.0)
    return (
        at_villages(geography, normal)
        * jnp.exp(learning - numbers["yield_loss_per_day"] * delay)
        * power(quality, numbers["yield_elasticity_to_work"])
    )


def harvest_loss(
    quality: Float[Array, " village"], draught_gap: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the share of the standing crop lost before it is in the barn.

    l = l0 + l_effort (1 - quality) + l_gap gap, kept below l_max by a smooth bound. S25, S69, M26.
    """
    numbers = context.parameters
    normal, most = numbers["harvest_loss_normal"], numbers["harvest_loss_greatest"]
    extra = numbers["harvest_loss_of_effort"] * jnp.maximum(1 - quality, 0.0)
    extra = extra + numbers["harvest_loss_of_draught_gap"] * draught_gap
    room = most - normal
    return normal + context.switches["harvest_losses"] * room * jnp.tanh(extra / room)


def _draught_gap(delay: Array, context: Context) -> Array:
    """Return how far carting lags for want of horses, 0 to 1: the sowing delay's echo."""
    return jnp.tanh(delay / context.parameters["sowing_days_possible"])


def harvest(state: State, context: Context) -> Moved:
    """Bring in the month's share of the standing grain. S10, S25.

    Kolkhoz yields grow with the years of experience (S72, M29); stations take their payment in
    kind at once, which counts as delivered (S66) unless deliveries are owed by hectare.
    """
    households, villages = state.households, state.villages
    strength = ratio(
        over_slots(work_capacity(households.body_reserve, context) * households.present),
        over_slots(households.present),
    )
    sky = jnp.exp(at_villages(context.geography, state.regions.growing_weather))
    own_quality, kolkhoz_quality = strength, strength * villages.effort
    learnt = jnp.exp(context.parameters["kolkhoz_learning"] * villages.experience)
    ploughed = yield_gain(state, context)
    cut = {
        "winter": context.seasons["winter_grain_harvest"],
        "spring": context.seasons["spring_grain_harvest"],
    }
    own_grain, own_cut = jnp.zeros_like(households.grain), jnp.zeros_like(households.grain)
    kolkhoz_grain, kolkhoz_cut = jnp.zeros_like(sky), jnp.zeros_like(sky)
    standing, left = jnp.zeros_like(sky), {}
    kolkhoz_standing = jnp.zeros_like(sky)
    for crop, share in cut.items():
        own_area = getattr(households, f"{crop}_sown") * share.astype(households.grain.dtype)
        kolkhoz_area = getattr(villages, f"kolkhoz_{crop}_sown") * share
        own_delay = getattr(villages, f"{crop}_delay")
        kolkhoz_delay = getattr(villages, f"kolkhoz_{crop}_delay")
        own_yield = crop_yield(own_delay, own_quality, context) * sky
        kolkhoz_yield = (
            crop_yield(kolkhoz_delay, kolkhoz_quality, context) * sky * learnt * ploughed
        )
        own_kept = 1 - harvest_loss(own_quality, _draught_gap(own_delay, context), context)
        kolkhoz_kept = 1 - harvest_loss(
            kolkhoz_quality, _draught_gap(kolkhoz_delay, context), context
        )
        own_grain = own_grain + own_area * at_households(own_yield * own_kept, own_area)
        kolkhoz_grain = kolkhoz_grain + kolkhoz_area * kolkhoz_yield * kolkhoz_kept
        standing = standing + over_slots(own_area) * own_yield + kolkhoz_area * kolkhoz_yield
        kolkhoz_standing = kolkhoz_standing + kolkhoz_area * kolkhoz_yield
        own_cut, kolkhoz_cut = own_cut + own_area, kolkhoz_cut + kolkhoz_area
        left[crop] = (
            getattr(households, f"{crop}_sown") - own_area,
            getattr(villages, f"kolkhoz_{crop}_sown") - kolkhoz_area,
        )
    barn = over_slots(own_grain) + kolkhoz_grain
    paid = payment(kolkhoz_grain, kolkhoz_standing, state, context)
    households = replace(
        households,
        winter_sown=left["winter"][0],
        spring_sown=left["spring"][0],
        grain=households.grain + own_grain,
    )
    villages = replace(
        villages,
        kolkhoz_winter_sown=left["winter"][1],
        kolkhoz_spring_sown=left["spring"][1],
        kolkhoz_grain=villages.kolkhoz_grain + kolkhoz_grain - paid,
        harvest=villages.harvest + barn,
        delivered=villages.delivered + counted(paid, jnp.zeros_like(paid), context),
    )
    reported = to_regions(context.geography, reported_grain(barn, standing, context))
    payments = to_regions(context.geography, paid)
    reported = reported * (1 + career_bias(state.regions, context))
    regions = replace(
        state.regions,
        granary=state.regions.granary + payments,
        delivered=state.regions.delivered + payments,
        harvest=state.regions.harvest + to_regions(context.geography, barn),
        reported_harvest=state.regions.reported_harvest + reported,
    )
    flows = {
        "harvest_own": over_slots(own_grain),
        "harvest_kolkhoz": kolkhoz_grain,
        "cut_own": over_slots(own_cut),
        "cut_kolkhoz": kolkhoz_cut,
        "mts_payment": paid,
    }
    notes = {"reported_harvest": reported, "standing_crop": to_regions(context.geography, standing)}
    return replace(state, households=households, villages=villages, regions=regions), flows, notes


def reported_grain(barn: Array, standing: Array, context: Context) -> Array:
    """Return the harvest as local reports give it. S91, M34.

    Barn estimates with the observers' upward bias, or the standing crop once statistics are told
    to report it (lever `standing_crop_statistics`).
    """
    counted = at_villages(context.geography, context.levers["standing_crop_statistics"])
    bias = context.parameters["harvest_report_bias"] * context.switches["report_bias"]
    return (1 - counted) * barn * (1 + bias) + counted * standing
