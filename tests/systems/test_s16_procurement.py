"""S16: state procurement. Check: path by month and variance between regions."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import COLLECTED, Country, Surroundings
from perelom.model.procurement import claims
from perelom.world.calendar import month_index
from perelom.world.state import State


@pytest.fixture
def due(state: State) -> State:
    """Villages with a plan, grain in every store, half of the land in kolkhozes."""
    land = state.households.land.sum(axis=1)
    villages = replace(
        state.villages, plan=0.3 * land, kolkhoz_land=land, kolkhoz_grain=0.5 * land,
        delivered=jnp.zeros(40),
    )  # fmt: skip
    return replace(
        state, villages=villages, households=replace(state.households, grain=state.households.land)
    )


def test_without_force_nothing_is_taken(due: State, around: Surroundings) -> None:
    taken = claims(due, around(11, procurement_force=0.0))
    assert not np.asarray(taken.own).any()
    assert not np.asarray(taken.kolkhoz).any()
    assert not np.asarray(taken.seed).any()


def test_more_force_takes_more_and_never_more_than_is_there_or_due(
    due: State, around: Surroundings
) -> None:
    totals = []
    for force in (0.01, 0.1, 0.5, 4.0):
        taken = claims(due, around(11, procurement_force=force))
        own, kolkhoz = np.asarray(taken.own), np.asarray(taken.kolkhoz)
        assert (own <= np.asarray(due.households.grain)).all()
        assert (kolkhoz <= np.asarray(due.villages.kolkhoz_grain)).all()
        total = own.sum(axis=1) + kolkhoz + np.asarray(taken.seed)
        assert (total <= np.asarray(due.villages.plan) * (1 + 1e-9)).all()
        totals.append(total.sum())
    assert totals == sorted(totals)
    assert totals[0] < totals[-1]


def test_a_kolkhoz_store_is_cleared_more_easily(due: State, around: Surroundings) -> None:
    """A small kolkhoz store and as much in yards: the former gives the larger part."""
    grain = due.villages.kolkhoz_grain
    per_hectare = 0.02
    poor = replace(
        due,
        villages=replace(due.villages, kolkhoz_grain=per_hectare * due.villages.kolkhoz_land),
        households=replace(due.households, grain=per_hectare * due.households.land),
    )
    taken = claims(poor, around(11, procurement_force=0.3))
    assert np.asarray(taken.kolkhoz).sum() > 2 * np.asarray(taken.own).sum()
    assert np.asarray(grain).sum() > 0


def test_delivered_plans_are_left_alone(due: State, around: Surroundings) -> None:
    done = replace(due, villages=replace(due.villages, delivered=due.villages.plan))
    taken = jax.tree.leaves(claims(done, around(11, procurement_force=4.0)))
    assert not any(np.asarray(leaf).any() for leaf in taken)


@pytest.mark.xdist_group("expected")
def test_most_grain_comes_between_harvest_and_new_year(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    for year in range(1927, 1932):
        autumn = course.between(f"{year}-07", f"{year}-12", *COLLECTED)
        spring = course.between(f"{year + 1}-01", f"{year + 1}-06", *COLLECTED)
        assert autumn > spring, year


@pytest.mark.xdist_group("expected")
def test_regions_of_surplus_give_more_of_their_harvest(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    year = slice(month_index("1930-07"), month_index("1931-06") + 1)
    taken = course.flow(*COLLECTED)[year].sum(axis=0)
    harvest = course.flow("harvest_own", "harvest_kolkhoz")[year].sum(axis=0)
    persons = course.stock("rural_persons")[month_index("1930-07")]
    share = taken / harvest
    assert share.std() > 0.02
    assert np.corrcoef(share, harvest / persons)[0, 1] > 0
