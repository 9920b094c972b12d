"""Line 8 of the month, special settlements: arrival, bread, death, escape, release. System S74.

Mechanism M54. Deported people are counted by cell in the region where they were settled.
"""

from collections.abc import Sequence
from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.confinement import illness_behind_wire, mixed_reserve, reserve_after
from perelom.model.context import Context, Flows
from perelom.model.smooth import ratio
from perelom.model.space import over_slots, to_regions, total
from perelom.model.state_grain import structural_deficit
from perelom.model.vital_rates import age, ageing_means, conceptions, death_hazards
from perelom.world.state import AGE_BANDS, CELLS, SMALL_CHILDREN, State

_BANDS = len(AGE_BANDS)
_WORKING_WOMEN = 6


def destinations(context: Context) -> Float[Array, " region"]:
    """Return the share of deported people that each region is ordered to receive. S74.

    Orders by weight. Where there is none, by the grain that the villages of a region lacked in
    1926: regions of timber, mines and pasture, where little was grown.
    """
    ordered = context.levers["deportees_received"]
    weight = jnp.where(ordered.sum() > 0, ordered, structural_deficit(context))
    return weight / weight.sum()


def settle(
    state: State,
    gone: Sequence[Array],
    along: Float[Array, " village"],
    inside: Float[Array, " region"],
    context: Context,
) -> tuple[State, Flows]:
    """Bring deported people to where they are to live; some die on the way. S74, M54.

    gone: persons by cell, [village, slot]. along: grain that they take with them, t. inside: share
    that stays within the region; the others go where orders say. Deaths on the way fall on small
    children more than on others.
    """
    geography, numbers, regions = context.geography, context.parameters, state.regions
    leaving = to_regions(geography, jnp.stack([over_slots(cell) for cell in gone]))
    brought = to_regions(
        geography, over_slots(total(gone) * state.households.body_reserve)
    )  # kg of body weight that is missing
    share = destinations(context)
    going = leaving * inside + (leaving * (1 - inside)).sum(axis=-1, keepdims=True) * share
    risk = jnp.stack(
        [
            numbers["death_on_the_way"]
            * (numbers["small_children_on_the_way"] if c in SMALL_CHILDREN else 1)
            for c in range(len(CELLS))
        ]
    )[:, None].astype(going.dtype)
    dying, arriving = going * risk, going * (1 - risk)
    come = arriving.sum(axis=0)
    there = regions.settlers.sum(axis=0)
    mean = ratio(brought.sum(), leaving.sum())
    reserve = mixed_reserve(regions.settler_body_reserve, there, mean * come, come)
    bread = to_regions(geography, along)
    grain = bread * inside + (bread * (1 - inside)).sum() * share
    regions = replace(
        regions,
        settlers=regions.settlers + arriving,
        settler_body_reserve=reserve,
        settlement_grain=regions.settlement_grain + grain,
    )
    flows = {
        "deaths_on_the_way": dying.sum(axis=0),
        "settled": come,
        "grain_taken_along": along,
        "grain_brought": grain,
    }
    return replace(state, regions=regions), flows


def unhoused(state: State) -> Float[Array, " region"]:
    """Return the share of settlers without a dwelling, 0 to 1. M54."""
    regions = state.regions
    return jnp.maximum(1 - ratio(regions.settlement_housing, regions.settlers.sum(axis=0)), 0.0)


def settler_deaths(state: State, context: Context) -> Float[Array, "cell region"]:
    """Return deaths in the settlements this month, persons. S74, S89, M54.

    The hazards of other people with the settlers' own body reserve, times 1 + hardship x share
    unhoused, and infections; small children suffer more.
    """
    numbers, regions = context.parameters, state.regions
    bare = unhoused(state) * context.switches["settler_hardship"]
    level = context.geography.mortality
    grown = level * (1 + numbers["hardship_of_unhoused"] * bare)
    small = level * (1 + numbers["hardship_of_unhoused"] * numbers["hardship_of_children"] * bare)
    ill = illness_behind_wire(regions, context)
    others = death_hazards(grown, regions.settler_body_reserve, context, ill).actual
    children = death_hazards(small, regions.settler_body_reserve, context, ill).actual
    chance = [children[c] if c in SMALL_CHILDREN else others[c] for c in range(len(CELLS))]
    return regions.settlers * jnp.stack(chance)


