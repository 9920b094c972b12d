"""S20: the plan on its way down. Check: shares allotted by region, village and household."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.plans import (
    believed_surplus,
    forecast,
    open_the_year,
    plan_of_the_year,
    state_farm_quota,
)
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
    farms = np.asarray(state_farm_quota(opened.regions, context))
    peasants = np.asarray(opened.regions.plan) - farms
    np.testing.assert_allclose(handed, peasants * counter, rtol=1e-9)
    plain = open_the_year(state, around(7, procurement_plan=12.0, off=["counter_plans"]))
    handed = np.asarray(to_regions(context.geography, plain.villages.plan))
    np.testing.assert_allclose(handed, peasants, rtol=1e-9)


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


def test_a_failing_crop_is_heard_of_in_part(state: State, around: Surroundings) -> None:
    context = around(7, procurement_plan=20.0)
    calm = replace(
        state.regions,
        growing_weather=jnp.zeros(40),
        believed_harvest=jnp.full(40, 5e6),
        delivered_last_year=jnp.full(40, 1e6),
    )
    drought = replace(calm, growing_weather=calm.growing_weather.at[3].set(-0.5))
    fall = np.asarray(forecast(drought, context) / forecast(calm, context))
    heard = float(context.parameters["crop_reports_heard"])
    np.testing.assert_allclose(fall[3], np.exp(-0.5 * heard), rtol=1e-6)
    plans = [np.asarray(plan_of_the_year(r, context)) for r in (calm, drought)]
    assert plans[1][3] < plans[0][3]
    assert plans[1][3] > np.exp(-0.5) * plans[0][3]
    deaf = around(7, procurement_plan=20.0, off=["crop_reports"])
    np.testing.assert_array_equal(plan_of_the_year(calm, deaf), plan_of_the_year(drought, deaf))


def test_villages_are_spared_what_state_farms_are_to_deliver(
    state: State, around: Surroundings
) -> None:
    context = around(6, procurement_plan=20.0)
    quotas = []
    for land in (0.0, 1e4, 1e5, 1e6):
        regions = replace(state.regions, plan=jnp.full(40, 1e5), state_farm_land=jnp.full(40, land))
        quotas.append(np.asarray(state_farm_quota(regions, context)))
    assert not quotas[0].any()
    assert (quotas[3] <= 5e4).all()
    assert (quotas[1] < quotas[2]).all()
