"""Line 8 of the month, quotas: deportation and stripping of farms by order. Systems S73-S76.

Mechanism M15. Kulak and the three categories are labels of officials: whom they hit is
computed here.
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, together
from perelom.model.convoys import Convoys, convoys
from perelom.model.estate import PROPERTY, hand_over
from perelom.model.prisons import imprison
from perelom.model.settlements import settle
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.world.state import LABELS, State

PER_THOUSAND = 1000
KULAK = LABELS.index("kulak")
MIDDLE = LABELS.index("middle")
_SIGNS = ("land", "horses", "cattle", "implements")
"""What a brigade could see of a farm's wealth."""
_MEN = 2


def ordered(context: Context) -> Array:
    """Return whether any region has an order to deport, strip or arrest households this month."""
    levers = context.levers
    orders = (
        levers["dekulakization_quota"] + levers["expropriation_quota"]
        + levers["first_category_quota"] + levers["listed_families_moved"]
    )  # fmt: skip
    return (orders.sum() > 0) & (context.switches["dekulakization"] > 0)


def overshoot(state: State, context: Context) -> Float[Array, " region"]:
    """Return realised over ordered quotas, 1 and more. S73, M15.

    f = 1 + (f1 - 1) tempo: where officials race for collectivization they also race in this.
    """
    numbers, switch = context.parameters, context.switches["dekulakization_overshoot"]
    return 1 + (numbers["quota_overshoot"] - 1) * state.regions.tempo * switch


