"""Pairs: the same luck in every arm, differences within pairs, intervals over pairs."""

from collections.abc import Iterator

import numpy as np
import pytest

from perelom.engine.run import Chunk, Settings, simulate
from perelom.errors import AccountError, EnsembleError
from perelom.experiments.paired import Paired, interval, run_paired
from perelom.inference import ensemble
from perelom.inference.ensemble import Arm
from perelom.inference.posterior import posterior_draws
from perelom.scenario import Scenario, load
from perelom.world.state import World

SETTINGS = Settings(villages=320, draws="expected", until="1930-03")
SWITCH = "slaughter_before_joining"


@pytest.fixture(scope="module")
def arms() -> list[Arm]:
    base = load("historical")
    return [Arm("base", base), Arm("same", base), Arm("without", base, frozenset({SWITCH}))]


@pytest.fixture(scope="module")
def paired(arms: list[Arm]) -> Paired:
    return run_paired(arms, SETTINGS, posterior_draws(2))


def test_the_base_against_itself_is_exactly_zero(paired: Paired) -> None:
    base, same, _ = paired.national
    for name, values in base.items():
        np.testing.assert_array_equal(same[name], values, err_msg=name)
    rows = [row for row in paired.table().to_dicts() if row["arm"] == "same"]
    assert rows
    assert all(row["difference_low"] == row["difference_high"] == 0 for row in rows)
    assert all((row["above"], row["equal"]) == (0, 1) for row in rows)


def test_a_switch_makes_a_difference_and_members_differ(paired: Paired) -> None:
    base, _, without = paired.national
    assert (without["livestock_horses"][:, -1] > base["livestock_horses"][:, -1]).all()
    assert base["grain_harvest"][0].sum() != base["grain_harvest"][1].sum()


def test_before_anything_differs_pairs_are_the_same(paired: Paired) -> None:
    start = np.flatnonzero(paired.months < np.datetime64("1927-11"))
    base, _, without = paired.national
    np.testing.assert_array_equal(
        base["livestock_horses"][:, start], without["livestock_horses"][:, start]
    )


def test_two_processes_give_the_same_bits(paired: Paired, arms: list[Arm]) -> None:
    again = run_paired(arms, SETTINGS, posterior_draws(2), processes=2)
    assert again.members == paired.members
    for ours, theirs in zip(again.national, paired.national, strict=True):
        for name, values in theirs.items():
            np.testing.assert_array_equal(ours[name], values, err_msg=name)


def test_every_draw_and_its_distance_from_the_base(paired: Paired) -> None:
    draws = paired.draws()
    assert draws.height == len(paired.outcomes()[0]) * len(paired.arms) * 2
    assert (draws.filter(draws["arm"] == "base")["less_base"] == 0).all()


def test_a_member_that_fails_in_one_arm_leaves_the_pairs(
    monkeypatch: pytest.MonkeyPatch, arms: list[Arm]
) -> None:
    def fails(scenario: Scenario, settings: Settings, world: World) -> Iterator[Chunk]:
        if settings.member == 1 and settings.off:
            raise AccountError("an account does not close")
        return simulate(scenario, settings, world=world)

    monkeypatch.setattr(ensemble, "simulate", fails)
    short = Settings(villages=320, draws="expected", until="1926-12")
    done = run_paired(arms, short, posterior_draws(3))
    assert done.members == (0, 2)
    assert done.failed == ((1, "without", "an account does not close"),)
    with pytest.raises(EnsembleError, match=r"1 members .* an account does not close"):
        run_paired(arms, short, posterior_draws(2))


def test_ctrl_c_keeps_whole_pairs(monkeypatch: pytest.MonkeyPatch, arms: list[Arm]) -> None:
    def stops(scenario: Scenario, settings: Settings, world: World) -> Iterator[Chunk]:
        if settings.member == 2:
            raise KeyboardInterrupt
        return simulate(scenario, settings, world=world)

    monkeypatch.setattr(ensemble, "simulate", stops)
    short = Settings(villages=320, draws="expected", until="1926-12")
    done = run_paired(arms, short, posterior_draws(4))
    assert (done.members, done.stopped) == ((0, 1), True)


def test_interval_of_known_values() -> None:
    assert interval(np.arange(101.0)) == (50, 5, 95)
    assert interval(np.asarray([np.nan, 3.0])) == (3, 3, 3)
    assert all(np.isnan(interval(np.asarray([np.nan]))))
