"""S32, S35, S36, M59, M60: budget and currency. Check: identity, financing, price ratio."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Course, Surroundings, decide
from perelom.model.budget import withdraw
from perelom.model.employment import employment, jobs, living_costs, wage_after
from perelom.model.payments import settle
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State

MONEY = ("household_roubles", "kolkhoz_roubles", "town_roubles", "treasury_roubles")


def _treasury(state: State, amount: float) -> State:
    return replace(state, nation=replace(state.nation, treasury=jnp.asarray(amount)))


def test_what_is_lacking_is_issued(state: State, around: Surroundings) -> None:
    context = around()
    paid = {"wages_town": jnp.full(40, 10.0)}
    rich, flows = settle(_treasury(state, 1000.0), paid, context)
    assert float(rich.nation.treasury) == 600.0
    assert float(flows["currency_issued"].sum()) == 0.0
    poor, flows = settle(_treasury(state, 100.0), paid, context, kept=50.0)
    assert float(poor.nation.treasury) == 50.0
    assert float(flows["currency_issued"].sum()) == 350.0


def test_what_is_too_much_is_withdrawn_at_a_pace(state: State, around: Surroundings) -> None:
    context = around()
    pace = float(context.parameters["withdrawal_pace"])
    after, flows = withdraw(_treasury(state, 1000.0), jnp.asarray(200.0), context)
    np.testing.assert_allclose(float(flows["currency_withdrawn"].sum()), pace * 800, rtol=1e-6)
    np.testing.assert_allclose(float(after.nation.treasury), 1000 - pace * 800, rtol=1e-6)
    _, flows = withdraw(_treasury(state, 100.0), jnp.asarray(200.0), context)
    assert float(flows["currency_withdrawn"].sum()) == 0


def test_a_hasty_bank_withdraws_no_more_than_there_is(state: State, around: Surroundings) -> None:
    hasty = around(parameters={"withdrawal_pace": 1.6})
    after, flows = withdraw(_treasury(state, 1000.0), jnp.asarray(200.0), hasty)
    assert float(after.nation.treasury) == 200.0
    assert float(flows["currency_withdrawn"].sum()) == 800.0


def test_loans_are_a_share_of_wages(state: State, around: Surroundings) -> None:
    for share in (0.0, 0.06):
        context = around(state_loans=share)
        _, flows, _ = employment(state, jobs(state, context), context)
        np.testing.assert_allclose(flows["loans_town"], share * flows["wages_town"], rtol=1e-6)
    context = around(state_loans=0.06, off=["state_loans"])
    _, flows, _ = employment(state, jobs(state, context), context)
    assert not np.asarray(flows["loans_town"]).any()


def test_wages_follow_scarce_hands_and_prices(state: State, around: Surroundings) -> None:
    def growth(tight: float, **how: object) -> float:
        context = around(**how)  # type: ignore[arg-type]
        return float(wage_after(state, jnp.asarray(tight), context) / state.nation.wage)

    assert 1 < growth(0.0) < growth(0.2) < growth(0.4)
    assert growth(0.0, retail_price=2.0) > growth(0.0)
    assert growth(0.4, off=["wage_drift"], retail_price=2.0) == 1.0
    # Far above the cost of living nobody may outbid the others.
    rich = replace(state, nation=replace(state.nation, wage=3 * state.nation.wage))
    assert float(wage_after(rich, jnp.asarray(0.5), around())) == float(rich.nation.wage)


def _market(state: State, price: float) -> State:
    regions = state.regions
    return replace(
        state, regions=replace(regions, market_price=price * jnp.ones_like(regions.market_price))
    )


def test_living_costs_weigh_shop_and_market(state: State, around: Surroundings) -> None:
    context = around(retail_price=2.0)
    share = float(context.parameters["market_in_living"])
    costs = float(living_costs(_market(state, 32.0), context))
    np.testing.assert_allclose(costs, 2 * 16**share, rtol=1e-5)
    np.testing.assert_allclose(float(living_costs(_market(state, 2.0), context)), 2.0, rtol=1e-5)
    off = around(retail_price=2.0, off=["living_costs"])
    np.testing.assert_allclose(float(living_costs(_market(state, 32.0), off)), 2.0, rtol=1e-6)


def test_a_dear_market_lets_managers_outbid_each_other(state: State, around: Surroundings) -> None:
    """Where wages are high in shop prices alone the bank does not yet stop the drift."""

    def growth(price: float, **how: object) -> float:
        high = replace(state, nation=replace(state.nation, wage=1.6 * state.nation.wage))
        after = wage_after(_market(high, price), jnp.asarray(0.3), around(**how))  # type: ignore[arg-type]
        return float(after / high.nation.wage)

    assert growth(1.0) == 1.0
    assert 1.0 < growth(4.0) < growth(20.0)
    assert growth(20.0, off=["living_costs"]) == 1.0
    assert growth(20.0, wage_fund_control=1.0) < growth(20.0)


def test_an_order_takes_the_place_of_agreements(state: State, around: Surroundings) -> None:
    tight = jnp.asarray(0.0)

    def growth(**how: object) -> float:
        after = wage_after(state, tight, around(**how))  # type: ignore[arg-type]
        return 12 * float(jnp.log(after / state.nation.wage))

    numbers = around().parameters
    np.testing.assert_allclose(growth(), numbers["wage_growth_usual"], rtol=0.02)
    np.testing.assert_allclose(growth(wage_order=0.12), 0.12, rtol=0.02)
    np.testing.assert_allclose(growth(wage_order=-0.05), -0.05, rtol=0.02)


def test_wage_funds_are_overrun_as_orders_outrun_supplies(
    state: State, around: Surroundings
) -> None:
    def growth(stretch: float, **how: object) -> float:
        nation = replace(state.nation, stretch=jnp.asarray(stretch))
        context = around(wage_order=0.05, **how)  # type: ignore[arg-type]
        after = wage_after(replace(state, nation=nation), jnp.asarray(0.0), context)
        return 12 * float(jnp.log(after / state.nation.wage)) - 0.05

    overrun = float(around().parameters["wage_overrun"])
    np.testing.assert_allclose(growth(1.0), 0.0, atol=1e-4)
    np.testing.assert_allclose(growth(0.5), overrun, rtol=0.02)
    assert growth(0.25) > growth(0.5)
    np.testing.assert_allclose(growth(0.5, wage_fund_control=0.5), overrun / 2, rtol=0.02)
    np.testing.assert_allclose(growth(0.5, wage_fund_control=1.0), 0.0, atol=1e-4)
    np.testing.assert_allclose(growth(0.5, off=["wage_overrun"]), 0.0, atol=1e-4)


def test_towns_get_money_beyond_wages(state: State, around: Surroundings) -> None:
    context = around()
    after, flows, _ = employment(state, jobs(state, context), context)
    part = float(context.parameters["incomes_beyond_wages"])
    np.testing.assert_allclose(flows["incomes_beyond_wages"], part * flows["wages_town"], rtol=1e-6)
    got = after.regions.town_cash - state.regions.town_cash
    paid = flows["wages_town"] + flows["incomes_beyond_wages"] - flows["loans_town"]
    np.testing.assert_allclose(got, paid, rtol=1e-5)
    context = around(off=["incomes_beyond_wages"])
    _, flows, _ = employment(state, jobs(state, context), context)
    assert not np.asarray(flows["incomes_beyond_wages"]).any()


def _currency(course: Course, date: str) -> float:
    return course.on(date, *MONEY)


@pytest.mark.xdist_group("expected")
def test_currency_grows_by_what_is_issued_and_not_withdrawn(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    grown = _currency(course, "1933-01") - _currency(course, "1926-12")
    issued = course.between("1926-12", "1932-12", "currency_issued")
    withdrawn = course.between("1926-12", "1932-12", "currency_withdrawn")
    np.testing.assert_allclose(grown, issued - withdrawn, rtol=1e-4)


@pytest.mark.xdist_group("expected")
def test_the_year_1927_is_near_balance(expected_country: Country) -> None:
    """Money at the start and the flows of a year agree: no stock is empty or runs away."""
    course = expected_country.run(until="1933-06")
    for stock, least, most in (("household_roubles", 0.7, 2.0), ("town_roubles", 0.6, 2.0)):
        change = course.on("1927-12", stock) / course.on("1926-12", stock)
        assert least < change < most, stock
    assert _currency(course, "1927-12") < 1.8 * _currency(course, "1926-12")


@pytest.mark.xdist_group("expected")
def test_low_shop_prices_are_paid_for_with_new_money(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1930-12")
    cheap = decide(historical, ("1927-02", "retail_price", 0.7), drop=("retail_price",))
    low = expected_country.run(cheap, until="1930-12")
    assert _currency(low, "1929-01") > 1.1 * _currency(plain, "1929-01")
    people = plain.stock("town_persons")[month_index("1929-01")].sum()
    price = [c.notes["free_price"][month_index("1929-01")].sum() / people for c in (plain, low)]
    assert price[1] > price[0]
