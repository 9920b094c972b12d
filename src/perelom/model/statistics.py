"""Line 13 of the month: official statistics of sowing and of industry. Systems S37, S91.

Mechanism M34. Both say more than there is, by other ways than the harvest: hectares that a plan
asked for, and new products entered at the prices of the year in which they came.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.space import at_capital, measured, to_regions
from perelom.world.state import State


def reported_sown(state: State, context: Context) -> Float[Array, " region"]:
    """Return standing grain as reported, ha: kolkhozes and state farms report more. S91, M34.

    own + (kolkhoz + state farms) (1 + b (1 - honesty)(1 - checks)).
    """
    households, villages, levers = state.households, state.villages, context.levers
    own = measured(households.winter_sown) + measured(households.spring_sown)
    common = villages.kolkhoz_winter_sown + villages.kolkhoz_spring_sown
    own, common = to_regions(context.geography, jnp.stack([own, common]))
    bias = context.parameters["sown_area_padding"] * context.switches["report_bias"]
    bias = bias * (1 - levers["honest_reports"]) * (1 - levers["report_checks"])
    return own + (common + state.regions.state_farm_sown) * (1 + bias)


def hidden_price_rise(context: Context) -> Float[Array, ""]:
    """Return by what official output in prices of 1926/27 exceeds true output, a factor. S37, M34.

    exp(h years (1 - honesty)): every new product brings its year's price into the index.
    """
    years, levers = context.draws.month / 12.0, context.levers
    rise = context.parameters["hidden_price_rise"] * context.switches["report_bias"]
    return jnp.exp(rise * years * (1 - levers["honest_reports"][0]))


def statistics(state: State, context: Context) -> dict[str, Float[Array, " region"]]:
    """Return what the statistical office prints of sowing and industry, as notes. S37, S91."""
    return {
        "reported_sown": reported_sown(state, context),
        "hidden_price_rise": at_capital(context.geography, hidden_price_rise(context)),
    }
