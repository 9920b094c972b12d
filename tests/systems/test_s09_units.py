"""S09: units, calendars and data layers; round trips, and both readings of 128 million poods."""

from __future__ import annotations

import polars as pl
import pytest

from perelom import evidence
from perelom.errors import UnitError
from perelom.evidence.units import (
    HECTARES_PER_DESIATINA,
    KG_PER_POOD,
    convert,
    is_unit,
    rounded_pood_suspected,
)

PAIRS = [
    ("pood", "kg"),
    ("desiatina", "ha"),
    ("million_poods", "Mt"),
    ("million_head", "head"),
    ("thousand_persons", "persons"),
    ("million_households", "households"),
    ("kcal", "joule"),
    ("t/ha", "pood/desiatina"),
    ("centner/ha", "t/ha"),
    ("vedro", "liter"),
    ("billion_roubles_current", "million_roubles_current"),
    ("kg/labour_day", "pood/labour_day"),
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
@pytest.mark.parametrize("value", [1.0, 0.37, 128.0, 1.9e6])
def test_round_trip(first: str, second: str, value: float) -> None:
    assert convert(convert(value, first, second), second, first) == pytest.approx(value, rel=1e-12)


def test_measures_of_the_period() -> None:
    assert convert(1, "pood", "kg") == pytest.approx(KG_PER_POOD)
    assert convert(1, "desiatina", "ha") == pytest.approx(HECTARES_PER_DESIATINA)
    assert convert(50, "pood/desiatina", "t/ha") == pytest.approx(0.7497, abs=1e-4)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ("million_gold_roubles", "million_roubles_current"),
        ("million_roubles_1950_rate", "million_gold_roubles"),
        ("persons", "head"),
        ("kg", "ha"),
        ("households", "persons"),
    ],
)
def test_different_things_do_not_convert(source: str, target: str) -> None:
    with pytest.raises(UnitError, match=f"'{source}' cannot be converted to '{target}'"):
        convert(1, source, target)


def test_unknown_unit_is_named() -> None:
    assert not is_unit("puud")
    with pytest.raises(UnitError, match="unknown unit 'puud'"):
        convert(1, "puud", "kg")


def test_both_readings_of_the_deficit_of_january_1928_are_stored() -> None:
    deficit = evidence.observations().filter(
        pl.col("series") == "state_grain_procurement_shortfall_on_previous_year"
    )
    values = dict(deficit.select("variant", "value").iter_rows())
    exact = convert(128, "million_poods", "Mt")
    rounded = convert(128, "million_rounded_poods", "Mt")
    assert values["official_contemporary"] == pytest.approx(exact, abs=2e-4)
    assert values["pood_of_16_kg"] == pytest.approx(rounded, abs=1e-6)
    assert exact / rounded - 1 == pytest.approx(0.0238, abs=1e-4)


def test_flag_where_a_source_used_16_kg_a_pood() -> None:
    claims = {row["id"]: row for row in evidence.claims().iter_rows(named=True)}
    poods = claims["D289"]["value"] * 1e6
    kilograms = claims["D290"]["value"] * 1e6
    assert rounded_pood_suspected(poods, kilograms)
    assert not rounded_pood_suspected(poods, convert(poods, "pood", "kg"))


def test_layers_are_kept_apart() -> None:
    """Official and later figures of one quantity stand side by side, in their own layers."""
    harvest = evidence.observations().filter(
        pl.col("series") == "grain_harvest",
        pl.col("region") == "USSR",
        pl.col("period_start").dt.year() == 1932,
    )
    assert set(harvest["layer"]) == {"true", "reported"}
    official = harvest.filter(pl.col("layer") == "reported")["value"].max()
    assert official > harvest.filter(pl.col("layer") == "true")["value"].min()
