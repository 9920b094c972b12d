"""S41, S42, S43: trade, credit and debt. Check: value of exports, debt path and cut of imports."""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.exports import Sold, debt_burden, export_push, obligations
from perelom.model.foreign_trade import Trade, foreign_trade, services_abroad
from perelom.model.imports import machine_gap, restraint, wanted_imports
from perelom.model.production import Output
from perelom.scenario import Scenario
from perelom.world.state import State

GRAIN = 2e5
OTHERS = 48e6


def output(around: Surroundings, producer: float = 1.0, consumer: float = 1.0) -> Output:
    """Return gross output relative to 1926, spread evenly."""
    numbers = around().parameters
    made = [
        jnp.full(40, size * 1e6 * float(numbers[name]) / 40)
        for name, size in (("producer_output", producer), ("consumer_output", consumer))
    ]
    return Output(made[0], made[1], jnp.ones(()))


def _trade(
    state: State, around: Surroundings, month: int = 10, **how: Any
) -> tuple[State, dict[str, Any], Trade]:
    others = jnp.asarray(OTHERS)
    sold = Sold(others, others, 0 * others)
    context = around(month, **how)
    return foreign_trade(state, jnp.asarray(GRAIN), sold, output(around), context)


def _months(
    state: State, around: Surroundings, count: int = 24, **how: Any
) -> tuple[State, float, float]:
    machines, materials = 0.0, 0.0
    for _ in range(count):
        state, _, trade = _trade(state, around, **how)
        machines += float(trade.machines)
        materials += float(trade.other_imports)
    return state, machines, materials


def _debt(state: State) -> float:
    return float(state.nation.foreign_debt)


def _with(state: State, **values: float) -> State:
    changed = {name: jnp.asarray(value, jnp.float64) for name, value in values.items()}
    return replace(state, nation=replace(state.nation, **changed))


def test_falling_prices_leave_fewer_imports(state: State, around: Surroundings) -> None:
    usual = _months(state, around)
    poor = _months(state, around, world_grain_price=0.35, world_price_other=0.5)
    assert poor[1] + poor[2] < usual[1] + usual[2]
    assert float(poor[0].nation.receipts) < float(usual[0].nation.receipts)


def test_credit_brings_machines_and_debt(state: State, around: Surroundings) -> None:
    some, without = (
        _months(state, around, machine_imports=500.0, foreign_credit=credit)
        for credit in (800.0, 0.0)
    )
    assert some[1] > 1.2 * without[1]
    assert _debt(some[0]) > _debt(without[0])
    assert _debt(without[0]) < _debt(state)


def test_the_account_of_the_month(state: State, around: Surroundings) -> None:
    """Currency: reserve and debt change by exports and gold less imports, interest, services."""
    context = around(10)
    after, flows, trade = _trade(state, around, foreign_credit=1000.0)
    interest = _debt(state) * float(context.parameters["foreign_interest"]) / 12
    gold = float(context.levers["gold_sales"][0]) * 1e6 / 12
    earned = float(trade.exports) + gold
    owed = _debt(after) - _debt(state)
    kept = float(after.nation.currency_reserve - state.nation.currency_reserve)
    bought = trade.machines + trade.other_imports
    services = float(services_abroad(jnp.asarray(earned), bought, context))
    spent = float(bought) + interest + services
    # Services follow the programme due, of which nearly all is paid with so much credit.
    np.testing.assert_allclose(kept - owed, earned - spent, rtol=1e-3)
    net = {k: float(v.sum()) for k, v in flows.items()}
    np.testing.assert_allclose(net["credit_drawn"] - net["credit_repaid"], owed, rtol=1e-6)
    np.testing.assert_allclose(net["currency_earned"] - net["currency_spent"], kept, rtol=1e-6)
    orders = float(after.nation.machine_orders - state.nation.machine_orders)
    ordered = net["machines_ordered"] - net["machines_received"]
    np.testing.assert_allclose(orders, ordered, rtol=1e-6, atol=1.0)


def test_no_currency_is_spent_that_is_not_there(state: State, around: Surroundings) -> None:
    poor = _with(state, currency_reserve=0.0, foreign_debt=3e9, machine_orders=1e9)
    for _ in range(6):
        poor, _, _ = _trade(poor, around, foreign_credit=100.0)
        assert float(poor.nation.currency_reserve) >= 0


def test_machines_come_months_after_the_order(state: State, around: Surroundings) -> None:
    """Closed form: after n months without payment limits, 1 - (1 - 1 / T)^n of the rise came."""
    rich = _with(state, currency_reserve=1e10, receipts=1e10)
    months = float(around().parameters["machine_delivery_months"])
    rich = _with(rich, machine_orders=190e6 / 12 * months)
    received = []
    for _ in range(6):
        rich, _, trade = _trade(rich, around, machine_imports=600.0)
        received.append(float(trade.machines) * 12 / 1e6)
    assert received == sorted(received)
    assert received[0] < 0.4 * 600 < received[-1] < 600
    at_once = _trade(
        _with(rich, machine_orders=0.0), around, machine_imports=600.0, off=["order_delay"]
    )
    np.testing.assert_allclose(float(at_once[2].machines) * 12 / 1e6, 600, rtol=0.03)


def test_debt_beyond_tolerance_cuts_orders(state: State, around: Surroundings) -> None:
    deep = _with(state, foreign_debt=3e9)
    assert float(debt_burden(deep, around())) > 0
    plain = _trade(deep, around, foreign_credit=3000.0)[1]
    blind = _trade(deep, around, foreign_credit=3000.0, off=["import_cuts"])[1]
    cut = [float(flows["machines_ordered"].sum()) for flows in (plain, blind)]
    assert cut[0] < 0.8 * cut[1]


