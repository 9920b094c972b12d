"""Line 6 of the month, its law: deliveries owed by hectare. Systems S16, S20, S66. Mechanism M30.

By the decree of 19 January 1933 every kolkhoz and every individual farm owes a fixed amount for
each hectare, whatever the harvest: by the area that its plan tells it to sow in spring and by what
it has sown in autumn; from spring 1940 by all its arable land. Farms that a station serves owe
less, and pay the station besides. What officials may do to get it is a matter of `procurement`.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio
from perelom.model.space import at_villages, over_slots, to_regions
from perelom.model.stations import expected_payment, served_share
from perelom.world.state import State

CENTNERS_PER_TONNE = 10


def norm(context: Context) -> Float[Array, " region"]:
    """Return the norm of a kolkhoz that no station serves, t/ha; 0 where none is decreed. S20."""
    decreed = context.levers["delivery_norm"] / CENTNERS_PER_TONNE
    return decreed * context.parameters["delivery_norm_level"] * context.switches["delivery_norms"]


def under_law(context: Context) -> Float[Array, " region"]:
    """Return 1 where deliveries are owed by hectare and 0 where the plan decides. S20."""
    return (norm(context) > 0).astype(context.levers["delivery_norm"].dtype)


def hectares_owing(
    land: Float[Array, " village"],
    winter: Float[Array, " village"],
    order: Float[Array, " region"],
    context: Context,
) -> Float[Array, " village"]:
    """Return the hectares that a year's deliveries are counted by. S20, S68.

    planned spring grain + winter grain in the ground; with the lever `norm_by_arable` a, all
    land: (1 - a) grain + a land. order: grain area ordered, relative to its share of 1926.
    """
    geography = context.geography
    spring = geography.grain_share * (1 - geography.winter_share) * order
    grain = land * at_villages(geography, spring) + winter
    arable = at_villages(geography, context.levers["norm_by_arable"])
    return grain + arable * (land - grain)


def obligation(state: State, context: Context) -> Float[Array, " village"]:
    """Return what the farms of a village owe for the agricultural year, t. S20, M30.

    norm x (kolkhoz hectares (1 - served (1 - part of the norm)) + individual hectares x their
    mark-up). The harvest does not enter.
    """
    villages, households, levers = state.villages, state.households, context.levers
    geography = context.geography
    kolkhoz = hectares_owing(
        villages.kolkhoz_land, villages.kolkhoz_winter_sown, levers["sowing_order"], context
    )
    ordinary = jnp.ones_like(levers["sowing_order"])
    own = hectares_owing(
        over_slots(households.land), over_slots(households.winter_sown), ordinary, context
    )
    spared = served_share(state, context) * (1 - levers["norm_of_served"])
    weighted = kolkhoz * at_villages(geography, 1 - spared)
    weighted = weighted + own * at_villages(geography, levers["norm_of_individuals"])
    return weighted * at_villages(geography, norm(context))


def normal_crop(state: State, context: Context) -> Float[Array, " region"]:
    """Return the crop that is normal for the grain land in use, t. S20.

    (farm land x grain's share + state farm land) x normal yield; of the standing crop once
    statistics report that, 1 / (1 - normal losses) times as much: like is compared with like.
    """
    geography, standing = context.geography, context.levers["standing_crop_statistics"]
    loss = context.parameters["harvest_loss_normal"]
    land = over_slots(state.households.land) + state.villages.kolkhoz_land
    area = to_regions(geography, land) * geography.grain_share + state.regions.state_farm_land
    return area * geography.normal_yield * (1 + standing * loss / (1 - loss))


def exempted(state: State, context: Context) -> Float[Array, " region"]:
    """Return the part of this year's deliveries given up so far, 0 to 1. S20, S97, M37.

    The largest of earlier cuts, the exemption decreed, and, once yields are assessed,
    lever x (1 - reported crop / normal crop)+: the law left it to the government to remit
    deliveries where the crop had failed, by what it was told. Norms were set for normal yields, so
    failure is measured against those, not against what it got used to.
    """
    levers, regions = context.levers, state.regions
    reported = ratio(regions.reported_harvest, normal_crop(state, context))
    failure = jnp.maximum(1 - reported, 0.0) * context.seasons["yields_assessed"]
    remitted = jnp.maximum(levers["delivery_exemption"], levers["failure_exemption"] * failure)
    remitted = remitted * under_law(context)
    return jnp.where(remitted > 0, jnp.maximum(regions.plan_cut, remitted), regions.plan_cut)


def counted(grain: Array, part: Array, context: Context) -> Array:
    """Return the part of other deliveries (t, by village) that counts towards what is owed. S20.

    All of it under the old plans; under the law only that part: neither payments to stations nor
    sales of what members have earned lower what their farm owes.
    """
    law = at_villages(context.geography, under_law(context))
    return jnp.where(law > 0, part, grain)


def state_claim(
    owed: Float[Array, " region"], quota: Float[Array, " region"], state: State, context: Context
) -> Float[Array, " region"]:
    """Return what the centre counts on from a region under the law, t. S20, S66, S67.

    Obligations + what state farms are to deliver + what stations are to be paid.
    """
    return owed + quota + expected_payment(state, context)
