"""What official statistics show on the first of a month. Systems S37, S46, S91.

Mechanisms M8, M34. They show more than there is: farms that exist on paper, hectares that a plan
asked for, and new products entered at the prices of the year in which they came.
"""

from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.costs import new_product_prices
from perelom.model.exports import obligations
from perelom.model.race import reported_share
from perelom.model.rural_posts import peasants, wage_families
from perelom.model.smooth import power
from perelom.model.space import at_capital, over_slots, to_regions
from perelom.world.state import State


def reported_members(state: State, context: Context) -> Float[Array, " region"]:
    """Return kolkhoz households as officials report them, with those on paper. S46, S91, M8."""
    farms = to_regions(context.geography, over_slots(peasants(state.households)))
    return farms * reported_share(state, context)


def sown_on_paper(state: State, context: Context) -> Float[Array, " region"]:
    """Return grain area that reports show and nobody has sown, ha. S91, M34.

    (kolkhozes + state farms) b (1 - honesty)(1 - checks).
    """
    villages, levers = state.villages, context.levers
    kolkhoz = villages.kolkhoz_winter_sown + villages.kolkhoz_spring_sown
    common = to_regions(context.geography, kolkhoz) + state.regions.state_farm_sown
    bias = context.parameters["sown_area_padding"] * context.switches["report_bias"]
    return common * (bias * (1 - levers["honest_reports"]) * (1 - levers["report_checks"]))


def hidden_price_rise(context: Context) -> Float[Array, ""]:
    """Return by what official output in prices of 1926/27 exceeds true output, a factor. S37, M34.

    exp(h years (1 - honesty)): every new product brings its year's price into the index.
    """
    honest = context.levers["honest_reports"][0]
    return power(new_product_prices(context), context.switches["report_bias"] * (1 - honest))


def statistics(state: State, context: Context) -> dict[str, Float[Array, " region"]]:
    """Return what is printed of members, sowing and industry, as notes. S37, S46, S91.

    Asked on the first day, as stocks are measured: a count on 1 March knows nothing of March.
    """
    return {
        "reported_members": reported_members(state, context),
        "sown_on_paper": sown_on_paper(state, context),
        "overcount": state.regions.overcount,
        "wage_families": wage_families(state, context),
        "foreign_obligations": at_capital(context.geography, obligations(state, context)),
        "hidden_price_rise": at_capital(context.geography, hidden_price_rise(context)),
    }
