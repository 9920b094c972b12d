"""Families who leave the farm for wages, and places of such families that become towns.

Systems S07, S92, S96. Mechanisms M55 (moves), M65 (accounts of households). A household of a slot
is a kolkhoz household, an individual farm or neither: shares `member`, `outside` and the rest, who
live by wages in the village or near it and count as no peasant household.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, Flows, together
from perelom.model.crafts import earnings_share
from perelom.model.employment import held_outside
from perelom.model.estate import hand_over
from perelom.model.inheritance import pass_on_property
from perelom.model.smooth import ratio
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import Households, State


def peasants(households: Households) -> Float[Array, "village slot"]:
    """Return kolkhoz and individual households: those that farm. S01, S96."""
    return households.present * (households.member + households.outside)


def wage_families(state: State, context: Context) -> Float[Array, " region"]:
    """Return households of villages that live by wages, without a farm. S07, S92."""
    households = state.households
    farming = over_slots(peasants(households))
    return to_regions(context.geography, over_slots(households.present) - farming)


def in_season(context: Context) -> Array:
    """Return whether families take up posts, and places become towns, in this month."""
    season, switches = context.seasons["leaving_farms"], context.switches
    return (season > 0) & (switches["rural_posts"] + switches["new_towns"] > 0)


def new_posts(state: State, context: Context) -> Float[Array, " region"]:
    """Return posts outside towns beyond those of 1926. S07, S37, M55.

    w (L - L0) and new posts of towns' branches that lie outside them, spread over regions as
    villages' earnings outside farms are, and the hands of state farms where these lie. Those of
    1926 were held from households that farmed.
    """
    numbers, regions = context.parameters, state.regions
    farming = to_regions(context.geography, over_slots(peasants(state.households)))
    grown = regions.employed.sum() - context.reference.regions.employed.sum()
    grown = jnp.maximum(grown, 0.0) * numbers["workers_outside_towns"]
    grown = grown + held_outside(regions.employed + regions.vacancies, context).sum()
    farms = regions.state_farm_land - context.reference.regions.state_farm_land
    farms = jnp.maximum(farms, 0.0) * numbers["state_farm_hands"]
    return grown * earnings_share(farming, state, context) + farms


def taking_posts(state: State, context: Context) -> Float[Array, " region"]:
    """Return the chance that a peasant household goes over to wages in this season. S92, M55.

    p = 1 - exp(-a s (f V - W)+ / H): V new posts outside towns, f families that a post feeds whole,
    W families who live by wages already, H peasant households.
    """
    numbers = context.parameters
    farming = to_regions(context.geography, over_slots(peasants(state.households)))
    wanted = numbers["families_of_rural_posts"] * new_posts(state, context)
    missing = jnp.maximum(wanted - wage_families(state, context), 0.0)
    rate = numbers["rural_posts_pace"] * context.seasons["leaving_farms"]
    return -jnp.expm1(-rate * ratio(missing, farming)) * context.switches["rural_posts"]


def take_posts(state: State, context: Context) -> Moved:
    """Let households give up the farm for wages. S07, S92, M55, M65.

    Kolkhoz households leave the kolkhoz and keep garden and cow; individual ones leave fields,
    horses, implements and seed to the kolkhoz or, where there is hardly one, to neighbours.
    """
    before, numbers = state.households, context.parameters
    chance = at_villages(context.geography, taking_posts(state, context))
    chance = jnp.broadcast_to(at_households(chance, before.present), before.present.shape)
    going = context.draws.happens(chance, context.geography, before, "rural posts")
    outside, inside = before.outside * going, before.member * going
    flows: Flows = {
        "took_posts_individual": over_slots(before.present * outside),
        "took_posts_kolkhoz": over_slots(before.present * inside),
    }
    plot = numbers["private_plot_share"]
    kept = dict.fromkeys(("land", "winter_sown", "spring_sown"), plot)
    kept |= {"horses": 1 - numbers["horses_pooled"]}
    kept |= dict.fromkeys(("implements", "seed"), jnp.zeros_like(plot))
    lost = {
        name: getattr(before, name)
        * going
        * (1 - share)
        * ratio(before.outside, before.outside + before.member * share)
        for name, share in kept.items()
    }
    households = replace(before, outside=before.outside - outside, member=before.member - inside)
    state, handed = hand_over(replace(state, households=households), lost, context)
    return state, flows | handed, {}


def make_towns(state: State, context: Context) -> Moved:
    """Give places where people live by wages the status of a town, with people and homes. S92, S96.

    p = 1 - exp(-k s) of the wage-earning families; nobody moves, but they count as town people,
    and are fed and housed as such. Homes: the usual living space a person.
    """
    before, numbers, regions = state.households, context.parameters, state.regions
    rate = numbers["wage_places_made_towns"] * context.seasons["leaving_farms"]
    chance = -jnp.expm1(-rate) * context.switches["new_towns"]
    living = jnp.maximum(1 - before.member - before.outside, 0.0)
    counted = context.draws.happens(
        living * chance.astype(living.dtype), context.geography, before, "new towns"
    )
    gone = [cell * counted for cell in before.persons]
    by_cell = to_regions(context.geography, jnp.stack([over_slots(cell) for cell in gone]))
    families, money = before.present * counted, before.cash * counted
    cash = over_slots(money)
    homes = by_cell.sum(axis=0) * numbers["living_space_normal"]
    households = replace(
        before,
        persons=tuple(cell - off for cell, off in zip(before.persons, gone, strict=True)),
        present=before.present - families,
        # The same farms are now a larger share of the households that are left.
        member=ratio(before.member, 1 - counted),
        outside=ratio(before.outside, 1 - counted),
        cash=before.cash - money,
    )
    regions = replace(
        regions,
        town_persons=regions.town_persons + by_cell,
        town_cash=regions.town_cash + to_regions(context.geography, cash),
        housing=regions.housing + homes,
    )
    state = replace(state, households=households, regions=regions)
    state, passed, _ = pass_on_property(state, families)
    flows = {
        "made_urban": over_slots(total(gone)),
        "roubles_carried_away": cash,
        "housing_made_urban": homes,
    }
    return state, flows | passed, {}


def rural_posts(state: State, context: Context) -> Moved:
    """Let families go over to wages, then places of such families become towns. S07, S92, S96."""
    state, taken, _ = take_posts(state, context)
    state, made, _ = make_towns(state, context)
    return state, together(taken, made), {}
