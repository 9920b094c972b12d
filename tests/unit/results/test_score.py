import math

import fake_evidence
import polars as pl
import pytest
from fake_evidence import SCHEMA, observation

from perelom.evidence.error_model import numbers, with_sigma
from perelom.results.score import by_group, judge


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA, orient="row")


def against(observed: pl.DataFrame, values: list[float | None]) -> pl.DataFrame:
    simulated = pl.DataFrame(
        {
            "id": observed["id"],
            "simulated": pl.Series(values, dtype=pl.Float64),
            "comparable": [value is not None for value in values],
            "region_uncertainty": [0.0] * len(values),
            "reason": [None if value is not None else "no operator" for value in values],
        }
    )
    return judge(observed, simulated)


def test_published_range_is_a_ninety_per_cent_interval() -> None:
    sigma = with_sigma(table(observation(1, "grain_harvest", 70.0, low=60.0, high=80.0)))["sigma"][
        0
    ]
    assert sigma == pytest.approx(10.0 / 1.645)


def test_single_figure_has_the_base_error_times_its_grade() -> None:
    for grade, factor in (("A", 1.0), ("B", 1.5), ("C", 2.5)):
        sigma = with_sigma(table(observation(1, "grain_harvest", 70.0, grade=grade)))["sigma"][0]
        assert sigma == pytest.approx(70.0 * 0.03 * factor)


def test_spread_of_variants_counts_within_a_layer_and_duplicates_once() -> None:
    rows = with_sigma(
        table(
            observation(1, "grain_harvest", 60.0, variant="a"),
            observation(2, "grain_harvest", 80.0, variant="b"),
            observation(3, "grain_harvest", 80.0, variant="b", duplicate_of="o00002"),
            observation(4, "grain_harvest", 100.0, variant="c", layer="reported"),
        )
    )
    assert rows["sigma"][0] == pytest.approx(math.sqrt(200.0))
    assert rows["sigma"][3] == pytest.approx(3.0)
    assert rows["least"][0] == 60.0
    assert rows["most"][0] == 80.0


def test_observed_zero_has_a_finite_error() -> None:
    rows = with_sigma(
        table(
            observation(1, "grain_exports", 0.0),
            observation(2, "grain_exports", 5.0, period_start=None),
        )
    )
    assert rows["sigma"][0] == pytest.approx(2.5 * numbers()["floor_relative"])


def test_group_error_is_root_mean_square_and_bias_is_mean() -> None:
    observed = table(
        observation(1, "grain_harvest", 100.0, variant="a", group="g"),
        observation(2, "grain_exports", 100.0, variant="a", group="g"),
        observation(3, "births_total", 100.0, group="g"),
        observation(4, "grain_harvest", 5.0, group="h", use="context", region="Kyiv oblast"),
    )
    board = by_group(against(observed, [103.0, 88.0, None, 5.0]))
    assert board.height == 1
    row = board.row(0, named=True)
    assert (row["points"], row["of"]) == (2, 3)
    assert row["error"] == pytest.approx(math.sqrt((1.0**2 + 4.0**2) / 2))
    assert row["bias"] == pytest.approx((1.0 - 4.0) / 2)
    assert row["within"] == pytest.approx(0.5)


def test_fitted_come_first_and_the_largest_error_leads() -> None:
    observed = table(
        observation(1, "a", 100.0, group="near"),
        observation(2, "b", 100.0, group="far"),
        observation(3, "c", 100.0, group="kept back", use="held_out"),
        observation(4, "d", 100.0, group="silent"),
    )
    board = by_group(against(observed, [101.0, 150.0, 200.0, None]))
    assert board["group"].to_list() == ["far", "near", "silent", "kept back"]


def test_duplicates_are_not_scored_twice() -> None:
    observed = table(
        observation(1, "a", 100.0, group="g"),
        observation(2, "a", 100.0, group="g", duplicate_of="o00001"),
    )
    assert by_group(against(observed, [103.0, 103.0]))["points"][0] == 1


def test_within_uses_the_envelope_of_all_variants() -> None:
    observed = table(
        observation(1, "a", 60.0, variant="x"),
        observation(2, "a", 80.0, variant="y", high=90.0),
    )
    assert against(observed, [85.0, 85.0])["within"].to_list() == [True, True]
    assert against(observed, [95.0, 95.0])["within"].to_list() == [False, False]


def test_made_up_comparison_has_every_use() -> None:
    assert set(fake_evidence.comparison()["use"]) == {"fit", "held_out", "context"}
