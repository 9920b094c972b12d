"""Houses of towns: what is built and what wears out, and how crowded people live. System S39."""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.smooth import power, ratio
from perelom.world.state import Regions, State


def space_per_person(regions: Regions) -> Float[Array, " region"]:
    """Return living space of a town dweller, m2. S39."""
    return ratio(regions.housing, regions.town_persons.sum(axis=0))


def room(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return by what crowding multiplies moves to towns. S39, M55.

    (space / normal space)^eta: 1 at the space of 1926. Off: 1.
    """
    numbers, on = context.parameters, context.switches["housing"]
    relative = space_per_person(regions) / numbers["living_space_normal"]
    return 1 + on * (power(relative, numbers["moving_response_to_space"]) - 1)


def crowding(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the people of a room built for one of normal space, less 1; not below 0. S39."""
    normal = context.parameters["living_space_normal"]
    missing = normal - space_per_person(regions)
    return ratio(missing * (missing > 0), space_per_person(regions))


def births_in_crowded_homes(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return by what crowding multiplies conceptions in towns. S39, S96, M51.

    (space / normal space)^f, at most 1: families of a part of a room have fewer children. Off: 1.
    """
    numbers, on = context.parameters, context.switches["crowded_births"]
    relative = jnp.minimum(space_per_person(regions) / numbers["living_space_normal"], 1.0)
    return 1 + on * (power(relative, numbers["births_response_to_space"]) - 1)


def build_housing(state: State, context: Context) -> Moved:
    """Build and wear out living space. S39.

    space' = space (1 - wear / 12) + built a person x town people / 12, m2.
    """
    regions, numbers = state.regions, context.parameters
    built = regions.town_persons.sum(axis=0) * numbers["housing_built"] / 12
    worn = regions.housing * numbers["housing_wear"] / 12
    regions = replace(regions, housing=regions.housing + built - worn)
    return replace(state, regions=regions), {"housing_built": built, "housing_worn": worn}, {}
