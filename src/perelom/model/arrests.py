"""Line 8 of the month, arrests: courts, the grain law, operations by quota. Systems S78, S79.

Mechanisms M14, M40. Whoever is arrested is counted as a prisoner at once; trials are not
told apart.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.dekulakization import PER_THOUSAND, overshoot
from perelom.model.prisons import execute, imprison, imprison_from_towns
from perelom.model.procurement import force
from perelom.model.smooth import ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import State

_MEN = 2
_WOMEN = 6


def quota_rate(persons: Array, men: Array, state: State, context: Context) -> Array:
    """Return arrests by quota this month a man of working age, by region. S79, M15.

    Quotas are counted by inhabitants; local requests for more grow with the tempo as elsewhere.
    """
    rate = context.levers["arrest_quota"] / (PER_THOUSAND * 12) * overshoot(state, context)
    return rate * ratio(persons, men)


class Rates(NamedTuple):
    """Chances of arrest of a man of working age this month, by village and length of the term."""

    short: Float[Array, " village"]
    long: Float[Array, " village"]


def village_rate(state: State, events: Float[Array, " village"], context: Context) -> Rates:
    """Return the chance that a man of working age is arrested this month, quotas aside. S79.

    Short terms: ordinary courts + arrests after each disturbance + a E, courts that punish grain
    not delivered (article 61), E the force applied. Long terms: law of 7 August 1932 x E.
    """
    numbers, geography = context.parameters, context.geography
    applied = force(state, context)
    law = at_villages(geography, context.levers["grain_law"]) * numbers["grain_law_arrests"] / 12
    undelivered = numbers["undelivered_arrests"] / 12 * context.switches["delivery_courts"]
    men = over_slots(state.households.persons[_MEN])
    after = numbers["arrests_after_disturbance"] * events * context.switches["protest_repression"]
    short = numbers["ordinary_arrests"] / 12 + undelivered * applied + ratio(after, men)
    return Rates(short, law * applied)


def arrests(state: State, events: Float[Array, " village"], context: Context) -> Moved:
    """Arrest people in villages and towns; shoot the share that an order names. S78, S79.

    Men m r (1 - w), women f r w, with w women's share among prisoners; events: disturbances.
    """
    geography, numbers, households = context.geography, context.parameters, state.households
    on = context.switches["arrests"]
    men, women = households.persons[_MEN], households.persons[_WOMEN]
    rural_men = over_slots(men)
    persons = to_regions(geography, over_slots(total(households.persons)))
    by_quota = quota_rate(persons, to_regions(geography, rural_men), state, context)
    rates = village_rate(state, events, context)
    long_rate = rates.long + at_villages(geography, by_quota)
    rate = rates.short + long_rate
    chance = at_households(-jnp.expm1(-rate) * on, men)
    part = numbers["women_among_arrested"]
    drawn = context.draws.counts(
        [((men * chance * (1 - part),), men), ((women * chance * part,), women)],
        geography,
        households,
        "arrests",
    )
    taken = {_MEN: drawn[0][0], _WOMEN: drawn[1][0]}
    state, flows = imprison(state, taken, ratio(long_rate, rate), context)
    town = state.regions.town_persons
    town_quota = quota_rate(town.sum(axis=0), town[_MEN], state, context)
    in_all = numbers["ordinary_arrests"] / 12 + town_quota
    town_rate = -jnp.expm1(-in_all) * on
    state, from_towns = imprison_from_towns(
        state,
        {_MEN: town[_MEN] * town_rate * (1 - part), _WOMEN: town[_WOMEN] * town_rate * part},
        ratio(town_quota, in_all),
    )
    under_quota = to_regions(geography, rural_men) * by_quota + town[_MEN] * town_quota
    state, shot = execute(state, under_quota * context.levers["execution_share"] * on)
    arrested = to_regions(geography, flows["arrested_rural"]) + from_towns["arrested_town"]
    return state, flows | from_towns | shot, {"arrested": arrested}
