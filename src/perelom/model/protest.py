"""Line 8 of the month, protest: grievances, disturbances, concessions. Systems S81, S82.

Mechanisms M13 (protest and revolt), M14 (repression: deterrence and backlash).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.campaign import village_share
from perelom.model.context import Context
from perelom.model.harvest import work_capacity
from perelom.model.needs import persons_of
from perelom.model.smooth import power, ratio
from perelom.model.space import at_villages, over_slots, raion_mean, to_regions
from perelom.world.state import State


class Protest(NamedTuple):
    """A month of protest: state after, disturbances by village, notes by region."""

    state: State
    events: Float[Array, " village"]
    notes: dict[str, Array]


def body_reserve_of_villages(state: State, context: Context) -> Float[Array, " village"]:
    """Return the mean body reserve of a village's people, kg a person."""
    persons = persons_of(state, context)
    return ratio(over_slots(persons * state.households.body_reserve), over_slots(persons))


def grievances(
    state: State, reserve: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return what the month adds to a village's heat. S81, M13.

    g_join pressure x share forced in + g_take share of grain taken + g_struck share of households
    deported or stripped + g_church church closing + g_hunger share of weight lost. The unit is
    the grievance of a village forced in whole within a month under full pressure.
    """
    villages, numbers = state.villages, context.parameters
    forced = villages.pressure * jnp.maximum(village_share(state) - villages.share_before, 0.0)
    church = at_villages(context.geography, context.levers["church_closing"])
    loss = jnp.maximum(-reserve, 0.0) / numbers["normal_body_weight"]
    return (
        forced
        + numbers["grievance_take"] * villages.taken_part
        + numbers["grievance_struck"] * villages.struck
        + numbers["grievance_church"] * church
        + numbers["grievance_hunger"] * loss
    )


def heat_after(
    state: State, added: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the heat of each village: old grievances fade, word spreads in the raion. S82, M13.

    H' = (1 - fade) (H + c (raion mean - H)) + added.
    """
    numbers, heat = context.parameters, state.villages.heat
    heard = numbers["heat_heard_in_raion"] * (raion_mean(context.geography, heat) - heat)
    return (1 - numbers["heat_fades"]) * (heat + heard) + added


def disturbance_chance(
    heat: Array, reserve: Array, repressed: Array, context: Context
) -> Float[Array, " village"]:
    """Return the chance of a mass disturbance in a village this month. S81, M13, M14.

    p = 1 - exp(-(l0 + l1 heat^eta) strength exp(-(theta_d - theta_b (1 - credibility)) r)), r the
    share of households deported or arrested lately: fear deters, blind repression inflames. The
    starving have little strength to rise.
    """
    numbers = context.parameters
    rate = numbers["disturbances_in_quiet_times"] + numbers["disturbances_at_full_heat"] * power(
        heat, numbers["disturbance_convexity"]
    )
    indiscriminate = 1 - numbers["repression_credibility"]
    held_down = numbers["deterrence"] - numbers["backlash"] * indiscriminate
    held_down = held_down * context.switches["protest_repression"]
    return -jnp.expm1(-rate * work_capacity(reserve, context) * jnp.exp(-held_down * repressed))


def protest(state: State, context: Context) -> Protest:
    """Let villages grow hot, rise, and win concessions. S81, S82, M13, M14.

    After a disturbance local officials give up a part of the pressure and let people leave; the
    centre sees what the police registered. Acts of terror follow heat with a rate of their own.
    """
    villages, numbers, switches = state.villages, context.parameters, context.switches
    geography, on = context.geography, context.switches["protest"]
    reserve = body_reserve_of_villages(state, context)
    heat = heat_after(state, grievances(state, reserve, context), context) * on
    repressed = villages.repressed * (1 - numbers["repression_forgotten"])
    chance = disturbance_chance(heat, reserve, repressed, context) * on
    events = context.draws.village_happens(chance, geography, "disturbance")
    yielding = numbers["concession"] * switches["local_concession"]
    kept = villages.conceded * (1 - numbers["concession_withdrawn"])
    villages = replace(
        villages,
        heat=heat,
        conceded=kept + (1 - kept) * yielding * events,
        repressed=repressed,
        share_before=village_share(state),
    )
    counted = to_regions(geography, events)
    terror = numbers["terror_in_quiet_times"] + numbers["terror_at_full_heat"] * heat
    acts = to_regions(geography, terror * on)
    registered = numbers["disturbances_registered"]
    regions = replace(state.regions, disturbances=counted)
    notes = {
        "disturbances": counted,
        "disturbances_here": events,
        "registered_disturbances": counted * registered,
        "terror_acts": acts,
        "registered_terror_acts": acts * registered,
        "heat": to_regions(geography, heat * over_slots(state.households.present)),
    }
    return Protest(replace(state, villages=villages, regions=regions), events, notes)
