"""Raking and the reconciliation table."""

from importlib.resources import files

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from perelom.world.reconcile import rake, reconciliation, targets

_POSITIVE = st.floats(0.1, 10.0)


@settings(deadline=None)
@given(st.lists(st.lists(_POSITIVE, min_size=3, max_size=3), min_size=2, max_size=6))
def test_raking_meets_both_margins(values: list[list[float]]) -> None:
    table = np.array(values)
    rows = table.sum(1)[::-1].copy()
    columns = np.full(3, rows.sum() / 3)
    raked = rake(table, rows, columns)
    np.testing.assert_allclose(raked.sum(1), rows, rtol=1e-8)
    np.testing.assert_allclose(raked.sum(0), columns, rtol=1e-8)
    assert (raked >= 0).all()


def test_raking_keeps_zeros() -> None:
    table = np.array([[0.0, 1.0], [1.0, 1.0]])
    raked = rake(table, np.array([1.0, 3.0]), np.array([1.5, 2.5]))
    assert raked[0, 0] == 0.0


def test_targets_meet_national_margins() -> None:
    margins = targets()
    national = margins.national
    assert np.isclose(margins.households.sum(), national["peasant_households"])
    assert np.isclose(margins.land.sum(), national["sown_area_total"])
    grain = margins.land * margins.grain_share
    assert np.isclose(grain.sum(), national["sown_area_grain"])
    assert np.isclose(np.average(margins.normal_yield, weights=grain), national["normal_yield"])
    census = national["rural_population"] * (1 - national["half_month_growth"])
    assert np.isclose(margins.persons.sum(), census)
    assert (margins.grain_share < 1).all()
    assert (margins.winter_share < 1).all()


def test_village_size_lies_where_the_design_says() -> None:
    size = targets().households / targets().villages
    assert size.min() >= 79.5
    assert size.max() <= 95


def test_households_were_scaled_from_above_26_million() -> None:
    row = reconciliation().filter(pl.col("quantity") == "peasant_households").row(0, named=True)
    assert row["sum_of_regions"] > 26e6
    assert row["national_margin"] == targets().national["peasant_households"]
    assert np.isclose(row["factor"], row["national_margin"] / row["sum_of_regions"])


def test_stored_table_is_what_the_code_computes() -> None:
    stored = pl.read_csv(files("perelom").joinpath("data", "reconciliation.csv").read_bytes())
    assert_frame_equal(stored, reconciliation(), rel_tol=1e-6, check_dtypes=False)
