import datetime as dt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import toy

from perelom.errors import TableError
from perelom.evidence.discrepancy import discrepancies, discrepancy
from perelom.inference.fitting import fit
from perelom.inference.forward import compared_observations
from perelom.inference.likelihood import likelihood, with_errors


def members_around(observations: pl.DataFrame) -> np.ndarray:
    factors = np.linspace(0.8, 1.2, 11)[:, None]
    return np.asarray(factors * observations["value"].to_numpy())


def table(**columns: object) -> pl.DataFrame:
    """Four observations of the toy with some columns replaced."""
    plain = toy.observations(np.array([10.0, 20.0, 30.0, 40.0]))
    return plain.with_columns(
        pl.lit(v).alias(k) if isinstance(v, str) else pl.Series(k, v) for k, v in columns.items()
    )


def errors(observations: pl.DataFrame) -> np.ndarray:
    found = with_errors(observations)
    return likelihood(found, members_around(found)).error


def test_no_held_out_observation_enters() -> None:
    compared = with_errors(compared_observations())
    found = likelihood(compared, members_around(compared))
    assert found.table["use"].unique().to_list() == ["fit"]
    assert found.table["duplicate_of"].null_count() == found.table.height
    assert found.table.height > 500


def test_other_held_out_values_give_the_same_fit() -> None:
    fitted = toy.problem()
    posteriors = []
    for factor in (1.0, 50.0):
        hidden = toy.observations(fitted.observations["value"].to_numpy() * factor, "held_out", 100)
        both = pl.concat([fitted.observations, hidden.with_columns(fitted.observations["series"])])
        problem = toy.problem(make=twice)
        problem = type(problem)(both, problem.free, problem.make)
        done = fit(problem, toy.Memory(), members=40, iterations=2, seed=3)
        posteriors.append(done.posterior.normal)
    assert np.array_equal(*posteriors)


def twice() -> object:
    return lambda number, parameters: np.tile(toy.respond(0.0, number, parameters), 2)


def test_scales_follow_what_the_values_can_be() -> None:
    observations = table(unit=["Mt", "share", "share", "Mt"], value=[10.0, 0.4, -0.2, 0.0])
    found = with_errors(observations)
    prior = members_around(found) + np.linspace(0, 0.01, 11)[:, None]
    assert likelihood(found, prior).table["scale"].to_list() == ["log", "logit", "linear", "log"]


def test_a_share_that_members_exceed_is_no_share_of_a_whole() -> None:
    found = with_errors(table(unit="share", value=[0.4, 0.5, 0.6, 0.7]))
    prior = members_around(found)
    prior[0, 0] = 1.5
    assert likelihood(found, prior).table["scale"][0] == "log"


def test_scaled_errors_agree_with_small_differences() -> None:
    observations = table(unit=["Mt", "share", "share", "Mt"], value=[10.0, 0.4, -0.2, 3.0])
    found = with_errors(observations)
    target = likelihood(found, members_around(found))
    small = 1e-6
    up = target.scaled((found["value"].to_numpy() + small)[None])[0]
    down = target.scaled((found["value"].to_numpy() - small)[None])[0]
    slope = (up - down) / (2 * small)
    assert target.error == pytest.approx(slope * found["total"].to_numpy(), rel=1e-4)


def test_zero_observed_and_simulated_stays_finite() -> None:
    found = with_errors(table(value=[0.0, 0.0, 5.0, 6.0], series="same", group="grain exports"))
    target = likelihood(found, members_around(found))
    assert np.isfinite(target.observed).all()
    assert np.isfinite(target.scaled(np.zeros((1, 4)))).all()
    assert (target.error > 0).all()


def test_the_own_error_of_the_model_widens() -> None:
    found = with_errors(table(group=["sown area under grain", "peasant protest"] * 2))
    row = discrepancy("peasant protest")
    assert found["discrepancy"][1] == pytest.approx(row.relative * found["value"][1])
    assert (found["total"] > found["sigma"]).all()


def test_variants_of_one_figure_share_its_weight() -> None:
    alone = errors(table())
    equal = table(series="same", value=[10.0] * 4, group="sown area under grain")
    four = errors(equal)
    assert 1 / (1 / four**2).sum() == pytest.approx(alone[0] ** 2)


def test_a_long_series_weighs_less_than_as_many_series() -> None:
    years = [dt.date(1928 + n, 1, 1) for n in range(4)]
    level = [10.0] * 4
    long = table(series="same", period_start=years, period_end=years, value=level)
    rho = discrepancy("sown area under grain").correlation
    assert errors(long)[0] ** 2 == pytest.approx(errors(table(value=level))[0] ** 2 * (1 + 3 * rho))


def test_observations_that_a_member_lacks_are_left_out() -> None:
    found = with_errors(table())
    prior = members_around(found)
    prior[2, 1] = np.nan
    assert likelihood(found, prior).columns.tolist() == [0, 2, 3]


def test_every_row_of_the_models_error_is_elicited_and_has_a_default() -> None:
    rows = discrepancies()
    assert all(row.relative > 0 or row.absolute > 0 for row in rows.values())
    assert discrepancy("no such group") is rows["*"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("wages and wishes,0.1,0,0.3,elicited,E,x", "a group of observation_split"),
        ("*,0.1,0,0.3,elicited,E,again", "each group once"),
        ("herds of the USSR,-0.1,0,0.3,elicited,E,x", "a number of at least 0"),
        ("herds of the USSR,0.1,0,1.3,elicited,E,x", "a number of at most 1"),
    ],
)
def test_a_bad_row_is_one_clear_error(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "discrepancy.csv"
    header = "group,relative,absolute,correlation,source,grade,reason"
    path.write_text(f"{header}\n*,0.1,0,0.3,elicited,E,x\n{line}\n", encoding="utf-8")
    with pytest.raises(TableError, match=rf"discrepancy\.csv, row 3.*{message}"):
        discrepancies(path)
