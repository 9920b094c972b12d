"""The observations: one table of figures about the past, each with its passport and its use."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from perelom.errors import TableError
from perelom.evidence.places import crosswalk
from perelom.evidence.records import sources
from perelom.evidence.rows import ObservationRow
from perelom.evidence.splitting import resolve
from perelom.evidence.tables import (
    FIRST_ROW,
    check_among,
    check_unique,
    data_path,
    frame,
    read_rows,
)


@lru_cache(maxsize=8)
def observations(path: Path | None = None) -> pl.DataFrame:
    """Return every observation, checked against the split, the sources and the regions.

    Raises
    ------
    TableError
        A malformed cell; a group or use that is not the split's; two units in one series; a
        source, region or repeated figure that points nowhere.

    """
    path = path or data_path("observations.csv")
    rows = read_rows(path, ObservationRow)
    _check_split(rows, path.name)
    table = frame(rows, ObservationRow)
    check_unique(table, "id", path.name)
    _check_units(table, path.name)
    known = sources()["key"].to_list()
    check_among(table, "source", known, path.name, "a key of sources.csv")
    places = crosswalk()["reporting_region"].unique().to_list()
    check_among(table, "region", places, path.name, "a reporting region of crosswalk.csv")
    check_among(table, "duplicate_of", table["id"].to_list(), path.name, "the id of a row")
    return table


def _check_split(rows: list[ObservationRow], file: str) -> None:
    for number, row in enumerate(rows, start=FIRST_ROW):
        rule = resolve(row.series, row.region, row.period_start, row.period_end)
        if row.use != rule.use:
            raise TableError(file, number, "use", row.use, f"{rule.use}, by the split")
        if row.group != rule.group:
            raise TableError(file, number, "group", row.group, f"{rule.group}, by the split")


def _check_units(table: pl.DataFrame, file: str) -> None:
    first = pl.col("unit").first().over("series")
    mixed = table.with_row_index("_row", FIRST_ROW).filter(pl.col("unit") != first)
    if mixed.height:
        row = mixed.row(0, named=True)
        units = table.filter(pl.col("series") == row["series"])["unit"]
        raise TableError(file, row["_row"], "unit", row["unit"], f"{units[0]}, as in its series")
