"""What becomes of the property of households that die out or leave whole. Systems S01, S96."""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.draws import RAREST
from perelom.model.smooth import ratio
from perelom.model.space import at_households, over_slots, total
from perelom.world.state import SPECIES, State

_TO_RELATIVES = ("grain", "seed", "implements", "cash", *SPECIES)
_FIELDS = ("land", "winter_sown", "spring_sown")


def pass_on_property(state: State, died_out: Float[Array, "village slot"]) -> Moved:
    """Hand the property of households that have just died out to other people. S01, S96.

    died_out: share of each slot's household that died out or left this month, already taken off
    `present`. Stores, animals, tools and money go to the other households of the village in
    proportion to persons; so do fields, but for those of members, which stay with the kolkhoz.
    Where nobody is left in the village it lies idle. Households to households is no change of a
    stock; a part below one in ten thousand is not passed on, it is less than single precision.
    """
    households, villages = state.households, state.villages
    part = ratio(died_out, households.present + died_out)
    part = jnp.where(part < RAREST, 0.0, part)
    persons = total(households.persons)
    living = over_slots(persons)
    part = part * at_households(jnp.where(living > RAREST, 1.0, 0.0), part)
    heir = persons * at_households(ratio(jnp.ones_like(living), living), persons)

    def inherited(left: Array) -> Array:
        return heir * at_households(over_slots(left), heir)

    own: dict[str, Any] = {}
    for name in _TO_RELATIVES:
        held = getattr(households, name)
        left = held * part
        own[name] = held - left + inherited(left)
    common: dict[str, Array] = {}
    to_kolkhoz: dict[str, Array] = {}
    inside = ratio(households.member, households.member + households.outside)
    for name in _FIELDS:
        held = getattr(households, name)
        left = held * part
        pooled = left * inside
        own[name] = held - left + inherited(left - pooled)
        to_kolkhoz[name] = over_slots(pooled)
        common[f"kolkhoz_{name}"] = getattr(villages, f"kolkhoz_{name}") + to_kolkhoz[name]
    flows = {
        "land_pooled": to_kolkhoz["land"],
        "standing_pooled": to_kolkhoz["winter_sown"] + to_kolkhoz["spring_sown"],
    }
    state = replace(
        state, households=replace(households, **own), villages=replace(villages, **common)
    )
    return state, flows, {}


def inheritance(state: State, died_out: Float[Array, "village slot"], context: Context) -> Array:
    """Return whether any household has died out of which property is to be passed on. S96."""
    part = ratio(died_out, state.households.present + died_out)
    return ((part >= RAREST).any()) & (context.switches["inheritance"] > 0)
