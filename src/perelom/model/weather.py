"""Line 2 of the month: the weather of the growing season. Systems S11; mechanism M25."""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.world.state import State


def growing_weather(before: Float[Array, " region"], context: Context) -> Float[Array, " region"]:
    """Add the month's weather to the season's sum, in log points of yield.

    w += s_m [ sigma (sqrt(rho) z_USSR + sqrt(1 - rho) z_region) - delta drought_region ], where
    s_m is the month's weight in the yield and z are standard normal draws of the month. Drought
    is a shock of the scenario (narrative coding); no harvest or yield enters. The sum restarts
    in January. S11, M25.
    """
    numbers = context.parameters
    common = context.draws.region_normals(1, "weather_ussr")
    local = context.draws.region_normals(before.shape[0], "weather_region")
    shared = numbers["weather_shared_variance"]
    luck = jnp.sqrt(shared) * common + jnp.sqrt(1 - shared) * local
    weight = context.seasons["growing_weather"]
    # Monthly draws are independent, so their weights enter by the root: the season's variance
    # is then sigma squared whatever the months' shares.
    drawn = numbers["weather_yield_deviation"] * jnp.sqrt(weight) * luck
    drawn = drawn * context.levers["weather_variability"]
    month = drawn - numbers["drought_yield_loss"] * weight * context.drought
    season_over = context.seasons["weather_restarts"] > 0
    return jnp.where(season_over, 0.0, before) + month


def weather(state: State, context: Context) -> Moved:
    """Let the month's weather work on the season. S11."""
    season = growing_weather(state.regions.growing_weather, context)
    regions = replace(state.regions, growing_weather=season)
    return replace(state, regions=regions), {}, {"growing_weather": season}
