from datetime import date

import numpy as np
import polars as pl
import pytest

from perelom.errors import AccountError
from perelom.evidence import observations
from perelom.evidence.variables import variables
from perelom.inference.ensemble import Ensemble, Member
from perelom.inference.prior_check import judge


def ensemble_around(shift: float, spread: float, members: int = 21) -> Ensemble:
    """Members whose values lie evenly round every observation, all moved by `shift`."""
    scored = observations().filter(pl.col("use").is_in(["fit", "held_out"]))
    value = scored["value"].to_numpy()
    factors = 1 + shift + np.linspace(-spread, spread, members)
    return Ensemble(
        members=tuple(Member(n, {}, "complete", "", 0.1) for n in range(members)),
        observations=scored.with_columns(region_uncertainty=pl.lit(None, pl.Float64)),
        simulated=factors[:, None] * value,
    )


def test_a_range_round_every_observation_contains_all() -> None:
    check = judge(ensemble_around(0.0, 0.5))
    assert check.share == 1.0
    assert check.share_with_error == 1.0
    assert check.misses().is_empty()
    assert check.accepted


def test_a_model_far_above_is_said_to_be_too_high() -> None:
    check = judge(ensemble_around(3.0, 0.5))
    zero = check.points["value"] == 0
    assert set(check.points.filter(~zero)["direction"]) == {"too high"}
    assert not check.accepted


def test_errors_of_observation_widen_the_range() -> None:
    check = judge(ensemble_around(0.02, 0.001))
    assert check.share_with_error > check.share


def test_held_out_and_repeated_figures_are_not_looked_at() -> None:
    points = judge(ensemble_around(0.0, 0.5)).points
    table = observations().filter(pl.col("id").is_in(points["id"].to_list()))
    assert table["use"].unique().to_list() == ["fit"]
    assert table["duplicate_of"].null_count() == table.height
    assert set(table["series"]) <= set(variables())


def test_points_and_misses_add_up_by_series_and_by_group() -> None:
    check = judge(ensemble_around(0.4, 0.5))
    for key in ("series", "group"):
        table = check.by(key)
        inside = (table["points"] * table["contained"]).sum()
        assert table["points"].sum() == check.points.height
        assert inside == pytest.approx(check.share * check.points.height)
        assert (table["too_high"] + table["too_low"]).sum() == check.misses().height


def test_failed_members_do_not_count() -> None:
    whole = ensemble_around(0.0, 0.5)
    lost = Member(21, {}, "failed", "an account does not close", 0.1)
    empty = np.full((1, whole.simulated.shape[1]), np.nan)
    with_lost = Ensemble(
        (*whole.members, lost), whole.observations, np.vstack([whole.simulated, empty])
    )
    assert judge(with_lost).points.equals(judge(whole).points)


def test_observations_without_counterpart_are_listed_apart() -> None:
    whole = ensemble_around(0.0, 0.5)
    late = (whole.observations["period_start"] >= date(1935, 1, 1)).to_numpy()
    whole.simulated[:, late] = np.nan
    check = judge(whole)
    assert check.points["period_start"].max() < date(1935, 1, 1)
    assert check.silent["period_start"].min() >= date(1935, 1, 1)


def test_no_member_at_all_is_an_error() -> None:
    whole = ensemble_around(0.0, 0.5, members=1)
    lost = (Member(0, {}, "failed", "an account does not close", 0.1),)
    with pytest.raises(AccountError, match=r"no draw ran through.*does not close"):
        judge(Ensemble(lost, whole.observations, whole.simulated * np.nan))
