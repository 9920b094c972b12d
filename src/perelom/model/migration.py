"""Moves between villages and towns: what jobs, homes, recruiters and passports do to them.

Systems S39, S92, S93. Mechanisms M39 (passports), M55 (migration).
"""

from collections.abc import Sequence
from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.employment import held_outside
from perelom.model.housing import room
from perelom.model.smooth import excess, ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import SMALL_CHILDREN, Households, Regions, State

_WORKING = (2, 6)


def jobless_share(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the share of the town labour force without work. S92.

    u = (1 - employed / seekers)+ (smooth), seekers = a part of town people of working age; employed
    are those who live in towns.
    """
    numbers = context.parameters
    working = total(regions.town_persons[cell] for cell in _WORKING)
    seekers = working * numbers["town_job_seekers"]
    away = held_outside(regions.employed + regions.vacancies, context)
    employed = regions.employed - jnp.minimum(away, regions.employed)
    return excess(1 - ratio(employed, seekers), numbers["jobless_width"])


def town_pull(regions: Regions, context: Context) -> tuple[Array, Array]:
    """Return what towns add to yearly moves, and by what they multiply all moves. S39, S92, M55.

    added = b v with v the vacancies over posts, of the own region and, for the recruited, of the
    country; factor = exp(-epsilon (u - u0)) (space / space0)^eta: nobody goes where there is
    neither work nor a bed.
    """
    numbers, on = context.parameters, context.switches["town_jobs"]
    vacant = ratio(regions.vacancies, regions.employed + regions.vacancies)
    posts = (regions.employed + regions.vacancies).sum()
    elsewhere = ratio(regions.vacancies.sum(), posts)
    sent = recruited_share(context)
    vacant = vacant + sent * (elsewhere - vacant)
    beyond = jobless_share(regions, context) - numbers["jobless_normal"]
    work = jnp.exp(-numbers["moving_response_to_jobless"] * beyond * on)
    return numbers["moving_to_vacancies"] * vacant * on, work * room(regions, context)


def recruited_share(context: Context) -> Float[Array, " region"]:
    """Return the share of those who move that recruiters send to towns of any region. S93."""
    return context.levers["organised_recruitment"] * context.switches["recruitment"]


def open_road(context: Context) -> Float[Array, " region"]:
    """Return the share of moves that passports and bans let pass; contracts are papers. M39."""
    ban = context.parameters["movement_ban_effect"] * context.levers["movement_ban"]
    return 1 - ban * (1 - recruited_share(context))


def arrivals_of_recruits(
    recruited: Float[Array, "cell region"], regions: Regions, context: Context
) -> Float[Array, "cell region"]:
    """Send the recruited of the whole country where posts are open. S93, M55.

    Weights: vacancies + a month's turnover of posts. What leaves villages arrives in the month.
    """
    posts_left = context.parameters["town_posts_turnover"] * regions.employed
    weight = ratio(regions.vacancies + posts_left, (regions.vacancies + posts_left).sum())
    return recruited.sum(axis=-1, keepdims=True) * weight


def families_among_movers(context: Context) -> Array:
    """Return the share of those who move to towns who go with their whole family. S92, M55."""
    return context.parameters["families_among_movers"] * context.switches["families_move"]


def movers(band: str, context: Context) -> Array:
    """Return how ready an age band is to move, relative to the mean. S92, M55.

    Of a family that leaves all go, so that no band moves less than families do. In sampled draws
    those who go with a family are left out: they are added once it is drawn who leaves whole.
    """
    ready, whole = context.parameters[f"moving_{band}"], families_among_movers(context)
    alone = jnp.maximum(ready - whole, 0.0)
    return alone + whole if context.draws.expected else alone


def families_leaving(
    moving: Float[Array, "village slot"], households: Households, context: Context
) -> Float[Array, "village slot"]:
    """Return the share of each household's families that leave for towns whole. S92, M55, M65.

    phi m, with m the chance that a person moves and phi the share who go with their family: the
    farm is given up. All others leave a household behind.
    """
    chance = moving * families_among_movers(context)
    return context.draws.happens(chance, context.geography, households, "families leaving")


def with_whole_families(
    persons: Sequence[Array], gone: list[list[Array]], newborn: list[Array], whole: Array
) -> list[list[Array]]:
    """Let everybody who has not died go with a family that was drawn to leave. M55.

    gone: by cell who die, who move alone, who enter the next age band; newborn: boys and girls.
    """
    stay = 1 - whole
    after = []
    for cell, now in zip(gone, persons, strict=True):
        moved = cell[1] * stay + (now - cell[0]) * whole
        after.append([cell[0], moved, *(grown * stay for grown in cell[2:])])
    for small, child in zip(SMALL_CHILDREN, newborn, strict=True):
        after[small][1] = after[small][1] + child * whole
    return after


def return_rate(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the monthly chance that a town dweller of working age goes to a village. S92, M39.

    1 - exp(-(r_u (u - u0)+ + r_h loss + r_p checks) / 12): out of work, hungry, or refused a
    passport.
    """
    numbers, on = context.parameters, context.switches["town_jobs"]
    idle = jobless_share(regions, context) - numbers["jobless_normal"]
    idle = excess(idle, numbers["jobless_width"])
    loss = -regions.town_body_reserve / numbers["normal_body_weight"]
    yearly = on * (numbers["return_of_jobless"] * idle + numbers["return_of_hungry"] * loss)
    yearly = yearly + numbers["refused_passports"] * context.levers["passport_checks"]
    return -jnp.expm1(-yearly * context.switches["migration"] / 12)


def return_to_villages(state: State, context: Context) -> Moved:
    """Take people back from towns into households of the region's villages. S92, M39.

    Returners are of working age; households take them in by the people that they have.
    """
    households, regions, geography = state.households, state.regions, context.geography
    people = total(households.persons)
    rural = to_regions(geography, over_slots(people))
    rate = return_rate(regions, context)
    taken = [
        people
        * at_households(
            at_villages(geography, ratio(regions.town_persons[c] * rate, rural)), people
        )
        for c in _WORKING
    ]
    drawn = context.draws.counts([(taken, None)], geography, households, "returning")[0]
    by_village = jnp.stack([over_slots(cell) for cell in drawn])
    gone = to_regions(geography, by_village)
    persons, town = list(households.persons), regions.town_persons
    for cell, came, left in zip(_WORKING, drawn, gone, strict=True):
        persons[cell] = persons[cell] + came
        town = town.at[cell].add(-left)
    state = replace(
        state,
        households=replace(households, persons=tuple(persons)),
        regions=replace(regions, town_persons=town),
    )
    return state, {"moved_to_village": by_village.sum(axis=0)}, {}
