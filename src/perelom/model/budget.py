"""The budget and the currency. Systems S32, S33, S35, S36. Mechanisms M59, M60, M66."""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.investment import Uses
from perelom.model.smooth import power
from perelom.model.space import at_capital
from perelom.world.state import State


def producer_price(state: State, context: Context) -> Float[Array, ""]:
    """Return prices of producer goods and building, 1 as in 1926/27: (wage / wage of 1926)^e."""
    numbers = context.parameters
    return power(state.nation.wage / numbers["wage_1926"], numbers["producer_price_of_wages"])


def turnover_tax(sales: Array, state: State, context: Context) -> Float[Array, ""]:
    """Return the part of retail sales that is tax: the wedge between price and cost. S32, M60.

    sales (1 - (1 - t0) (w / w0)^e / p): what shops take less the cost of goods, which follows
    wages; before 1930 the wedge bore the names of excise and other indirect taxes.
    """
    numbers = context.parameters
    cost = power(state.nation.wage / numbers["wage_1926"], numbers["retail_cost_of_wages"])
    cost = (1 - numbers["indirect_tax_1926"]) * cost / context.levers["retail_price"][0]
    return sales * jnp.maximum(1 - cost, 0.0)


def withdraw(state: State, kept: Array, context: Context) -> tuple[State, Flows]:
    """Take out of circulation, at a pace, what the treasury holds above `kept`. S36, M59."""
    spare = jnp.maximum(state.nation.treasury - kept, 0.0) * context.parameters["withdrawal_pace"]
    nation = replace(state.nation, treasury=state.nation.treasury - spare)
    flows = {"currency_withdrawn": at_capital(context.geography, spare)}
    return replace(state, nation=nation), flows


def budget_lines(
    state: State, sums: dict[str, Array], wages: Array, output: Array, uses: Uses, context: Context
) -> dict[str, Array]:
    """Return the month's budget as the treasury would print it, roubles. S32, M60, M66.

    Revenue: indirect taxes, industry's profits, agricultural tax, loans, charges on wages.
    Spending: its share of investment and of wages, defence. Nothing is moved here: the money
    itself went through the bank.
    """
    numbers, geography = context.parameters, context.geography
    price = producer_price(state, context)
    indirect = turnover_tax(sums["sales"], state, context)
    charges = wages * numbers["charges_on_wages"]
    profits = output * price * numbers["industry_profit"] / 12
    spent = uses.investment * numbers["investment_from_budget"] + uses.defence
    defence = uses.defence * price / 12
    lines = {
        "revenue": indirect + charges + profits + sums["tax"] + sums["loans"],
        "expenditure": spent * price / 12 + wages * numbers["wages_from_budget"],
        "turnover_tax": indirect,
        "defence": defence,
        "investment": uses.investment * price / 12,
        "agricultural_tax": sums["tax"],
    }
    return {f"budget_{name}": at_capital(geography, value) for name, value in lines.items()}
