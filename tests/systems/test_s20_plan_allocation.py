"""S20: the plan on its way down. Check: shares allotted by region, village and household."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.plans import believed_surplus, open_the_year, plan_of_the_year
from perelom.model.procurement import claims
from perelom.model.space import to_regions
from perelom.world.state import State


@pytest.mark.parametrize("ordered", [5.0, 11.47, 22.0])
def test_regions_share_the_ordered_plan(state: State, around: Surroundings, ordered: float) -> None:
    plan = np.asarray(plan_of_the_year(state.regions, around(7, procurement_plan=ordered)))
    np.testing.assert_allclose(plan.sum(), ordered * 1e6, rtol=1e-12)
    assert (plan > 0).all()


def test_believed_surplus_and_past_deliveries_raise_a_regions_share(
    state: State, around: Surroundings
) -> None:
    context = around(7, procurement_plan=10.0)
    regions = replace(state.regions, delivered_last_year=jnp.full(40, 1e5))
    base = np.asarray(plan_of_the_year(regions, context))
    for column in ("believed_harvest", "delivered_last_year"):
        more = getattr(regions, column).at[3].multiply(3.0)
        changed = np.asarray(plan_of_the_year(replace(regions, **{column: more}), context))
        assert changed[3] > base[3]
        others = np.arange(40) != 3
        assert (changed[others] < base[others]).all()


def test_no_region_is_believed_to_have_nothing(state: State, around: Surroundings) -> None:
    context = around()
    floor = float(context.parameters["plan_floor_of_surplus"])
    believed = np.asarray(believed_surplus(state.regions, context))
    assert (believed >= floor * np.asarray(state.regions.believed_harvest)).all()


def test_villages_get_the_plan_by_their_land_with_a_counter_plan(
    state: State, around: Surroundings
) -> None:
    context = around(7, procurement_plan=12.0)
    opened = open_the_year(state, context)
    handed = np.asarray(to_regions(context.geography, opened.villages.plan))
    counter = 1 + float(context.parameters["counter_plan"])
    np.testing.assert_allclose(handed, np.asarray(opened.regions.plan) * counter, rtol=1e-9)
    plain = open_the_year(state, around(7, procurement_plan=12.0, off=["counter_plans"]))
    handed = np.asarray(to_regions(context.geography, plain.villages.plan))
    np.testing.assert_allclose(handed, np.asarray(plain.regions.plan), rtol=1e-9)


def test_no_plan_without_the_mechanism(state: State, around: Surroundings) -> None:
    opened = open_the_year(state, around(7, procurement_plan=12.0, off=["procurement_plan"]))
    assert not np.asarray(opened.villages.plan).any()


def test_larger_farms_carry_more_than_their_land(state: State, around: Surroundings) -> None:
    """Quotas rise faster than land: what is taken per hectare is more on the larger farm."""
    land = state.households.land
    rich = replace(
        state,
        households=replace(state.households, grain=10.0 * land),
        villages=replace(state.villages, plan=0.05 * land.sum(axis=1), delivered=jnp.zeros(40)),
    )
    taken = np.asarray(claims(rich, around(6, procurement_force=1.0)).own)
    area = np.asarray(land)
    for village in range(0, 40, 8):
        farms = area[village] > 0
        order = np.argsort(area[village][farms])
        per_hectare = (taken[village][farms] / area[village][farms])[order]
        third = len(order) // 3
        assert per_hectare[-third:].mean() > per_hectare[:third].mean()
