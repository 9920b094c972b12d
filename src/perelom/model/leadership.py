"""Line 14 of the month: crisis signals, who speaks for a slower pace. Systems S104, S107, S110.

Mechanism M46. In the historical scenario the centre's decisions are dated and this line records
what weighed on it; with the lever `leadership_concedes` the line `decisions` acts on it.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.plans import arrears
from perelom.model.smooth import ratio
from perelom.model.space import at_capital
from perelom.model.state_grain import town_need
from perelom.world.state import State


def crisis_signals(state: State, context: Context) -> dict[str, Float[Array, ""]]:
    """Return what weighs on the leadership, each in units of what it tolerates. S104, M46.

    Disturbances that the police registered this month; arrears of the grain plan; bread missing in
    town stores against their norm; hunger in villages as the centre believes it.
    """
    regions, numbers = state.regions, context.parameters
    missing = ratio((arrears(regions, context) * regions.plan).sum(), regions.plan.sum())
    # When the year has been closed the plan in the books is the next one: nothing of it is due.
    missing = missing * (1 - context.seasons["agricultural_year_closes"])
    norm = town_need(state, context) * numbers["town_months_of_store"]
    short = ratio(jnp.maximum(norm - regions.town_grain, 0.0).sum(), norm.sum())
    registered = regions.disturbances.sum() * numbers["disturbances_registered"]
    villagers = context.reference.rural_persons.sum(axis=0)
    hunger = (regions.believed_hunger * villagers).sum() / villagers.sum()
    return {
        "disturbances": registered / numbers["tolerated_disturbances"],
        "arrears": missing / numbers["tolerated_arrears"],
        "town_shortage": short / numbers["tolerated_town_shortage"],
        "hunger": hunger / numbers["tolerated_hunger"],
    }


def alarm(state: State, context: Context) -> Float[Array, ""]:
    """Return the alarm after this month: a' = a + filter (sum of signals - a). S104, M46."""
    signals = sum(crisis_signals(state, context).values(), jnp.zeros_like(state.nation.alarm))
    before = state.nation.alarm
    return before + context.parameters["alarm_filter"] * (signals - before)


def moderation(state: State, context: Context) -> Float[Array, ""]:
    """Return the voice of those who want a slower pace, after this month. S104, S107, M46.

    m' = m + gain x o / (1 + o) x (ceiling - m)+ - loss x E / (1 + E) / (1 + alarm^2) x m
    - expulsion x (m - ceiling)+, with o = (alarm - 1)+, E the mean pressure and force ordered and
    ceiling = 1 - lever `opposition_expelled`. Failure gives critics a hearing; force that seems to
    succeed takes it away.
    """
    nation, numbers, levers = state.nation, context.parameters, context.levers
    before, ceiling = nation.moderation, 1 - levers["opposition_expelled"][0]
    over = jnp.maximum(nation.alarm - 1, 0.0)
    heard = numbers["voice_gained_in_crisis"] * over / (1 + over)
    ordered = levers["procurement_force"].mean() + levers["collectivization_pressure"].mean()
    success = ordered / (1 + ordered) / (1 + nation.alarm * nation.alarm)
    quieted = numbers["voice_lost_in_success"] * success
    expelled = numbers["expulsion_pace"] * jnp.maximum(before - ceiling, 0.0)
    return before + heard * jnp.maximum(ceiling - before, 0.0) - quieted * before - expelled


def leadership(state: State, context: Context) -> Moved:
    """Move alarm and moderation; nobody's decision changes here. S104, M46."""
    nation = replace(state.nation, alarm=alarm(state, context))
    state = replace(state, nation=nation)
    nation = replace(nation, moderation=moderation(state, context))
    notes = {
        "alarm": at_capital(context.geography, nation.alarm),
        "moderation": at_capital(context.geography, nation.moderation),
    }
    return replace(state, nation=nation), {}, notes
