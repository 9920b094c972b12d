"""The plot of land that members keep: hours and food. Systems S55, S60; mechanism M20."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import power
from perelom.model.space import at_villages
from perelom.world.state import State


def plot_food(state: State, context: Context) -> Float[Array, " village"]:
    """Return the plot food of members relative to that of a garden in 1926. S60, M20.

    (plot hours)^g, hours = 1 + h (1 - e) / (1 - e0): what members withhold from common fields they
    give to the plot; g < 1, for land and daylight are short. plot: size that is allowed. Off: 1.
    """
    numbers = context.parameters
    withheld = (1 - state.villages.effort) / (1 - numbers["effort_least"])
    hours = 1 + numbers["plot_hours"] * jnp.clip(withheld, 0.0, 1.0)
    allowed = at_villages(context.geography, context.levers["private_plot"])
    food: Array = power(allowed * hours, numbers["plot_returns"])
    return 1 + context.switches["private_plot"] * (food - 1)
