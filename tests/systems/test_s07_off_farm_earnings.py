"""S07: crafts and seasonal work. Check: who earns outside the farm, when and out of whose money."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.crafts import crafts_bought, earn_outside, earnings_share
from perelom.model.hire import labour
from perelom.model.space import to_regions
from perelom.world.state import State


def _earn(state: State, around: Surroundings, month: int = 1, **how: object):  # type: ignore[no-untyped-def]
    context = around(month, **how)  # type: ignore[arg-type]
    return context, earn_outside(state, labour(state, context), jnp.asarray(1e8), context)


def test_towns_pay_what_villages_earn(state: State, around: Surroundings) -> None:
    context, (after, flows, _) = _earn(state, around)
    crafts = np.asarray(to_regions(context.geography, flows["crafts_paid"])).sum()
    wages = np.asarray(to_regions(context.geography, flows["wages_rural"])).sum()
    np.testing.assert_allclose(np.asarray(flows["towns_paid"]).sum(), crafts, rtol=1e-9)
    np.testing.assert_allclose(wages, 1e8, rtol=1e-6)
    gone = np.asarray(state.regions.town_cash - after.regions.town_cash)
    np.testing.assert_allclose(gone, np.asarray(flows["towns_paid"]), rtol=1e-9)
    gained = np.asarray(after.households.cash - state.households.cash, float).sum(axis=1)
    both = np.asarray(flows["crafts_paid"] + flows["wages_rural"])
    np.testing.assert_allclose(gained, both, rtol=1e-3)


def test_more_money_makes_no_more_crafts(state: State, around: Surroundings) -> None:
    """bought = smooth min(share x money, hands x what one made in 1926 x shop price)."""

    def bought(factor: float, hands: float, **how: object) -> float:
        cash = factor * state.regions.town_cash
        rich = replace(state, regions=replace(state.regions, town_cash=cash))
        return float(crafts_bought(jnp.asarray(hands), rich, around(**how)))  # type: ignore[arg-type]

    one = float(around().parameters["crafts_of_spare_hand"])
    share = float(around().parameters["crafts_money_share"])
    money = float(state.regions.town_cash.sum())
    np.testing.assert_allclose(bought(1000, 1e7), 1e7 * one, rtol=0.02)
    np.testing.assert_allclose(bought(1000, 1e7, retail_price=3.0), 3e7 * one, rtol=0.02)
    np.testing.assert_allclose(bought(1, 1e12), share * money, rtol=0.02)
    off = bought(1000, 1e7, off=["crafts_supply"])
    np.testing.assert_allclose(off, 1000 * share * money, rtol=1e-5)


def test_towns_and_spare_hands_draw_earnings(state: State, around: Surroundings) -> None:
    context = around(1)
    even = jnp.ones(40)
    share = np.asarray(earnings_share(even, state, context))
    town = np.asarray(state.regions.town_persons.sum(axis=0))
    urban = town / (town + np.asarray(context.reference.rural_persons.sum(axis=0)))
    assert (np.argsort(share) == np.argsort(urban)).all()
    more = np.asarray(earnings_share(even.at[3].set(2.0), state, context))
    assert more[3] > share[3]
    np.testing.assert_allclose([share.sum(), more.sum()], 1.0)


def test_more_in_winter_and_nothing_when_switched_off(state: State, around: Surroundings) -> None:
    paid = [_earn(state, around, month)[1][1]["towns_paid"].sum() for month in (1, 8)]
    assert paid[0] > 1.5 * paid[1]
    _, (after, flows, _) = _earn(state, around, off=["crafts"])
    assert not any(np.asarray(amount).any() for amount in flows.values())
    np.testing.assert_array_equal(after.households.cash, state.households.cash)


@pytest.mark.xdist_group("expected")
def test_consuming_regions_earn_more_outside_their_farms(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    names = expected_country.world.region_names
    earned = course.notes["earned_outside"][:12].sum(axis=0) / course.stock("rural_persons")[0]
    for north in ("Moscow oblast", "Leningrad oblast", "Ivanovo oblast"):
        if north in names:
            assert earned[names.index(north)] > earned[names.index("North Caucasus krai")]