def selection(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return each household's weight in the choice of whom the quota hits. S74, S76, M15.

    w = exp(label + heat) wealth^omega, less for members of the kolkhoz: households labelled kulak
    first, then middle peasants, the wealthy and the troublesome before others. Once the labelled
    are gone, the quota is filled with others. wealth: mean of land, horses, cattle and implements
    relative to the village's mean household.
    """
    households, numbers = state.households, context.parameters
    present = households.present
    label = numbers["selection_kulak"] * (households.label == KULAK)
    label = label + numbers["selection_middle"] * (households.label == MIDDLE)
    seen = over_slots(present)
    wealth = total(
        ratio(column, present * at_households(ratio(over_slots(column), seen), column))
        for column in (getattr(households, name) for name in _SIGNS)
    ) / len(_SIGNS)  # fmt: skip
    hot = at_households(numbers["selection_heat"] * state.villages.heat, present)
    shelter = households.outside + households.member * jnp.exp(-numbers["selection_member"])
    weight = jnp.exp(label + hot) * power(wealth, numbers["selection_wealth"]) * shelter
    return jnp.where(present > 0, weight, 0.0)


class Hit(NamedTuple):
    """Chances of the month by household: deported, stripped of the farm, head arrested."""

    deported: Float[Array, "village slot"]
    stripped: Float[Array, "village slot"]
    arrested: Float[Array, "village slot"]


def registered(state: State, context: Context) -> Float[Array, " region"]:
    """Return the families put on the lists this month without an order by number. S73, S74, M15.

    r (collectivized share) (families labelled kulak): where all lists are to be moved and the
    region has no number of its own, police register those who bear the label in collectivized
    districts.
    """
    geography, households = context.geography, state.households
    present, levers = households.present, context.levers
    families = to_regions(geography, over_slots(present))
    labelled = to_regions(geography, over_slots(jnp.where(households.label == KULAK, present, 0.0)))
    members = to_regions(geography, over_slots(present * households.member))
    open_order = (levers["listed_families_moved"] > 0) & (levers["dekulakization_quota"] == 0)
    rate = context.parameters["kulaks_registered"] * context.switches["kulak_registration"]
    return jnp.where(open_order, rate * labelled * ratio(members, families), 0.0)


def families_to_move(state: State, context: Context) -> Convoys:
    """Return how many families of each region are named, moved, kept waiting, sent back. S74.

    Named are Q f: the quota of the region in families times its overshoot.
    """
    geography, households = context.geography, state.households
    families = to_regions(geography, over_slots(households.present))
    persons = to_regions(geography, over_slots(total(households.persons)))
    ordered = context.levers["dekulakization_quota"] * families / (PER_THOUSAND * 12)
    named = ordered * overshoot(state, context)
    family = persons.sum() / families.sum()
    listed = state.regions.awaiting_deportation + registered(state, context)
    return convoys(ordered, named, listed, family, context)


def chances(state: State, context: Context) -> Hit:
    """Share the month's victims among the households of each region. S73, S76, M15.

    p = 1 - exp(-V w / sum w), V the households of the region to be hit, w the weight of selection:
    never above 1, and a little below the number where it is large. V is the families that can be
    moved; for the other categories quota times overshoot, and with the third category those who
    were named for deportation and sent back: they had lost their farm.
    """
    geography, levers = context.geography, context.levers
    weight = selection(state, context)
    present = state.households.present
    families = to_regions(geography, over_slots(present))
    weights = to_regions(geography, over_slots(present * weight))
    scale = families / (PER_THOUSAND * 12) * overshoot(state, context)
    going = families_to_move(state, context)

    def chance(victims: Array) -> Array:
        rate = at_villages(geography, ratio(victims, weights))
        return -jnp.expm1(-weight * at_households(rate, weight))

    return Hit(
        chance(going.moved),
        chance(levers["expropriation_quota"] * scale + going.sent_back),
        chance(levers["first_category_quota"] * scale)
        * context.switches["arrests"].astype(weight.dtype),
    )


def dekulakize(state: State, context: Context) -> Moved:
    """Carry out the month's orders: arrest heads, deport families, strip farms. S73-S76, M15.

    First category: the head of the household is arrested. Second: the family is deported, the
    household ceases. Third: the family stays in the raion but loses a part of its farm. Property
    goes to the kolkhoz and to neighbours, but for some bread that the deported take along.
    """
    geography, numbers = context.geography, context.parameters
    before = state.households
    hit, going = chances(state, context), families_to_move(state, context)
    draw = context.draws.happens
    deported = draw(hit.deported, geography, before, "deportation")
    stripped = draw(hit.stripped, geography, before, "stripping") * (1 - deported)
    men = before.persons[_MEN]
    heads = smooth_min(before.present * hit.arrested, men)
    drawn = context.draws.counts([((heads,), men)], geography, before, "first category")
    state, arrested = imprison(
        state, {_MEN: drawn[0][0]}, jnp.ones_like(state.villages.struck), context
    )

    households = state.households
    gone = [cell * deported for cell in households.persons]
    families = before.present * deported
    lost_share = deported + stripped * numbers["stripped_share"]
    households = replace(
        households,
        persons=tuple(cell - off for cell, off in zip(households.persons, gone, strict=True)),
        present=households.present - families,
        labour_days=households.labour_days * (1 - deported),
    )
    bread = numbers["town_grain_need"] * numbers["months_of_bread_taken_along"] / 12
    along = smooth_min(households.grain * deported, total(gone) * bread)
    lost = {name: getattr(households, name) * lost_share for name in PROPERTY}
    lost["grain"] = lost["grain"] - along
    households = replace(households, grain=households.grain - along)
    state, property_flows = hand_over(replace(state, households=households), lost, context)
    state, settled = settle(state, gone, over_slots(along), going.inside, context)

    seen = over_slots(before.present)
    removed = ratio(over_slots(families), seen)
    stripped_here = over_slots(before.present * stripped)
    struck = removed + ratio(stripped_here, seen)
    taken = ratio(over_slots(drawn[0][0]), seen)
    villages = state.villages
    villages = replace(
        villages,
        struck=struck,
        repressed=villages.repressed + removed + taken,
        removed=villages.removed + removed * (1 - villages.removed),
    )
    regions = replace(state.regions, awaiting_deportation=going.awaiting)
    state = replace(state, villages=villages, regions=regions)
    flows = together(
        arrested,
        property_flows,
        settled,
        {
            "deported_individual": over_slots(families * before.outside),
            "deported_kolkhoz": over_slots(families * before.member),
            "deported": over_slots(total(gone)),
        },
    )
    unlabelled = jnp.where(before.label == KULAK, 0.0, families)
    notes = {
        "deported_without_label": to_regions(geography, over_slots(unlabelled)),
        "stripped_households": to_regions(geography, stripped_here),
        "stripped_households_here": stripped_here,
        "first_category": to_regions(geography, over_slots(drawn[0][0])),
        "awaiting_deportation": going.awaiting,
        "deported_far": to_regions(geography, over_slots(families)) * (1 - going.inside),
    }
    return state, flows, notes


def skill_left(state: State, context: Context) -> Float[Array, " village"]:
    """Return what is left of a village's farming skill, 0 to 1. S73, M15.

    exp(-x share of households deported): those driven out had worked their land well.
    """
    loss = context.parameters["skill_lost_with_removed"] * context.switches["skill_loss"]
    return jnp.exp(-loss * state.villages.removed)
