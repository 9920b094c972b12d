"""Line 10 of the month: what people eat, in villages and towns, and their body reserve.

Systems S12, S86, S88. Mechanisms M47 (food balance), M49 (body reserve).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, Flows
from perelom.model.herd_structure import breeding_after_slaughter
from perelom.model.needs import (
    DAYS_PER_MONTH,
    bare_of_fodder,
    energy_need,
    grain_wanted,
    other_food,
    persons_of,
)
from perelom.model.rations import eaten_by_list, on_central_supply, reserves, shares
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import SPECIES, State, Villages


def months_to_harvest(context: Context) -> Array:
    """Return the months from now until the next harvest is in."""
    return context.seasons["months_to_harvest"]


def months_looked_ahead(context: Context) -> Array:
    """Return the months for which people make sure of bread: to the harvest, or less."""
    return jnp.minimum(months_to_harvest(context), context.parameters["months_looked_ahead"])


def grain_needed_until_harvest(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the grain a household wants to keep: food, feed and spring seed until the harvest."""
    households, numbers, geography = state.households, context.parameters, context.geography
    months = months_to_harvest(context).astype(households.grain.dtype)
    food = grain_wanted(state, context) * (months + numbers["prudent_months"])
    feed = total(getattr(households, s) * numbers[f"{s}_feed"] for s in SPECIES)
    bare = at_households(at_villages(geography, bare_of_fodder(context)), feed)
    spring = at_villages(geography, geography.grain_share * (1 - geography.winter_share))
    spring = spring * context.seasons["spring_seed_kept_back"]
    seed = households.land * at_households(spring, feed) * numbers["seed_rate"]
    seed = jnp.maximum(seed * (1 + numbers["seed_insurance"]) - households.seed, 0.0)
    return food + feed * bare * (months / 12) + seed


def rural_shortage(
    state: State, months: Float[Array, ""], context: Context
) -> Float[Array, "village slot"]:
    """Return the grain households lack to eat as they want for some months, t. S06, S12."""
    wanted = grain_wanted(state, context)
    return jnp.maximum(wanted * months.astype(wanted.dtype) - state.households.grain, 0.0)


def eat_rural(state: State, context: Context) -> Moved:
    """Let village households eat and move their body reserve. S12, S88, M47, M49.

    Share of wanted grain eaten = smooth min(1, cover^theta), cover = store over what is wanted
    for the months looked ahead; weight change = days (eaten - need of the present weight) over
    the energy of a kg. Seed is eaten when the store is empty.
    """
    households, numbers = state.households, context.parameters
    wanted = grain_wanted(state, context)
    ahead = months_looked_ahead(context).astype(wanted.dtype)
    shortage = bread_shortage(households.grain, wanted, context)
    seed_eaten = households.seed * numbers["seed_eaten_in_hunger"] * shortage
    meat, slaughtered = slaughter_for_food(state, shortage, context)
    store = households.grain + seed_eaten
    cover = ratio(store, wanted * ahead)
    thrift = smooth_min(jnp.ones_like(cover), power(cover, numbers["rationing_by_household"]))
    eaten = smooth_min(wanted * thrift, store)
    persons = persons_of(state, context)
    energy = eaten * numbers["grain_energy"] * 1000 / DAYS_PER_MONTH
    energy = energy + meat / DAYS_PER_MONTH + other_food(state, context)
    reserve = body_reserve_after(
        households.body_reserve, energy, energy_need(households.persons, context), persons, context
    )
    slain = {species: over_slots(head) for species, head in slaughtered.items()}
    villages = breeding_left(state, slain, context)
    households = replace(
        households,
        grain=store - eaten,
        seed=households.seed - seed_eaten,
        body_reserve=reserve,
        **{species: getattr(households, species) - head for species, head in slaughtered.items()},
    )
    flows = {"seed_eaten": over_slots(seed_eaten), "eaten_rural": over_slots(eaten)}
    flows |= {f"{species}_slaughtered_from_hunger": head for species, head in slain.items()}
    notes = {"food_energy_rural": to_regions(context.geography, over_slots(energy))}
    return replace(state, households=households, villages=villages), flows, notes


def breeding_left(state: State, slain: Flows, context: Context) -> Villages:
    """Return villages with the structure of herds after slaughter in hunger. S84, S88."""
    villages = state.villages
    after = {}
    for species in SPECIES:
        herd = over_slots(getattr(state.households, species))
        herd = herd + getattr(villages, f"kolkhoz_{species}")
        breeding = getattr(villages, f"breeding_{species}")
        head = slain[species]
        after[f"breeding_{species}"] = breeding_after_slaughter(
            species, breeding, herd, head, context
        )
    return replace(villages, **after)


