"""Prices and costs of industry. Systems S29, S36, S37. Mechanisms M34, M58-M60.

Lists of prices are set by order and change rarely. Two things move what is paid in spite of them:
new products come in at the prices of their day, and labour costs more.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.employment import ROUBLES_PER_MILLION, Jobs, hands_a_site
from perelom.model.payments import state_price_index
from perelom.model.production import Output
from perelom.model.smooth import ratio
from perelom.world.state import State


def new_product_prices(context: Context) -> Float[Array, ""]:
    """Return what is paid for goods over their list price, 1 in 1926: exp(h years). M34, S36.

    What price lists and output at prices of 1926/27 do not show, buyers pay all the same.
    """
    years = context.draws.month / 12.0
    return jnp.exp(context.parameters["hidden_price_rise"] * years * context.switches["new_prices"])


def producer_price(context: Context) -> Float[Array, ""]:
    """Return what is paid for a unit of producer goods, 1 as in 1926/27. S29, M60."""
    return context.levers["producer_price"][0] * new_product_prices(context)


def unit_labour_cost(
    state: State, output: Output, wanted: Jobs, context: Context
) -> tuple[Array, Array]:
    """Return wages a unit of producer and of consumer goods, 1 as in 1926/27. S40, M58.

    (w / w0) / (output a worker / that of 1926).
    """
    numbers, before = context.parameters, context.reference.regions.employed.sum()
    wage = state.nation.wage / numbers["wage_1926"]
    filled = ratio(state.regions.employed, wanted.all)

    def cost(made: Array, hands: Array, output_before: Array, jobs_before: Array) -> Array:
        hands = (hands * filled).sum() / (before * jobs_before)
        return wage * hands * output_before * ROUBLES_PER_MILLION / jnp.maximum(made.sum(), 1.0)

    return (
        cost(
            output.producer, wanted.producer, numbers["producer_output"], numbers["producer_jobs"]
        ),
        cost(
            output.consumer, wanted.consumer, numbers["consumer_output"], numbers["consumer_jobs"]
        ),
    )


def goods_cost(labour: Array, context: Context) -> Float[Array, ""]:
    """Return the cost of a unit of shop goods, 1 as in 1926/27. S32, M60.

    l labour + (1 - l)(m farm produce at the state's price + (1 - m) producer goods).
    """
    numbers, geography = context.parameters, context.geography
    farm = state_price_index(context)[geography.capital]
    share, labour_share = numbers["farm_materials_share"], numbers["labour_in_cost"]
    materials = share * farm + (1 - share) * producer_price(context)
    return labour_share * labour + (1 - labour_share) * materials


class Results(NamedTuple):
    """The month's profits and losses of producer goods industry, roubles, none below 0."""

    profits: Float[Array, ""]
    losses: Float[Array, ""]


def producer_results(output: Array, labour: Array, context: Context) -> Results:
    """Return profits of the works that earn and losses of those that lose. S29, M60.

    profits - losses = Y (p - (1 - profit of 1926)(l labour + (1 - l) p)): prices stand while wages
    rise. The treasury takes the one and makes good the other; unit costs of works have a logistic
    spread s about their mean: profits = Y p s ln(1 + exp(margin / s)). Off: all works are alike.
    """
    numbers, price = context.parameters, producer_price(context)
    share, switch = numbers["labour_in_cost"], context.switches["cost_spread"]
    cost = (1 - numbers["industry_profit"]) * (share * labour + (1 - share) * price)
    sales, margin, spread = output * price / 12, 1 - cost / price, numbers["cost_spread"]
    alike = jnp.maximum(margin, 0.0)
    earned = alike + switch * (spread * jnp.logaddexp(0.0, margin / spread) - alike)
    return Results(sales * earned, sales * (earned - margin))


def building_price(state: State, context: Context) -> Float[Array, ""]:
    """Return what a unit of investment costs, 1 as in 1926/27. S29, S31, M58.

    m producer price + (1 - m)(w / w0) x builders a rouble of work: sites staffed for plans that
    bricks do not reach cost more.
    """
    numbers = context.parameters
    share, wage = numbers["materials_in_investment"], state.nation.wage / numbers["wage_1926"]
    labour = wage * hands_a_site(state, context)
    return share * producer_price(context) + (1 - share) * labour
