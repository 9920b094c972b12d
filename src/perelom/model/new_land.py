"""Line 3 of the month: land newly taken under the plough by order. Systems S10, S68, S71.

Sowing plans of 1929-1932 asked villages for more land than they tilled: fallow, pasture and unused
land of the commune. Mechanism M21 (what is sown of it is still a matter of seed and draught).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.smooth import ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import State


def extension(state: State, context: Context) -> Float[Array, " region"]:
    """Return by what share land in use grows this spring. S68, M21.

    ordered growth x f x room, room = (1 + r - land / land of 1926) / r, 0 to 1: f is the part of
    an order that villages carry out, r the land of 1926 that could still be taken in.
    """
    numbers, geography = context.parameters, context.geography
    land = to_regions(geography, over_slots(state.households.land) + state.villages.kolkhoz_land)
    reserve = numbers["land_reserve"]
    room = (1 + reserve - ratio(land, context.reference.land)) / reserve
    ordered = context.levers["land_extension"] * context.switches["land_extension"]
    return ordered * numbers["extension_carried_out"] * jnp.clip(room, 0.0, 1.0)


def take_new_land(state: State, context: Context) -> Moved:
    """Add the year's new land to that of households and kolkhozes before spring sowing. S68."""
    households, villages = state.households, state.villages
    grown = at_villages(context.geography, extension(state, context))
    own = households.land * at_households(grown, households.land)
    kolkhoz = villages.kolkhoz_land * grown
    state = replace(
        state,
        households=replace(households, land=households.land + own),
        villages=replace(villages, kolkhoz_land=villages.kolkhoz_land + kolkhoz),
    )
    return state, {"land_opened_own": over_slots(own), "land_opened_kolkhoz": kolkhoz}, {}
