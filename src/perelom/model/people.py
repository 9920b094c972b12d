"""Line 11 of the month: births, deaths, ageing, moves. Systems S88, S89, S92, S95, S96.

Mechanisms M49-M51 (hunger, age and sex, fertility), M55 (migration), M65 (accounts of persons).
"""

from collections.abc import Sequence
from dataclasses import replace

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.context import Context, together
from perelom.model.division import divide, weddings
from perelom.model.housing import births_in_crowded_homes
from perelom.model.infection import infection_hazard, spread
from perelom.model.inheritance import inheritance, pass_on_property
from perelom.model.migration import (
    arrivals_of_recruits,
    families_leaving,
    movers,
    open_road,
    recruited_share,
    return_rate,
    return_to_villages,
    town_pull,
    with_whole_families,
)
from perelom.model.rations import reserves, shares
from perelom.model.registration import register
from perelom.model.rural_posts import in_season, rural_posts
from perelom.model.smooth import ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.model.vital_rates import (
    Hazards,
    age,
    ageing_means,
    conceptions,
    death_hazards,
    fertility_level,
)
from perelom.world.state import AGE_BANDS, CELLS, State

_BANDS = len(AGE_BANDS)
_WORKING = (2, 6)
_WORKING_WOMEN = 6


def people_rural(state: State, context: Context) -> Moved:
    """Move village people through one month. S88, S89, S92, S96.

    Order: deaths, births conceived nine months ago, moves to town, alone or as whole families,
    ageing of the survivors.
    """
    households, villages, geography = state.households, state.villages, context.geography
    numbers, persons = context.parameters, households.persons
    level = at_households(at_villages(geography, geography.mortality), persons[0])
    ill = infection_hazard(state.regions, context)
    ill_here = at_households(at_villages(geography, ill), persons[0])
    hazards = death_hazards(level, households.body_reserve, context, ill_here)
    women = persons[_WORKING_WOMEN]
    share = ratio(women, at_households(over_slots(women), women))
    born = at_households(villages.conceptions[0], women) * share
    boys = numbers["boys_at_birth"]
    moving = moving_rates(state, context)
    whole = families_leaving(moving, households, context)
    leaving = _leaving_means(persons, hazards, moving, context)
    drawn = context.draws.counts(
        [*zip(leaving, persons, strict=True), ((born * boys, born * (1 - boys)), None)],
        geography,
        households,
        "people",
    )
    gone, newborn = drawn[:-1], drawn[-1]
    if not context.draws.expected:
        gone = with_whole_families(persons, gone, newborn, whole)
    deaths, moved = [cell[0] for cell in gone], [cell[1] for cell in gone]
    staying = [now - cell[0] - cell[1] for now, cell in zip(persons, gone, strict=True)]
    aged = age(staying, [cell[2] for cell in gone if len(cell) > 2])
    aged[0], aged[_BANDS] = aged[0] + newborn[0], aged[_BANDS] + newborn[1]
    if not context.draws.expected:
        aged = [cell * (1 - whole) for cell in aged]  # exactly nobody, whatever was rounded

    present = households.present
    left = present * whole
    died_out = _died_out(present, persons, hazards, aged, left, context)
    # The mean body reserve of a village weighs the women who could conceive.
    reserve = ratio(over_slots(women * households.body_reserve), over_slots(women))
    fertile = at_villages(geography, fertility_level(context))
    conceived = conceptions(over_slots(women), fertile, reserve, context)
    gone_away = over_slots(total(moved))
    sent = at_villages(geography, recruited_share(context))
    flows = {
        "births_rural": over_slots(total(newborn)),
        "deaths_rural": over_slots(total(deaths)),
        "moved_to_town": gone_away * (1 - sent),
        "recruited": gone_away * sent,
        "died_out_individual": over_slots(died_out * households.outside),
        "died_out_kolkhoz": over_slots(died_out * households.member),
        "moved_whole_individual": over_slots(left * households.outside),
        "moved_whole_kolkhoz": over_slots(left * households.member),
    }
    moved_by_cell = to_regions(geography, jnp.stack([over_slots(cell) for cell in moved]))
    recruited = moved_by_cell * recruited_share(context)
    arrived = arrivals_of_recruits(recruited, state.regions, context)
    flows["recruits_arrived"] = arrived.sum(axis=0)
    regions = replace(
        state.regions, town_persons=state.regions.town_persons + moved_by_cell - recruited + arrived
    )
    households = replace(households, persons=tuple(aged), present=present - died_out - left)
    villages = replace(
        villages,
        conceptions=jnp.concatenate([villages.conceptions[1:], conceived[None]]),
    )
    hungry = _deaths_of_hunger(persons, hazards)
    state = replace(state, households=households, villages=villages, regions=regions)
    # In expected draws the families of a slot are alike: those who stay take over the farm.
    empty = died_out if context.draws.expected else died_out + left
    state, passed, _ = when(
        inheritance(state, empty, context), lambda s: pass_on_property(s, empty), state
    )
    flows |= passed
    rural = to_regions(geography, over_slots(total(persons)))
    notes = {
        "excess_deaths": hungry,
        "excess_deaths_rural": to_regions(geography, hungry),
        "infection_deaths_rural": ill * rural,
    }
    return state, flows, notes


