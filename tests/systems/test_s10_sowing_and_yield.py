"""S10: sown area, yield and harvest. Check: level and trend of area and harvest."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest

from country import Country, Surroundings, decide
from perelom.evidence import observations
from perelom.model.harvest import crop_yield
from perelom.model.sowing import crop_share, sow, sowing_incentive
from perelom.scenario import Scenario
from perelom.world.state import State


def _published(series: str, years: range) -> tuple[float, float]:
    """Return the least and greatest national figure of fitted observations of these years."""
    rows = observations().filter(
        (pl.col("series") == series)
        & (pl.col("region") == "USSR")
        & (pl.col("use") == "fit")
        & (pl.col("period_start").cast(pl.String).str.slice(0, 4).cast(pl.Int32).is_in(list(years)))
    )
    assert len(rows) > 0
    return float(rows["value"].min()), float(rows["value"].max())


def test_nothing_is_sown_without_seed_draught_or_hands(state: State, around: Surroundings) -> None:
    households = state.households
    context = around(5)
    share = crop_share(context, winter=False)
    seed = replace(state, households=replace(households, seed=households.land))
    assert np.asarray(sow(seed, context, share, winter=False).own).sum() > 0
    for column in ("seed", "horses"):
        without = replace(seed, households=replace(
            seed.households, **{column: jnp.zeros_like(households.land)}
        ))  # fmt: skip
        assert not np.asarray(sow(without, context, share, winter=False).own).any()
    nobody = tuple(jnp.zeros_like(cell) for cell in households.persons)
    without = replace(seed, households=replace(seed.households, persons=nobody))
    assert not np.asarray(sow(without, context, share, winter=False).own).any()


def test_no_more_is_sown_than_wanted_and_seed_allows(state: State, around: Surroundings) -> None:
    households = replace(state.households, seed=0.03 * state.households.land)
    context = around(5)
    sown = sow(
        replace(state, households=households), context, crop_share(context, winter=False), False
    )
    rate = float(context.parameters["seed_rate"])
    assert (np.asarray(sown.own) * rate <= np.asarray(households.seed) * (1 + 1e-9)).all()
    assert (np.asarray(sown.own_seed) <= np.asarray(households.seed)).all()


def test_yield_falls_with_each_day_of_delay(around: Surroundings) -> None:
    context = around(8)
    ones = jnp.ones(40)
    timely, late = (np.asarray(crop_yield(days * ones, ones, context)) for days in (0.0, 10.0))
    loss = float(context.parameters["yield_loss_per_day"])
    np.testing.assert_allclose(late / timely, np.exp(-10 * loss), rtol=1e-9)


def test_normal_harvest_of_normal_work(around: Surroundings) -> None:
    """Timely sowing and full effort give the normal yield of the region after normal losses."""
    context = around(8, year=1927, parameters={"yield_growth": 0.0})
    standing = crop_yield(jnp.zeros(40), jnp.ones(40), context)
    barn = standing * (1 - context.parameters["harvest_loss_normal"])
    wanted = context.geography.normal_yield * context.parameters["yield_level"]
    np.testing.assert_allclose(barn, wanted, rtol=1e-9)  # one village a region


def test_what_is_taken_makes_people_sow_less(state: State, around: Surroundings) -> None:
    villages = state.villages
    shares = [
        np.asarray(sowing_incentive(replace(villages, expected_take=jnp.full(40, take)), around()))
        for take in (0.0, 0.3, 0.5, 0.8)
    ]
    np.testing.assert_allclose(shares[0], 1.0)
    for less, more in zip(shares[1:], shares[:-1], strict=True):
        assert (less < more).all()


@pytest.mark.xdist_group("expected")
def test_harvest_of_average_weather_lies_within_the_published_range(
    expected_country: Country, historical: Scenario
) -> None:
    """Mean of 1927-1929 against the lowest and highest scholars' figure of these years."""
    average = decide(historical, ("1926-12", "weather_variability", 0))
    course = expected_country.run(average, until="1929-12")
    harvest = course.between("1927-01", "1929-12", "harvest_own", "harvest_kolkhoz") / 3e6
    low, high = _published("grain_harvest", range(1927, 1930))
    assert low <= harvest <= high


@pytest.mark.xdist_group("expected")
def test_area_sown_lies_near_the_published_range(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    low, high = _published("sown_area_grain", range(1927, 1933))
    for year in range(1927, 1932):
        area = course.on(f"{year}-07", "standing_own", "standing_kolkhoz") / 1e6
        assert 0.95 * low <= area <= 1.05 * high, year
