"""Line 12 of the month, its machine part: tractors delivered and worn out. Systems S66, S70, S85.

Mechanism M63. What industry can build is not simulated yet: deliveries are orders of the scenario.
"""

from dataclasses import replace

from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.smooth import ratio
from perelom.model.space import at_villages, to_regions
from perelom.model.stations import served_share, state_farm_tractors
from perelom.world.state import State

UNITS_PER_THOUSAND = 1e3


def tractors(state: State, context: Context) -> Moved:
    """Deliver the month's tractors where kolkhozes till most grain, and scrap worn ones. M63, S70.

    park' = park (1 - s / 12) + deliveries x the region's share of the grain land of kolkhozes and,
    counted w times, of state farms.
    """
    regions, geography = state.regions, context.geography
    grain = at_villages(geography, geography.grain_share)
    tilled = to_regions(geography, state.villages.kolkhoz_land * grain) + 1.0
    tilled = tilled + regions.state_farm_land * context.parameters["state_farm_tractor_weight"]
    ordered = context.levers["tractor_deliveries"][0] * UNITS_PER_THOUSAND / 12
    delivered = ordered * tilled / tilled.sum()
    scrapped = regions.tractors * context.parameters["tractor_scrapping"] / 12
    regions = replace(regions, tractors=regions.tractors + delivered - scrapped)
    flows = {"tractors_delivered": delivered, "tractors_scrapped": scrapped}
    served = {"kolkhoz_land_served": served_share(state, context) * tilled_land(state, context)}
    return replace(state, regions=regions), flows, served


def tilled_land(state: State, context: Context) -> Float[Array, " region"]:
    """Return the arable land of kolkhozes, ha. S70."""
    return to_regions(context.geography, state.villages.kolkhoz_land)


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
