"""S41, S42, S43: trade, credit and debt. Check: value of exports, debt path and cut of imports."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.foreign_trade import export_push, foreign_trade
from perelom.scenario import Scenario
from perelom.world.state import State

GRAIN = 2e5


def _months(
    state: State, around: Surroundings, count: int = 24, **how: object
) -> tuple[State, float]:
    context = around(10, **how)  # type: ignore[arg-type]
    machines = 0.0
    for _ in range(count):
        state, _, trade = foreign_trade(state, jnp.asarray(GRAIN), context)
        machines += float(trade.machines)
    return state, machines


def _debt(state: State) -> float:
    return float(state.nation.foreign_debt)


def test_falling_prices_raise_debt_and_then_cut_imports(state: State, around: Surroundings) -> None:
    usual, machines = _months(state, around)
    poor, fewer = _months(state, around, world_grain_price=0.35, world_price_other=0.5)
    assert _debt(poor) > _debt(usual)
    assert fewer < machines


def test_credit_brings_machines_and_debt(state: State, around: Surroundings) -> None:
    some, without = (
        _months(state, around, machine_imports=500.0, foreign_credit=credit)
        for credit in (800.0, 0.0)
    )
    assert some[1] > 1.2 * without[1]
    assert _debt(some[0]) > _debt(without[0])
    assert _debt(without[0]) < _debt(state)
    assert float(without[0].nation.currency_gap) > float(some[0].nation.currency_gap)


def test_the_account_of_the_month(state: State, around: Surroundings) -> None:
    """Debt changes by imports and interest less exports and gold."""
    context = around(10, foreign_credit=1000.0)
    after, flows, trade = foreign_trade(state, jnp.asarray(GRAIN), context)
    interest = _debt(state) * float(context.parameters["foreign_interest"]) / 12
    gold = float(context.levers["gold_sales"][0]) * 1e6 / 12
    spent = float(trade.machines + trade.other_imports) + interest
    change = _debt(after) - _debt(state)
    np.testing.assert_allclose(change, spent - float(trade.exports) - gold, rtol=0.05, atol=1e6)
    booked = float(flows["credit_drawn"].sum() - flows["credit_repaid"].sum())
    np.testing.assert_allclose(booked, change, rtol=1e-6, atol=1.0)


def test_debt_beyond_tolerance_cuts_orders(state: State, around: Surroundings) -> None:
    deep = replace(state, nation=replace(state.nation, foreign_debt=jnp.asarray(3e9)))
    plain = foreign_trade(deep, jnp.asarray(GRAIN), around(10, foreign_credit=3000.0))[2]
    blind = foreign_trade(
        deep, jnp.asarray(GRAIN), around(10, foreign_credit=3000.0, off=["import_cuts"])
    )[2]
    assert float(plain.machines) < 0.8 * float(blind.machines)


def test_want_of_currency_pushes_grain_out(state: State, around: Surroundings) -> None:
    assert float(export_push(state, around())) == 1.0
    poor = replace(state, nation=replace(state.nation, currency_gap=jnp.asarray(0.5)))
    assert float(export_push(poor, around())) > 1.0
    assert float(export_push(poor, around(off=["export_push"]))) == 1.0


def test_without_trade_nothing_changes(state: State, around: Surroundings) -> None:
    context = around(10, off=["foreign_trade"])
    after, flows, trade = foreign_trade(state, jnp.asarray(GRAIN), context)
    assert _debt(after) == _debt(state)
    assert not any(np.asarray(amount).any() for amount in flows.values())
    assert float(trade.machines) == 0


@pytest.mark.xdist_group("expected")
def test_export_scissors(expected_country: Country, historical: Scenario) -> None:
    """Quantity up, value a tonne down, and more debt than at the prices of 1926."""
    plain = expected_country.run(until="1933-06")
    steady = decide(historical, drop=("world_grain_price", "world_price_other"))
    other = expected_country.run(steady, until="1933-06")
    years = (("1927-07", "1928-06"), ("1930-07", "1931-06"))
    tonnes = [plain.between(*year, "exported") for year in years]
    assert tonnes[1] > 3 * tonnes[0]
    assert plain.on("1933-01", "foreign_debt") > 1.2 * other.on("1933-01", "foreign_debt")
    # The push of empty tills sends out no less grain at the low price.
    sent = [c.between("1930-07", "1932-12", "exported") for c in (plain, other)]
    assert sent[0] > 0.97 * sent[1]
