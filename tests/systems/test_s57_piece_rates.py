"""S57, S58, S60: piecework, brigades, levelling, closed exit. Check: effort with each on or off."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.incentives import (
    paid_by_work,
    reward_of_work,
    supervised,
    without_way_out,
    work_quality,
)
from perelom.model.kolkhoz import kolkhoz
from perelom.scenario import Scenario
from perelom.world.state import State

QUALITY = jnp.linspace(0.4, 1.0, 40)


def test_piece_rates_get_back_a_part_of_what_is_lost(around: Surroundings) -> None:
    context = around(5, piece_rates=1.0)
    part = float(context.parameters["brigade_monitoring"])
    np.testing.assert_allclose(
        supervised(QUALITY, context), QUALITY + part * (1 - QUALITY), rtol=1e-6
    )
    for none in (around(5), around(5, piece_rates=1.0, off=["piece_rates"])):
        np.testing.assert_array_equal(supervised(QUALITY, none), QUALITY)


def test_piece_rates_pay_more_by_work(around: Surroundings) -> None:
    numbers = around().parameters
    for rates, name in ((0.0, "pay_by_labour_days"), (1.0, "pay_by_labour_days_at_piece_rates")):
        paid = paid_by_work(around(5, piece_rates=rates))
        np.testing.assert_allclose(paid, float(numbers[name]), rtol=1e-6)


def test_levelling_takes_the_reward_from_work(around: Surroundings) -> None:
    levelled, by_work = (np.asarray(reward_of_work(around(5, piece_rates=r))) for r in (0.0, 1.0))
    assert (levelled < by_work).all()
    np.testing.assert_array_equal(reward_of_work(around(5, off=["levelling"])), 1.0)


def test_without_a_way_out_members_shirk(around: Surroundings) -> None:
    loss = float(around().parameters["shirking_without_exit"])
    np.testing.assert_array_equal(without_way_out(QUALITY, around(5)), QUALITY)
    shut = around(5, exit_permitted=0.0)
    np.testing.assert_allclose(without_way_out(QUALITY, shut), QUALITY * (1 - loss), rtol=1e-6)
    off = around(5, exit_permitted=0.0, off=["closed_exit"])
    np.testing.assert_array_equal(without_way_out(QUALITY, off), QUALITY)
    assert (np.asarray(work_quality(QUALITY, shut)) > 0).all()


def test_effort_of_a_kolkhoz_answers_to_all_of_them(state: State, around: Surroundings) -> None:
    paid = replace(state, villages=replace(state.villages, expected_pay=jnp.full(40, 0.002)))

    def effort(**given: object) -> float:
        after = jax.jit(kolkhoz)(paid, around(5, **given))[0]  # type: ignore[arg-type]
        return float(np.asarray(after.villages.effort).mean())

    plain = effort()
    assert effort(piece_rates=1.0) > plain
    assert effort(exit_permitted=0.0) < plain
    assert effort(off=["levelling"]) > plain


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("name", ["levelling", "closed_exit"])
def test_harvests_are_larger_without(expected_country: Country, name: str) -> None:
    plain, without = (expected_country.run(off=off, until="1932-12") for off in ([], [name]))
    harvest = [c.between("1931-07", "1931-10", "harvest_kolkhoz") for c in (plain, without)]
    assert harvest[0] < harvest[1]


@pytest.mark.xdist_group("expected")
def test_output_with_piecework_on_and_off(expected_country: Country, historical: Scenario) -> None:
    none = decide(historical, drop=("piece_rates",))
    plain, without = (expected_country.run(s, until="1932-12") for s in (historical, none))
    harvest = [c.between("1932-07", "1932-10", "harvest_kolkhoz") for c in (plain, without)]
    assert harvest[1] < harvest[0] < 1.2 * harvest[1]
    np.testing.assert_array_equal(
        plain.flow("harvest_kolkhoz")[:44], without.flow("harvest_kolkhoz")[:44]
    )
