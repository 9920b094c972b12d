"""The budget and the currency. Systems S29, S32-S36. Mechanisms M59-M61, M66."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.costs import (
    building_price,
    goods_cost,
    new_product_prices,
    producer_price,
    producer_results,
    unit_labour_cost,
)
from perelom.model.employment import ROUBLES_PER_MILLION, Jobs
from perelom.model.investment import Uses
from perelom.model.production import Output
from perelom.model.space import at_capital
from perelom.world.state import State


class Receipts(NamedTuple):
    """What the month brought, roubles: goods, bread, spirits, farm tax, loans; wages it paid."""

    goods: Array
    bread: Array
    spirits: Array
    farm_tax: Array
    loans: Array
    wages: Array


def turnover_tax(got: Receipts, cost: Array, made: Array, context: Context) -> Array:
    """Return the part of retail sales that is tax: the wedge between price and cost. S32, S34, M60.

    sales (1 - d - (1 - t0 - d) c / p): what shops take less the trade's margin d and the cost c.
    Goods come at list prices x prices of new products, bread and spirits at prices of their own;
    spirits bear a tax of their own. To it comes a share of the sales of producer goods, oil above
    all. Before 1930 the wedge bore the names of excise and business tax. made: producer goods.
    """
    numbers, margin = context.parameters, context.parameters["trade_margin"]
    listed = context.levers["retail_price"][0]

    def wedge(first: Array, price: Array) -> Array:
        return jnp.maximum(1 - margin - (1 - first - margin) * cost / price, 0.0)

    first = numbers["indirect_tax_1926"]
    on_goods = got.goods * wedge(first, listed * new_product_prices(context))
    on_bread = got.bread * wedge(first, listed * context.levers["bread_price"][0])
    on_spirits = got.spirits * wedge(numbers["spirits_tax_1926"], listed)
    on_producers = made * producer_price(context) * numbers["producer_goods_tax"] / 12
    return on_goods + on_bread + on_spirits + on_producers


def withdraw(state: State, kept: Array, context: Context) -> tuple[State, Flows]:
    """Take out of circulation, at a pace, what the treasury holds above `kept`. S36, M59.

    W = min(pace, 1) (T - kept)+: not even a quick bank withdraws more than there is.
    """
    pace = jnp.minimum(context.parameters["withdrawal_pace"], 1.0)
    spare = jnp.maximum(state.nation.treasury - kept, 0.0) * pace
    nation = replace(state.nation, treasury=state.nation.treasury - spare)
    flows = {"currency_withdrawn": at_capital(context.geography, spare)}
    return replace(state, nation=nation), flows


def transport_receipts(output: Output, context: Context) -> Float[Array, ""]:
    """Return the month's gross receipts of railways and post: they follow what is made. S32.

    They stood in the budget, as receipts and as spending, until transport kept its own accounts.
    """
    numbers = context.parameters
    first = (numbers["producer_output"] + numbers["consumer_output"]) * ROUBLES_PER_MILLION
    made = (output.producer.sum() + output.consumer.sum()) / first
    return numbers["transport_receipts_1926"] * ROUBLES_PER_MILLION * made / 12


def budget_lines(
    state: State, got: Receipts, output: Output, wanted: Jobs, uses: Uses, context: Context
) -> dict[str, Array]:
    """Return the month's budget as the treasury would print it, roubles. S29, S32, M60, M66.

    Revenue: turnover tax, profits of works that earn, agricultural tax, loans, and in proportion
    other receipts; railways and post before the reform of the budget, after it charges on wages at
    the rates of the day. Spending: investment, wages, defence, losses, railways and post; what is
    left but for the surplus that a budget has to show goes to enterprises for working capital and
    reserves. Nothing is moved here: the money itself went through the bank.
    """
    numbers, geography = context.parameters, context.geography
    reformed = context.levers["budget_reform"][0]
    labour_a, labour_b = unit_labour_cost(state, output, wanted, context)
    made = output.producer.sum()
    indirect = turnover_tax(got, goods_cost(labour_b, context), made, context)
    results = producer_results(made, labour_a, context)
    transport = transport_receipts(output, context) * (1 - reformed)
    charges = numbers["charges_on_wages"] * context.levers["wage_charges"][0]
    named = indirect + results.profits + got.farm_tax + got.loans
    named = named + got.wages * charges * reformed
    revenue = named * (1 + numbers["other_receipts"]) + transport
    defence = uses.defence * producer_price(context) / 12
    investment = uses.investment * building_price(state, context) / 12
    spent = investment * numbers["investment_from_budget"] + defence
    spent = spent + got.wages * numbers["wages_from_budget"] + results.losses + transport
    granted = jnp.maximum(revenue * (1 - numbers["budget_surplus"]) - spent, 0.0)
    lines = {
        "revenue": revenue,
        "expenditure": spent + granted,
        "turnover_tax": indirect,
        "defence": defence,
        "investment": investment,
        "profit": results.profits - results.losses,
        "grants": granted,
    }
    return {f"budget_{name}": at_capital(geography, value) for name, value in lines.items()}
