"""The margins of December 1926 as a table with passports: raw values, before reconciliation.

`data/region_margins.csv` has one row a region and quantity; rows of the USSR hold national
margins and the settings of the synthetic population, rows of republics the census margins.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import TableError
from perelom.world.geography import REGION_NAMES, REPUBLICS

FILE = "region_margins.csv"
USSR = "USSR"
COLUMNS = ("region", "quantity", "unit", "value", "low", "high", "source", "grade", "note")
GRADES = ("A", "B", "C", "E")


@dataclass(frozen=True)
class Margins:
    """Raw margins: `regional` by quantity and [region], `republic` by (republic, quantity)."""

    regional: Mapping[str, NDArray[np.float64]]
    republic: Mapping[tuple[str, str], float]
    national: Mapping[str, float]
    sources: Mapping[str, str]


@cache
def margin_table() -> pl.DataFrame:
    """Return the table as it stands, checked: known regions, grades, low <= value <= high."""
    raw = files("perelom").joinpath("data", FILE).read_bytes()
    table = pl.read_csv(BytesIO(raw), schema_overrides={"note": pl.String})
    if tuple(table.columns) != COLUMNS:
        raise TableError(FILE, 1, None, ",".join(table.columns), ",".join(COLUMNS))
    places = {USSR, *REGION_NAMES, *REPUBLICS}
    checks = (
        ("region", ~pl.col("region").is_in(places), "a region, a republic or USSR"),
        ("grade", ~pl.col("grade").is_in(GRADES), ", ".join(GRADES)),
        (
            "value",
            ~((pl.col("low") <= pl.col("value")) & (pl.col("value") <= pl.col("high"))),
            "a number with low <= value <= high",
        ),
        ("source", pl.col("source").fill_null("").str.len_chars() == 0, "a source"),
    )
    numbered = table.with_row_index("row", offset=2)
    for column, wrong, allowed in checks:
        bad = numbered.filter(wrong.fill_null(True))
        if bad.height:
            raise TableError(FILE, int(bad["row"][0]), column, bad[column][0], allowed)
    repeated = numbered.filter(pl.struct("region", "quantity").is_duplicated())
    if repeated.height:
        raise TableError(
            FILE, int(repeated["row"][0]), "quantity", repeated["quantity"][0], "one row a region"
        )
    return table


@cache
def load_margins() -> Margins:
    """Return the raw margins as arrays over regions and national numbers."""
    table = margin_table()
    regional: dict[str, NDArray[np.float64]] = {}
    rows = table.filter(pl.col("region").is_in(REGION_NAMES))
    for (quantity,), part in rows.group_by("quantity", maintain_order=True):
        values = dict(zip(part["region"], part["value"], strict=True))
        missing = [name for name in REGION_NAMES if name not in values]
        if missing:
            raise TableError(FILE, None, "region", quantity, f"a row for {missing[0]} as well")
        regional[str(quantity)] = np.array([values[name] for name in REGION_NAMES], dtype=float)
    of_ussr = table.filter(pl.col("region") == USSR)
    republics = table.filter(pl.col("region").is_in(tuple(REPUBLICS)))
    return Margins(
        regional=regional,
        republic={
            (str(r["region"]), str(r["quantity"])): float(r["value"]) for r in republics.to_dicts()
        },
        national=dict(zip(of_ussr["quantity"], of_ussr["value"].cast(float), strict=True)),
        sources=dict(zip(of_ussr["quantity"], of_ussr["source"], strict=True)),
    )
