"""Foreign trade, credit and debt. Systems S41, S42, S43, S44. Mechanism M62."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.smooth import excess, ratio, smooth_min
from perelom.model.space import at_capital
from perelom.world.state import State


class Trade(NamedTuple):
    """A month's trade, gold roubles."""

    exports: Float[Array, ""]
    machines: Float[Array, ""]
    other_imports: Float[Array, ""]


def export_push(state: State, context: Context) -> Float[Array, ""]:
    """Return by how much the need of foreign currency raises grain exports. S41, M42, M62.

    1 + r gap: the more of the wanted imports could not be paid for, the more grain is sent out,
    and it takes more grain the lower its price.
    """
    response = context.parameters["export_response"] * context.switches["export_push"]
    return 1 + response * state.nation.currency_gap


def foreign_trade(
    state: State, grain: Float[Array, ""], context: Context
) -> tuple[State, Flows, Trade]:
    """Pay for imports out of exports, gold and credit. S41, S42, M62.

    receipts = grain x price + other exports x price + gold; wanted = (machines + other imports) x
    restraint + debt service; credit drawn = smooth min(wanted - receipts, offer);
    D' = D + drawn - D / maturity. What is not covered is not imported. Restraint:
    the Politburo cuts orders once debt stands too high against a year's receipts.
    """
    numbers, levers, nation = context.parameters, context.levers, state.nation
    switch = context.switches["foreign_trade"]

    month = ROUBLES_PER_MILLION / 12
    price = levers["world_price_other"][0]
    exports = grain * numbers["grain_export_price"] * levers["world_grain_price"][0]
    exports = exports + levers["other_exports"][0] * month * price
    receipts = exports + levers["gold_sales"][0] * month
    repaid = nation.foreign_debt / (numbers["debt_maturity"] * 12)
    service = repaid + nation.foreign_debt * numbers["foreign_interest"] / 12
    burden = ratio(nation.foreign_debt, receipts * 12) - numbers["debt_tolerated"]
    cut = numbers["import_cut"] * excess(burden, numbers["debt_tolerated"])
    restraint = 1 / (1 + cut * context.switches["import_cuts"])
    machines = levers["machine_imports"][0] * month * restraint
    others = numbers["other_imports"] * ROUBLES_PER_MILLION / 12 * price * restraint
    wanted = machines + others
    lacking = jnp.maximum(wanted + service - receipts, 0.0)
    drawn = smooth_min(lacking, levers["foreign_credit"][0] * month) * switch
    paid = jnp.clip(ratio(receipts + drawn - service, wanted), 0.0, 1.0) * switch
    # Debts are paid first; what receipts and new credit do not cover is put off.
    repaid = smooth_min(repaid, receipts + drawn) * switch
    gap = 1 - paid
    pace = 1 / numbers["currency_gap_months"]
    nation = replace(
        nation,
        foreign_debt=nation.foreign_debt + drawn - repaid,
        currency_gap=nation.currency_gap + (gap - nation.currency_gap) * pace * switch,
    )
    booked = {"credit_drawn": drawn, "credit_repaid": repaid}
    flows = {name: at_capital(context.geography, value) for name, value in booked.items()}
    return replace(state, nation=nation), flows, Trade(exports, machines * paid, others * paid)
