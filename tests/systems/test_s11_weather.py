"""S11: weather and drought. Check: harvest and hunger with and without the historical weather."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from country import Country, Surroundings
from perelom.model.weather import growing_weather
from perelom.scenario import Scenario
from perelom.world import random

MEMBERS = 300
GROWING = (4, 5, 6, 7)


@pytest.fixture(scope="module")
def seasons(around: Surroundings) -> np.ndarray:
    """Return drawn seasons, [member, region]."""
    contexts = [around(month) for month in GROWING]

    @jax.jit
    def season(member: Array) -> Array:
        total = jnp.zeros(40)
        for context in contexts:
            key = random.combine(random.mix(jnp.asarray([1926], jnp.uint32)), member)
            draws = replace(context.draws, run=key)
            total = growing_weather(total, replace(context, draws=draws))
        return total

    return np.stack([season(jnp.asarray([m], jnp.uint32)) for m in range(MEMBERS)])


def test_a_season_has_the_deviation_of_its_parameter(
    seasons: np.ndarray, around: Surroundings
) -> None:
    wanted = float(around().parameters["weather_yield_deviation"])
    assert abs(seasons.mean()) < 4 * wanted * np.sqrt(0.25 / MEMBERS)
    np.testing.assert_allclose(seasons.std(axis=0).mean(), wanted, rtol=0.06)


def test_regions_share_a_part_of_their_weather(seasons: np.ndarray, around: Surroundings) -> None:
    wanted = float(around().parameters["weather_shared_variance"])
    between = np.corrcoef(seasons.T)[np.triu_indices(40, 1)]
    np.testing.assert_allclose(between.mean(), wanted, atol=0.06)


def test_drought_takes_its_share_and_the_year_starts_anew(around: Surroundings) -> None:
    zeros, context = jnp.zeros(40), around(5, weather_variability=0.0)
    dry = replace(context, drought=jnp.full(40, 2.0))
    loss = float(context.parameters["drought_yield_loss"] * context.seasons["growing_weather"])
    np.testing.assert_allclose(growing_weather(zeros, context), 0.0)
    np.testing.assert_allclose(growing_weather(zeros, dry), -2.0 * loss, rtol=1e-12)
    january = growing_weather(jnp.ones(40), around(1, weather_variability=0.0))
    np.testing.assert_allclose(january, 0.0)


@pytest.mark.xdist_group("expected")
def test_without_its_droughts_1931_harvests_more_and_fewer_die(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1933-06")
    wet = expected_country.run(replace(historical, shocks=()), until="1933-06")
    barn = ("harvest_own", "harvest_kolkhoz")
    assert wet.between("1931-07", "1931-12", *barn) > plain.between("1931-07", "1931-12", *barn)
    dead = ("deaths_rural", "deaths_town")
    assert wet.between("1932-01", "1932-12", *dead) < plain.between("1932-01", "1932-12", *dead)
