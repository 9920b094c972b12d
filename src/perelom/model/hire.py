"""Hands and land in the village: surplus labour, hire between neighbours. Systems S03, S04.

Mechanisms M5 (hire), M6 (surplus labour).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, over_slots
from perelom.world.state import State


class Labour(NamedTuple):
    """Working hands that a household can spare this month, and those its own land lacks."""

    spare: Float[Array, "village slot"]
    lacking: Float[Array, "village slot"]


def labour(state: State, context: Context) -> Labour:
    """Compare hands with the month's work on own land and on that of the kolkhoz. S03.

    need = land x season / land a worker manages at the harvest; members work their share of the
    kolkhoz's land too. spare = max(workers - need, 0), lacking = max(own need - workers, 0).
    """
    households, numbers = state.households, context.parameters
    workers = households.persons[2] + households.persons[6]
    hand = context.seasons["field_work"].astype(workers.dtype) / numbers["hectares_at_harvest"]
    members = households.present * households.member
    common = ratio(state.villages.kolkhoz_land, over_slots(members))
    own = households.land * hand
    joint = members * at_households(common, workers) * hand
    return Labour(
        spare=jnp.maximum(workers - own - joint, 0.0), lacking=jnp.maximum(own - workers, 0.0)
    )


def hire(state: State, hands: Labour, context: Context) -> State:
    """Hire neighbours: money moves inside the village, none enters or leaves it. S04.

    hired = smooth min(lacking, spare) x share of the gap that is filled, less where the village
    feels pressure, since hiring is a mark of the kulak; pay up to a share of the hirer's cash.
    """
    households, numbers = state.households, context.parameters
    fear = numbers["hire_fear"] * state.villages.pressure
    wanted, offered = over_slots(hands.lacking), over_slots(hands.spare)
    share = numbers["hire_share"] * context.switches["village_hire"] * (1 - fear)
    hired = smooth_min(wanted, offered) * share
    wage = numbers["hired_wage"] * ratio(hired, wanted)
    cost = hands.lacking * at_households(wage, households.cash)
    paid = smooth_min(cost, households.cash * numbers["hire_cash_share"])
    earned = hands.spare * at_households(ratio(over_slots(paid), offered), paid)
    return replace(state, households=replace(households, cash=households.cash - paid + earned))