def leaving_settlements(
    alive: Float[Array, "cell region"], bare: Float[Array, " region"], context: Context
) -> tuple[Array, Array]:
    """Return who escapes and who is released this month, persons. S74, M54.

    Escapes e0 (1 - control) (bare + kept (1 - bare)) x readiness to move by age, bare the share of
    settlers without a dwelling: who has a house and a garden has more to lose.
    """
    numbers, levers = context.parameters, context.levers
    readiness = jnp.stack(
        [numbers[f"moving_{AGE_BANDS[cell % _BANDS]}"] for cell in range(len(CELLS))]
    )[:, None].astype(alive.dtype)
    rooted = (1 - numbers["escapes_of_housed"]) * context.switches["rooting"]
    rate = numbers["escapes_uncontrolled"] * (1 - levers["settlement_control"])
    rate = rate * (1 - rooted * (1 - bare))
    escaped = alive * -jnp.expm1(-rate * readiness)
    released = (alive - escaped) * -jnp.expm1(-levers["settlers_released"] / 12)
    return escaped, released


def caught_again(
    fugitives: Float[Array, "cell region"], context: Context
) -> tuple[Array, Float[Array, "cell region"]]:
    """Return who is caught this month, and who is looked for after it, persons. S74, M54.

    Of those at large c = x / ((1 - x) T) are caught in a month and the trace of 1 / T is lost, T in
    months: x of all who escape are caught in the end, most of them in later years.
    """
    numbers = context.parameters
    lost = 1 / numbers["months_searched_for"]
    share = numbers["escaped_recaptured"]
    caught = fugitives * -jnp.expm1(-lost * share / (1 - share))
    return caught, (fugitives - caught) * jnp.exp(-lost)


def settlements(state: State, eaten: Float[Array, " region"], context: Context) -> Moved:
    """Move the settlements through one month. S74, M54.

    Order: bread, deaths, escapes and releases (to the towns of the region), births, ageing,
    building. eaten: grain, t. Gardens feed those who have a house as they do villagers; the
    others have what was issued, gathered and bought besides bread.
    """
    regions, numbers, geography = state.regions, context.parameters, context.geography
    persons, bare = regions.settlers, unhoused(state)
    garden = geography.garden_calories * context.seasons["garden"]
    other = garden * (1 - bare) + numbers["settlement_other_food"] * bare
    other = persons.sum(axis=0) * other
    deaths = settler_deaths(state, context)
    reserve = reserve_after(regions.settler_body_reserve, eaten, other, persons, context)
    alive = persons - deaths
    escaped, released = leaving_settlements(alive, bare, context)
    found, fugitives = caught_again(regions.fugitives, context)
    caught = jnp.minimum(found, regions.town_persons)
    staying = alive - escaped + caught - released
    born = regions.settler_conceptions[0]
    after = age(list(staying), ageing_means(list(staying), context))
    boys = born * numbers["boys_at_birth"]
    after[0], after[_BANDS] = after[0] + boys, after[_BANDS] + born - boys
    fertile = geography.fertility * numbers["settler_fertility"]
    conceived = conceptions(persons[_WORKING_WOMEN], fertile, reserve, context)
    short = jnp.maximum(persons.sum(axis=0) - regions.settlement_housing, 0.0)
    regions = replace(
        regions,
        settlers=jnp.stack(after),
        settler_body_reserve=reserve,
        settler_conceptions=jnp.concatenate([regions.settler_conceptions[1:], conceived[None]]),
        settlement_housing=regions.settlement_housing + numbers["settlement_building"] * short,
        town_persons=regions.town_persons + escaped - caught + released,
        fugitives=fugitives + escaped,
    )
    flows = {
        "births_settlers": born,
        "deaths_settlers": deaths.sum(axis=0),
        "escaped": escaped.sum(axis=0),
        "recaptured": caught.sum(axis=0),
        "released_settlers": released.sum(axis=0),
    }
    return replace(state, regions=regions), flows, {}
