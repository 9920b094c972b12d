"""S51: the article of 2 March 1930 and the exit. Check: depth, speed, regional spread."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.campaign import leaving_hazard
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State


def _chance(state: State, around: Surroundings, **given: object) -> np.ndarray:
    present = np.asarray(state.households.present) > 0
    return np.asarray(leaving_hazard(state, around(3, **given)))[present]  # type: ignore[arg-type]


def test_a_lone_member_without_prospects_leaves_as_the_parameter_says(
    state: State, around: Surroundings
) -> None:
    zeros = jnp.zeros_like(state.households.member)
    alone = replace(
        state,
        households=replace(state.households, member=zeros, disposition=zeros),
        villages=replace(state.villages, pressure=jnp.zeros(40), expected_pay=jnp.zeros(40)),
    )
    wanted = float(around().parameters["leaving_when_free"])
    np.testing.assert_allclose(_chance(alone, around), wanted, rtol=1e-9)


def test_a_closed_door_lets_few_out(state: State, around: Surroundings) -> None:
    free, shut = (_chance(state, around, exit_permitted=permitted) for permitted in (1.0, 0.0))
    part = float(around().parameters["exit_against_orders"])
    np.testing.assert_allclose(shut, part * free, rtol=1e-9)
    assert not _chance(state, around, off=["leaving"]).any()


def test_pressure_pay_and_company_hold_members(state: State, around: Surroundings) -> None:
    free = _chance(state, around)
    villages = state.villages
    for column, size in (("pressure", 0.8), ("expected_pay", 0.01)):
        held = replace(
            state, villages=replace(villages, **{column: getattr(villages, column) + size})
        )
        assert (_chance(held, around) < free).all()
    together = jnp.ones_like(state.households.member) * state.households.present
    held = replace(state, households=replace(state.households, member=together))
    assert (_chance(held, around) <= free).all()


@pytest.mark.xdist_group("expected")
def test_the_share_falls_in_spring_1930_and_not_without_the_retreat(
    expected_country: Country, historical: Scenario
) -> None:
    course = expected_country.run(until="1930-12")
    assert course.collectivized("1930-07") < course.collectivized("1930-03")
    january = [d.value for d in historical.decisions if d.lever == "collectivization_pressure"
               and d.date < "1930-03"]  # fmt: skip
    held = [
        d
        for d in historical.decisions
        if d.lever not in ("collectivization_pressure", "exit_permitted") or d.date < "1930-03"
    ]
    no_retreat = decide(
        replace(historical, decisions=tuple(held)), ("1930-03", "exit_permitted", 0)
    )
    assert max(january) > 0
    stayed = expected_country.run(no_retreat, until="1930-12")
    assert stayed.collectivized("1930-07") > course.collectivized("1930-07")
    assert stayed.collectivized("1930-07") >= stayed.collectivized("1930-03")


@pytest.mark.xdist_group("expected")
def test_the_exit_is_fast_and_uneven(expected_country: Country) -> None:
    """More leave in March-May 1930 than in the whole year before; regions differ."""
    course = expected_country.run(until="1930-12")
    assert course.between("1930-03", "1930-05", "left") > course.between(
        "1929-03", "1930-02", "left"
    )
    members = course.stock("kolkhoz_households")
    households = members + course.stock("individual_households")
    share = members / households
    fall = share[month_index("1930-03")] - share[month_index("1930-07")]
    assert fall.std() > 0.01
