"""Line 12 of the month: state grain, work and wages, money and goods, investment, trade abroad.

Systems S07, S13-S15, S24, S31-S43, S70. Mechanisms M41, M42, M57-M64, M66.
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array

from perelom.model.branch import Moved
from perelom.model.budget import Receipts, budget_lines, withdraw
from perelom.model.context import Context, Flows, together
from perelom.model.costs import new_product_prices
from perelom.model.crafts import earn_outside
from perelom.model.employment import Jobs, employment, jobs
from perelom.model.exports import Sold, other_exports
from perelom.model.farm_sales import farm_sales
from perelom.model.foreign_trade import foreign_trade
from perelom.model.hire import hire, labour
from perelom.model.housing import build_housing
from perelom.model.investment import Uses, investment
from perelom.model.needs import needs
from perelom.model.payments import settle
from perelom.model.production import Output, production
from perelom.model.retail import free_price, retail, towns_pay_for_bread
from perelom.model.space import at_capital, to_regions
from perelom.model.state_grain import private_trade, state_grain
from perelom.model.taxes import kolkhoz_money, tax_villages
from perelom.model.tractors import land_served, tractors
from perelom.world.state import State


def industry(state: State, context: Context) -> Moved:
    """Move grain, then people's money, then what industry makes and imports. S15, S24, S31-S43.

    Order: private and state grain; jobs and wages; earnings and sales of villages; taxes; goods in
    shops; foreign trade, tractors, investment; currency.
    """
    # People have died and moved since the first day.
    context = replace(context, needs=needs(state, context))
    state, traded, _ = private_trade(state, context)
    state, shared, _ = state_grain(state, context)
    wanted = jobs(state, context)
    state, paid, seen = employment(state, wanted, context)
    output = production(state, wanted, context)
    outside = seen["wages_paid"].sum() - paid["wages_town"].sum()
    state, earned, more = village_money(state, outside, context)
    state, bread, _ = towns_pay_for_bread(state, shared["town_supply"], context)
    abroad = other_exports(state, output, context)
    goods = output.consumer.sum() * context.parameters["retail_value"] / 12
    goods = jnp.maximum(goods - abroad.squeezed * context.parameters["export_home_value"], 0.0)
    goods = goods * new_product_prices(context)
    state, bought, _ = retail(state, goods, context)
    state = free_price(state, context)
    persons = state.regions.town_persons.sum(axis=0)
    more |= {
        "free_price": state.regions.market_price * persons,
        "shop_price": context.levers["retail_price"] * persons,
    }
    state, built, last = made_and_imported(state, output, shared["exported"].sum(), abroad, context)
    flows = together(traded, shared, paid, earned, bread, bought)
    wages = seen["wages_paid"].sum()
    state, settled, lines = money(state, flows, output, wanted, wages, last, context)
    state, houses, _ = build_housing(state, context)
    notes = seen | more | lines | last.notes
    return state, together(settled, built, houses), notes


def village_money(state: State, wages: Array, context: Context) -> Moved:
    """Let villages earn, hire, sell, give out kolkhoz money and pay taxes. S04, S07, S33, S60."""
    hands = labour(state, context)
    state, earned, notes = earn_outside(state, hands, wages, context)
    state, sold, _ = farm_sales(state, context)
    state = hire(state, hands, context)
    state, given, _ = kolkhoz_money(state, context)
    state, taxed, _ = tax_villages(state, context)
    return state, together(earned, sold, given, taxed), notes


class Made(NamedTuple):
    """What producer goods and trade abroad came to: uses of a year, and what is written down."""

    uses: Uses
    notes: dict[str, Array]


def made_and_imported(
    state: State, output: Output, exported: Array, abroad: Sold, context: Context
) -> tuple[State, Flows, Made]:
    """Trade abroad, build tractors and invest what is left. S31, S41, S70, M57, M62, M63."""
    numbers = context.parameters
    goods = output.producer.sum() * numbers["producer_goods_for_use"]
    state, debt, trade = foreign_trade(state, exported, abroad, output, context)
    state, machines, built = tractors(state, goods, trade.machines, context)
    imported = trade.machines * 12 * numbers["machine_import_value"]
    goods = goods - built.sum() * 12 * numbers["tractor_cost"]
    state, invested, uses = investment(state, goods, imported, context)
    amounts = {
        "exports_value": trade.exports,
        "machine_imports": trade.machines,
        "other_imports": trade.other_imports,
    }
    notes = {name: at_capital(context.geography, value) for name, value in amounts.items()}
    notes |= {"producer_output": output.producer / 12, "consumer_output": output.consumer / 12}
    notes |= {"tractors_built": built, "kolkhoz_land_served": land_served(state, context)}
    return state, together(debt, machines, invested), Made(uses, notes)


def money(
    state: State,
    flows: Flows,
    output: Output,
    wanted: Jobs,
    wages: Array,
    made: Made,
    context: Context,
) -> tuple[State, Flows, dict[str, Array]]:
    """Settle with the treasury, withdraw what it does not need, and write the budget. S32, S36."""
    kept = wages * context.parameters["treasury_months"]
    state, settled = settle(state, flows, context, kept)
    state, withdrawn = withdraw(state, kept, context)
    rural = [
        flows["goods_bought_rural"],
        flows["bread_paid_rural"],
        flows["spirits_bought_rural"],
        flows["tax_own"] + flows["tax_kolkhoz"],
    ]
    goods, bread, spirits, tax = to_regions(context.geography, jnp.stack(rural)).sum(axis=-1)
    got = Receipts(
        goods=goods + flows["goods_bought_town"].sum(),
        bread=bread + flows["bread_paid_town"].sum(),
        spirits=spirits + flows["spirits_bought_town"].sum(),
        farm_tax=tax,
        loans=flows["loans_town"].sum(),
        wages=wages,
    )
    lines = budget_lines(state, got, output, wanted, made.uses, context)
    return state, together(settled, withdrawn), lines
