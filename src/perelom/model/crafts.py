"""What villages earn outside their farms: crafts, carting, seasonal work. Systems S03, S07.

Mechanisms M6 (surplus labour), M55 (seasonal work).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, together
from perelom.model.hire import Labour
from perelom.model.payments import towns_pay
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import State


def earnings_share(
    spare: Float[Array, " region"], state: State, context: Context
) -> Float[Array, " region"]:
    """Return each region's share of what villages earn outside their farms. S07.

    By spare hands x (a + urban share): those with idle hands near towns earn most.
    """
    town = state.regions.town_persons.sum(axis=0)
    rural = context.reference.rural_persons.sum(axis=0)
    weight = spare * (context.parameters["earnings_without_towns"] + town / (town + rural))
    return ratio(weight, weight.sum())


def crafts_bought(spare: Array, state: State, context: Context) -> Float[Array, ""]:
    """Return what towns pay for crafts in a mean month, roubles. S07, M6.

    smooth min(share x money of towns, spare hands x what one earned in 1926 x shop price): more
    money does not make more baskets.
    """
    numbers = context.parameters
    asked = state.regions.town_cash.sum() * numbers["crafts_money_share"]
    price = context.levers["retail_price"][0]
    made = spare * numbers["crafts_of_spare_hand"] * price
    limited = smooth_min(asked, made)
    return asked + context.switches["crafts_supply"] * (limited - asked)


def earn_outside(state: State, hands: Labour, wages: Array, context: Context) -> Moved:
    """Pay for crafts out of towns' money and wages of state workers who live in villages. S07.

    Towns buy crafts, carting and firewood, more in winter: smooth min(a share of their money, what
    villages can make at the price of shop goods, which crafts replace). `wages` (roubles) are those
    of builders, woodcutters, railwaymen and others outside towns. A region's part goes to its
    households by spare hands.
    """
    switch = context.switches["crafts"]
    spare = over_slots(hands.spare)
    spare_by_region = to_regions(context.geography, spare)
    share = earnings_share(spare_by_region, state, context)
    bought = crafts_bought(spare_by_region.sum(), state, context)
    crafts = bought * context.seasons["crafts"] * switch
    one_crafts = at_villages(context.geography, ratio(crafts * share, spare_by_region))
    one_wages = at_villages(context.geography, ratio(wages * switch * share, spare_by_region))
    flows = {"crafts_paid": spare * one_crafts, "wages_rural": spare * one_wages}
    paid = to_regions(context.geography, flows["crafts_paid"]).sum()
    state, from_towns = towns_pay(state, paid)
    rate = at_households(one_crafts + one_wages, hands.spare)
    households = replace(state.households, cash=state.households.cash + hands.spare * rate)
    notes = {
        "spare_hands": spare_by_region,
        "earned_outside": to_regions(
            context.geography, jnp.stack([flows["crafts_paid"], flows["wages_rural"]])
        ).sum(axis=0),
    }
    return replace(state, households=households), together(flows, from_towns), notes
