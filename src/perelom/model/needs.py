"""What households need in a month: energy, other food than grain, bread. Systems S12; M47.

Counted once on the first day of the month: people, weights and milk change little within it.
"""

from collections.abc import Sequence

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Needs
from perelom.model.herd_structure import yearly_slaughter
from perelom.model.plots import plot_food
from perelom.model.space import at_households, at_villages, over_slots, total
from perelom.world.state import AGE_BANDS, SPECIES, State

DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12


def bare_of_fodder(context: Context) -> Float[Array, " region"]:
    """Return grain fed to a head, relative to the norm: the less rough fodder, the more. S84."""
    reference = context.parameters["fodder_cover_reference"]
    return (1 - context.geography.fodder_cover) / (1 - reference)


def energy_need(persons: Sequence[Array] | Array, context: Context) -> Array:
    """Return the energy that persons of normal weight need, kcal a day. M47."""
    numbers = context.parameters
    bands = len(AGE_BANDS)
    norms = [numbers[f"energy_need_{AGE_BANDS[cell % bands]}"] for cell in range(2 * bands)]
    return total(persons[cell] * norms[cell] for cell in range(2 * bands))


def other_food(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return food other than grain, kcal a day a household: garden, forest, milk, meat. M47.

    Members' cows stay partly in their yards; kolkhoz milk is delivered to the state. What members
    bring in from their plots depends on plot and hours (M20).
    """
    households, numbers = state.households, context.parameters
    geography = context.geography
    garden = geography.garden_calories * context.seasons["garden"]
    persons = total(households.persons)
    milk = households.cattle * numbers["milk_energy_per_head"]
    milk = milk + households.sheep_goats * numbers["sheep_goats_energy_per_head"]
    plot = at_households(plot_food(state, context) - 1, persons)
    grown = persons * (1 + households.member * plot)
    grown = grown * at_households(at_villages(geography, garden), persons)
    return grown + milk + meat_at_home(state, context)


def meat_at_home(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the meat that households eat of their ordinary slaughter, kcal a day. M47, M53.

    Sum over species of own animals x yearly slaughter x energy a head x share eaten at home / 365:
    what is killed in autumn is salted and lasts the year. Off: none.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    persons = over_slots(total(households.persons))
    eaten = numbers["meat_eaten_at_home"] * context.switches["meat_at_home"] / DAYS_PER_YEAR
    meat = jnp.zeros_like(households.grain)
    for species in SPECIES:
        own = getattr(households, species)
        herd = over_slots(own) + getattr(villages, f"kolkhoz_{species}")
        yearly = yearly_slaughter(species, herd, persons, context)
        energy = numbers[f"{species}_meat_energy"] * eaten
        meat = meat + own * at_households(yearly * energy, own)
    return meat


def needs(state: State, context: Context) -> Needs:
    """Count eaters and the grain that they would eat this month if they had plenty. S12, M47.

    Need less other food, but never less than the least share of energy that comes from grain;
    people below normal weight want more until they have regained it.
    """
    households, numbers = state.households, context.parameters
    need = energy_need(households.persons, context)
    loss = jnp.maximum(-households.body_reserve, 0.0) / numbers["normal_body_weight"]
    need = need * (1 + numbers["appetite_after_hunger"] * loss)
    lacking = jnp.maximum(
        need - other_food(state, context), numbers["grain_share_of_food_least"] * need
    )
    bread = lacking * DAYS_PER_MONTH / (numbers["grain_energy"] * 1000)
    return Needs(total(households.persons), bread)


def persons_of(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the persons of each household."""
    return (needs(state, context) if context.needs is None else context.needs).persons


def grain_wanted(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the grain a household would eat this month if it had plenty, t. M47."""
    return (needs(state, context) if context.needs is None else context.needs).bread
