"""Random numbers: uniform, independent, and a function of their names alone."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from country import Country
from perelom.model.draws import Draws, run_key
from perelom.world import random
from perelom.world.state import Geography, Households

LEVEL = 1e-4
"""Significance of the tests; the numbers are fixed, so that none fails by chance later."""


def _draws(month: int = 40, seed: int = 1926, member: int = 0) -> Draws:
    return Draws(run=run_key(seed, member), month=jnp.asarray(month), expected=False)


@pytest.fixture(scope="module")
def place(small_country: Country) -> tuple[Geography, Households]:
    return small_country.world.geography, small_country.world.state.households


def _numbers(
    place: tuple[Geography, Households], stream: str = "joining", **key: int
) -> np.ndarray:
    geography, households = place
    uniforms = _draws(**key).household_uniforms(geography, households, stream)
    return np.asarray(uniforms)[np.asarray(households.birth_number) >= 0]


@pytest.mark.parametrize("stream", ["joining", "leaving", "deaths", "births", "moving", "ageing"])
def test_uniform(place: tuple[Geography, Households], stream: str) -> None:
    numbers = np.concatenate([_numbers(place, stream, month=month) for month in range(24)])
    assert numbers.min() > 0
    assert numbers.max() < 1
    assert stats.kstest(numbers, "uniform").pvalue > LEVEL
    counts = np.histogram(numbers, bins=256, range=(0, 1))[0]
    assert stats.chisquare(counts).pvalue > LEVEL


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"month": 40}, {"month": 41}),
        ({"month": 40}, {"month": 52}),
        ({"member": 0}, {"member": 1}),
        ({"seed": 1926}, {"seed": 1927}),
        ({"stream": "joining"}, {"stream": "leaving"}),
        ({"stream": "deaths"}, {"stream": "births"}),
    ],
)
def test_independent(
    place: tuple[Geography, Households], first: dict[str, int], second: dict[str, int]
) -> None:
    here, there = _numbers(place, **first), _numbers(place, **second)
    assert not np.any(here == there) or np.mean(here == there) < 1e-3
    assert stats.pearsonr(here, there).pvalue > LEVEL
    square = np.histogram2d(here, there, bins=8, range=((0, 1), (0, 1)))[0]
    assert stats.chisquare(square.ravel()).pvalue > LEVEL


def test_neighbours_are_independent(place: tuple[Geography, Households]) -> None:
    numbers = _numbers(place)
    for lag in (1, 2, 64, 128):
        assert stats.pearsonr(numbers[lag:], numbers[:-lag]).pvalue > LEVEL


def test_weather_of_regions() -> None:
    normals = np.stack([_draws(month).region_normals(40, "weather_region") for month in range(169)])
    assert stats.kstest(normals.ravel(), "norm").pvalue > LEVEL
    between = np.corrcoef(normals.T)[np.triu_indices(40, 1)]
    expected = 1 / np.sqrt(169)
    assert abs(between.mean()) < 4 * expected / np.sqrt(between.size)
    assert np.abs(between).max() < 5 * expected


def test_any_order_and_any_block(place: tuple[Geography, Households]) -> None:
    """A household's number goes with its village and itself, wherever it is stored."""
    geography, households = place
    whole = np.asarray(_draws().household_uniforms(geography, households, "deaths"))
    for order in (np.arange(40)[::-1], np.arange(17, 29), np.asarray([5])):
        part_geography = jax.tree.map(
            lambda x, n=order: x[..., n] if x.shape[-1] == 40 else x, geography
        )
        part = jax.tree.map(lambda x, n=order: x[n], households)
        drawn = _draws().household_uniforms(part_geography, part, "deaths")
        np.testing.assert_array_equal(np.asarray(drawn), whole[order])
    slots = np.roll(np.arange(households.present.shape[1]), 11)
    moved = jax.tree.map(lambda x: x[:, slots], households)
    drawn = _draws().household_uniforms(geography, moved, "deaths")
    np.testing.assert_array_equal(np.asarray(drawn), whole[:, slots])


def test_compiled_or_not_the_same_numbers(place: tuple[Geography, Households]) -> None:
    geography, households = place
    plain = _draws().household_uniforms(geography, households, "deaths")
    compiled = jax.jit(lambda d: d.household_uniforms(geography, households, "deaths"))(_draws())
    np.testing.assert_array_equal(np.asarray(plain), np.asarray(compiled))


def test_mixing_is_a_bijection_and_turns_half_of_the_bits() -> None:
    keys = np.arange(2**16, dtype=np.uint32)
    mixed = random.mix(keys)
    assert np.unique(mixed).size == keys.size
    flipped = [np.bitwise_count(mixed ^ random.mix(keys ^ np.uint32(1 << b))) for b in range(32)]
    np.testing.assert_allclose(np.mean(flipped, axis=1), 16, atol=0.25)


def test_streams_of_the_model_have_keys_of_their_own() -> None:
    names = ("joining", "leaving", "deaths", "moving", "births", "ageing")
    keys = {int(random.stream_key(name)[0]) for name in (*names, "weather_ussr", "weather_region")}
    assert len(keys) == len(names) + 2
