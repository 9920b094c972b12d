"""Sums up and spreads down against plain loops."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country
from perelom.model.space import (
    at_households,
    at_villages,
    measured,
    over_slots,
    raions_to_regions,
    to_raions,
    to_regions,
    total,
)
from perelom.world.state import Geography


@pytest.fixture(scope="module")
def geography(sampled_country: Country) -> Geography:
    return sampled_country.world.geography


@pytest.fixture(scope="module")
def villages(geography: Geography) -> np.ndarray:
    return np.random.default_rng(3).uniform(0, 100, geography.identity.shape[0])


def _region(geography: Geography) -> np.ndarray:
    size = geography.identity.shape[0] // geography.raion_region.shape[0]
    return np.repeat(np.asarray(geography.raion_region), size)


def test_villages_to_regions(geography: Geography, villages: np.ndarray) -> None:
    weight, region = np.asarray(geography.village_weight), _region(geography)
    wanted = np.zeros(40)
    for village, value in enumerate(villages):
        wanted[region[village]] += value * weight[village]
    np.testing.assert_allclose(to_regions(geography, jnp.asarray(villages)), wanted, rtol=1e-12)


def test_leading_axes_are_kept(geography: Geography, villages: np.ndarray) -> None:
    stacked = jnp.asarray(np.stack([villages, 2 * villages]))
    found = to_regions(geography, stacked)
    assert found.shape == (2, 40)
    np.testing.assert_allclose(found[1], 2 * found[0], rtol=1e-12)


def test_raions_on_the_way(geography: Geography, villages: np.ndarray) -> None:
    raions = to_raions(geography, jnp.asarray(villages))
    assert raions.shape == geography.raion_region.shape
    np.testing.assert_array_equal(
        raions_to_regions(geography, raions) * geography.weight,
        to_regions(geography, jnp.asarray(villages)),
    )


def test_down_and_up_again(geography: Geography) -> None:
    values = jnp.asarray(np.random.default_rng(4).uniform(1, 9, 40))
    spread = at_villages(geography, values)
    np.testing.assert_array_equal(spread, np.asarray(values)[_region(geography)])
    ones = to_regions(geography, jnp.ones_like(geography.village_weight))
    np.testing.assert_allclose(to_regions(geography, spread), values * ones, rtol=1e-12)


def test_stocks_are_measured_in_double_precision() -> None:
    """Small numbers beside a large one are lost in single precision, not here."""
    values = jnp.asarray([[2.0**24, *([1.0] * 127)]], jnp.float32)
    found = measured(values)
    assert found.dtype == jnp.float64
    assert float(found[0]) == 2.0**24 + 127


def test_flows_over_slots_lose_at_most_a_millionth() -> None:
    values = jnp.asarray(np.random.default_rng(6).uniform(0, 3, (50, 128)), jnp.float32)
    found = over_slots(values)
    assert found.dtype == jnp.float64
    np.testing.assert_allclose(found, measured(values), rtol=1e-6)


def test_households_get_their_villages_value_in_their_own_precision() -> None:
    found = at_households(jnp.asarray([1.0, 2.0]), jnp.zeros((2, 3), jnp.float32))
    assert found.dtype == jnp.float32
    np.testing.assert_array_equal(found, [[1.0], [2.0]])


def test_total_adds_arrays_of_one_shape() -> None:
    parts = [jnp.asarray([1.0, 2.0]), jnp.asarray([3.0, 4.0]), jnp.asarray([5.0, 6.0])]
    np.testing.assert_array_equal(total(parts), [9.0, 12.0])
