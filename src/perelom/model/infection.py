"""Typhus and other infections of famine years. System S95, mechanism M52.

One reservoir a region: the share of people ill and the share made immune.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.housing import crowding
from perelom.model.smooth import excess, ratio
from perelom.model.space import measured, over_slots, to_regions, total
from perelom.world.state import Regions, State


def ending_share(context: Context) -> Array:
    """Return the share of the ill whose illness ends in a month, by recovery or death."""
    return -jnp.expm1(-1 / context.parameters["infection_duration"])


def infection_hazard(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the monthly chance of dying of infection beyond that of calm years. S95, M52.

    lethality x ending share x (ill - ill in calm years)+; deaths of calm years are in the ordinary
    death rates already.
    """
    numbers, ending = context.parameters, ending_share(context)
    endemic = numbers["infection_endemic"] / ending
    more = excess(regions.infected - endemic, endemic)
    return numbers["infection_lethality"] * ending * more * context.switches["infection"]


def reproduction(
    loss: Array, moving: Array, crowded: Array, context: Context
) -> Float[Array, " region"]:
    """Return how many people one who is ill infects. S95, M52.

    R = R0 (1 + hunger loss + moves moving + crowd crowded), below 1 in calm years. loss: share of
    body weight lost; moving: share of village people who move in a year; crowded: see housing.
    """
    numbers = context.parameters
    return numbers["infection_spread"] * (
        1
        + numbers["infection_of_hunger"] * loss
        + numbers["infection_of_moves"] * moving
        + numbers["infection_of_crowding"] * crowded
    )


def spread(
    state: State, moved: Float[Array, " region"], context: Context
) -> tuple[Regions, Float[Array, " region"]]:
    """Let infections spread for a month; return regions and the new cases, share. S95, M52.

    New cases = susceptible (1 - exp(-R ending ill)) + cases from outside, which keep the calm level
    alive; ill' = ill (1 - ending) + new; the immune are renewed by births. moved: persons this
    month.
    """
    households, regions = state.households, state.regions
    numbers, geography = context.parameters, context.geography
    persons = to_regions(geography, measured(total(households.persons)))
    town = regions.town_persons.sum(axis=0)
    lost = to_regions(geography, over_slots(-households.body_reserve * total(households.persons)))
    lost = lost - regions.town_body_reserve * town
    loss = ratio(lost, (persons + town) * numbers["normal_body_weight"])
    factor = reproduction(loss, ratio(moved, persons) * 12, crowding(regions, context), context)
    ending = ending_share(context)
    endemic = numbers["infection_endemic"]
    susceptible = jnp.maximum(1 - regions.immune - regions.infected, 0.0)
    new = -susceptible * jnp.expm1(-factor * ending * regions.infected)
    new = new + endemic * (1 - numbers["infection_spread"])
    ended = ending * regions.infected
    immune = regions.immune * (1 - numbers["immunity_renewed"] / 12)
    immune = immune + ending * excess(regions.infected - endemic / ending, endemic / ending)
    return replace(regions, infected=regions.infected - ended + new, immune=immune), new
