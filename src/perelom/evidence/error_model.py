"""How uncertain an observation is by itself: one standard error for each figure.

sigma = max(factor(grade) * max(range, base), spread, floor), where range is the published range
read as a 90% interval, base a relative error of a single figure, spread the standard deviation of
the variants of the same series, region, period and layer, and floor a small part of the typical
value of the series. The grade says how sure the figure itself is, so it widens only the figure's
own error. The numbers stand in `error_model.csv` with their passports.
"""

import csv
from functools import cache

import polars as pl

from perelom.evidence.tables import data_path

SAME = ("series", "region", "period_start", "period_end", "layer", "unit")
"""Figures that agree in these are variants of one quantity."""


@cache
def numbers() -> dict[str, float]:
    """Return the numbers of the error model by name."""
    text = data_path("error_model.csv").read_text(encoding="utf-8")
    return {row["quantity"]: float(row["value"]) for row in csv.DictReader(text.splitlines())}


def with_sigma(observations: pl.DataFrame) -> pl.DataFrame:
    """Add `sigma`, and the published envelope `least` to `most` of all variants.

    Duplicates of a figure (`duplicate_of`) count once in the spread.
    """
    n = numbers()
    value = pl.col("value")
    own = pl.when(pl.col("duplicate_of").is_null()).then(value)
    half_range = (pl.col("high") - pl.col("low")) / 2 / n["range_to_sigma"]
    typical = value.abs().median().over("series", "region", "unit")
    floor = (
        pl.when(pl.col("unit") == "share")
        .then(pl.lit(n["floor_share"]))
        .otherwise(typical * n["floor_relative"])
    )
    base = (
        pl.when(pl.col("series").str.starts_with("population"))
        .then(pl.lit(n["base_relative_error_population"]))
        .otherwise(pl.lit(n["base_relative_error"]))
    )
    factor = pl.col("grade").replace_strict(
        {grade: n[f"grade_factor_{grade}"] for grade in "ABC"}, return_dtype=pl.Float64
    )
    return observations.with_columns(
        sigma=pl.max_horizontal(
            factor * pl.max_horizontal(half_range.fill_null(0.0), value.abs() * base),
            own.std().over(SAME).fill_null(0.0),
            floor,
        ),
        least=pl.min_horizontal("value", "low").min().over(SAME),
        most=pl.max_horizontal("value", "high").max().over(SAME),
    )
