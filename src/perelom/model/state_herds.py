"""Herds of state farms: bought from villages, bred, fed from state grain. Systems S67, S84.

Mechanisms M12 (animals leave the yards) and M24 (neglect). National counts of animals contain
them. Their meat goes to towns outside the food balance of grain; what was paid for animals is not
booked, nor are the horses of state farms.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.context import Context, Flows
from perelom.model.needs import bare_of_fodder
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import SPECIES, STATE_FARM_SPECIES, State

HEAD_PER_MILLION = 1e6


def herds_ordered(context: Context) -> dict[str, Float[Array, " region"]]:
    """Return the animals state farms are ordered to hold, by species and region, head. S67.

    The order is spread over regions by their animals in December 1926.
    """
    levers, reference = context.levers, context.reference
    orders = {
        "cattle": levers["state_farm_cattle"][0],
        "sheep_goats": levers["state_farm_sheep_goats"][0],
        "pigs": levers["state_farm_pigs"][0],
    }
    persons = reference.rural_persons.sum(axis=0)
    spread = {s: reference.january_herd[SPECIES.index(s)] * persons for s in STATE_FARM_SPECIES}
    on = context.switches["state_herds"] * HEAD_PER_MILLION
    return {s: order * on * ratio(spread[s], spread[s].sum()) for s, order in orders.items()}


def fed_from_state_grain(state: State, context: Context) -> tuple[Array, Array]:
    """Return state grain fed to state herds, t, and how far feed met the need, 0 to 1. M23."""
    regions, numbers, geography = state.regions, context.parameters, context.geography
    need = total(
        getattr(regions, f"state_farm_{species}") * numbers[f"{species}_feed"]
        for species in STATE_FARM_SPECIES
    )
    need = need * context.seasons["stall_feeding"] * bare_of_fodder(context)
    given = smooth_min(need, regions.granary * numbers["grain_fed_at_most"])
    fed = jnp.where(need > 0, ratio(given, need), 1.0)
    return given, geography.fodder_cover + (1 - geography.fodder_cover) * fed


def keep_state_herds(state: State, context: Context) -> Moved:
    """Buy, breed, lose and slaughter animals of state farms in a month. S67, S84, M24.

    bought = own animals x h / (1 + h), h = pace x missing / 12 over the animals of households;
    births, deaths and slaughter as in other herds, with neglect and with the order as normal size.
    """
    households, regions, numbers = state.households, state.regions, context.parameters
    geography, seasons = context.geography, context.seasons
    given, met = fed_from_state_grain(state, context)
    starving = numbers["feed_death_sensitivity"] / 12 * context.switches["feed_deaths"]
    flows: Flows = {"fed_state_herds": given}
    own: dict[str, Any] = {}
    common: dict[str, Any] = {"granary": regions.granary - given}
    for species, ordered in herds_ordered(context).items():
        held = getattr(households, species)
        herd = getattr(regions, f"state_farm_{species}")
        standing = seasons[f"{species}_standing"]
        missing = jnp.maximum(ordered * standing - herd, 0.0) * numbers["state_herd_pace"] / 12
        chance = ratio(missing, to_regions(geography, over_slots(held)))
        chance = at_villages(geography, chance / (1 + chance))
        sold = held * at_households(chance, held)
        flows[f"{species}_bought_by_state_farms"] = over_slots(sold)
        bought = to_regions(geography, over_slots(sold))

        young = 1 - numbers["common_herd_neglect_births"]
        born = herd / standing * numbers[f"{species}_birth"] * seasons[f"{species}_born"]
        born = born * met * young
        crowding = jnp.minimum(ratio(herd, ordered * standing + 1), numbers["herd_crowding_most"])
        ordinary = numbers[f"{species}_slaughter"] * seasons[f"{species}_slaughtered"] / standing
        ordinary = ordinary * power(crowding, numbers["herd_regulation"])
        death = numbers[f"{species}_death"] + numbers["state_herd_neglect"]
        death = death / 12 + starving * (1 - met)
        part = herd / (1 + ordinary + death)
        own[species] = held - sold
        common[f"state_farm_{species}"] = herd + bought + born - part * (ordinary + death)
        flows |= {
            f"{species}_born_state_farms": born,
            f"{species}_died_state_farms": part * death,
            f"{species}_slaughtered_state_farms": part * ordinary,
        }
    households, regions = replace(households, **own), replace(regions, **common)
    return replace(state, households=households, regions=regions), flows, {}


def state_herds(state: State, context: Context) -> Moved:
    """Keep the herds of state farms, where there are any or any are ordered. S67, S84."""
    orders = total(herds_ordered(context).values()).sum()
    held = total(getattr(state.regions, f"state_farm_{s}").sum() for s in STATE_FARM_SPECIES)
    return when(orders + held > 0, lambda now: keep_state_herds(now, context), state)
