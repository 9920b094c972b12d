"""S29, S31, S32, M34, M58, M60: costs against ordered prices. Check: gaps become subsidies."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.budget import Receipts, budget_lines, turnover_tax
from perelom.model.context import Context
from perelom.model.costs import (
    building_price,
    goods_cost,
    new_product_prices,
    producer_results,
    unit_labour_cost,
)
from perelom.model.employment import employment, jobs
from perelom.model.investment import Uses
from perelom.model.payments import bread_price
from perelom.model.production import production
from perelom.world.state import State


def _paid(state: State, factor: float) -> State:
    return replace(state, nation=replace(state.nation, wage=factor * state.nation.wage))


def test_prices_of_new_products_rise_where_lists_stand(around: Surroundings) -> None:
    later = around(12, year=1932)
    rise = float(later.parameters["hidden_price_rise"])
    years = float(later.draws.month) / 12
    np.testing.assert_allclose(float(new_product_prices(later)), np.exp(rise * years), rtol=1e-5)
    assert float(new_product_prices(around(12, year=1932, off=["new_prices"]))) == 1.0
    np.testing.assert_allclose(float(new_product_prices(around(12, year=1926))), 1.0)


def _sold(goods: float = 0.0, bread: float = 0.0, spirits: float = 0.0) -> Receipts:
    nothing = jnp.zeros(())
    return Receipts(*map(jnp.asarray, (goods, bread, spirits)), nothing, nothing, nothing)


def test_the_tax_is_the_wedge_between_price_and_cost(around: Surroundings) -> None:
    start = around(12, year=1926)
    numbers = {name: float(value) for name, value in start.parameters.items()}
    one, nothing = jnp.ones(()), jnp.zeros(())
    base, margin = numbers["indirect_tax_1926"], numbers["trade_margin"]
    first = 120 * base + 10 * numbers["spirits_tax_1926"] + 5 * numbers["producer_goods_tax"]
    tax = turnover_tax(_sold(100, 20, 10), one, 60 * one, start)
    np.testing.assert_allclose(float(tax), first, rtol=1e-5)
    dear = around(12, year=1926, retail_price=3.0)
    tax = turnover_tax(_sold(100), one, nothing, dear)
    np.testing.assert_allclose(float(tax), 100 * (1 - margin - (1 - base - margin) / 3), rtol=1e-5)
    assert float(turnover_tax(_sold(100), 1.5 * one, nothing, dear)) < float(tax)
    assert float(turnover_tax(_sold(100, 20, 10), 10 * one, nothing, start)) == 0.0


def test_an_order_on_bread_moves_its_price_and_its_tax(around: Surroundings) -> None:
    start, dear = around(12, year=1926), around(12, year=1926, bread_price=2.0)
    np.testing.assert_allclose(bread_price(dear), 2 * bread_price(start), rtol=1e-6)
    tax = [float(turnover_tax(_sold(0, 20), jnp.ones(()), jnp.zeros(()), c)) for c in (start, dear)]
    assert tax[1] > 2 * tax[0] > 0
    goods = [float(turnover_tax(_sold(20), jnp.ones(()), jnp.zeros(()), c)) for c in (start, dear)]
    assert goods[0] == goods[1]


def test_the_cost_of_goods_is_a_mean_of_its_parts(around: Surroundings) -> None:
    start = around(12, year=1926)
    labour = float(start.parameters["labour_in_cost"])
    one = jnp.ones(())
    np.testing.assert_allclose(float(goods_cost(one, start)), 1.0, rtol=1e-6)
    np.testing.assert_allclose(float(goods_cost(2 * one, start)), 1 + labour, rtol=1e-5)
    # All materials twice as dear: grain at the same price in goods, and producer goods.
    dear = around(12, year=1926, retail_price=2.0, producer_price=2.0)
    np.testing.assert_allclose(float(goods_cost(one, dear)), 2 - labour, rtol=1e-5)


def test_wages_above_ordered_prices_make_losses(around: Surroundings) -> None:
    start, output, one = around(12, year=1926), jnp.asarray(1200.0), jnp.ones(())
    profit = float(start.parameters["industry_profit"])

    def left(labour: jnp.ndarray, context: Context) -> float:
        results = producer_results(output, labour, context)
        return float(results.profits - results.losses)

    np.testing.assert_allclose(left(one, start), 100 * profit, rtol=1e-4)
    assert left(3 * one, start) < 0
    raised = around(12, year=1926, producer_price=3.0)
    assert left(3 * one, raised) > 0


def test_some_works_earn_while_the_branch_loses(around: Surroundings) -> None:
    """profits = sales s ln(1 + exp(margin / s)); profits - losses = sales margin."""
    context, output = around(12, year=1926), jnp.asarray(1200.0)
    numbers = {name: float(value) for name, value in context.parameters.items()}
    spread, labour = numbers["cost_spread"], 1.5
    share = numbers["labour_in_cost"]
    margin = 1 - (1 - numbers["industry_profit"]) * (share * labour + 1 - share)
    results = producer_results(output, jnp.asarray(labour), context)
    earned = 100 * spread * np.log1p(np.exp(margin / spread))
    np.testing.assert_allclose(float(results.profits), earned, rtol=1e-4)
    np.testing.assert_allclose(float(results.profits - results.losses), 100 * margin, rtol=1e-3)
    assert float(results.losses) > 0 > margin
    alike = around(12, year=1926, off=["cost_spread"])
    assert float(producer_results(output, jnp.asarray(labour), alike).profits) == 0.0
    wide = around(12, year=1926, parameters={"cost_spread": 0.3})
    assert float(producer_results(output, jnp.asarray(labour), wide).profits) > earned


def test_building_costs_more_where_orders_outrun_supplies(
    state: State, around: Surroundings
) -> None:
    context = around(12, year=1926)
    short = replace(state, nation=replace(state.nation, stretch=jnp.asarray(0.5)))
    full = replace(state, nation=replace(state.nation, stretch=jnp.asarray(1.0)))
    np.testing.assert_allclose(float(building_price(full, context)), 1.0, rtol=1e-5)
    assert float(building_price(short, context)) > 1.05
    part = 1 - float(context.parameters["materials_in_investment"])
    np.testing.assert_allclose(
        float(building_price(_paid(full, 2.0), context)), 1 + part, rtol=1e-5
    )


def _lines(state: State, around: Surroundings, **how: object) -> dict[str, float]:
    context = around(12, year=1926, **how)  # type: ignore[arg-type]
    wanted = jobs(state, context)
    state, _, _ = employment(state, wanted, context)
    output = production(state, wanted, context)
    got = Receipts(*(jnp.asarray(amount) for amount in (7e8, 1e8, 7e7, 3e7, 5e6, 6e8)))
    uses = Uses(jnp.asarray(2e8), jnp.asarray(3e9))
    lines = budget_lines(state, got, output, wanted, uses, context)
    return {name: float(values.sum()) for name, values in lines.items()}


def test_costs_of_1926_are_one(state: State, around: Surroundings) -> None:
    context = around(12, year=1926)
    wanted = jobs(state, context)
    after, _, _ = employment(state, wanted, context)
    output = production(after, wanted, context)
    for cost in unit_labour_cost(state, output, wanted, context):
        np.testing.assert_allclose(float(cost), 1.0, rtol=0.05)


def test_the_reform_takes_transport_out_of_the_budget(state: State, around: Surroundings) -> None:
    before, after = _lines(state, around), _lines(state, around, budget_reform=1.0)
    transport = 1e6 * float(around().parameters["transport_receipts_1926"]) / 12
    charges = 6e8 * float(around().parameters["charges_on_wages"])
    charges *= 1 + float(around().parameters["other_receipts"])
    change = after["budget_revenue"] - before["budget_revenue"]
    np.testing.assert_allclose(change, charges - transport, rtol=0.06)
    raised = _lines(state, around, budget_reform=1.0, wage_charges=1.5)
    change = raised["budget_revenue"] - after["budget_revenue"]
    np.testing.assert_allclose(change, charges / 2, rtol=1e-3)
    old = _lines(state, around, wage_charges=1.5)
    np.testing.assert_allclose(old["budget_revenue"], before["budget_revenue"], rtol=1e-6)


def test_subsidies_are_spent_and_no_budget_spends_less_than_it_may(
    state: State, around: Surroundings
) -> None:
    plain = _lines(_paid(state, 1.0), around)
    assert plain["budget_profit"] > 0
    poor = _lines(_paid(state, 4.0), around)
    assert poor["budget_profit"] < 0 < poor["budget_revenue"]
    assert poor["budget_expenditure"] > plain["budget_expenditure"] - poor["budget_profit"]
    surplus = float(around().parameters["budget_surplus"])
    rich = _lines(state, around, retail_price=8.0)
    np.testing.assert_allclose(
        rich["budget_expenditure"], (1 - surplus) * rich["budget_revenue"], rtol=1e-4
    )
