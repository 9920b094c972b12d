"""Line 12 of the month, its machine part: tractors delivered and worn out. Systems S66, S70, S85.

Mechanism M63. Orders are met as far as industry builds tractors and machine imports bring them.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_villages, to_regions
from perelom.model.stations import served_share, state_farm_tractors
from perelom.world.state import State

UNITS_PER_THOUSAND = 1e3


def tractors_possible(goods: Array, machines: Array, context: Context) -> tuple[Array, Array]:
    """Return the tractors that can be built and those that can be imported in a month. S70, M63.

    built = share of the producer goods made beyond those of 1926 / cost: the works were new;
    imported = share of machine imports / their price. goods: producer goods for use, roubles of
    1926/27 a year; machines: imports of the month, gold roubles.
    """
    numbers = context.parameters
    usual = numbers["producer_output"] * ROUBLES_PER_MILLION * numbers["producer_goods_for_use"]
    new = jnp.maximum(goods - usual, 0.0) * numbers["tractors_in_new_output"] / 12
    return (
        new / numbers["tractor_cost"],
        machines * numbers["tractors_in_imports"] / numbers["tractor_import_price"],
    )


def tractors(
    state: State, goods: Float[Array, ""], machines: Float[Array, ""], context: Context
) -> tuple[State, Flows, Float[Array, " region"]]:
    """Deliver the month's tractors where kolkhozes till most grain, and scrap worn ones. M63, S70.

    delivered = smooth min(ordered, built + imported); park' = park (1 - s / 12) + delivered x the
    region's share of the grain land of kolkhozes and, counted w times, of state farms. Also returns
    those of home make.
    """
    regions, geography = state.regions, context.geography
    grain = at_villages(geography, geography.grain_share)
    tilled = to_regions(geography, state.villages.kolkhoz_land * grain) + 1.0
    tilled = tilled + regions.state_farm_land * context.parameters["state_farm_tractor_weight"]
    ordered = context.levers["tractor_deliveries"][0] * UNITS_PER_THOUSAND / 12
    built, imported = tractors_possible(goods, machines, context)
    limited = smooth_min(ordered, built + imported)
    made = ordered + context.switches["tractor_supply"] * (limited - ordered)
    delivered = made * tilled / tilled.sum()
    scrapped = regions.tractors * context.parameters["tractor_scrapping"] / 12
    regions = replace(regions, tractors=regions.tractors + delivered - scrapped)
    flows = {"tractors_delivered": delivered, "tractors_scrapped": scrapped}
    return replace(state, regions=regions), flows, delivered * ratio(built, built + imported)


def land_served(state: State, context: Context) -> Float[Array, " region"]:
    """Return the arable land of kolkhozes that stations serve, ha. S66, S70."""
    tilled = to_regions(context.geography, state.villages.kolkhoz_land)
    return served_share(state, context) * tilled


def tractor_draught(state: State, context: Context) -> Float[Array, " village"]:
    """Return hectares a day that tractors add in each village's kolkhoz. S66, S85, M21, M63.

    What state farms leave of a region's tractors works its kolkhoz land evenly: units x horses a
    unit x (1 - idle) x ha a horse-day, shared by kolkhoz land.
    """
    geography, numbers, land = context.geography, context.parameters, state.villages.kolkhoz_land
    tractors = state.regions.tractors - state_farm_tractors(state, context)
    horses = tractors * numbers["horses_per_tractor"] * (1 - numbers["tractors_idle"])
    power = horses * numbers["hectares_per_horse_day"] * context.switches["tractors"]
    share: Array = ratio(land, at_villages(geography, to_regions(geography, land)))
    return at_villages(geography, power) * share
