"""Line 8 of the month, bread behind wire: rations of settlements and prisons. Systems S74, S78.

Mechanisms M49, M54. Both live on one store of state grain, filled by the line of the state's grain.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.food import body_reserve_after
from perelom.model.infection import infection_hazard
from perelom.model.needs import DAYS_PER_MONTH, energy_need
from perelom.model.smooth import ratio, smooth_min
from perelom.world.state import Regions, State


class Rations(NamedTuple):
    """Grain wanted or eaten in a month by settlers and by prisoners, t [region]."""

    settlers: Float[Array, " region"]
    prisoners: Float[Array, " region"]


def rations_wanted(state: State, context: Context) -> Rations:
    """Return the grain of a month at the ordered ration, t. M54.

    persons x the towns' grain a person x ration, as a share of the towns' norm; for prisoners the
    ordinary ration times what the centre leaves of it.
    """
    numbers, regions = context.parameters, state.regions
    norm = numbers["town_grain_need"] / 12
    return Rations(
        regions.settlers.sum(axis=0) * norm * context.levers["settler_ration"],
        regions.prisoners.sum(axis=0)
        * norm
        * numbers["prison_ration"]
        * context.levers["prison_ration_level"],
    )


def confined_request(state: State, context: Context) -> Float[Array, " region"]:
    """Return the grain that settlements and prisons ask of the state's stores, t.

    They keep a store of as many months as towns do and fill it at the same pace.
    """
    numbers, wanted = context.parameters, rations_wanted(state, context)
    month = wanted.settlers + wanted.prisoners
    norm = month * (1 + numbers["town_months_of_store"])
    missing = jnp.maximum(norm - state.regions.settlement_grain, 0.0)
    return jnp.minimum(missing, month * numbers["town_restocking_pace"])


def eat(state: State, context: Context) -> Rations:
    """Return the grain eaten this month, t: the store is shared by rations. M54."""
    wanted = rations_wanted(state, context)
    asked = wanted.settlers + wanted.prisoners
    met = ratio(smooth_min(state.regions.settlement_grain, asked), asked)
    return Rations(wanted.settlers * met, wanted.prisoners * met)


def illness_behind_wire(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the monthly chance of a settler or prisoner to die of typhus and the like. S95, M52.

    The hazard of the region times x: barracks and cells were crowded, and convoys passed on lice.
    """
    more = context.parameters["infection_behind_wire"] * context.switches["infection_behind_wire"]
    return infection_hazard(regions, context) * more


def reserve_after(
    before: Array, eaten: Array, other: Array, persons: Array, context: Context
) -> Array:
    """Return the body reserve of confined people after a month, kg a person. M49.

    eaten, t; other: food besides bread, kcal a day in all; persons [cell, region].
    """
    energy = eaten * context.parameters["grain_energy"] * 1000 / DAYS_PER_MONTH + other
    need = energy_need(persons, context)
    return body_reserve_after(before, energy, need, persons.sum(axis=0), context)


def mixed_reserve(before: Array, there: Array, coming: Array, arrived: Array) -> Array:
    """Return the mean body reserve when people join others.

    before, kg a person, of those there (persons); coming, kg in all, of those who arrived.
    """
    return ratio(before * there + coming, there + arrived)
