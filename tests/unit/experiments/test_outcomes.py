import numpy as np
import pytest

from perelom.experiments.outcomes import OUTCOMES, Outcome, available

MONTHS = np.arange("1926-12", "1935-02", dtype="datetime64[M]").astype("datetime64[ns]")


def outcome(**others: object) -> Outcome:
    given = {"name": "n", "variables": ("grain_harvest",), "first": "1932-07", "last": "1932-09"}
    return Outcome(**(given | {"definition": "d"} | others))  # type: ignore[arg-type]


def test_sum_stock_and_mean() -> None:
    values = np.arange(MONTHS.size, dtype=float)
    at = int(np.flatnonzero(np.datetime64("1932-07") == MONTHS)[0])
    national = {"grain_harvest": values}
    assert outcome(taken="sum").of(national, MONTHS) == 3 * at + 3
    assert outcome(taken="at").of(national, MONTHS) == at + 2
    assert outcome(taken="mean").of(national, MONTHS) == at + 1
    assert outcome(taken="at", scale=1e-6).of(national, MONTHS) == pytest.approx((at + 2) * 1e-6)


def test_left_to_the_variable_flows_are_summed_and_others_averaged() -> None:
    ones = np.ones(MONTHS.size)
    assert outcome().of({"grain_harvest": ones}, MONTHS) == 3
    assert outcome(variables=("livestock_horses",)).of({"livestock_horses": ones}, MONTHS) == 1


def test_the_first_known_variable_is_read_in_its_unit() -> None:
    one = outcome(variables=("not_there", "livestock_horses"))
    assert one.of({"livestock_horses": np.ones(MONTHS.size)}, MONTHS) == 1
    assert one.unit_in({"livestock_horses": 0}) == "million head"


def test_what_a_run_does_not_reach_or_have_is_missing() -> None:
    national = {"grain_harvest": np.ones(MONTHS.size)}
    assert outcome(variables=("not_there",)).of(national, MONTHS) is None
    assert outcome(last="1935-06").of(national, MONTHS) is None
    has, lacks = available(national, MONTHS)
    assert [one.name for one in has] == ["harvest 1932"]
    assert len(has) + len(lacks) == len(OUTCOMES)


def test_names_are_unique_and_every_outcome_is_defined() -> None:
    assert len({one.name for one in OUTCOMES}) == len(OUTCOMES)
    assert all(len(one.definition) > 15 for one in OUTCOMES)
    deaths = next(one for one in OUTCOMES if one.variables == ("excess_deaths",))
    assert "without hunger" in deaths.definition
    assert "published estimates" in deaths.definition
