"""What official statistics show on the first of a month. Systems S37, S46, S91.

Mechanisms M8, M34. They show more than there is: farms that exist on paper, hectares that a plan
asked for, and new products entered at the prices of the year in which they came.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.campaign import reported_share
from perelom.model.context import Context
from perelom.model.space import at_capital, measured, over_slots, to_regions
from perelom.world.state import State


def reported_members(state: State, context: Context) -> Float[Array, " region"]:
    """Return kolkhoz households as officials report them, with those on paper. S46, S91, M8."""
    present = to_regions(context.geography, over_slots(state.households.present))
    return present * reported_share(state, context)


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
    """Return what is printed of members, sowing and industry, as notes. S37, S46, S91.

    Asked on the first day, as stocks are measured: a count on 1 March knows nothing of March.
    """
    return {
        "reported_members": reported_members(state, context),
        "reported_sown": reported_sown(state, context),
        "hidden_price_rise": at_capital(context.geography, hidden_price_rise(context)),
    }
