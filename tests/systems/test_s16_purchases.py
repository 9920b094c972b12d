"""S16, S13: purchases from kolkhozes. Check: price, goods and deliveries decide."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.purchases import on_offer, purchases
from perelom.scenario import Scenario
from perelom.world.state import State


@pytest.fixture
def rich(state: State) -> State:
    """Kolkhozes that have delivered and hold grain beyond seed and feed."""
    land = state.households.land.sum(axis=1)
    return replace(
        state,
        villages=replace(
            state.villages, kolkhoz_land=land, kolkhoz_grain=2.0 * land, plan=0.1 * land,
            delivered=0.1 * land,
        ),
    )  # fmt: skip


def test_a_better_price_or_fuller_shops_bring_more(rich: State, around: Surroundings) -> None:
    amounts = [
        float(np.asarray(on_offer(rich, around(11, purchase_price=p))).sum())
        for p in (0.0, 0.8, 1.2, 2.0)
    ]
    assert amounts[0] == 0
    assert amounts == sorted(amounts)
    empty = replace(rich, regions=replace(rich.regions, goods_found=jnp.full(40, 0.3)))
    assert float(np.asarray(on_offer(empty, around(11, purchase_price=1.2))).sum()) < amounts[2]


def test_who_owes_the_state_may_not_sell(rich: State, around: Surroundings) -> None:
    context = around(11, purchase_price=1.2)
    whole = np.asarray(on_offer(rich, context)).sum()
    half, none = (
        replace(rich, villages=replace(rich.villages, delivered=part * rich.villages.plan))
        for part in (0.5, 0.0)
    )
    assert 0 < np.asarray(on_offer(half, context)).sum() < whole / 2
    assert not np.asarray(on_offer(none, context)).any()


def test_grain_and_money_change_hands(rich: State, around: Surroundings) -> None:
    context = around(11, purchase_price=1.2, kolkhoz_market=1.0)
    after, flows, _ = purchases(rich, context)
    gone = np.asarray(rich.villages.kolkhoz_grain - after.villages.kolkhoz_grain)
    sold = np.asarray(flows["purchased_kolkhoz"] + flows["sold_on_market_kolkhoz"])
    np.testing.assert_allclose(gone, sold, rtol=1e-9)
    assert (sold <= np.asarray(rich.villages.kolkhoz_grain)).all()
    earned = np.asarray(after.villages.kolkhoz_cash - rich.villages.kolkhoz_cash)
    paid = np.asarray(flows["grain_paid_kolkhoz"] + flows["market_grain_paid_kolkhoz"])
    np.testing.assert_allclose(earned, paid, rtol=1e-9)
    base = float(context.parameters["state_grain_price"])
    np.testing.assert_allclose(
        flows["grain_paid_kolkhoz"], 1.2 * base * np.asarray(flows["purchased_kolkhoz"]), rtol=1e-5
    )


def test_off_is_nothing(rich: State, around: Surroundings) -> None:
    context = around(11, purchase_price=1.2, off=["kolkhoz_purchases"])
    assert not np.asarray(on_offer(rich, context)).any()


@pytest.mark.xdist_group("expected")
def test_without_the_lever_nothing_is_bought(
    expected_country: Country, historical: Scenario
) -> None:
    course = expected_country.run(decide(historical, drop=("purchase_price",)), until="1935-12")
    off = expected_country.run(off=["kolkhoz_purchases"], until="1935-12")
    bought = ("purchased_kolkhoz", "sold_on_market_kolkhoz")
    assert course.between("1926-12", "1935-12", *bought) == 0
    np.testing.assert_array_equal(course.flows, off.flows)
    plain = expected_country.run(until="1935-12")
    assert plain.between("1934-07", "1935-06", *bought) > 0
