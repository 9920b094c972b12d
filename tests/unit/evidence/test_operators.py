"""The operators against data whose answer is known in closed form."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
import xarray as xr

from perelom import evidence
from perelom.evidence.operators import compare
from perelom.evidence.readings import month_weights, period_of

NAMES = evidence.regions()["name"].to_list()
MONTHS = np.arange("1926-12", "1941-02", dtype="datetime64[M]")
DAYS = (MONTHS.astype("datetime64[D]") - np.datetime64("1926-12-01")).astype(float)


def simulated(values: np.ndarray, **attrs: str) -> xr.DataArray:
    wide = np.broadcast_to(np.asarray(values, dtype=float), (len(MONTHS), len(NAMES)))
    return xr.DataArray(
        wide.copy(),
        dims=("month", "region"),
        coords={"month": MONTHS.astype("datetime64[ns]"), "region": NAMES},
        attrs=attrs,
    )


def observed(series: str, start: date, end: date, **cells: Any) -> pl.DataFrame:
    row = {
        "id": "o00001",
        "series": series,
        "region": "USSR",
        "period_start": start,
        "period_end": end,
        "unit": "Mt",
        "layer": "true",
        "calendar": "other",
        "count": None,
        "borders": "1939_before_september",
    }
    return pl.DataFrame([row | cells])


def value(observation: pl.DataFrame, reported: xr.Dataset | None = None, **data: Any) -> float:
    row = compare(observation, xr.Dataset(data), reported).row(0, named=True)
    assert row["comparable"], row["reason"]
    return float(row["simulated"])


def reason(observation: pl.DataFrame, **data: Any) -> str:
    row = compare(observation, xr.Dataset(data)).row(0, named=True)
    assert not row["comparable"]
    assert row["simulated"] is None
    return str(row["reason"])


def test_stock_on_a_day_is_straight_between_firsts_of_months() -> None:
    head = simulated(DAYS[:, None] / len(NAMES))
    found = value(
        observed("population_total", date(1930, 3, 11), date(1930, 3, 11), unit="persons"),
        population_total=head,
    )
    assert found == pytest.approx((date(1930, 3, 11) - date(1926, 12, 1)).days)


def test_stock_over_a_year_is_the_mean_of_its_days() -> None:
    found = value(
        observed("peasant_households", date(1930, 1, 1), date(1930, 12, 31), unit="household"),
        peasant_households=simulated(DAYS[:, None] / len(NAMES)),
    )
    first = (date(1930, 1, 1) - date(1926, 12, 1)).days
    assert found == pytest.approx(first + 364 / 2)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(1931, 7, 1), date(1932, 6, 30), 12),
        (date(1931, 1, 1), date(1931, 12, 31), 12),
        (date(1931, 10, 1), date(1931, 12, 31), 3),
        (date(1932, 2, 1), date(1932, 2, 29), 1),
        (date(1931, 12, 26), date(1932, 1, 5), 6 / 31 + 5 / 31),
    ],
)
def test_flow_is_summed_by_the_days_of_its_months(start: date, end: date, months: float) -> None:
    found = value(
        observed("state_grain_procurement", start, end),
        state_grain_procurement=simulated(np.array([[1 / 40]])),
    )
    assert found == pytest.approx(months)


def test_flow_given_as_a_mean_per_year() -> None:
    found = value(
        observed(
            "state_grain_procurement", date(1928, 7, 1), date(1932, 6, 30), calendar="annual_mean"
        ),
        state_grain_procurement=simulated(np.array([[1 / 40]])),
    )
    assert found == pytest.approx(12)


def test_harvest_belongs_to_its_calendar_year_and_area_is_that_of_july() -> None:
    month, year = MONTHS.astype(int) % 12 + 1, MONTHS.astype("datetime64[Y]").astype(int) + 1970
    harvest = simulated(np.where(np.isin(month, (7, 8, 9)), year, 0)[:, None] / 40)
    area = simulated(np.where(month == 7, 100.0, 30.0)[:, None] / 40)
    for start, end in (
        (date(1932, 1, 1), date(1932, 12, 31)),
        (date(1932, 7, 1), date(1932, 9, 30)),
        (date(1932, 7, 1), date(1933, 6, 30)),
    ):
        found = value(observed("grain_harvest", start, end), grain_harvest=harvest)
        assert found == pytest.approx(3 * 1932)
        data = {"grain_harvest": harvest, "sown_area_grain": area}
        found = value(observed("grain_yield", start, end, unit="t/ha"), **data)
        assert found == pytest.approx(3 * 1932 / 100)
        found = value(observed("sown_area_grain", start, end, unit="Mha"), **data)
        assert found == pytest.approx(100)


def test_share_of_an_aggregate_weights_its_regions() -> None:
    households = simulated(np.where(np.array(NAMES) == "Kyiv oblast", 3.0, 1.0)[None, :])
    members = simulated(np.where(np.array(NAMES) == "Kyiv oblast", 3.0, 0.0)[None, :])
    data = {"kolkhoz_households": members, "peasant_households": households}
    day = date(1930, 3, 1)
    ukraine = observed(
        "collectivized_households_share", day, day, unit="share", region="Ukrainian SSR"
    )
    assert value(ukraine, **data) == pytest.approx(3 / 10)


@pytest.mark.parametrize(
    ("count", "day", "expected"),
    [
        ("january", date(1930, 1, 1), date(1930, 1, 1)),
        ("january", date(1929, 12, 31), date(1930, 1, 1)),
        ("summer", date(1930, 6, 1), date(1930, 7, 1)),
    ],
)
def test_herds_are_read_at_the_day_of_their_count(count: str, day: date, expected: date) -> None:
    assert period_of(day, day, count) == (expected, expected)
    found = value(
        observed("livestock_pigs", day, day, unit="million_head", count=count),
        livestock_pigs=simulated(DAYS[:, None] / 40, units="head"),
    )
    assert found * 1e6 == pytest.approx((expected - date(1926, 12, 1)).days)


def test_summer_herd_uses_its_own_variable_where_there_is_one() -> None:
    day = date(1930, 7, 1)
    data = {
        "livestock_cattle": simulated(np.array([[1.0]])),
        "livestock_cattle_summer": simulated(np.array([[2.0]])),
    }
    summer = observed("livestock_cattle", day, day, unit="million_head", count="summer")
    assert value(summer, **data) == 80
    winter = observed("livestock_cattle", day, day, unit="million_head", count="january")
    assert value(winter, **data) == 40


def test_layer_decides_which_values_are_read() -> None:
    true = xr.Dataset({"grain_harvest": simulated(np.array([[1.0]]))})
    reported = xr.Dataset({"grain_harvest": simulated(np.array([[2.0]]))})
    year = (date(1933, 1, 1), date(1933, 12, 31))
    rows = pl.concat(
        [observed("grain_harvest", *year), observed("grain_harvest", *year, layer="reported")]
    )
    assert compare(rows, true, reported)["simulated"].to_list() == [480, 960]
    fallback = compare(rows, true)
    assert fallback["simulated"].to_list() == [480, 480]
    assert fallback["layer_used"].to_list() == ["true", "true"]


def test_variable_without_an_entry_is_read_by_its_kind() -> None:
    data = {"steel_output": simulated(np.array([[1.0]]), kind="flow", units="kt")}
    year = observed("steel_output", date(1932, 1, 1), date(1932, 12, 31), unit="kt")
    assert value(year, **data) == 480


def test_rates_are_per_thousand_of_the_mean_population() -> None:
    data = {
        "deaths_total": simulated(np.array([[2.0]])),
        "population_total": simulated(np.array([[1000.0]])),
    }
    year = observed("crude_death_rate", date(1927, 1, 1), date(1927, 12, 31), unit="per_1000")
    assert value(year, **data) == pytest.approx(24)


def test_reasons_why_a_figure_cannot_be_compared() -> None:
    year = (date(1932, 1, 1), date(1932, 12, 31))
    harvest = {"grain_harvest": simulated(np.array([[1.0]]))}
    assert reason(observed("smallpox_cases", *year), **harvest) == "no simulated variable"
    before = observed("grain_harvest", date(1913, 1, 1), date(1913, 12, 31))
    assert "outside the simulated months" in reason(before, **harvest)
    part = observed("grain_harvest", *year, region="Kuban okrug")
    assert "part of North Caucasus krai" in reason(part, **harvest)
    borders = observed("grain_harvest", *year, borders="post1939")
    assert "other borders" in reason(borders, **harvest)
    empty = {"grain_harvest": simulated(np.array([[np.nan]]))}
    assert "empty" in reason(observed("grain_harvest", *year), **empty)
    wrong = {"grain_harvest": simulated(np.array([[1.0]]), units="Mha")}
    assert "cannot be converted" in reason(observed("grain_harvest", *year), **wrong)


def test_weights_of_a_flow_add_to_its_length_and_of_a_stock_to_one() -> None:
    flow = month_weights("flow", date(1929, 11, 7), date(1931, 2, 3), "other", MONTHS)
    stock = month_weights("stock", date(1929, 11, 7), date(1931, 2, 3), "other", MONTHS)
    assert flow is not None
    assert stock is not None
    assert flow.sum() == pytest.approx(24 / 30 + 14 + 3 / 28)
    assert stock.sum() == pytest.approx(1)


def test_whole_table_against_a_constant_world() -> None:
    data = xr.Dataset(
        {name: simulated(np.array([[1.0]])) for name in ("grain_harvest", "sown_area_grain")}
    )
    found = compare(evidence.observations(), data)
    assert found.height == evidence.observations().height
    assert found["comparable"].sum() > 100
    assert found.filter(~pl.col("comparable"))["reason"].null_count() == 0


def test_an_index_is_relative_to_the_run_in_its_base_year() -> None:
    year = MONTHS.astype("datetime64[Y]").astype(int) + 1970
    wages = simulated(np.where(year >= 1937, 300.0, 600.0)[:, None])
    workers = simulated(np.full((len(MONTHS), 1), 2.0))
    whole = observed("real_wage_index", date(1938, 1, 1), date(1938, 12, 31), unit="index_1928_100")
    found = value(whole, real_yearly_wages=wages, workers_and_employees=workers)
    np.testing.assert_allclose(found, 50.0)
