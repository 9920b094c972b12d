"""S20, S97: plans that decrees set for regions by name. Check: figures met, the rest shared."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.obligations import CENTNERS_PER_TONNE, normal_crop
from perelom.model.plans import decreed, open_the_year, revise
from perelom.world.state import State


def _named(region: int, centners: float) -> np.ndarray:
    return np.where(np.arange(40) == region, centners, 0.0)


@pytest.fixture
def opened(state: State, around: Surroundings) -> State:
    return open_the_year(state, around(6, procurement_plan=20.0))


def test_the_named_region_gets_its_figure_and_the_others_share_the_rest(
    opened: State, around: Surroundings
) -> None:
    context = around(7, procurement_plan=20.0, regional_plan=_named(3, 2.5))
    plan = np.asarray(revise(opened, context).regions.plan)
    area = np.asarray(context.reference.land * context.geography.grain_share)[3]
    np.testing.assert_allclose(plan[3], 2.5 / CENTNERS_PER_TONNE * area, rtol=1e-9)
    np.testing.assert_allclose(plan.sum(), 20e6, rtol=1e-9)
    before = np.asarray(opened.regions.plan)
    others = np.arange(40) != 3
    part = plan[others] / before[others]
    np.testing.assert_allclose(part, part[0], rtol=1e-9)


def test_a_dated_cut_lowers_the_villages_of_the_region_alone(
    opened: State, around: Surroundings
) -> None:
    """The national figure falls by what the region is spared, so nobody else is asked for more."""
    first = revise(opened, around(7, procurement_plan=20.0, regional_plan=_named(3, 2.5)))
    spared = (
        0.4 * float(decreed(around(7, regional_plan=_named(3, 2.5)))[3]) / 1e6
    )  # a cut by two fifths, Mt
    context = around(11, procurement_plan=20.0 - spared, regional_plan=_named(3, 1.5))
    cut = revise(first, context)
    raions = np.asarray(context.geography.raion_region)
    here = np.repeat(raions == 3, cut.villages.plan.shape[0] // raions.size)
    ratio = np.asarray(cut.villages.plan) / np.asarray(first.villages.plan)
    np.testing.assert_allclose(ratio[here], 0.6, rtol=1e-9)
    np.testing.assert_allclose(ratio[~here], 1.0, rtol=1e-9)


@pytest.mark.parametrize("off", [[], ["regional_plans"]])
def test_nothing_named_or_switched_off_is_nothing(
    opened: State, around: Surroundings, off: list[str]
) -> None:
    value = 2.5 if off else 0.0
    named = revise(opened, around(8, procurement_plan=18.0, regional_plan=value, off=off))
    without = revise(opened, around(8, procurement_plan=18.0))
    np.testing.assert_array_equal(named.regions.plan, without.regions.plan)
    np.testing.assert_array_equal(named.villages.plan, without.villages.plan)


def test_the_crop_is_normal_by_hectare_and_like_the_reports(
    state: State, around: Surroundings
) -> None:
    barn, standing = around(11), around(11, standing_crop_statistics=1.0)
    empty = replace(state, regions=replace(state.regions, state_farm_land=jnp.zeros(40)))
    np.testing.assert_allclose(
        normal_crop(empty, barn), np.asarray(barn.reference.harvest), rtol=1e-5
    )
    loss = float(barn.parameters["harvest_loss_normal"])
    more = np.asarray(normal_crop(empty, standing)) / np.asarray(normal_crop(empty, barn))
    np.testing.assert_allclose(more, 1 / (1 - loss), rtol=1e-5)
    land = replace(empty, households=replace(empty.households, land=2 * empty.households.land))
    wider = np.asarray(normal_crop(land, barn)) / np.asarray(normal_crop(empty, barn))
    assert (wider > 1.5).all()
