"""Births and deaths on paper: registry offices and the running count of the population. S91, S96.

Mechanism M34 (what statistics show). Between censuses the population was printed as the last census
plus registered births less registered deaths. Nothing in the model decides by these figures.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.world.state import Regions


def register(
    regions: Regions,
    births: Float[Array, " region"],
    deaths: Float[Array, " region"],
    hunger: Float[Array, " region"],
    context: Context,
) -> tuple[Regions, dict[str, Array]]:
    """Book the month's births and deaths as far as they are registered. S91, S96, M34.

    missed births = (1 - b) births; missed deaths = (1 - d)(deaths - hunger) + (1 - h) hunger, with
    the parts b, d and h that reach a registry office; hunger: deaths of hunger among all. The
    running count exceeds those alive by the sum of missed deaths less missed births since the last
    census.
    """
    numbers, on = context.parameters, context.switches["registration"]
    lost_births = births * (1 - numbers["births_registered"]) * on
    ordinary = jnp.maximum(deaths - hunger, 0.0) * (1 - numbers["deaths_registered"])
    lost_deaths = (ordinary + hunger * (1 - numbers["hunger_deaths_registered"])) * on
    kept = 1 - context.levers["census"]
    overcount = (regions.overcount + lost_deaths - lost_births) * kept
    notes = {"births_not_registered": lost_births, "deaths_not_registered": lost_deaths}
    return replace(regions, overcount=overcount), notes
