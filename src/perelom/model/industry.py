"""Line 12 of the month, its grain part: exports, towns, relief and loans from state stores.

Systems S24, S41, S86, S90. Mechanisms M41 (relief), M42 (state stocks and export).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.food import months_to_harvest, rural_shortage
from perelom.model.procurement import TONNES_PER_MEGATONNE
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, settle, to_regions, total
from perelom.world.state import State


def seed_gap(state: State, context: Context) -> Float[Array, " village"]:
    """Return the spring seed that kolkhozes lack, t. M27."""
    villages, geography = state.villages, context.geography
    area = at_villages(geography, geography.grain_share * (1 - geography.winter_share))
    return jnp.maximum(
        villages.kolkhoz_land * area * context.parameters["seed_rate"] - villages.kolkhoz_seed, 0.0
    )


def state_grain(state: State, context: Context) -> Moved:
    """Share the state's grain among towns, exports, villages in need and seed loans. S24, M42.

    Each use asks for an amount a month; when stores beyond the reserve do not cover all, towns
    and exports are met by priority and the rest in proportion: met = smooth min(asked, available
    x priority share). Grain is drawn from all regions' stores in proportion to what they hold.
    """
    regions, households, villages = state.regions, state.households, state.villages
    geography, numbers, levers = context.geography, context.parameters, context.levers
    switches = context.switches
    spoiled = regions.granary * numbers["store_loss"] / 12
    stores = regions.granary - spoiled
    held = stores.sum()

    town_want = regions.town_persons.sum(axis=0) * numbers["town_grain_need"] / 12
    town_stock = numbers["town_months_of_store"] * town_want
    town_asked = jnp.maximum(town_want + town_stock - regions.town_grain, 0.0)
    town_asked = jnp.minimum(town_asked, town_want * numbers["town_restocking_pace"])
    town_asked = town_asked * levers["town_ration"]
    export_asked = (
        levers["grain_exports_plan"][0]
        * TONNES_PER_MEGATONNE
        * context.seasons["exports"]
        * switches["grain_exports"]
    )
    shortage = settle(rural_shortage(state, context))
    by_village = over_slots(shortage)
    short_region = to_regions(geography, by_village)
    supply_asked = short_region * numbers["rural_supply_share"] * levers["rural_supply"]
    relief_total = levers["relief_food"][0] * TONNES_PER_MEGATONNE * switches["relief"]
    hunger = to_regions(geography, over_slots(
        total(households.persons) * jnp.maximum(-households.body_reserve, 0.0)
    ))
    relief_asked = jnp.minimum(relief_total * ratio(hunger, hunger.sum()), short_region)
    gap = seed_gap(state, context) * at_villages(geography, levers["seed_loan"])
    seed_asked = gap * numbers["seed_loan_share"] * context.seasons["seed_lending"]
    seed_region = to_regions(geography, seed_asked)

    asked = jnp.stack([
        town_asked.sum(), export_asked, supply_asked.sum(), relief_asked.sum(), seed_region.sum()
    ])
    met = ration_out(asked, held, context)
    fill = ratio(met, asked)

    relief = shortage * at_households(
        at_villages(geography, ratio(relief_asked, short_region) * fill[3]), shortage
    )
    supply = shortage * at_households(
        at_villages(geography, ratio(supply_asked, short_region) * fill[2]), shortage
    )
    loan = seed_asked * fill[4]
    towns = town_asked * fill[0]
    exports, used = met[1], met.sum()
    drawn = stores * ratio(used, held)
    exported = drawn * ratio(exports, used)
    regions = replace(
        regions, granary=stores - drawn, town_grain=regions.town_grain + towns
    )
    households = replace(households, grain=households.grain + relief + supply)
    villages = replace(villages, kolkhoz_seed=villages.kolkhoz_seed + loan)
    flows = {
        "shipped_out": drawn - exported,
        "town_supply": towns,
        "rural_supply": over_slots(supply),
        "relief": over_slots(relief),
        "seed_loan": loan,
        "exported": exported,
        "spoiled_granary": spoiled,
    }
    return replace(state, households=households, villages=villages, regions=regions), flows, {}


def ration_out(asked: Float[Array, " use"], held: Array, context: Context) -> Float[Array, " use"]:
    """Meet monthly requests from what the stores may release. S86, M42.

    release = stores spread over the months until the harvest, front-loaded by `release_speed`;
    uses in the order of priority weights get smooth min(asked, weight share of release).
    """
    numbers = context.parameters
    months = months_to_harvest(context)
    available = held * jnp.minimum(numbers["release_speed"] / months, numbers["release_most"])
    plenty = smooth_min(available, asked.sum())
    weights = jnp.stack([
        numbers["priority_towns"],
        context.levers["export_priority"][0],
        numbers["priority_villages"],
        numbers["priority_relief"],
        numbers["priority_seed"],
    ])
    claim = asked * weights
    first = smooth_min(plenty * ratio(claim, claim.sum()), asked)
    rest = asked - first
    return first + smooth_min((plenty - first.sum()) * ratio(rest, rest.sum()), rest)
