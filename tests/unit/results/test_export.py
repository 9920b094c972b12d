"""Every export is read back with the readers that its users have."""

import csv
import json
from pathlib import Path

import h5netcdf
import h5py
import netCDF4
import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr
from pandas.io.stata import StataReader
from pyarrow import parquet
from synthetic_run import SCENARIO, chunks, manifest, with_draws

from perelom.evidence.units import factor
from perelom.evidence.variables import variables
from perelom.results import codebook
from perelom.results.errors import ExportError
from perelom.results.export import COLUMNS, ENSEMBLE_COLUMNS, tidy, wide
from perelom.results.netcdf import UDUNITS
from perelom.results.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.in_memory(chunks(), manifest(), SCENARIO)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return with_draws(tmp_path_factory.mktemp("drawn") / "run")


def horses(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(
        pl.col("variable") == "livestock_horses",
        pl.col("region") == "USSR",
        pl.col("layer") == "true",
    ).sort("month")


def test_tidy_table_has_all_regions_and_layers(run: Run) -> None:
    frame = tidy(run)
    assert tuple(frame.columns) == COLUMNS
    count = len(run.monthly.data_vars) + len(run.reported.data_vars)
    assert frame.height == 25 * 4 * count
    expected = run.monthly["livestock_horses"].sel(region="USSR")
    np.testing.assert_allclose(horses(frame)["value"], expected)
    assert horses(frame)["unit"].unique().to_list() == ["million_head"]


def test_wide_table_has_a_column_a_variable(run: Run) -> None:
    frame = wide(run)
    assert frame.columns == ["month", "region", "layer", *variables()]
    assert frame.height == 25 * 4 * 2
    row = frame.filter(pl.col("region") == "Kyiv oblast", pl.col("layer") == "reported")[3]
    assert row["grain_harvest"][0] == run.reported["grain_harvest"].values[3, 2]
    assert row["draught_power"][0] is None


def test_csv_is_rfc_4180_with_a_codebook_beside_it(run: Run, tmp_path: Path) -> None:
    run.export("csv", tmp_path / "a.csv")
    content = (tmp_path / "a.csv").read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")
    frame = tidy(run)
    assert pl.read_csv(tmp_path / "a.csv", try_parse_dates=True).equals(frame)
    pandas = pd.read_csv(tmp_path / "a.csv", parse_dates=["month"])
    np.testing.assert_allclose(pandas["value"], frame["value"])
    with (tmp_path / "a.codebook.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["name"] for row in rows] == list(run.monthly.data_vars)
    assert all(row["definition"] for row in rows)


def test_parquet_carries_definitions(run: Run, tmp_path: Path) -> None:
    for name, table in (("long", tidy(run)), ("wide", wide(run))):
        path = tmp_path / f"{name}.parquet"
        run.export("parquet", path, wide=name == "wide")
        assert pl.read_parquet(path).equals(table)
        notes = pl.read_parquet_metadata(path)
        assert set(json.loads(notes["columns"])) == set(table.columns)
        book = {one["name"]: one for one in json.loads(notes["codebook"])}
        assert book["excess_deaths"]["definition"] == variables()["excess_deaths"].definition
        assert "seed 1926" in notes["references"]
    assert "million_head" in json.loads(notes["columns"])["livestock_horses"]


def test_parquet_is_read_by_pyarrow_and_pandas(run: Run, tmp_path: Path) -> None:
    run.export("parquet", tmp_path / "a.parquet")
    assert parquet.read_table(tmp_path / "a.parquet").num_rows == tidy(run).height
    assert b"codebook" in parquet.read_metadata(tmp_path / "a.parquet").metadata
    assert list(pd.read_parquet(tmp_path / "a.parquet").columns) == tidy(run).columns


def test_netcdf_says_what_cf_asks_for(run: Run, tmp_path: Path) -> None:
    run.export("netcdf", tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as back:
        xr.testing.assert_allclose(
            back["livestock_horses"].sel(layer="true", drop=True).T, run.monthly["livestock_horses"]
        )
        harvest = back["grain_harvest"]
        xr.testing.assert_allclose(
            harvest.sel(layer="reported", drop=True).T, run.reported["grain_harvest"]
        )
        assert back["draught_power"].sel(layer="reported").isnull().all()
        assert harvest.attrs["cell_methods"] == "month: sum"
        assert back["livestock_horses"].attrs["cell_methods"] == "month: point"
        assert back["livestock_horses"].attrs["units"] == "1e6"
        assert back["livestock_horses"].attrs["unit_name"] == "million_head"
        assert "cell_methods" not in back["workers_and_employees"].attrs  # a month's mean
        assert back["month"].encoding["calendar"] == "standard"
        bounds = back["month_bounds"].to_numpy()
        np.testing.assert_array_equal(bounds[:, 0], back["month"])
        assert str(bounds[-1, 1])[:10] == "1929-01-01"
        assert back.attrs["Conventions"].startswith("CF-1.")
        assert {"title", "institution", "source", "history", "references"} <= set(back.attrs)


def test_netcdf_is_read_without_xarray(run: Run, tmp_path: Path) -> None:
    run.export("netcdf", tmp_path / "a.nc")
    expected = run.monthly["livestock_horses"].to_numpy()
    with h5py.File(tmp_path / "a.nc") as file:
        np.testing.assert_allclose(file["livestock_horses"][0], expected.T)
        assert [name.decode() for name in file["layer"][:]] == ["true", "reported"]
    with h5netcdf.File(tmp_path / "a.nc") as file:
        assert file["livestock_horses"].dimensions == ("layer", "region", "month")
        np.testing.assert_allclose(file["livestock_horses"][0], expected.T)
    with netCDF4.Dataset(tmp_path / "a.nc") as file:
        np.testing.assert_allclose(file["livestock_horses"][0], expected.T)
        assert file["region"][0] == "USSR"
        time = file["month"]
        first = netCDF4.num2date(time[0], time.units, time.calendar)
        assert (first.year, first.month, first.day) == (1926, 12, 1)


def test_every_unit_has_its_like_in_udunits() -> None:
    assert {one.unit for one in variables().values()} == set(UDUNITS)
    assert factor("Mt", "kg") == 1e9
    assert factor("Mha", "ha") == 1e6
    for unit, written in UDUNITS.items():
        sizes = {"billion": "1e9", "million": "1e6", "thousand": "1e3"}
        assert written == sizes.get(unit.split("_")[0], written)


def test_stata_has_labels(run: Run, tmp_path: Path) -> None:
    run.export("stata", tmp_path / "a.dta")
    back = pd.read_stata(tmp_path / "a.dta")
    assert list(back.columns) == list(COLUMNS)
    rows = back[
        (back.variable == "livestock_horses") & (back.region == "USSR") & (back.layer == "true")
    ]
    expected = run.monthly["livestock_horses"].sel(region="USSR")
    np.testing.assert_allclose(rows.sort_values("month").value, expected)
    assert rows.month.min() == pd.Timestamp("1926-12-01")
    with StataReader(tmp_path / "a.dta") as reader:
        assert "historical" in reader.data_label
        assert reader.variable_labels()["layer"].startswith("true: what happened")
        assert reader.value_labels()["layer"] == {0: "true", 1: "reported"}
        assert reader.value_labels()["region"][0] == "USSR"
    raw = pd.read_stata(tmp_path / "a.dta", convert_dates=False, convert_categoricals=False)
    assert raw.month.min() == -397  # months since January 1960: December 1926
    run.export("csv", tmp_path / "a.csv")
    assert (tmp_path / "a.codebook.csv").is_file()


def test_wide_stata_has_legal_names_and_units_in_labels(run: Run, tmp_path: Path) -> None:
    run.export("stata", tmp_path / "a.dta", wide=True)
    back = pd.read_stata(tmp_path / "a.dta")
    assert all(len(name) <= 32 for name in back.columns)
    entries = codebook.codebook().values()
    assert {one.stata_name for one in entries} == set(back.columns[3:])
    assert len({one.stata_name for one in entries}) == len(variables())
    with StataReader(tmp_path / "a.dta") as reader:
        assert reader.variable_labels()["livestock_horses"] == "Horses, million_head"
    at_home = back[(back.region == "USSR") & (back.layer == "true")]
    expected = run.monthly["livestock_horses"].sel(region="USSR")
    np.testing.assert_allclose(at_home.livestock_horses, expected)


def test_an_ensemble_is_exported_with_intervals(drawn: Run, tmp_path: Path) -> None:
    frame = tidy(drawn)
    assert tuple(frame.columns) == ENSEMBLE_COLUMNS
    one = drawn.monthly["livestock_horses"].sel(region="USSR").to_numpy()
    rows = horses(frame)
    np.testing.assert_allclose(rows["value"], 3 * one, rtol=1e-6)
    np.testing.assert_allclose(rows["low"], 1.2 * one, rtol=1e-6)
    np.testing.assert_allclose(rows["high"], 4.8 * one, rtol=1e-6)
    wide_form = wide(drawn)
    assert wide_form["quantile"].unique().sort().to_list() == [0.05, 0.5, 0.95]
    middle = wide_form.filter(
        pl.col("quantile") == 0.5, pl.col("region") == "USSR", pl.col("layer") == "true"
    )
    np.testing.assert_allclose(middle["livestock_horses"], 3 * one, rtol=1e-6)
    drawn.export("netcdf", tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as back:
        assert back["livestock_horses"].dims == ("draw", "layer", "region", "month")
        shown = back["livestock_horses"].sel(draw=4, layer="true", region="USSR")
        np.testing.assert_allclose(shown, 5 * one, rtol=1e-6)
    drawn.export("stata", tmp_path / "a.dta")
    assert list(pd.read_stata(tmp_path / "a.dta").columns) == list(ENSEMBLE_COLUMNS)


def test_what_cannot_be_written_is_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="csv, parquet, netcdf, stata"):
        run.export("excel", tmp_path / "a.xlsx")
    with pytest.raises(ExportError, match="one array a variable"):
        run.export("netcdf", tmp_path / "a.nc", wide=True)
    (tmp_path / "a.csv").write_text("kept")
    with pytest.raises(ExportError, match="already there"):
        run.export("csv", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "kept"
    (tmp_path / "b.codebook.csv").write_text("kept")
    with pytest.raises(ExportError, match="already there"):
        run.export("csv", tmp_path / "b.csv")
    assert not (tmp_path / "b.csv").exists()
    with pytest.raises(ExportError, match="does not exist"):
        run.export("csv", tmp_path / "no" / "a.csv")
