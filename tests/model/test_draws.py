"""Draws of household numbers: unbiased, bounded, and their means in expected runs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from conftest import Country
from perelom.model.draws import Draws, run_key
from perelom.world.state import Geography, Households

MONTHS = 150


def _draws(month: int, expected: bool = False) -> Draws:
    return Draws(run=run_key(1926, 0), month=jnp.asarray(month), expected=expected)


@pytest.fixture(scope="module")
def place(small_country: Country) -> tuple[Geography, Households]:
    return small_country.world.geography, small_country.world.state.households


@pytest.fixture(scope="module")
def means(place: tuple[Geography, Households]) -> list[jax.Array]:
    shape = place[1].present.shape
    generator = np.random.default_rng(5)
    return [jnp.asarray(generator.uniform(0, top, shape)) for top in (0.05, 1.0, 0.3, 2.7)]


@pytest.fixture(scope="module")
def drawn(place: tuple[Geography, Households], means: list[jax.Array]) -> np.ndarray:
    """Return [month, entry, village, slot]."""

    @jax.jit
    def month(number: jax.Array) -> jax.Array:
        draws = Draws(run=run_key(1926, 0), month=number, expected=False)
        return jnp.stack(draws.counts(means, None, *place, "deaths"))

    return np.stack([month(jnp.asarray(number)) for number in range(MONTHS)])


def test_counts_are_whole_and_next_to_their_means(
    drawn: np.ndarray, means: list[jax.Array]
) -> None:
    wanted = np.stack(means)
    np.testing.assert_array_equal(drawn, np.round(drawn))
    assert (drawn >= np.floor(wanted) - 1e-9).all()
    assert (drawn <= np.ceil(wanted) + 1e-9).all()


def test_counts_are_unbiased(
    drawn: np.ndarray, means: list[jax.Array], place: tuple[Geography, Households]
) -> None:
    """For every entry, over households and months: within four standard errors."""
    lived_in = np.asarray(place[1].birth_number) >= 0
    for entry, mean in enumerate(means):
        gaps = (drawn[:, entry] - np.asarray(mean))[:, lived_in]
        error = gaps.std() / np.sqrt(gaps.size)
        assert abs(gaps.mean()) < 4 * error, entry


def test_all_entries_together_are_the_mean_rounded_up_or_down(
    drawn: np.ndarray, means: list[jax.Array]
) -> None:
    together, wanted = drawn.sum(axis=1), np.sum(means, axis=0)
    assert (together >= np.floor(wanted) - 1e-9).all()
    assert (together <= np.ceil(wanted) + 1e-9).all()


def test_counts_never_exceed_their_limits(
    place: tuple[Geography, Households], means: list[jax.Array]
) -> None:
    limits = [jnp.full_like(means[0], limit) for limit in (0.25, 0.5, 1.0, 2.0)]
    for month in range(5):
        for count, limit in zip(
            _draws(month).counts(means, limits, *place, "deaths"), limits, strict=True
        ):
            assert (count <= limit).all()
            assert (count >= 0).all()


def test_expected_counts_are_the_means(
    place: tuple[Geography, Households], means: list[jax.Array]
) -> None:
    for count, mean in zip(
        _draws(3, expected=True).counts(means, None, *place, "deaths"), means, strict=True
    ):
        np.testing.assert_array_equal(count, mean)


@pytest.mark.parametrize("chance", [0.0, 0.02, 0.5, 1.0])
def test_events_happen_with_their_probability(
    place: tuple[Geography, Households], chance: float
) -> None:
    probability = jnp.full_like(place[1].present, chance)
    lived_in = np.asarray(place[1].birth_number) >= 0
    happened = np.stack(
        [_draws(month).happens(probability, *place, "joining") for month in range(40)]
    )[:, lived_in]
    assert set(np.unique(happened)) <= {0.0, 1.0}
    error = np.sqrt(chance * (1 - chance) / happened.size)
    assert abs(happened.mean() - chance) <= 4 * error
    same = _draws(0, expected=True).happens(probability, *place, "joining")
    np.testing.assert_array_equal(same, probability)
