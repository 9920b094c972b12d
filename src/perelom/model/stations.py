"""Who has the tractors: state farms and machine-tractor stations. Systems S66, S67, S70.

Stations serve kolkhoz land, are paid in kind, and have political departments in 1933 and 1934.

Mechanisms M45 (political departments), M63 (tractors and stations).
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio
from perelom.model.space import at_villages, over_slots, to_regions
from perelom.world.state import State


def state_farm_tractors(state: State, context: Context) -> Float[Array, " region"]:
    """Return the tractors of each region that work on state farms, 15-hp units. S67, M63.

    A hectare of state farms counts w times one of kolkhoz grain land in sharing them out.
    """
    regions, geography = state.regions, context.geography
    grain = at_villages(geography, geography.grain_share)
    kolkhoz = to_regions(geography, state.villages.kolkhoz_land * grain)
    weighted = regions.state_farm_land * context.parameters["state_farm_tractor_weight"]
    return regions.tractors * ratio(weighted, weighted + kolkhoz)


def served_share(state: State, context: Context) -> Float[Array, " region"]:
    """Return the share of kolkhoz land that stations serve. S66, M63.

    1 - exp(-tractors of stations x land a tractor serves / kolkhoz land): the next station goes
    where there is none yet, until fields are served twice.
    """
    numbers, geography = context.parameters, context.geography
    tractors = state.regions.tractors - state_farm_tractors(state, context)
    tractors = tractors * context.levers["mts_share"] * context.switches["mts"]
    land = to_regions(geography, state.villages.kolkhoz_land)
    return -jnp.expm1(-ratio(tractors * numbers["mts_land_per_tractor"], land))


def yield_gain(state: State, context: Context) -> Float[Array, " village"]:
    """Return by what stations multiply yields of kolkhoz fields. S66, M63.

    exp(g served t / (t + t0)), t being years of kolkhoz work: no visible difference at first,
    when machines are new and misused.
    """
    numbers, years = context.parameters, state.villages.experience
    practice = years / (years + numbers["mts_learning_years"])
    served = at_villages(context.geography, served_share(state, context))
    return jnp.exp(numbers["mts_yield_effect"] * served * practice)


def payment(
    harvest: Float[Array, " village"],
    standing: Float[Array, " village"],
    state: State,
    context: Context,
) -> Float[Array, " village"]:
    """Return what stations take of the month's kolkhoz harvest for their work, t. S66, M63.

    rate x served x (barn + c (standing - barn)): c is how far yields are assessed on the stalk
    (lever `standing_crop_statistics`), so that losses after the assessment are the farm's. A farm
    never pays more than it has brought in.
    """
    rate = context.levers["mts_payment"] * served_share(state, context)
    assessed = context.levers["standing_crop_statistics"] * context.switches["assessed_payment"]
    lost = jnp.maximum(standing - harvest, 0.0) * at_villages(context.geography, assessed)
    return jnp.minimum((harvest + lost) * at_villages(context.geography, rate), harvest)


def expected_payment(state: State, context: Context) -> Float[Array, " region"]:
    """Return what the centre expects stations to be paid in a year, t. S66, M30.

    rate x served x believed harvest x the kolkhozes' part of the land.
    """
    regions, geography = state.regions, context.geography
    kolkhoz = to_regions(geography, state.villages.kolkhoz_land)
    own = to_regions(geography, over_slots(state.households.land))
    rate = context.levers["mts_payment"] * served_share(state, context)
    return regions.believed_harvest * rate * ratio(kolkhoz, kolkhoz + own)


def departments(state: State, context: Context) -> Float[Array, " village"]:
    """Return how far a village's kolkhoz is under a political department, 0 to 1. S66, M45."""
    placed = context.levers["political_departments"] * context.switches["political_departments"]
    return at_villages(context.geography, placed * served_share(state, context))


def compliance(
    grip: Float[Array, " village"], state: State, context: Context
) -> Float[Array, " village"]:
    """Return the share of a kolkhoz store that collectors reach, raised by departments. M45.

    g + (1 - g) c d.
    """
    more = context.parameters["compliance_of_departments"] * departments(state, context)
    return grip + (1 - grip) * more
