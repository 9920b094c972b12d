"""S24: state reserves. Check: months of supply in store and the rule of release."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.state_grain import (
    ration_out,
    requests,
    spare_stock,
    state_grain,
    structural_deficit,
    town_need,
)
from perelom.world.state import State

ASKED = jnp.asarray([400.0, 100.0, 300.0, 50.0, 80.0, 20.0, 10.0])
"""Towns, state uses, exports, village supply, relief, seed, settlements and prisons."""


def test_no_more_is_released_than_asked_or_allowed(around: Surroundings) -> None:
    for month in (1, 6, 7, 11):
        context = around(month)
        most = float(context.parameters["release_most"])
        for held in (0.0, 10.0, 500.0, 1e6):
            met = np.asarray(ration_out(ASKED, jnp.asarray(held), context))
            assert (met >= 0).all()
            assert (met <= np.asarray(ASKED) * (1 + 1e-9)).all()
            assert met.sum() <= most * held * (1 + 1e-9)


def test_full_stores_meet_every_request(around: Surroundings) -> None:
    met = ration_out(ASKED, jnp.asarray(1e9), around(11))
    np.testing.assert_allclose(met, ASKED, rtol=0.03)


def test_the_same_store_releases_more_when_the_harvest_is_near(around: Surroundings) -> None:
    autumn, june = (
        float(ration_out(ASKED, jnp.asarray(600.0), around(month)).sum()) for month in (8, 6)
    )
    assert june > autumn


def test_priorities_decide_when_stores_are_short(around: Surroundings) -> None:
    held = jnp.asarray(200.0)
    exports = [
        float(ration_out(ASKED, held, around(2, export_priority=weight))[2])
        for weight in (0.0, 1.0, 3.0)
    ]
    assert exports == sorted(exports)
    assert exports[2] > 1.5 * exports[1]


def test_stores_lose_their_share_each_month(state: State, around: Surroundings) -> None:
    filled = replace(state, regions=replace(state.regions, granary=jnp.full(40, 1e6)))
    context = around(3)
    _, flows, _ = jax.jit(state_grain)(filled, context)
    loss = float(context.parameters["store_loss"]) / 12
    np.testing.assert_allclose(flows["spoiled_granary"], loss * 1e6, rtol=1e-9)


@pytest.mark.xdist_group("expected")
def test_reserves_are_filled_in_autumn_and_drawn_down_by_summer(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    for year in range(1927, 1932):
        assert course.on(f"{year + 1}-01", "granary") > course.on(f"{year + 1}-07", "granary")
    assert (course.stock("granary") >= -1e-6).all()


def test_only_stock_beyond_needs_and_reserve_is_spare(state: State, around: Surroundings) -> None:
    for month in (8, 1, 6):
        context = around(month, grain_exports_plan=2.0)
        numbers = context.parameters
        need = float(town_need(state, context).sum() * (1 + numbers["army_and_industry_need"]))
        need += float(structural_deficit(context).sum()) / 12
        kept = (need + 2e6 / 12) * float(context.seasons["months_to_harvest"])
        kept += float(numbers["state_reserve_floor"]) * 1e6
        for stock, spare in ((0.9 * kept, False), (3 * kept, True)):
            granary = jnp.full(40, stock / 40)
            full = replace(state, regions=replace(state.regions, granary=granary))
            beyond = float(spare_stock(full, context))
            assert (beyond > 0) == spare
            assert beyond <= max(stock - kept, 0.0)


def test_villages_buy_spare_bread_only_while_it_is_sold_freely(
    state: State, around: Surroundings
) -> None:
    hungry = replace(
        state,
        regions=replace(state.regions, granary=jnp.full(40, 1e6)),
        households=replace(state.households, grain=0 * state.households.grain),
    )

    def supplied(**settings: Any) -> float:
        return float(requests(hungry, around(2, **settings)).supply.sum())

    no_shops = ["bread_in_shops"]
    closed = supplied(free_bread_sale=0.0)
    assert supplied(free_bread_sale=1.0, off=no_shops) > closed
    assert supplied(free_bread_sale=1.0, off=[*no_shops, "reserve_release"]) == closed