def bread_shortage(grain: Array, wanted: Array, context: Context) -> Array:
    """Return how near a household is to having no bread, 0 to 1. S88.

    (1 - months of bread in store / threshold)^2 below the threshold, exactly 0 above it.
    """
    # Rounding leaves traces below zero in houses that stand empty, where next to nothing is wanted.
    months = ratio(jnp.maximum(grain, 0.0), wanted)
    missing = jnp.maximum(1 - months / context.parameters["store_of_hunger"], 0.0)
    return missing * missing * (wanted > 0)


def slaughter_for_food(
    state: State, shortage: Float[Array, "village slot"], context: Context
) -> tuple[Array, dict[str, Array]]:
    """Kill animals when bread will not last: return energy (kcal) and head by species. S88, M53.

    Share killed in the month = chi shortage / (1 + chi shortage), less for draught animals.
    """
    households, numbers = state.households, context.parameters
    hazard = numbers["slaughter_from_hunger"] * shortage * context.switches["slaughter_for_food"]
    killed = hazard / (1 + hazard)
    spared = dict.fromkeys(SPECIES, 1.0) | {"horses": numbers["horses_eaten_last"]}
    slaughtered = {
        species: getattr(households, species) * killed * spared[species] for species in SPECIES
    }
    meat = total(head * numbers[f"{species}_meat_energy"] for species, head in slaughtered.items())
    return meat, slaughtered


def body_reserve_after(
    before: Array, energy: Array, need: Array, persons: Array, context: Context
) -> Array:
    """Return the body reserve after a month, kg a person. M49.

    W' = W + days (c - e(W)) / k with e = need (1 - slack) (1 + tau W / W0): people live on less
    than they eat in plenty by working and wasting less, and a thin body needs less. Weight
    regained stops at the normal one.
    """
    numbers = context.parameters
    adapted = 1 + numbers["energy_saved_by_weight_loss"] * before / numbers["normal_body_weight"]
    adapted = adapted * (1 - numbers["energy_spared_without_harm"])
    balance = ratio(energy - need * adapted, persons)
    after = before + balance * DAYS_PER_MONTH / numbers["energy_of_body_weight"]
    least = -numbers["weight_loss_survivable"] * numbers["normal_body_weight"]
    return jnp.where(persons > 0, jnp.clip(after, least, 0.0), 0.0)


def eat_town(state: State, context: Context) -> Moved:
    """Let towns eat from their stores. S86, M56.

    Wanted grain as in villages with the towns' other food; horses and trade use some more; the
    store is stretched by days of cover like a ration rule, and shared out by ration lists.
    """
    regions, numbers = state.regions, context.parameters
    persons = regions.town_persons.sum(axis=0)
    need = energy_need(regions.town_persons, context)
    other = persons * numbers["town_other_food"]
    wanted = (need - other) * DAYS_PER_MONTH / (numbers["grain_energy"] * 1000)
    cover = ratio(regions.town_grain, wanted * numbers["town_months_of_store"])
    thrift = smooth_min(jnp.ones_like(cover), power(cover, numbers["rationing_by_household"]))
    offered = smooth_min(wanted * thrift, regions.town_grain)
    by_list = eaten_by_list(offered, wanted, persons, context)
    eaten = by_list.upper + by_list.others
    energy_of_grain = numbers["grain_energy"] * 1000 / DAYS_PER_MONTH
    after = []
    for grain, share, before in zip(
        by_list,
        shares(context),
        reserves(regions, context),
        strict=True,
    ):
        eaten_energy = grain * energy_of_grain + other * share
        after.append(
            body_reserve_after(before, eaten_energy, need * share, persons * share, context)
        )
    upper, others = after
    energy = eaten * energy_of_grain + other
    left = regions.town_grain - eaten
    used = smooth_min(persons * numbers["town_other_grain_use"] / 12, left)
    spoiled = (left - used) * numbers["store_loss"] / 12
    upper_share, _ = shares(context)
    regions = replace(
        regions,
        town_grain=left - used - spoiled,
        town_body_reserve=others + upper_share * (upper - others),
        ration_reserve_gap=upper - others,
    )
    rural = to_regions(context.geography, over_slots(persons_of(state, context)))
    notes = {
        "food_energy_town": energy,
        "on_central_supply": on_central_supply(persons, rural, context),
    }
    flows = {"eaten_town": eaten, "used_in_towns": used, "spoiled_town": spoiled}
    return replace(state, regions=regions), flows, notes


def food(state: State, context: Context) -> Moved:
    """Let villages and towns eat. S12, S86, S88."""
    state, village_flows, village_notes = eat_rural(state, context)
    state, town_flows, town_notes = eat_town(state, context)
    return state, village_flows | town_flows, village_notes | town_notes