def _leaving_means(
    persons: Sequence[Array], hazards: Hazards, moving: Array, context: Context
) -> list[list[Array]]:
    """Return by cell the mean numbers who die, who move, and who enter the next age band.

    Those who die do not move, and those who move age in town.
    """
    numbers, means = context.parameters, []
    for cell, now in enumerate(persons):
        band = AGE_BANDS[cell % _BANDS]
        dying = now * hazards.actual[cell]
        going = (now - dying) * jnp.minimum(moving * movers(band, context), 1.0)
        leaving = [dying, going]
        if band != AGE_BANDS[-1]:
            leaving.append((now - dying - going) * (numbers[f"ageing_{band}"] / 12))
        means.append(leaving)
    return means


def _deaths_of_hunger(persons: Sequence[Array], hazards: Hazards) -> Float[Array, " village"]:
    """Return expected deaths less those expected without hunger, persons."""
    dying = over_slots(
        total(now * hazard for now, hazard in zip(persons, hazards.actual, strict=True))
    )
    otherwise = total(
        over_slots(now) * hazard[:, 0]
        for now, hazard in zip(persons, hazards.without_hunger, strict=True)
    )
    return dying - otherwise


def moving_rates(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the monthly chance that a person moves to a town. S92, M39, M55.

    m = 1 - exp(-(m0 + m_kolkhoz member + m_hunger loss + pull) f open / 12): pull of vacancies and
    factor f of work and room in towns, and how open the road is, are in the module migration.
    """
    households, numbers = state.households, context.parameters
    loss = -households.body_reserve / numbers["normal_body_weight"]
    yearly = (
        numbers["migration_base"]
        + numbers["migration_from_kolkhoz"] * households.member
        + numbers["migration_from_hunger"] * loss
    )
    geography = context.geography
    pull, factor = town_pull(state.regions, context)
    factor = factor * open_road(context) * context.switches["migration"] / 12
    yearly = yearly + at_households(at_villages(geography, pull), yearly)
    return -jnp.expm1(-yearly * at_households(at_villages(geography, factor), yearly))


def _died_out(
    present: Array,
    before: Sequence[Array],
    hazards: Hazards,
    after: Sequence[Array],
    left: Array,
    context: Context,
) -> Array:
    """Return the households of a slot that have died out or emptied person by person. M65.

    left: those who left whole. Sampled: households with nobody left. Expected: the chance
    that all die in the month.
    """
    staying = present - left
    if not context.draws.expected:
        return staying * (total(after) <= 0)
    logs = total(
        ratio(before[cell], present) * jnp.log(hazards.actual[cell] + np.finfo(np.float32).tiny)
        for cell in range(len(CELLS))
    )
    return staying * jnp.where(total(before) > 0, jnp.exp(logs), 0.0)


def people_town(state: State, context: Context) -> Moved:
    """Move town people through one month, in expectation. S89, S96."""
    regions, geography, numbers = state.regions, context.geography, context.parameters
    persons = regions.town_persons
    level = geography.mortality * numbers["town_mortality"]
    fertile = fertility_level(context) * numbers["town_fertility"]
    fertile = fertile * births_in_crowded_homes(regions, context)
    ill = infection_hazard(regions, context)
    deaths, unhungry = jnp.zeros_like(persons), jnp.zeros_like(ill)
    conceived = jnp.zeros_like(ill)
    # Those on the upper ration lists and the others fare differently.
    for share, reserve in zip(shares(context), reserves(regions, context), strict=True):
        hazards = death_hazards(level, reserve, context, ill)
        deaths = deaths + share * persons * jnp.stack(hazards.actual)
        unhungry = unhungry + share * (persons * jnp.stack(hazards.without_hunger)).sum(axis=0)
        conceived = conceived + share * conceptions(
            persons[_WORKING_WOMEN], fertile, reserve, context
        )
    born = regions.town_conceptions[0]
    alive = persons - deaths
    boys = born * numbers["boys_at_birth"]
    after = age(list(alive), ageing_means(list(alive), context))
    after[0], after[_BANDS] = after[0] + boys, after[_BANDS] + born - boys
    regions = replace(
        regions,
        town_persons=jnp.stack(after),
        town_conceptions=jnp.concatenate([regions.town_conceptions[1:], conceived[None]]),
    )
    dead = deaths.sum(axis=0)
    flows = {"births_town": born, "deaths_town": dead}
    notes = {
        "excess_deaths_town": dead - unhungry,
        "infection_deaths_town": ill * persons.sum(axis=0),
    }
    return replace(state, regions=regions), flows, notes


def people(state: State, context: Context) -> Moved:
    """Move the people of villages and towns through the month. S88, S89, S92, S95, S96."""
    state, village_flows, village_notes = people_rural(state, context)
    moved_away = village_flows["moved_to_town"] + village_flows["recruited"]
    vital = jnp.stack([moved_away, village_flows["births_rural"], village_flows["deaths_rural"]])
    moved, births, deaths = to_regions(context.geography, vital)
    state, town_flows, town_notes = people_town(state, context)
    leaving = return_rate(state.regions, context).max() > 0
    state, returned, _ = when(leaving, lambda s: return_to_villages(s, context), state)
    state, divided, rooms = when(weddings(context), lambda s: divide(s, context), state)
    state, posts, _ = when(in_season(context), lambda s: rural_posts(s, context), state)
    regions, cases = spread(state, moved, context)
    births, deaths = births + town_flows["births_town"], deaths + town_flows["deaths_town"]
    hunger = village_notes["excess_deaths_rural"] + town_notes["excess_deaths_town"]
    regions, missed = register(regions, births, deaths, hunger, context)
    notes = village_notes | town_notes | rooms | missed | {"infection_cases": cases}
    flows = together(village_flows | town_flows | returned, divided, posts)
    return replace(state, regions=regions), flows, notes
