"""S96: population by age and sex. Check: accounts of persons and the national censuses' order."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest

from country import Country, Surroundings
from perelom.engine.sectors import DEATHS
from perelom.evidence import observations
from perelom.model.people import people_rural
from perelom.model.vital_rates import age, ageing_means, conceptions, fertility_level
from perelom.world.state import State


def _published(series: str, year: int) -> tuple[float, float]:
    rows = observations().filter(
        (pl.col("series") == series)
        & (pl.col("region") == "USSR")
        & (pl.col("use") == "fit")
        & pl.col("period_start").cast(pl.String).str.starts_with(str(year))
    )
    assert len(rows) > 0, (series, year)
    return float(rows["value"].min()), float(rows["value"].max())


def test_ageing_moves_people_and_loses_none(state: State, around: Surroundings) -> None:
    persons = [np.asarray(cell) for cell in state.households.persons]
    grown = ageing_means([jnp.asarray(cell) for cell in persons], around())
    after = age([jnp.asarray(cell) for cell in persons], grown)
    np.testing.assert_allclose(sum(after), sum(persons), rtol=1e-12)
    for sex in (0, 4):
        assert np.asarray(after[sex]).sum() < persons[sex].sum()
        assert np.asarray(after[sex + 3]).sum() > persons[sex + 3].sum()


def test_children_are_born_nine_months_after_conception(state: State, around: Surroundings) -> None:
    """A cohort of conceptions moves up one place a month and is born when it reaches the front."""
    marked = jnp.zeros((9, 40)).at[3].set(5.0)
    moved = replace(state, villages=replace(state.villages, conceptions=marked))
    step = jax.jit(people_rural)
    births = []
    for month in (1, 2, 3, 4, 5):
        moved, flows, _ = step(moved, around(month, parameters={"fertility": 0.0}))
        births.append(np.asarray(flows["births_rural"]))
    np.testing.assert_allclose(births[3], 5.0, rtol=1e-9)
    for month in (0, 1, 2, 4):
        np.testing.assert_allclose(births[month], 0.0, atol=1e-12)


def test_hunger_lowers_and_the_ban_of_abortion_raises_conceptions(around: Surroundings) -> None:
    women, context = jnp.full(40, 1000.0), around()
    fed, thin = (
        np.asarray(conceptions(women, jnp.ones(40), jnp.full(40, reserve), context))
        for reserve in (0.0, -5.0)
    )
    loss = 5.0 / float(context.parameters["normal_body_weight"])
    slope = float(context.parameters["hunger_fertility_slope"])
    np.testing.assert_allclose(thin / fed, np.exp(-slope * loss), rtol=1e-9)
    effect = float(context.parameters["abortion_ban_effect"])
    np.testing.assert_allclose(
        fertility_level(around(abortion_ban=1.0)), fertility_level(context) * (1 + effect)
    )


@pytest.mark.xdist_group("expected")
def test_the_account_of_persons(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    places = ("rural_persons", "town_persons", "settlers", "prisoners")
    people = course.stock(*places).sum(axis=1)
    born = course.flow("births_rural", "births_town", "births_settlers").sum()
    died = course.flow(*DEATHS).sum()
    np.testing.assert_allclose(people[-1] - people[0], born - died, rtol=1e-4)


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("year", [1927, 1928])
def test_births_lie_near_the_published_figures(expected_country: Country, year: int) -> None:
    course = expected_country.run(until="1928-12")
    low, high = _published("births_total", year)
    births = course.between(f"{year}-01", f"{year}-12", "births_rural", "births_town")
    assert 0.93 * low <= births <= 1.07 * high


@pytest.mark.xdist_group("expected")
def test_population_lies_near_the_published_figures(expected_country: Country) -> None:
    course = expected_country.run(until="1929-12")
    low, high = _published("population_total", 1929)
    assert 0.98 * low <= course.on("1929-01", "rural_persons", "town_persons") <= 1.02 * high
