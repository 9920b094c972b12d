"""S81, S82: protest and rumour. Check: counts by month and region; fewer after the brake."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.campaign import campaign
from perelom.model.harvest import work_capacity
from perelom.model.protest import disturbance_chance, heat_after, protest
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State


def _chance(around: Surroundings, heat: float, *, hit: float = 0.0, reserve: float = 0.0) -> float:
    ones = jnp.ones(40)
    found = disturbance_chance(heat * ones, reserve * ones, hit * ones, around())
    return float(np.asarray(found)[0])


def test_quiet_villages_are_quiet_and_chances_rise_more_than_heat(around: Surroundings) -> None:
    quiet = float(around().parameters["disturbances_in_quiet_times"])
    strength = float(np.asarray(work_capacity(jnp.zeros(()), around())))
    assert _chance(around, 0.0) == pytest.approx(quiet * strength, rel=1e-3)
    low, high = _chance(around, 0.2), _chance(around, 0.4)
    assert high > 2 * low > 0
    assert _chance(around, 100.0) <= 1.0


def test_deterrence_backlash_and_strength(around: Surroundings) -> None:
    assert _chance(around, 0.4, hit=0.01) < _chance(around, 0.4)
    angry = around(parameters={"deterrence": 0.0})
    ones = jnp.ones(40)
    calm = disturbance_chance(0.4 * ones, 0 * ones, 0 * ones, angry)
    inflamed = disturbance_chance(0.4 * ones, 0 * ones, 0.01 * ones, angry)
    assert (np.asarray(inflamed) > np.asarray(calm)).all()
    off = around(off=["protest_repression"])
    np.testing.assert_array_equal(
        disturbance_chance(0.4 * ones, 0 * ones, 0.01 * ones, off),
        disturbance_chance(0.4 * ones, 0 * ones, 0 * ones, off),
    )
    assert _chance(around, 0.4, reserve=-12.0) < _chance(around, 0.4)


@pytest.mark.parametrize(
    ("column", "parameter"),
    [("taken_part", "grievance_take"), ("struck", "grievance_struck")],
)
def test_each_grievance_adds_its_part(
    state: State, around: Surroundings, column: str, parameter: str
) -> None:
    hurt = replace(
        state,
        villages=replace(
            state.villages,
            **{column: jnp.full(40, 0.1), "share_before": jnp.ones(40)},
        ),
    )
    context = around()
    heat = np.asarray(protest(hurt, context).state.villages.heat)
    np.testing.assert_allclose(heat, 0.1 * float(context.parameters[parameter]), rtol=1e-6)


def test_forced_joining_is_pressure_times_those_who_joined(
    state: State, around: Surroundings
) -> None:
    households = state.households
    joined = replace(
        state,
        households=replace(
            households,
            member=0.5 * households.present,
            outside=0.5 * households.present,
        ),
        villages=replace(state.villages, pressure=jnp.full(40, 0.8)),
    )
    heat = np.asarray(protest(joined, around()).state.villages.heat)
    np.testing.assert_allclose(heat, 0.4, rtol=1e-6)
    calm = replace(joined, villages=replace(joined.villages, pressure=jnp.zeros(40)))
    assert not np.asarray(protest(calm, around()).state.villages.heat).any()


def test_rumour_spreads_in_the_raion_and_keeps_its_mean(
    expected_country: Country, around: Surroundings
) -> None:
    """One hot village warms its raion; talk alone adds nothing to the sum."""
    state = expected_country.world.state
    hot = replace(state, villages=replace(state.villages, heat=jnp.zeros(320).at[0].set(1.0)))
    context = replace(around(), geography=expected_country.world.geography)
    after = np.asarray(heat_after(hot, jnp.zeros(320), context))
    assert after[1] > 0
    assert after[0] < 1
    assert after[-1] == 0
    np.testing.assert_allclose(after.sum(), 1 - float(context.parameters["heat_fades"]), rtol=1e-6)


def test_officials_yield_where_there_was_a_disturbance(state: State, around: Surroundings) -> None:
    regions = replace(state.regions, tempo=jnp.ones(40))
    yielded = replace(
        state, regions=regions, villages=replace(state.villages, conceded=jnp.full(40, 0.7))
    )
    plain = replace(state, regions=regions)
    context = around(2, year=1930, collectivization_pressure=1.0, exit_permitted=0.0)
    after, plain_after = (campaign(s, context) for s in (yielded, plain))
    assert (
        np.asarray(after[0].villages.pressure) < np.asarray(plain_after[0].villages.pressure)
    ).all()
    assert np.asarray(after[1]["left"]).sum() > np.asarray(plain_after[1]["left"]).sum()


def test_switches(state: State, around: Surroundings) -> None:
    hurt = replace(state, villages=replace(state.villages, struck=jnp.full(40, 0.1)))
    silent = protest(hurt, around(off=["protest"]))
    assert not np.asarray(silent.events).any()
    assert not np.asarray(silent.state.villages.heat).any()
    firm = protest(hurt, around(off=["local_concession"]))
    assert np.asarray(firm.events).any()
    assert not np.asarray(firm.state.villages.conceded).any()


@pytest.mark.xdist_group("expected")
def test_coercion_protest_and_retreat(expected_country: Country, historical: Scenario) -> None:
    """Protest grows with the storm and falls after the brake; without the brake it goes on."""
    course = expected_country.run(until="1930-12")
    monthly = course.notes["disturbances"].sum(axis=1)
    storm = monthly[month_index("1930-02") : month_index("1930-03") + 1].mean()
    assert storm > 3 * monthly[: month_index("1929-10")].mean()
    assert storm > 2 * monthly[month_index("1930-07") : month_index("1930-09") + 1].mean()
    levers = ("collectivization_pressure", "exit_permitted")
    kept = [d for d in historical.decisions if d.lever in levers and d.date < "1930-03"]
    no_brake = decide(historical, *kept, drop=levers)
    goes_on = expected_country.run(no_brake, until="1930-12").notes["disturbances"].sum(axis=1)
    spring = slice(month_index("1930-03"), month_index("1930-05") + 1)
    assert goes_on[spring].sum() > monthly[spring].sum()


@pytest.mark.xdist_group("expected")
def test_protest_costs_the_campaign_members(expected_country: Country) -> None:
    plain = expected_country.run(until="1930-12")
    firm = expected_country.run(off=["local_concession"], until="1930-12")
    assert plain.collectivized("1930-04") < firm.collectivized("1930-04")


@pytest.mark.xdist_group("expected")
def test_deportation_seen_makes_neighbours_join(expected_country: Country) -> None:
    plain = expected_country.run(until="1931-12")
    fearless = expected_country.run(off=["fear_of_deportation"], until="1931-12")
    assert plain.collectivized("1931-07") > fearless.collectivized("1931-07")
