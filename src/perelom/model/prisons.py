"""Line 8 of the month, prisons and camps: intake, bread, crowding, death, release. System S78.

Mechanisms M14, M54. Prisoners are booked in the region where they were arrested: what matters here
is their number, their bread and their death. Where camps lay is not modelled.
"""

from collections.abc import Mapping
from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.confinement import illness_behind_wire, mixed_reserve, reserve_after
from perelom.model.context import Context, Flows
from perelom.model.settlements import destinations
from perelom.model.smooth import ratio
from perelom.model.space import over_slots, to_regions, total
from perelom.model.vital_rates import age, ageing_means, death_hazards
from perelom.world.state import CELLS, State


def imprison(
    state: State,
    taken: Mapping[int, Float[Array, "village slot"]],
    long: Float[Array, " village"],
    context: Context,
) -> tuple[State, Flows]:
    """Move arrested villagers to prison. S78.

    taken: persons by the index of their cell. long: share of them who get a long term.
    """
    geography, households, regions = context.geography, state.households, state.regions
    persons = list(households.persons)
    prisoners = regions.prisoners
    for cell, arrested in taken.items():
        persons[cell] = persons[cell] - arrested
        prisoners = prisoners.at[cell].add(to_regions(geography, over_slots(arrested)))
    everyone = total(taken.values())
    coming = to_regions(geography, over_slots(everyone * households.body_reserve))
    there, now = regions.prisoners.sum(axis=0), prisoners.sum(axis=0)
    reserve = mixed_reserve(regions.prisoner_body_reserve, there, coming, now - there)
    came = over_slots(everyone)
    regions = replace(
        regions,
        prisoners=prisoners,
        prisoner_body_reserve=reserve,
        long_terms=regions.long_terms + to_regions(geography, came * long),
    )
    state = replace(state, households=replace(households, persons=tuple(persons)), regions=regions)
    return state, {"arrested_rural": came}


def imprison_from_towns(
    state: State, taken: Mapping[int, Float[Array, " region"]], long: Float[Array, " region"]
) -> tuple[State, Flows]:
    """Move arrested town people to prison. S78.

    taken: persons by the index of their cell. long: share of them who get a long term.
    """
    regions = state.regions
    town, prisoners = regions.town_persons, regions.prisoners
    for cell, arrested in taken.items():
        town = town.at[cell].add(-arrested)
        prisoners = prisoners.at[cell].add(arrested)
    come = total(taken.values())
    reserve = mixed_reserve(
        regions.prisoner_body_reserve,
        regions.prisoners.sum(axis=0),
        regions.town_body_reserve * come,
        come,
    )
    regions = replace(
        regions,
        town_persons=town,
        prisoners=prisoners,
        prisoner_body_reserve=reserve,
        long_terms=regions.long_terms + come * long,
    )
    return replace(state, regions=regions), {"arrested_town": come}


def execute(state: State, sentenced: Float[Array, " region"]) -> tuple[State, Flows]:
    """Shoot prisoners sentenced to death, never more than there are. S79."""
    prisoners = state.regions.prisoners
    share = jnp.minimum(ratio(sentenced, prisoners.sum(axis=0)), 1.0)
    shot = prisoners * share
    long = state.regions.long_terms * (1 - share)
    regions = replace(state.regions, prisoners=prisoners - shot, long_terms=long)
    return replace(state, regions=regions), {"executed": shot.sum(axis=0)}


def sent_to_settlements(state: State, context: Context) -> tuple[State, Flows]:
    """Move prisoners to special settlements where an order says so. S74, S78.

    1 - exp(-order / 12) of the prisoners of a region; they go where deported families go.
    """
    regions = state.regions
    share = -jnp.expm1(-context.levers["prisoners_settled"] / 12)
    leaving = regions.prisoners * share
    arriving = leaving.sum(axis=-1, keepdims=True) * destinations(context)
    come = arriving.sum(axis=0)
    gone = leaving.sum(axis=0)
    reserve = ratio((gone * regions.prisoner_body_reserve).sum(), gone.sum())
    there = regions.settlers.sum(axis=0)
    mixed = mixed_reserve(regions.settler_body_reserve, there, reserve * come, come)
    regions = replace(
        regions,
        prisoners=regions.prisoners - leaving,
        long_terms=regions.long_terms * (1 - share),
        settlers=regions.settlers + arriving,
        settler_body_reserve=jnp.where(come > 0, mixed, regions.settler_body_reserve),
    )
    return replace(state, regions=regions), {
        "sent_to_settlements": gone,
        "settled_from_prison": come,
    }


def prisons(state: State, eaten: Float[Array, " region"], context: Context) -> Moved:
    """Move prisons and camps through one month. S78.

    Deaths: the hazards of others with the prisoners' own body reserve, times the hardship of
    prison and of crowding, m (1 + c (persons / places - 1)+), and infections. Releases:
    1 - exp(-1 / (12 years) - amnesty / 12), to the towns of the region, years by the length of the
    term. Places follow the number of prisoners slowly. eaten: grain, t.
    """
    regions, numbers = state.regions, context.parameters
    persons = regions.prisoners
    held = persons.sum(axis=0)
    crowding = jnp.maximum(ratio(held, regions.prison_places) - 1, 0.0)
    level = context.geography.mortality * numbers["prison_mortality"]
    level = level * (1 + numbers["mortality_of_crowding"] * crowding)
    ill = illness_behind_wire(regions, context)
    chances = death_hazards(level, regions.prisoner_body_reserve, context, ill).actual
    deaths = jnp.stack([persons[cell] * chances[cell] for cell in range(len(CELLS))])
    other = held * numbers["prison_other_food"]
    reserve = reserve_after(regions.prisoner_body_reserve, eaten, other, persons, context)
    alive = persons - deaths
    long = ratio(jnp.minimum(regions.long_terms, held), held) * context.switches["long_terms"]
    amnesty = context.levers["prisoners_released"] / 12
    freed = -jnp.expm1(-1 / (12 * numbers["years_served"]) - amnesty)
    freed_late = -jnp.expm1(-1 / (12 * numbers["years_served_of_long_terms"]) - amnesty)
    released = alive * ((1 - long) * freed + long * freed_late)
    staying = list(alive - released)
    after = jnp.stack(age(staying, ageing_means(staying, context)))
    built = numbers["prison_building"] / 12 * jnp.maximum(held - regions.prison_places, 0.0)
    regions = replace(
        regions,
        prisoners=after,
        prisoner_body_reserve=reserve,
        long_terms=alive.sum(axis=0) * long * (1 - freed_late),
        prison_places=regions.prison_places + built,
        town_persons=regions.town_persons + released,
    )
    flows = {"deaths_prison": deaths.sum(axis=0), "released_prisoners": released.sum(axis=0)}
    state, sent = sent_to_settlements(replace(state, regions=regions), context)
    return state, flows | sent, {}
