"""Line 8 of the month, flight: farms labelled kulak that sell out and leave. System S77.

Mechanism M6. Held against no total: the number of such farms is an observation kept for testing.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
from jax.scipy.special import logit
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.dekulakization import KULAK
from perelom.model.estate import PROPERTY, hand_over
from perelom.model.space import (
    at_households,
    at_villages,
    over_slots,
    raion_mean,
    to_regions,
    total,
)
from perelom.world.state import SPECIES, State


def threatened(state: State, context: Context) -> Array:
    """Return whether any village has a reason of this kind to leave: a levy, or repression seen."""
    reasons = context.levers["kulak_levy"].sum() + state.regions.settlers.sum()
    return (reasons > 0) & (context.switches["self_liquidation"] > 0)


def leaving_chance(state: State, context: Context) -> Float[Array, " village"]:
    """Return the monthly chance that a household labelled kulak sells out and leaves. S77, M6.

    p = L(logit p1 + b1 (levy - 1) + b2 threat) - L(logit p1 - b1): claims on the farm relative to
    its harvest, and households of the raion hit by repression lately. Exactly 0 without both: who
    leaves a quiet village is counted with the migrants.
    """
    numbers = context.parameters
    levy = at_villages(context.geography, context.levers["kulak_levy"])
    threat = raion_mean(context.geography, state.villages.repressed)
    level = logit(numbers["self_liquidation_at_full_levy"])
    slope = numbers["self_liquidation_levy"]
    pushed = level + slope * (levy - 1) + numbers["self_liquidation_threat"] * threat
    quiet = jax.nn.sigmoid(level - slope).astype(levy.dtype)
    chance = jnp.maximum(jax.nn.sigmoid(pushed) - quiet, 0.0)
    return jnp.where((levy > 0) | (threat > 0), chance, 0.0)


def self_liquidate(state: State, context: Context) -> Moved:
    """Let threatened households sell out and move to the towns of their region. S77, M6.

    Part of the animals is slaughtered; the rest of the farm stays with the village. Money goes
    along.
    """
    geography, numbers = context.geography, context.parameters
    before = state.households
    chance = jnp.where(before.label == KULAK, 1.0, 0.0).astype(before.present.dtype)
    chance = chance * at_households(leaving_chance(state, context), chance)
    left = context.draws.happens(chance, geography, before, "self-liquidation")
    gone = [cell * left for cell in before.persons]
    by_cell = to_regions(geography, jnp.stack([over_slots(cell) for cell in gone]))
    families = before.present * left
    killed = {
        species: getattr(before, species) * left * numbers["slaughtered_on_leaving"]
        for species in SPECIES
    }
    money = before.cash * left
    households = replace(
        before,
        persons=tuple(cell - off for cell, off in zip(before.persons, gone, strict=True)),
        present=before.present - families,
        labour_days=before.labour_days * (1 - left),
        cash=before.cash - money,
        **{species: getattr(before, species) - head for species, head in killed.items()},
    )
    lost = {
        name: getattr(before, name) * left - killed.get(name, 0.0)
        for name in PROPERTY
        if name != "cash"
    }
    state, flows = hand_over(replace(state, households=households), lost, context)
    cash = to_regions(geography, over_slots(money))
    regions = replace(
        state.regions,
        town_persons=state.regions.town_persons + by_cell,
        town_cash=state.regions.town_cash + cash,
    )
    flows |= {
        "self_liquidated_individual": over_slots(families * before.outside),
        "self_liquidated_kolkhoz": over_slots(families * before.member),
        "self_liquidated_persons": over_slots(total(gone)),
        "roubles_carried_away": over_slots(money),
    }
    flows |= {
        f"{species}_slaughtered_on_leaving": over_slots(head) for species, head in killed.items()
    }
    return replace(state, regions=regions), flows, {}
