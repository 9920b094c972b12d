from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
import xarray as xr
from synthetic_run import SCENARIO, chunks, manifest

from perelom.results.errors import ExportError
from perelom.results.export import COLUMNS, tidy
from perelom.results.run import Run


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.in_memory(chunks(), manifest(), SCENARIO)


def horses(frame: pl.DataFrame) -> list[float]:
    rows = frame.filter(
        pl.col("variable") == "livestock_horses",
        pl.col("region") == "USSR",
        pl.col("layer") == "true",
    )
    return rows.sort("month")["value"].to_list()


def test_tidy_table_has_all_regions_and_layers(run: Run) -> None:
    frame = tidy(run)
    assert tuple(frame.columns) == COLUMNS
    count = len(run.monthly.data_vars) + len(run.reported.data_vars)
    assert frame.height == 25 * 4 * count
    np.testing.assert_allclose(horses(frame), run.monthly["livestock_horses"].sel(region="USSR"))
    assert frame.filter(pl.col("variable") == "livestock_horses")["unit"].unique().to_list() == [
        "million_head"
    ]


def test_csv_and_parquet_come_back(run: Run, tmp_path: Path) -> None:
    run.export("csv", tmp_path / "a.csv")
    run.export("parquet", tmp_path / "a.parquet")
    frame = tidy(run)
    assert pl.read_parquet(tmp_path / "a.parquet").equals(frame)
    assert pl.read_csv(tmp_path / "a.csv", try_parse_dates=True).equals(frame)


def test_netcdf_comes_back(run: Run, tmp_path: Path) -> None:
    run.export("netcdf", tmp_path / "a.nc")
    with xr.open_dataset(tmp_path / "a.nc", engine="h5netcdf") as back:
        xr.testing.assert_allclose(
            back["livestock_horses"].sel(layer="true", drop=True), run.monthly["livestock_horses"]
        )
        xr.testing.assert_allclose(
            back["grain_harvest"].sel(layer="reported", drop=True), run.reported["grain_harvest"]
        )
        assert back["grain_harvest"].attrs["units"] == "Mt"
        assert back["draught_power"].sel(layer="reported").isnull().all()


def test_stata_comes_back(run: Run, tmp_path: Path) -> None:
    run.export("stata", tmp_path / "a.dta")
    back = pd.read_stata(tmp_path / "a.dta")
    assert list(back.columns) == list(COLUMNS)
    rows = back[
        (back.variable == "livestock_horses") & (back.region == "USSR") & (back.layer == "true")
    ]
    np.testing.assert_allclose(
        rows.sort_values("month").value, run.monthly["livestock_horses"].sel(region="USSR")
    )
    assert rows.month.min() == pd.Timestamp("1926-12-01")


def test_unknown_format_and_existing_file_are_refused(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="csv, parquet, netcdf, stata"):
        run.export("excel", tmp_path / "a.xlsx")
    (tmp_path / "a.csv").write_text("kept")
    with pytest.raises(ExportError, match="already there"):
        run.export("csv", tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text() == "kept"
    with pytest.raises(ExportError, match="does not exist"):
        run.export("csv", tmp_path / "no" / "a.csv")
