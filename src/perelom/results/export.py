"""The tidy table of a run, in formats that other tools read."""

import io
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import polars as pl
import xarray as xr

from perelom.results.errors import ExportError
from perelom.results.files import write_whole, writing
from perelom.results.run import Run

COLUMNS = ("month", "region", "variable", "layer", "value", "unit")


def tidy(run: Run) -> pl.DataFrame:
    """Return `month,region,variable,layer,value,unit`: one row a value, both layers.

    Flows are sums of the month, stocks are of the month's first day. A ratio whose denominator
    is zero is null. Sorted by the first four columns, so that both layers occur among the first
    rows and a reader that guesses types does not take `true` for a truth value.
    """
    frames = [
        _layer(dataset, layer)
        for dataset, layer in ((run.monthly, "true"), (run.reported, "reported"))
        if dataset.data_vars
    ]
    return pl.concat(frames).sort("month", "region", "variable", "layer")


def _layer(dataset: xr.Dataset, layer: str) -> pl.DataFrame:
    months = pl.Series("month", dataset["month"].to_numpy()).cast(pl.Date)
    regions = pl.Series("region", [str(name) for name in dataset["region"].to_numpy()])
    keys = pl.DataFrame({"month": months}).join(regions.to_frame(), how="cross")
    frames = [
        keys.with_columns(
            variable=pl.lit(str(name)),
            layer=pl.lit(layer),
            value=pl.Series(
                array.transpose("month", "region").to_numpy().ravel(), dtype=pl.Float64
            ),
            unit=pl.lit(str(array.attrs.get("units", ""))),
        )
        for name, array in dataset.data_vars.items()
    ]
    return pl.concat(frames).with_columns(pl.col("value").fill_nan(None)).select(COLUMNS)


def _csv(run: Run, path: Path) -> None:
    write_whole(path, tidy(run).write_csv().encode())


def _parquet(run: Run, path: Path) -> None:
    buffer = io.BytesIO()
    tidy(run).write_parquet(buffer)
    write_whole(path, buffer.getvalue())


def _netcdf(run: Run, path: Path) -> None:
    joined = xr.concat(
        [run.monthly, run.reported.reindex_like(run.monthly)] if run.reported else [run.monthly],
        xr.Variable("layer", ["true", "reported"] if run.reported else ["true"]),
        data_vars="all",
        join="outer",
        combine_attrs="override",
    )
    manifest = run.manifest
    joined.attrs = {
        "Conventions": "CF-1.11",
        "title": f"perelom run of scenario {manifest.scenario.get('name', '')}",
        "source": f"perelom {manifest.code_version}",
        "history": f"{manifest.created} simulated",
        "comment": "flows are sums of the month, stocks are of the month's first day",
    }
    joined["month"].attrs = {"standard_name": "time", "long_name": "first day of the month"}
    beside = path.with_name(f".{path.name}.part")
    with writing(path):
        try:
            joined.to_netcdf(beside, engine="h5netcdf")
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _stata(run: Run, path: Path) -> None:
    rows = tidy(run)
    labels = {
        name: pd.Categorical(rows[name].to_list())
        for name in ("region", "variable", "layer", "unit")
    }
    frame = pd.DataFrame(
        {"month": rows["month"].to_numpy().astype("datetime64[ns]")}
        | labels
        | {"value": rows["value"].to_numpy()}
    )[list(COLUMNS)]
    buffer = io.BytesIO()
    frame.to_stata(
        buffer,
        write_index=False,
        version=118,
        convert_dates={"month": "tm"},
        data_label=f"perelom {run.manifest.scenario.get('name', '')}"[:80],
        variable_labels={
            "month": "month (flows: sum; stocks: first day)",
            "region": "region, or USSR for the sum",
            "variable": "output variable",
            "layer": "true or reported",
            "value": "value in the unit of the row",
            "unit": "unit",
        },
    )
    write_whole(path, buffer.getvalue())


_WRITERS: dict[str, Callable[[Run, Path], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "netcdf": _netcdf,
    "stata": _stata,
}
FORMATS = tuple(_WRITERS)


def export(run: Run, name: str, path: Path, *, overwrite: bool = False) -> Path:
    """Write the tidy table of `run` to `path`.

    Raises
    ------
    ExportError
        Unknown format, a file in the way, or a folder that does not exist.

    """
    writer = _WRITERS.get(name)
    if writer is None:
        raise ExportError(
            what=f"unknown format {name!r}",
            where="--format",
            allowed=", ".join(FORMATS),
            remedy="choose one of these",
        )
    if path.exists() and (path.is_dir() or not overwrite):
        raise ExportError(
            what="something is already there",
            where=str(path),
            allowed="a path that does not exist yet",
            remedy="choose another name, or remove what is there",
        )
    if not path.parent.is_dir():
        raise ExportError(
            what="the folder does not exist",
            where=str(path.parent),
            allowed="an existing folder",
            remedy="make the folder first",
        )
    writer(run, path)
    return path
