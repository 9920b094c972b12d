"""S92: moves to towns. Check: rates by membership, hunger and ban; who moves."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.flows import FLOWS
from perelom.model.people import moving_rates
from perelom.scenario import Scenario
from perelom.world.state import State


@pytest.fixture
def settled(state: State) -> State:
    """Nobody hungry, nobody in a kolkhoz."""
    zeros = jnp.zeros_like(state.households.member)
    return replace(state, households=replace(state.households, member=zeros, body_reserve=zeros))


def _rate(state: State, around: Surroundings, **given: object) -> float:
    return float(np.asarray(moving_rates(state, around(5, **given)))[0, 0])  # type: ignore[arg-type]


def test_twelve_months_make_the_yearly_rate(settled: State, around: Surroundings) -> None:
    year = 1 - (1 - _rate(settled, around, off=["town_jobs", "housing"])) ** 12
    base = float(around().parameters["migration_base"])
    np.testing.assert_allclose(year, 1 - np.exp(-base), rtol=1e-9)


def test_members_and_the_hungry_move_more(settled: State, around: Surroundings) -> None:
    base = _rate(settled, around)
    ones = jnp.ones_like(settled.households.member)
    inside = replace(settled, households=replace(settled.households, member=ones))
    thin = replace(
        settled,
        households=replace(
            settled.households, body_reserve=jnp.full_like(settled.households.member, -8.0)
        ),
    )
    assert _rate(inside, around) > base
    assert _rate(thin, around) > base


def test_the_ban_stops_its_share(settled: State, around: Surroundings) -> None:
    base, banned = (_rate(settled, around, movement_ban=ban) for ban in (0.0, 1.0))
    effect = float(around().parameters["movement_ban_effect"])
    np.testing.assert_allclose(np.log1p(-banned), (1 - effect) * np.log1p(-base), rtol=1e-9)
    assert _rate(settled, around, off=["migration"]) == 0


@pytest.mark.xdist_group("expected")
def test_towns_grow_by_what_villages_lose(expected_country: Country) -> None:
    course = expected_country.run(until="1930-12")
    town = course.stock("town_persons")
    grown = town[-1] - town[0]
    come = course.flow(*(n for n, f in FLOWS.items() if f.sink == "town_persons")).sum(axis=0)
    gone = course.flow(*(n for n, f in FLOWS.items() if f.source == "town_persons")).sum(axis=0)
    np.testing.assert_allclose(grown, come - gone, rtol=1e-6)
    free = expected_country.run(off=["town_jobs"], until="1930-12")
    moved = free.between("1927-01", "1930-12", "moved_to_town")
    assert moved > free.between("1927-01", "1927-12", "moved_to_town") * 4
    none = expected_country.run(off=["migration"], until="1930-12")
    assert none.between("1926-12", "1930-12", "moved_to_town") == 0


@pytest.mark.xdist_group("expected")
def test_passports_slow_the_flow(expected_country: Country, historical: Scenario) -> None:
    open_road = decide(historical, drop=("movement_ban",))
    plain, free = (
        expected_country.run(s).between("1933-01", "1934-12", "moved_to_town")
        for s in (historical, open_road)
    )
    assert plain < free