def test_orders_bind_before_delivery(state: State, around: Surroundings) -> None:
    """Obligations are debt + b x orders; as goods come on credit, b turns into the whole."""
    share = float(around().parameters["orders_on_bills"])
    busy = _with(state, machine_orders=800e6)
    plain = obligations(busy, around())
    np.testing.assert_allclose(float(plain), _debt(state) + share * 800e6)
    blind = obligations(busy, around(off=["bills_on_orders"]))
    np.testing.assert_allclose(float(blind), _debt(state))
    assert float(debt_burden(busy, around())) > float(debt_burden(state, around()))
    assert float(restraint(busy, around())) < 1


def test_a_centre_that_bears_less_debt_orders_less(state: State, around: Surroundings) -> None:
    usual, wary, bold = (
        float(restraint(state, around(debt_tolerance=how))) for how in (1.0, 0.3, 5.0)
    )
    assert wary < usual <= bold == 1.0
    same = float(restraint(state, around(debt_tolerance=0.3, off=["import_cuts"])))
    assert same == 1.0


def test_services_leave_less_for_goods(state: State, around: Surroundings) -> None:
    some = _months(state, around, foreign_credit=0.0)
    none = _months(state, around, foreign_credit=0.0, off=["services_abroad"])
    assert some[1] + some[2] < none[1] + none[2]


def test_exports_by_need_follow_the_programme_not_the_wish(
    state: State, around: Surroundings
) -> None:
    """A centre that cuts imports to pay debts off needs fewer exports than its works want."""
    deep = _with(state, foreign_debt=6e8, export_need=0.5)
    wary, blind = (
        _trade(deep, around, debt_tolerance=0.1, grain_exports_plan=10.0, off=off)[0]
        for off in ([], ["import_cuts"])
    )
    assert float(wary.nation.export_need) < float(blind.nation.export_need)


def test_a_crisis_stops_new_orders_before_deliveries(state: State, around: Surroundings) -> None:
    loaded = _with(state, machine_orders=600e6, receipts=200e6)
    _, flows, trade = _trade(loaded, around, machine_imports=600.0, foreign_credit=800.0)
    assert float(flows["machines_ordered"].sum()) < 0.2 * float(trade.machines)


def test_falling_currencies_shrink_debt(state: State, around: Surroundings) -> None:
    numbers = around().parameters
    plain, fallen = (_trade(state, around, devaluation=rate) for rate in (0.0, 0.6))
    written = _debt(state) * float(numbers["debt_devalued_share"]) * 0.6 / 12
    np.testing.assert_allclose(_debt(plain[0]) - _debt(fallen[0]), written, rtol=1e-6)


def test_orders_follow_what_home_works_cannot_make(around: Surroundings) -> None:
    base = float(machine_gap(output(around), around(12, year=1926)))
    expected = 1e6 * float(around().parameters["machine_imports_1926"])
    np.testing.assert_allclose(base, expected, rtol=1e-3)
    context = around(7, year=1930, investment_ordered=8000.0)
    more = [float(machine_gap(output(around, size), context)) for size in (1.0, 1.5, 2.0, 6.0)]
    assert more == sorted(more, reverse=True)
    assert more[0] > 3 * base
    assert more[-1] == 0


def test_materials_follow_mills_and_prices(state: State, around: Surroundings) -> None:
    def wanted(consumer: float, **how: Any) -> float:
        made = output(around, consumer=consumer)
        return float(wanted_imports(state, made, around(12, year=1926, **how)).materials)

    base = 1e6 * float(around().parameters["other_imports"])
    np.testing.assert_allclose(wanted(1.0), base, rtol=1e-3)
    assert wanted(1.3) > wanted(1.0) > wanted(0.7)
    np.testing.assert_allclose(wanted(1.0, world_price_other=0.5), base / 2, rtol=1e-3)


def test_want_of_currency_pushes_grain_out(state: State, around: Surroundings) -> None:
    assert float(export_push(state, around())) == 1.0
    poor = _with(state, currency_gap=0.5)
    assert float(export_push(poor, around())) > 1.0
    assert float(export_push(poor, around(off=["export_push"]))) == 1.0


def test_without_trade_nothing_changes(state: State, around: Surroundings) -> None:
    after, flows, trade = _trade(state, around, off=["foreign_trade"])
    for name in ("foreign_debt", "currency_reserve", "machine_orders", "receipts", "export_need"):
        assert float(getattr(after.nation, name)) == float(getattr(state.nation, name))
    assert not any(np.asarray(amount).any() for amount in flows.values())
    assert float(trade.machines) == 0


@pytest.mark.xdist_group("expected")
def test_export_scissors(expected_country: Country, historical: Scenario) -> None:
    """Quantity up, value a tonne down, and fewer imports than at the prices of 1926."""
    plain = expected_country.run(until="1933-06")
    steady = decide(historical, drop=("world_grain_price", "world_price_other"))
    other = expected_country.run(steady, until="1933-06")
    years = (("1927-07", "1928-06"), ("1930-07", "1931-06"))
    tonnes = [plain.between(*year, "exported") for year in years]
    assert tonnes[1] > 3 * tonnes[0]
    machines = [c.between("1930-07", "1932-12", "machines_received") for c in (plain, other)]
    assert machines[0] < machines[1]
    # The push of empty tills sends out no less grain at the low price.
    sent = [c.between("1930-07", "1932-12", "exported") for c in (plain, other)]
    assert sent[0] > 0.97 * sent[1]
