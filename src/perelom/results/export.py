"""The tables of a run in formats that other tools read: CSV, Parquet, NetCDF, Stata."""

import io
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl

from perelom.evidence.variables import NATION
from perelom.results import codebook, netcdf
from perelom.results.errors import ExportError
from perelom.results.files import write_whole
from perelom.results.provenance import citation
from perelom.results.run import Run
from perelom.results.tidy import COLUMNS, ENSEMBLE_COLUMNS, tidy, wide

__all__ = ["COLUMNS", "ENSEMBLE_COLUMNS", "FORMATS", "export", "sidecar", "tidy", "wide"]

MEANING = {
    "month": "month (flows: sum; stocks: first day)",
    "region": f"region, or {NATION} for the sum",
    "variable": "output variable",
    "layer": "true: what happened; reported: what officials said",
    "quantile": "quantile of the draws: 0.05, 0.5 or 0.95",
    "value": "value in the unit of the row; of an ensemble the median of the draws",
    "low": "5% of the draws",
    "high": "95% of the draws",
    "unit": "unit",
}
"""What the columns of both tables hold, but for the variables themselves."""
_LABEL = 80
"""Most characters of a label in Stata."""


def _csv(_: Run, path: Path, table: pl.DataFrame) -> None:
    write_whole(path, table.write_csv(line_terminator="\r\n").encode())


def _parquet(run: Run, path: Path, table: pl.DataFrame) -> None:
    entries = {name: codebook.codebook()[name] for name in _variables(run)}
    meanings = {
        name: MEANING.get(name)
        or f"{entries[name].long_name}, {entries[name].unit}: {entries[name].definition}"
        for name in table.columns
    }
    notes = {
        "title": f"Perelom, scenario {run.manifest.scenario.get('name', '')}",
        "source": f"perelom {run.manifest.code_version}",
        "references": citation(run),
        "columns": json.dumps(meanings, ensure_ascii=False),
        "codebook": json.dumps([asdict(one) for one in entries.values()], ensure_ascii=False),
    }
    buffer = io.BytesIO()
    table.write_parquet(buffer, metadata=notes)
    write_whole(path, buffer.getvalue())


def _stata(run: Run, path: Path, table: pl.DataFrame) -> None:
    """Write labelled columns; names are cut to the 32 characters that Stata allows."""
    entries = codebook.codebook()
    regions = [str(name) for name in run.monthly["region"].to_numpy()]
    kinds = {
        "region": regions,
        "layer": ["true", "reported"],
        "variable": _variables(run),
        "unit": sorted({entries[name].unit for name in _variables(run)}),
    }
    columns: dict[str, Any] = {}
    labels: dict[str, str] = {}
    for name in table.columns:
        short = entries[name].stata_name if name in entries else name
        labels[short] = (
            f"{entries[name].long_name}, {entries[name].unit}" if name in entries else MEANING[name]
        )[:_LABEL]
        values = table[name]
        if name == "month":
            columns[short] = values.to_numpy().astype("datetime64[ns]")
        elif name in kinds:
            known = [one for one in kinds[name] if one in set(values.unique())]
            columns[short] = pd.Categorical(values.to_list(), categories=known)
        else:
            columns[short] = values.to_numpy()
    manifest, settings = run.manifest, run.manifest.settings
    buffer = io.BytesIO()
    pd.DataFrame(columns).to_stata(
        buffer,
        write_index=False,
        version=118,
        convert_dates={"month": "tm"},
        data_label=f"perelom {manifest.code_version}, {manifest.scenario.get('name', '')}, "
        f"{settings.get('villages', '?')} villages, seed {settings.get('seed', '?')}"[:_LABEL],
        variable_labels=labels,
    )
    write_whole(path, buffer.getvalue())


_WRITERS: dict[str, Callable[[Run, Path, pl.DataFrame], None]] = {
    "csv": _csv,
    "parquet": _parquet,
    "stata": _stata,
}
FORMATS = ("csv", "parquet", "netcdf", "stata")
ENDINGS = {".csv": "csv", ".parquet": "parquet", ".nc": "netcdf", ".dta": "stata"}
"""The format that the ending of a file means."""
WITH_SIDECAR = ("csv", "stata")
"""Formats that have no room for definitions: a codebook is written beside them."""


def sidecar(path: Path) -> Path:
    """Return where the codebook of an export lies: `table.codebook.csv` beside `table.csv`."""
    return path.with_name(f"{path.stem}.codebook.csv")


def export(
    run: Run, name: str, path: Path, *, wide_form: bool = False, overwrite: bool = False
) -> Path:
    """Write a table of `run` to `path`: one row a value, or with `wide_form` one column a variable.

    NetCDF has one array a variable in any case. Beside CSV and Stata, which have no room for
    definitions, a codebook is written: see `sidecar`.

    Raises
    ------
    ExportError
        Unknown format, a file in the way, or a folder that does not exist.

    """
    book = codebook.as_csv(_variables(run)) if name in WITH_SIDECAR else None
    _check(name, path, book, wide_form=wide_form, overwrite=overwrite)
    if book is not None:
        write_whole(sidecar(path), book)
    if name == "netcdf":
        netcdf.write(run, path)
    else:
        _WRITERS[name](run, path, wide(run) if wide_form else tidy(run))
    return path


def _variables(run: Run) -> list[str]:
    return [str(name) for name in run.monthly.data_vars]


def _check(name: str, path: Path, book: bytes | None, *, wide_form: bool, overwrite: bool) -> None:
    if name not in FORMATS:
        raise ExportError(
            what=f"unknown format {name!r}",
            where="--format",
            allowed=", ".join(FORMATS),
            remedy="choose one of these",
        )
    if wide_form and name == "netcdf":
        raise ExportError(
            what="NetCDF has one array a variable already",
            where="--wide",
            allowed="csv, parquet, stata",
            remedy="leave --wide away",
        )
    if not path.parent.is_dir():
        raise ExportError(
            what="the folder does not exist",
            where=str(path.parent),
            allowed="an existing folder",
            remedy="make the folder first",
        )
    beside = sidecar(path)
    foreign = book is not None and beside.exists() and not _holds(beside, book)
    for one, there in ((path, path.exists()), (beside, foreign)):
        if there and (one.is_dir() or not overwrite):
            raise ExportError(
                what="something is already there",
                where=str(one),
                allowed="a path that does not exist yet",
                remedy="choose another name, or remove what is there",
            )


def _holds(path: Path, content: bytes) -> bool:
    """Tell whether a file holds this already: exports of one name share their codebook."""
    return path.is_file() and path.read_bytes() == content
