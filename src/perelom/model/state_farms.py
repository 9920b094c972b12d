"""Line 3 of the month, the state's own farms: land broken, sown, harvested, delivered. System S67.

State farms are kept by region. They were set up on land that peasants did not till, above all in
the steppe, with machines before animals; what they bring in beyond seed and feed is the state's.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.harvest import harvest_loss
from perelom.model.smooth import excess, power, smooth_min
from perelom.model.stations import state_farm_tractors
from perelom.world.state import State

HECTARES_PER_MILLION = 1e6


def land_wanted(state: State, context: Context) -> Float[Array, " region"]:
    """Return grain land that state farms lack of the area ordered (negative: too much), ha."""
    ordered = context.levers["state_farm_area"][0] * HECTARES_PER_MILLION
    return ordered * context.geography.steppe - state.regions.state_farm_land


def sowable(state: State, context: Context) -> Float[Array, " region"]:
    """Return the area that state farms can sow in time, ha. S67, M21.

    own share of the land + tractors x horses a unit x (1 - idle) x ha a horse-day x days.
    """
    numbers = context.parameters
    horses = state_farm_tractors(state, context) * numbers["horses_per_tractor"]
    days = numbers["sowing_days_possible"] * (1 - numbers["tractors_idle"])
    machines = horses * numbers["hectares_per_horse_day"] * days
    return machines + state.regions.state_farm_land * numbers["state_farm_own_draught"]


def state_farms(state: State, context: Context) -> Moved:
    """Break land, sow in May, harvest, keep seed and feed and hand over the rest. S67.

    dA = pace x land wanted / 12; sown = smooth minimum of (land, seed / rate, what draught can
    do), missing seed is lent from the region's state store; yield = normal yield of the region x
    quality^eta x weather, less losses; delivered each month = pace x (store - seed - feed)+.
    """
    regions, geography, numbers = state.regions, context.geography, context.parameters
    wanted = land_wanted(state, context)
    pace = numbers["state_farm_pace"] / 12
    broken, given_up = pace * jnp.maximum(wanted, 0.0), pace * jnp.maximum(-wanted, 0.0)
    land = regions.state_farm_land + broken - given_up

    sows = context.seasons["spring_sowing"]
    rate, grain = numbers["seed_rate"], regions.state_farm_grain
    lent = smooth_min(jnp.maximum(land * rate - grain, 0.0), regions.granary) * sows
    grain = grain + lent
    sown = smooth_min(land, grain / rate, sowable(state, context)) * sows
    seed = jnp.minimum(sown * rate, grain)

    quality = jnp.full_like(land, numbers["state_farm_quality"])
    loss = harvest_loss(quality, jnp.zeros_like(land), context)
    standing_yield = geography.normal_yield * numbers["yield_level"]
    standing_yield = standing_yield / (1 - numbers["harvest_loss_normal"])
    standing_yield = standing_yield * power(quality, numbers["yield_elasticity_to_work"])
    standing_yield = standing_yield * jnp.exp(regions.growing_weather)
    cut = (regions.state_farm_sown + sown) * context.seasons["spring_grain_harvest"]
    standing = cut * standing_yield
    brought_in = standing * (1 - loss)

    counted = context.levers["standing_crop_statistics"]
    reported = (1 - counted) * brought_in + counted * standing

    grain = grain - seed + brought_in
    fed = smooth_min(land * numbers["state_farm_feed"] / 12, grain)
    grain = grain - fed
    kept = land * (rate + numbers["state_farm_feed"])
    delivered = excess(grain - kept, kept + 1.0) * numbers["state_farm_deliveries"]
    regions = replace(
        regions,
        state_farm_land=land,
        state_farm_sown=regions.state_farm_sown + sown - cut,
        state_farm_grain=grain - delivered,
        granary=regions.granary - lent + delivered,
        harvest=regions.harvest + brought_in,
        reported_harvest=regions.reported_harvest + reported,
        delivered=regions.delivered + delivered,
    )
    flows = {
        "land_broken_state_farms": broken,
        "land_given_up_state_farms": given_up,
        "sown_state_farms": sown,
        "cut_state_farms": cut,
        "seed_lent_state_farms": lent,
        "seed_state_farms": seed,
        "harvest_state_farms": brought_in,
        "fed_state_farms": fed,
        "delivered_state_farms": delivered,
    }
    return replace(state, regions=regions), flows, {"reported_harvest": reported}
