"""What a run keeps of every village and of the households of followed villages."""

import jax.numpy as jnp
from jaxtyping import Array, Int

from perelom.model.rural_posts import peasants
from perelom.model.smooth import ratio
from perelom.model.space import measured, total
from perelom.world.state import CELLS, SPECIES, State

VILLAGE_FLOWS = (
    "births_rural",
    "deaths_rural",
    "moved_to_town",
    "joined",
    "left",
    "harvest_own",
    "harvest_kolkhoz",
    "sold_to_state",
    "taken_own",
    "taken_kolkhoz",
    "seed_seized_kolkhoz",
    "relief",
    "distributed",
    "eaten_rural",
    "recruited",
    "moved_to_village",
    "mts_payment",
    "purchased_kolkhoz",
    "excess_deaths",
    "deported",
    "arrested_rural",
    "self_liquidated_persons",
    "made_urban",
)
VILLAGE_SUMS = {
    "deported_households": ("deported_individual", "deported_kolkhoz"),
    "self_liquidated_households": ("self_liquidated_individual", "self_liquidated_kolkhoz"),
    "died_out_households": ("died_out_individual", "died_out_kolkhoz"),
    "moved_whole_households": ("moved_whole_individual", "moved_whole_kolkhoz"),
    "took_posts_households": ("took_posts_individual", "took_posts_kolkhoz"),
    "divided_households": ("divided_individual", "divided_kolkhoz"),
    "stripped_households": ("stripped_households_here",),
    "disturbances": ("disturbances_here",),
}
"""Columns kept of every village, and the flows or notes that each is the sum of.

Households are those that farm: with them the account of peasant households closes by village.
"""
HOUSEHOLD_COLUMNS = (
    "present",
    "birth_number",
    "label",
    "land",
    "winter_sown",
    "spring_sown",
    "horses",
    "cattle",
    "sheep_goats",
    "pigs",
    "implements",
    "grain",
    "seed",
    "member",
    "outside",
    "body_reserve",
    "labour_days",
)


def village_record(before: State, flows: dict[str, Array]) -> dict[str, Array]:
    """Return the columns kept of every village: stocks of the first day, flows of the month.

    Each is [village] in single precision; persons, households, head, ha, t, shares.
    """
    households, villages = before.households, before.villages
    present = measured(households.present)
    persons = total(households.persons)
    kept = {
        "persons": measured(persons),
        "households": present,
        "peasant_households": measured(peasants(households)),
        "kolkhoz_households": measured(households.present * households.member),
        "own_land": measured(households.land),
        "kolkhoz_land": villages.kolkhoz_land,
        "own_grain": measured(households.grain),
        "kolkhoz_grain": villages.kolkhoz_grain,
        "plan": villages.plan,
        "delivered": villages.delivered,
        "pressure": villages.pressure,
        "expected_take": villages.expected_take,
        "effort": villages.effort,
        "body_reserve": ratio(measured(persons * households.body_reserve), measured(persons)),
    }
    for species in SPECIES:
        own = measured(getattr(households, species))
        kept[species] = own + getattr(villages, f"kolkhoz_{species}")
    kept |= {name: flows[name] for name in VILLAGE_FLOWS}
    kept |= {name: total(flows[one] for one in parts) for name, parts in VILLAGE_SUMS.items()}
    return {name: values.astype(jnp.float32) for name, values in kept.items()}


def household_record(state: State, followed: Int[Array, " followed"]) -> dict[str, Array]:
    """Return the columns of the followed villages' households, each [followed, slot]."""
    households = state.households
    kept = {name: getattr(households, name)[followed] for name in HOUSEHOLD_COLUMNS}
    for cell, name in enumerate(CELLS):
        kept[name] = households.persons[cell][followed]
    return kept
