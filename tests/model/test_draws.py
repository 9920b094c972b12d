"""Draws of household numbers: unbiased, bounded, and their means in expected runs."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country
from perelom.model.draws import Draws, run_key
from perelom.world.state import Geography, Households

MONTHS = 150


def _draws(month: int, expected: bool = False) -> Draws:
    return Draws(run=run_key(1926, 0), month=jnp.asarray(month), expected=expected)


def _counts(draws: Draws, means: list[jax.Array], place: tuple[Geography, Households]) -> jax.Array:
    """Draw four events in two groups without limits, [event, village, slot]."""
    first, second = draws.counts([(means[:2], None), (means[2:], None)], *place, "deaths")
    return jnp.stack([*first, *second])


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
        return _counts(draws, means, place)

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


def test_rare_events_of_a_household_exclude_each_other(place: tuple[Geography, Households]) -> None:
    """With four events, none more likely than a quarter, at most one happens."""
    rare = [jnp.full_like(place[1].present, chance) for chance in (0.25, 0.1, 0.2, 0.01)]
    for month in range(5):
        drawn = _counts(_draws(month), rare, place)
        assert set(np.unique(drawn.sum(axis=0))) == {0.0, 1.0}


def test_counts_never_exceed_their_limits(
    place: tuple[Geography, Households], means: list[jax.Array]
) -> None:
    """All events of a group share its limit."""
    limits = [jnp.full_like(means[0], limit) for limit in (0.5, 2.0)]
    groups = [(means[:2], limits[0]), (means[2:], limits[1])]
    for month in range(5):
        drawn = _draws(month).counts(groups, *place, "deaths")
        for counts, limit in zip(drawn, limits, strict=True):
            assert all((count >= 0).all() for count in counts)
            assert (counts[0] + counts[1] <= limit).all()


def test_expected_counts_are_the_means(
    place: tuple[Geography, Households], means: list[jax.Array]
) -> None:
    np.testing.assert_array_equal(_counts(_draws(3, expected=True), means, place), means)


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
