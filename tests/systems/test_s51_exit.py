"""S51: the article of 2 March 1930 and the exit. Check: depth, speed, regional spread."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from country import Country, Surroundings, decide
from perelom.model.campaign import campaign, leaving_hazard, unwilling_after
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
    alone = {"leaving_peers": 0.0}  # company answers to how many go
    free, shut = (
        _chance(state, around, parameters=alone, exit_permitted=permitted)
        for permitted in (1.0, 0.0)
    )
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


def _odds(chance: np.ndarray) -> np.ndarray:
    return chance / (1 - chance)


def test_who_was_forced_in_leaves_sooner(state: State, around: Surroundings) -> None:
    """Closed form: odds rise by 1 + u (ratio - 1), where a village has no company to hold it."""
    alone = {"leaving_peers": 0.0}
    willing = _chance(state, around, parameters=alone)
    forced = replace(state, villages=replace(state.villages, unwilling=jnp.full(40, 0.5)))
    more = float(around().parameters["leaving_unwilling"])
    found = _odds(_chance(forced, around, parameters=alone)) / _odds(willing)
    np.testing.assert_allclose(found, 1 + 0.5 * (more - 1), rtol=1e-4)
    without = _chance(forced, around, parameters=alone, off=["unwilling_members"])
    np.testing.assert_array_equal(without, willing)


def test_the_unwilling_are_those_who_came_under_pressure(
    state: State, around: Surroundings
) -> None:
    """All of those who join under full pressure, none without; they settle in; they go first."""
    context, nobody, some = around(3), jnp.zeros(40), jnp.full(40, 7.0)
    households = replace(state.households, member=jnp.zeros_like(state.households.member))

    def share(pressure: float, left: Array = nobody, unwilling: float = 0.0) -> np.ndarray:
        full = jnp.full(40, pressure)
        villages = replace(state.villages, pressure=full, unwilling=jnp.full(40, unwilling))
        before = replace(state, households=households, villages=villages)
        return np.asarray(unwilling_after(before, some, left, context))

    np.testing.assert_allclose(share(1.0), 1.0, rtol=1e-9)
    np.testing.assert_allclose(share(0.25), 0.25, rtol=1e-9)
    assert not share(0.0).any()
    households = replace(households, member=0.5 * state.households.present)
    kept = 1 - float(context.parameters["members_reconciled"])
    some = nobody
    np.testing.assert_allclose(share(1.0, unwilling=0.6), 0.6 * kept, rtol=1e-6)
    assert (share(1.0, jnp.full(40, 5.0), 0.6) < 0.6 * kept).all()


def test_the_campaign_remembers_how_members_came(state: State, around: Surroundings) -> None:
    pressed = replace(state, villages=replace(state.villages, pressure=jnp.full(40, 0.9)))
    stormed, _, _ = campaign(pressed, around(1, collectivization_pressure=1.0))
    assert (np.asarray(stormed.villages.unwilling) > 0).all()


def test_many_wait_for_the_harvest(state: State, around: Surroundings) -> None:
    """Closed form: with all spring fields sown the part that waits stays."""
    free = _chance(state, around, parameters={"leaving_peers": 0.0})
    villages = state.villages
    sown = replace(
        state,
        villages=replace(
            villages,
            kolkhoz_land=villages.kolkhoz_land + 100.0,
            kolkhoz_spring_sown=villages.kolkhoz_land + 100.0,
        ),
    )
    part = float(around().parameters["leaving_waits_for_harvest"])
    held = _chance(sown, around, parameters={"leaving_peers": 0.0})
    np.testing.assert_allclose(held, (1 - part) * free, rtol=1e-5)
    alone = _chance(sown, around, parameters={"leaving_peers": 0.0}, off=["crop_holds_members"])
    np.testing.assert_allclose(alone, free, rtol=1e-9)


def test_the_tax_and_the_danger_outside_hold_members(state: State, around: Surroundings) -> None:
    free = _chance(state, around)
    assert (_chance(state, around, tax_on_individuals=1.0) < free).all()
    feared = replace(state, villages=replace(state.villages, repressed=jnp.full(40, 0.03)))
    assert (_chance(feared, around) < free).all()
    unfeared = _chance(feared, around, off=["fear_of_deportation"])
    np.testing.assert_array_equal(unfeared, free)


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


@pytest.mark.xdist_group("expected")
def test_the_exit_needs_blame_and_unwilling_members(expected_country: Country) -> None:
    """The exit of spring 1930 is slower without blame, or if nobody had come unwillingly."""
    plain = expected_country.run(until="1930-12")

    def gone(off: list[str]) -> float:
        course = expected_country.run(off=off, until="1930-12")
        return course.between("1930-03", "1930-05", "left") / course.on(
            "1930-03", "kolkhoz_households"
        )

    assert gone([]) > gone(["unwilling_members"])
    assert gone([]) > gone(["sanctions_on_officials"])
    held = expected_country.run(off=["crop_holds_members"], until="1930-12")
    assert held.between("1930-05", "1930-07", "left") > plain.between("1930-05", "1930-07", "left")


@pytest.mark.xdist_group("expected")
def test_reports_lose_most_of_their_paper_in_spring_1930(expected_country: Country) -> None:
    """Two months after the article the paper members of March are mostly gone from the lists."""
    course = expected_country.run(until="1930-12")
    true = course.stock("kolkhoz_households")[:-1]
    paper = (course.notes["reported_members"] - true).sum(axis=1)
    assert paper[month_index("1930-05")] < 0.4 * paper[month_index("1930-03")]
