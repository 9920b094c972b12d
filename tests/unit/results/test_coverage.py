"""The scoreboard of an ensemble, on made-up numbers whose answer is known."""

import fake_evidence
import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from perelom.results import coverage

DRAWS = 400


def told(observed: pl.DataFrame) -> pl.DataFrame:
    return observed.select(
        "id",
        simulated=pl.lit(None, pl.Float64),
        comparable=pl.lit(value=True),
        reason=pl.lit(None, pl.String),
        region_uncertainty=pl.lit(0.0),
    )


def many(values: np.ndarray, unit: str = "Mt") -> pl.DataFrame:
    rows = [
        fake_evidence.observation(n, "grain_harvest", float(v), unit=unit, group="g")
        for n, v in enumerate(values)
    ]
    return pl.DataFrame(rows, schema=fake_evidence.SCHEMA, orient="row")


def normal(spread: float, middle: float = 0.0) -> np.ndarray:
    return middle + spread * norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)


def test_predictive_interval_joins_spread_and_error() -> None:
    least, most = coverage.predictive(normal(3.0)[:, None], np.asarray([4.0]))
    assert most[0] == pytest.approx(1.645 * 5, rel=0.02)
    assert least[0] == pytest.approx(-most[0])
    least, most = coverage.predictive(normal(3.0)[:, None], np.asarray([0.0]))
    assert most[0] == pytest.approx(1.645 * 3, rel=0.02)


def test_cover_of_truth_drawn_like_the_draws_is_nine_tenths() -> None:
    truth = 100 + 10 * norm.ppf((np.arange(200) + 0.5) / 200)
    observed = many(truth)
    simulated = np.repeat(normal(10.0, 100.0)[:, None], 200, axis=1)
    judged = coverage.judge_draws(observed, simulated, told(observed))
    judged = judged.with_columns(
        inside=pl.col("value").is_between("p05", "p95"), z=pl.lit(0.0), duplicate_of=None
    )
    assert coverage.by_group(judged)["cover"][0] == pytest.approx(0.9, abs=0.01)


def test_error_bias_and_width_are_shares_of_the_series_size() -> None:
    observed = many(np.asarray([90.0, 110.0]))
    draws = np.linspace(-10, 10, 101)
    simulated = np.stack([100 + draws, 120 + draws], axis=1)
    row = coverage.by_group(coverage.judge_draws(observed, simulated, told(observed))).to_dicts()[0]
    assert (row["points"], row["in_points"]) == (2, False)
    assert row["off"] == row["lean"] == pytest.approx(0.10)
    assert row["width"] == pytest.approx(0.18)


def test_shares_are_read_in_points_and_signs_cancel_in_the_bias() -> None:
    observed = many(np.asarray([0.2, 0.4]), unit="share")
    simulated = np.repeat(np.asarray([[0.3, 0.3]]), 5, axis=0)
    row = coverage.by_group(coverage.judge_draws(observed, simulated, told(observed))).to_dicts()[0]
    assert row["in_points"]
    assert row["off"] == pytest.approx(0.1)
    assert row["lean"] == pytest.approx(0.0, abs=1e-12)
    assert row["width"] == 0


def test_an_observation_that_a_draw_lacks_is_not_compared() -> None:
    observed = many(np.asarray([90.0, 110.0]))
    simulated = np.asarray([[100.0, np.nan], [102.0, 110.0]])
    judged = coverage.judge_draws(observed, simulated, told(observed))
    assert judged["comparable"].to_list() == [True, False]
    assert coverage.by_group(judged)["points"].to_list() == [1]


def test_width_over_that_of_the_prior(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    observed = many(np.asarray([100.0]))
    simulated = np.linspace(90, 110, 101)[:, None]
    judged = coverage.judge_draws(observed, simulated, told(observed))
    monkeypatch.setattr(coverage, "data_path", lambda name: tmp_path / name)
    assert coverage.by_group(judged)["of_prior"].to_list() == [None]
    (tmp_path / coverage.PRIOR_FILE).write_text("id,prior_p05,prior_p95\no00000,64,100\n")
    assert coverage.by_group(judged)["of_prior"].to_list() == [pytest.approx(0.5)]
