"""Ration lists of towns: who gets how much of the bread there is. System S86, mechanism M56.

Town people are of two kinds: families of workers of great works and capital cities, who are on the
upper lists (special and first), and all others (lower lists, or without cards). Members of a
family share their cards. Which kind goes hungry depends on lists, cards and the free market.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio
from perelom.world.state import Regions


class Lists(NamedTuple):
    """A quantity of both kinds of town people: on the upper lists, and all others."""

    upper: Float[Array, " region"]
    others: Float[Array, " region"]


def shares(context: Context) -> tuple[Array, Array]:
    """Return the shares of the two kinds in the town people."""
    upper = context.parameters["upper_lists_share"].astype(jnp.float64)
    return upper, 1 - upper


def reserves(regions: Regions, context: Context) -> Lists:
    """Return the body reserve of both kinds, kg a person, from their mean and their gap."""
    upper, others = shares(context)
    mean, gap = regions.town_body_reserve, regions.ration_reserve_gap
    return Lists(mean + others * gap, mean - upper * gap)


def eaten_by_list(
    offered: Float[Array, " region"],
    wanted: Float[Array, " region"],
    persons: Float[Array, " region"],
    context: Context,
) -> Lists:
    """Share the grain that a town's stores let out between both kinds, t. S86, M56.

    b (1 - f) of it is for cards, b being the share of people with cards and f the part bought
    freely where trade is legal. Cards go to the upper lists first; a card of the lower lists is
    worth 1 - gap of theirs; cards give at most the norm and nobody more than he would eat, the rest
    stays in store. What is sold freely goes to those who still want bread. Without cards all eat
    alike.
    """
    levers, numbers = context.levers, context.parameters
    upper, others = shares(context)
    with_cards = levers["bread_ration_share"] * context.switches["ration_lists"]
    legal = jnp.maximum(levers["private_trade"], levers["kolkhoz_market"])
    for_cards = offered * with_cards * (1 - numbers["bread_bought_freely"] * legal)
    first = jnp.minimum(with_cards, upper)
    second = (with_cards - first) * (1 - levers["ration_list_gap"])
    norm = persons * numbers["ration_norm"] / 12
    card = jnp.minimum(for_cards * ratio(first, first + second), first * norm)
    card = jnp.minimum(card, wanted * upper)
    card_others = jnp.minimum(jnp.minimum(for_cards - card, second * norm), wanted * others)
    lacking, lacking_others = wanted * upper - card, wanted * others - card_others
    bought = jnp.minimum(ratio(offered - for_cards, lacking + lacking_others), 1.0)
    return Lists(card + bought * lacking, card_others + bought * lacking_others)


def on_central_supply(
    town: Float[Array, " region"], rural: Float[Array, " region"], context: Context
) -> Float[Array, " region"]:
    """Return the people whom the state has promised bread: with cards, in towns and outside. S86.

    Before and after rationing nobody has cards; workers outside towns may still be supplied.
    """
    levers = context.levers
    with_cards = levers["bread_ration_share"]
    return town * with_cards + rural * levers["rations_outside_towns"] * (with_cards > 0)
