"""Measures of the maps: closed-form cases, and what the page gets is what the run holds."""

import base64
import json

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from perelom.results.atlas import _layer
from perelom.results.measures import MEASURES, Measure, agricultural_years, trailing_year
from perelom.results.regional import Layer

MONTHS = np.arange("1926-12", "1931-01", dtype="datetime64[M]").astype("datetime64[ns]")
BY_NAME = {one.name: one for one in MEASURES}


def country(**columns: np.ndarray) -> xr.Dataset:
    """One region, the given columns by month."""
    return xr.Dataset(
        {name: (("month", "region"), values[:, None]) for name, values in columns.items()},
        coords={"month": MONTHS, "region": ["Kyiv oblast"]},
    )


def test_a_trailing_year_sums_twelve_months() -> None:
    sums = trailing_year(np.arange(1.0, 15.0)[:, None])
    assert np.isnan(sums[:11]).all()
    np.testing.assert_array_equal(sums[11:, 0], [78.0, 90.0, 102.0])


@given(
    arrays.arrays(float, (30, 2), elements=st.floats(0, 1e6)),
    st.integers(min_value=1, max_value=12),
)
def test_whole_agricultural_years_keep_the_sum(values: np.ndarray, first: int) -> None:
    sums = agricultural_years(values, first)
    known = np.isfinite(sums[:, 0])
    months = (np.arange(30) + first - 1) % 12 + 1
    assert known.sum() % 12 == 0
    assert months[np.flatnonzero(known)[:1]] == [7]
    np.testing.assert_allclose(sums[known].sum(axis=0) / 12, values[known].sum(axis=0), rtol=1e-9)


def test_procurement_is_a_share_of_the_harvest_of_its_agricultural_year() -> None:
    month = MONTHS.astype("datetime64[M]").astype(int) % 12 + 1
    harvest = np.where(month == 8, 10.0, 0.0)
    taken = np.where(np.isin(month, (9, 10, 1)), 1.0, 0.0)
    share = BY_NAME["procurement_share"].of(
        country(grain_harvest=harvest, state_grain_procurement=taken)
    )[:, 0]
    whole = (np.datetime64("1927-07") <= MONTHS) & (np.datetime64("1930-07") > MONTHS)
    np.testing.assert_allclose(share[whole], 30.0)
    assert np.isnan(share[~whole]).all()


def test_herds_are_compared_with_the_same_month_of_1928() -> None:
    month = MONTHS.astype("datetime64[M]").astype(int) % 12 + 1
    year = MONTHS.astype("datetime64[Y]").astype(int) + 1970
    herd = month * np.where(year == 1930, 0.5, 1.0)
    shown = BY_NAME["horses"].of(country(livestock_horses=herd))[:, 0]
    np.testing.assert_allclose(shown, np.where(year == 1930, 50.0, 100.0))


def test_a_run_that_ends_before_1928_has_no_herds_to_compare_with() -> None:
    short = country(livestock_horses=np.ones(len(MONTHS))).isel(month=slice(6))
    assert np.isnan(BY_NAME["horses"].of(short)).all()


def test_excess_deaths_are_those_of_a_year_per_thousand() -> None:
    deaths = np.full(len(MONTHS), 5.0)
    shown = BY_NAME["excess_deaths"].of(
        country(excess_deaths=deaths, population_total=np.full(len(MONTHS), 1000.0))
    )[:, 0]
    np.testing.assert_allclose(shown[11:], 60.0)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda one: one.name)
def test_classes_of_colour_rise_and_words_are_whole(measure: Measure) -> None:
    assert list(measure.classes) == sorted(set(measure.classes))
    assert len(measure.classes) == 7
    assert measure.definition.endswith(".")


@given(arrays.arrays(float, (5, 3), elements=st.floats(-1e9, 1e9) | st.just(float("nan"))))
def test_the_page_gets_the_values_to_a_thirty_thousandth(values: np.ndarray) -> None:
    packed = json.loads(json.dumps(_layer(Layer(values))))
    whole = np.frombuffer(base64.b64decode(packed["middle"]), "<i2").reshape(values.shape)
    missing = whole == -32768
    np.testing.assert_array_equal(missing, np.isnan(values))
    step = packed["step"]
    np.testing.assert_allclose(
        (whole * step)[~missing], values[~missing], atol=0.5000001 * step, rtol=0
    )
