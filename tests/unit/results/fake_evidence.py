"""A handful of observations and a comparison with made-up simulated values."""

from __future__ import annotations

import datetime as dt

import polars as pl

from perelom.results.score import judge

SCHEMA = {
    "id": pl.String,
    "series": pl.String,
    "region": pl.String,
    "period_start": pl.Date,
    "period_end": pl.Date,
    "value": pl.Float64,
    "unit": pl.String,
    "variant": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "source": pl.String,
    "grade": pl.String,
    "layer": pl.String,
    "calendar": pl.String,
    "borders": pl.String,
    "group": pl.String,
    "use": pl.String,
    "duplicate_of": pl.String,
}


def observation(number: int, series: str, value: float, **others: object) -> dict[str, object]:
    """One observation with plain defaults."""
    return {
        "id": f"o{number:05d}",
        "series": series,
        "region": "USSR",
        "period_start": dt.date(1928, 1, 1),
        "period_end": dt.date(1928, 12, 31),
        "value": value,
        "unit": "Mt",
        "variant": None,
        "low": None,
        "high": None,
        "source": "davies_1980",
        "grade": "A",
        "layer": "true",
        "calendar": "calendar_year",
        "borders": "1939_before_september",
        "group": series,
        "use": "fit",
        "duplicate_of": None,
    } | others


def observations() -> pl.DataFrame:
    """Observations of a few national series."""
    one = dt.date(1928, 1, 1)
    rows = [
        observation(1, "grain_harvest", 73.3, low=66.0, high=80.0, variant="scholar"),
        observation(2, "grain_harvest", 77.0, variant="official", grade="B", layer="reported"),
        observation(3, "grain_exports", 0.3, use="held_out", grade="C"),
        observation(4, "deaths_total", 3.9e6, unit="persons", grade="C", use="held_out"),
        observation(
            5, "livestock_horses", 33.5, unit="million_head", period_start=one, period_end=one
        ),
        observation(
            6,
            "collectivized_households_share",
            0.017,
            unit="share",
            period_start=dt.date(1928, 6, 1),
            period_end=dt.date(1928, 6, 1),
        ),
        observation(7, "sown_area_grain", 92.2, unit="Mha", use="context"),
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def comparison(*_: object) -> pl.DataFrame:
    """Hold the observations against made-up simulated values."""
    observed = observations()
    simulated = observed.select(
        "id",
        simulated=pl.col("value") * 1.1,
        comparable=pl.lit(value=True),
        reason=pl.lit(None, pl.String),
        region_uncertainty=pl.lit(0.0),
    )
    return judge(observed, simulated)
