"""S89: mortality and excess deaths. Check: hazards by age and sex, excess against true deaths."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.vital_rates import death_hazards
from perelom.world.calendar import month_index
from perelom.world.state import CELLS


def _hazards(around: Surroundings, loss: float, month: int = 4, **given: object) -> np.ndarray:
    context = around(month, year=1927, **given)  # type: ignore[arg-type]
    reserve = jnp.asarray([-loss * float(context.parameters["normal_body_weight"])])
    return np.asarray(death_hazards(jnp.ones(1), reserve, context).actual)[:, 0]


def test_without_hunger_rates_are_those_of_1926(around: Surroundings) -> None:
    """Twelve months of hazards make the yearly death rate of the parameter."""
    numbers = around().parameters
    years = np.stack([_hazards(around, 0.0, month) for month in range(1, 13)])
    odds = (years / (1 - years)).sum(axis=0)
    wanted = np.asarray([float(numbers[f"death_rate_{cell}"]) for cell in CELLS])
    np.testing.assert_allclose(odds, wanted, rtol=0.03)


def test_a_little_weight_lost_harms_nobody(around: Surroundings) -> None:
    harmless = float(around().parameters["weight_loss_harmless"])
    np.testing.assert_allclose(_hazards(around, harmless), _hazards(around, 0.0), rtol=1e-9)
    assert (_hazards(around, harmless + 0.05) > _hazards(around, 0.0)).all()


def test_hazards_rise_to_a_lethal_level_at_weight_losses_of_40_percent(
    around: Surroundings,
) -> None:
    chances = np.stack([_hazards(around, loss) for loss in (0.0, 0.15, 0.25, 0.35, 0.45)])
    assert (np.diff(chances, axis=0) > 0).all()
    assert (chances < 1).all()
    assert chances[-1].mean() > 0.2


def test_small_children_and_the_old_die_first(around: Surroundings) -> None:
    chances = dict(zip(CELLS, _hazards(around, 0.25), strict=True))
    for sex in ("male", "female"):
        assert chances[f"{sex}_small_children"] > chances[f"{sex}_children"]
        assert chances[f"{sex}_old"] > chances[f"{sex}_working_age"]
    assert chances["male_working_age"] > chances["female_working_age"]


def test_hunger_mortality_off(around: Surroundings) -> None:
    off = _hazards(around, 0.4, off=["hunger_mortality"])
    np.testing.assert_allclose(off, _hazards(around, 0.0), rtol=1e-9)


@pytest.mark.xdist_group("expected")
def test_excess_deaths_are_a_part_of_all_deaths(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    excess = course.notes["excess_deaths_rural"]
    assert (excess >= -1e-3).all()
    assert (excess <= course.flow("deaths_rural") + 1e-3).all()
    normal = (course.flow("deaths_rural") - excess) / course.stock("rural_persons")[:-1]
    year = normal[month_index("1932-01") : month_index("1932-12") + 1].sum(axis=0)
    before = normal[month_index("1927-01") : month_index("1927-12") + 1].sum(axis=0)
    # Where many small children died, those left are of ages that die less.
    np.testing.assert_allclose(year, before, rtol=0.3)


@pytest.mark.xdist_group("expected")
def test_without_hunger_mortality_there_are_no_excess_deaths(expected_country: Country) -> None:
    course = expected_country.run(off=["hunger_mortality", "infection"], until="1933-06")
    # A hundredth of a person a region and month: single precision of thousands of deaths.
    assert np.abs(course.notes["excess_deaths_rural"]).max() < 1e-2
    assert np.abs(course.notes["excess_deaths_town"]).max() < 1e-3
