"""Foreign trade, credit and debt. Systems S41, S42, S43, S44. Mechanism M62."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.exports import Sold
from perelom.model.imports import (
    Programme,
    Wanted,
    book_orders,
    programme,
    restraint,
    wanted_imports,
)
from perelom.model.plans import TONNES_PER_MEGATONNE
from perelom.model.production import Output
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_capital
from perelom.world.state import State


class Trade(NamedTuple):
    """A month's trade, gold roubles."""

    exports: Float[Array, ""]
    machines: Float[Array, ""]
    other_imports: Float[Array, ""]


class Payments(NamedTuple):
    """A month's payments abroad, gold roubles: what came in and what each use was paid."""

    received: Float[Array, ""]
    interest: Float[Array, ""]
    services: Float[Array, ""]
    repaid: Float[Array, ""]
    drawn: Float[Array, ""]
    machines: Float[Array, ""]
    materials: Float[Array, ""]


def grain_price(context: Context) -> Float[Array, ""]:
    """Return the price of grain abroad, gold roubles/t."""
    price: Array = context.parameters["grain_export_price"] * context.levers["world_grain_price"][0]
    return price


def services_abroad(received: Array, imports: Array, context: Context) -> Float[Array, ""]:
    """Return what freight, commissions, trade missions and engineers cost, gold roubles. S42, M62.

    s (receipts + imports): trade in both directions needs them.
    """
    share: Array = context.parameters["services_abroad"] * context.switches["services_abroad"]
    return share * (received + imports)


def pay(state: State, received: Array, plan: Programme, context: Context) -> Payments:
    """Pay interest, services, debts falling due, machines, then materials. S42, M62.

    cash = reserve + received; interest, services s (received + imports due) and D / maturity are
    paid out of cash in this order, what is lacking of debts is prolonged; imports due are paid out
    of cash left + credit offered, machines and materials alike; credit drawn = what imports lack
    with the wanted reserve, at most the offer. D: debt for goods delivered.
    """
    numbers, nation = context.parameters, state.nation
    cash = nation.currency_reserve + received
    interest = jnp.minimum(nation.foreign_debt * numbers["foreign_interest"] / 12, cash)
    due = plan.machines + plan.materials
    services = jnp.minimum(services_abroad(received, due, context), cash - interest)
    left = cash - interest - services
    repaid = jnp.minimum(nation.foreign_debt / (numbers["debt_maturity"] * 12), left)
    left = left - repaid
    offer = context.levers["foreign_credit"][0] * numbers["foreign_credit_taken"]
    offer = offer * ROUBLES_PER_MILLION / 12
    imports = smooth_min(due, left + offer)
    machines, materials = plan.machines * ratio(imports, due), plan.materials * ratio(imports, due)
    kept = numbers["currency_kept_months"] * (imports + interest + services + repaid)
    # Suppliers give credit for what they deliver, nothing more.
    drawn = jnp.minimum(jnp.clip(imports + kept - left, 0.0, offer), imports)
    return Payments(received, interest, services, repaid, drawn, machines, materials)


def foreign_trade(
    state: State, grain: Float[Array, ""], sold: Sold, output: Output, context: Context
) -> tuple[State, Flows, Trade]:
    """Sell abroad, order machines, pay for imports and debts, keep what is left. S41, S42, M62.

    capacity = export receipts of a year + gold to be sold + credit offered - debt service -
    services; reserve' = reserve + exports + gold - imports paid in cash - interest - services -
    repayment; D' = D + drawn - repaid - d D: what falling pounds and dollars take off. Deliveries
    not paid for wait. grain: t; sold: other goods.
    """
    numbers, levers = context.parameters, context.levers
    switch = context.switches["foreign_trade"]
    other_price = levers["world_price_other"][0] * numbers["other_export_price"]
    exports = (grain * grain_price(context) + sold.amount * other_price) * switch
    gold = levers["gold_sales"][0] * ROUBLES_PER_MILLION / 12 * switch
    debt = state.nation.foreign_debt
    service = debt / numbers["debt_maturity"] + debt * numbers["foreign_interest"]
    service = service + services_abroad(state.nation.receipts, state.nation.receipts, context)
    credit = levers["foreign_credit"][0] * numbers["foreign_credit_taken"] * ROUBLES_PER_MILLION
    capacity = jnp.maximum(state.nation.receipts + gold * 12 + credit - service, 0.0)
    want = wanted_imports(state, output, context)
    plan = Programme(*(switch * part for part in programme(state, want, capacity, context)))
    paid = Payments(*(switch * part for part in pay(state, exports + gold, plan, context)))
    written = debt * numbers["debt_devalued_share"] * levers["devaluation"][0] / 12 * switch
    spent = (
        paid.machines + paid.materials - paid.drawn + paid.interest + paid.services + paid.repaid
    )
    state = replace(
        state,
        nation=replace(
            state.nation,
            foreign_debt=debt + paid.drawn - paid.repaid - written,
            currency_reserve=state.nation.currency_reserve + paid.received - spent,
        ),
    )
    state = book_orders(state, plan.placed, paid.machines)
    full = sold.possible * 12 * other_price
    full = full + levers["grain_exports_plan"][0] * TONNES_PER_MEGATONNE * grain_price(context)
    held = restraint(state, context)
    bill = (want.machines + want.materials) * held + service - gold * 12
    need = ratio(bill - _idle(state, paid, context), full)
    state = remember(state, exports, paid, plan, want, need, context)
    booked = {
        "credit_drawn": paid.drawn,
        "credit_repaid": paid.repaid,
        "debt_devalued": written,
        "currency_earned": paid.received,
        "currency_spent": spent,
        "machines_ordered": plan.placed,
        "machines_received": paid.machines,
    }
    flows = {name: at_capital(context.geography, value) for name, value in booked.items()}
    return state, flows, Trade(exports, paid.machines, paid.materials)


def _idle(state: State, paid: Payments, context: Context) -> Array:
    """Return currency beyond the balance that is kept against payments, gold roubles."""
    monthly = paid.machines + paid.materials + paid.interest + paid.services + paid.repaid
    kept = context.parameters["currency_kept_months"] * monthly
    return jnp.maximum(state.nation.currency_reserve - kept, 0.0)


def remember(
    state: State,
    exports: Array,
    paid: Payments,
    plan: Programme,
    want: Wanted,
    need: Array,
    context: Context,
) -> State:
    """Smooth what later months look back at: receipts, gap, materials found, need of exports.

    gap = 1 - imports paid / (machines due + materials wanted). S41, S42.
    """
    numbers, nation = context.parameters, state.nation
    switch = context.switches["foreign_trade"]
    wanted = plan.machines + want.materials / 12
    gap = jnp.maximum(1 - ratio(paid.machines + paid.materials, wanted), 0.0)
    found = jnp.minimum(ratio(paid.materials * 12, want.materials), 1.0)
    pace = switch / numbers["currency_gap_months"]
    slower = switch / numbers["materials_stock_months"]
    one = jnp.ones_like(need)
    return replace(
        state,
        nation=replace(
            nation,
            receipts=nation.receipts + (exports - nation.receipts / 12) * switch,
            currency_gap=nation.currency_gap + (gap - nation.currency_gap) * pace,
            materials_found=nation.materials_found + (found - nation.materials_found) * slower,
            export_need=nation.export_need + (smooth_min(need, one) - nation.export_need) * pace,
        ),
    )
