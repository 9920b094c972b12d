import fake_evidence
import numpy as np
import polars as pl
import pytest
from synthetic_run import SCENARIO, chunks, manifest

from perelom.results import score
from perelom.results.accounts import closing
from perelom.results.run import Run
from perelom.results.series import Series, national_series


@pytest.fixture(scope="module")
def run() -> Run:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(score, "compare_run", fake_evidence.comparison)
        made = Run.in_memory(chunks("1929-12"), manifest(), SCENARIO)
        assert made.comparison.height
    return made


def named(run: Run, name: str) -> Series:
    return next(one for one in national_series(run) if one.variable.name == name)


def test_flow_is_drawn_as_sums_of_whole_years(run: Run) -> None:
    line = named(run, "grain_harvest").lines[0]
    monthly = run.monthly["grain_harvest"].sel(region="USSR")
    np.testing.assert_allclose(line.years, [1927, 1928, 1929])
    np.testing.assert_allclose(line.values[0], monthly.sel(month="1927").sum())


def test_persons_are_drawn_in_millions(run: Run) -> None:
    series = named(run, "deaths_total")
    assert series.unit == "million persons a year"
    assert series.points["value"].to_list() == pytest.approx([3.9])


def test_area_is_drawn_on_the_first_of_july(run: Run) -> None:
    series = named(run, "sown_area_grain")
    np.testing.assert_allclose(series.lines[0].years % 1, 0.5)
    assert series.basis == "first of July"


def test_ratio_of_flows_is_the_ratio_of_yearly_sums(run: Run) -> None:
    from perelom.evidence.variables import variables
    from perelom.results.series import _line

    line = _line(run, variables()["grain_per_labour_day"], "true", "USSR", "yearly", 1.0, 1)
    year = run.monthly.sel(region="USSR", month="1928").sum()
    assert line.values[1] == pytest.approx(float(year["labour_day_grain"] / year["labour_days"]))


def test_published_range_is_drawn_and_a_single_figure_gets_its_interval(run: Run) -> None:
    points = named(run, "grain_harvest").points
    scholar, official = points.sort("variant", descending=True).to_dicts()
    assert (scholar["bottom"], scholar["top"], scholar["published"]) == (66.0, 80.0, True)
    half = 77.0 * 0.03 * 1.5 * 1.645
    assert official["top"] == pytest.approx(77.0 + half)
    assert official["published"] is False


def test_accounts_close_within_both_limits() -> None:
    rows = pl.DataFrame(
        {
            "account": ["a", "b", "c"],
            "unit": "t",
            "opening": 100.0,
            "inflow": 1.0,
            "outflow": 0.0,
            "closing": 101.0,
            "residual": [1e-6, 1e-2, 5e-4],
            "allowed": [1e-5, 1e-3, 1e-4],
        }
    )
    assert closing(rows)["closes"].to_list() == [True, False, False]
    assert closing(pl.DataFrame()).is_empty()


def test_a_yield_is_a_harvest_over_the_area_of_july(run: Run) -> None:
    line = named(run, "grain_yield").lines[0]
    nation = run.monthly.sel(region="USSR")
    np.testing.assert_array_equal(line.years, [1927, 1928, 1929])
    for year, value in zip((1927, 1928, 1929), line.values, strict=True):
        harvest = nation["grain_harvest"].sel(month=str(year)).sum().item()
        area = nation["sown_area_grain"].sel(month=f"{year}-07-01").item()
        np.testing.assert_allclose(value, harvest / area)
