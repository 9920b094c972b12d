"""Line 1 of the month: the scenario's decisions, and what the leadership makes of a crisis.

Systems S45, S104, S110; mechanism M46. Dated decisions are in the context before the month begins.
With the lever `leadership_concedes` the leadership answers the alarm it felt last month.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.world.state import State

_YIELDING = (
    "collectivization_pressure",
    "procurement_force",
    "dekulakization_quota",
    "expropriation_quota",
    "first_category_quota",
    "arrest_quota",
)
"""Orders that a frightened leadership takes back in part."""


def conceded(state: State, context: Context) -> Float[Array, ""]:
    """Return the part of its orders that the leadership gives up this month, 0 to 1. S104, M46.

    lever x most x (1 - exp(-(over / width)^2)), over = alarm beyond 1 - pull x moderation: nobody
    yields within what is tolerated, and moderates tolerate less.
    """
    numbers, nation = context.parameters, state.nation
    rule = context.levers["leadership_concedes"][0] * context.switches["leadership_rule"]
    tolerance = 1 - numbers["moderates_tolerate_less"] * nation.moderation
    over = jnp.maximum(nation.alarm - tolerance, 0.0) / numbers["concession_width"]
    return rule * numbers["concession_most"] * (1 - jnp.exp(-over * over))


def decisions(state: State, context: Context) -> Context:
    """Return the context with the levers of the month as finally decided. S45, S104, M46.

    With c given up: orders x (1 - c); exit, plan cuts and relief by belief rise by c of what is
    missing to their most. Without the rule c is 0 and no lever changes in any bit.
    """
    part, levers = conceded(state, context), dict(context.levers)
    for name in _YIELDING:
        levers[name] = levers[name] * (1 - part)
    for name in ("exit_permitted", "plan_revision", "relief_rule"):
        levers[name] = levers[name] + part * (1 - levers[name])
    return replace(context, levers=levers)
