"""S104, S107, S110: crisis signals, voices, concession. Check: order of events 1927-30."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.decisions import conceded, decisions
from perelom.model.leadership import alarm, crisis_signals, leadership, moderation
from perelom.model.race import tempo
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State


def _leaders(state: State, alarmed: float, moderate: float) -> State:
    nation = replace(state.nation, alarm=jnp.asarray(alarmed), moderation=jnp.asarray(moderate))
    return replace(state, nation=nation)


@pytest.fixture
def calm(state: State) -> State:
    """Full town stores, no plan, no disturbances, no hunger reported."""
    return replace(
        state, regions=replace(state.regions, town_grain=1e9 * jnp.ones(40), plan=jnp.zeros(40))
    )


def test_no_crisis_no_alarm(calm: State, around: Surroundings) -> None:
    assert {float(signal) for signal in crisis_signals(calm, around(1)).values()} == {0.0}
    assert float(alarm(calm, around(1))) == 0.0


def test_each_signal_counts_in_units_of_what_is_tolerated(
    calm: State, around: Surroundings
) -> None:
    context = around(12)
    numbers, due = context.parameters, float(context.seasons["deliveries_due"])
    regions = calm.regions
    # The leadership counts what the police registered.
    happened = float(numbers["tolerated_disturbances"] / numbers["disturbances_registered"])
    cases = {
        "disturbances": replace(regions, disturbances=jnp.full(40, happened / 40)),
        "arrears": replace(
            regions,
            plan=jnp.ones(40),
            delivered=jnp.full(40, due - float(numbers["tolerated_arrears"])),
        ),
        "hunger": replace(
            regions, believed_hunger=jnp.full(40, float(numbers["tolerated_hunger"]))
        ),
        "town_shortage": replace(regions, town_grain=jnp.zeros(40)),
    }
    for name, changed in cases.items():
        signals = crisis_signals(replace(calm, regions=changed), context)
        wanted = 1 / float(numbers["tolerated_town_shortage"]) if name == "town_shortage" else 1.0
        np.testing.assert_allclose(float(signals.pop(name)), wanted, rtol=1e-6, err_msg=name)
        assert not any(float(other) for other in signals.values()), name


def test_alarm_fades_when_signals_end(calm: State, around: Surroundings) -> None:
    context = around(1)
    part = 1 - float(context.parameters["alarm_filter"])
    alarmed = _leaders(calm, 2.0, 1.0)
    np.testing.assert_allclose(float(alarm(alarmed, context)), 2.0 * part, rtol=1e-9)


def test_expulsions_and_success_silence_failure_gives_a_hearing(
    calm: State, around: Surroundings
) -> None:
    idle = around(1)
    assert float(moderation(_leaders(calm, 0.0, 0.6), idle)) == 0.6
    expelled = float(moderation(_leaders(calm, 0.0, 0.6), around(1, opposition_expelled=0.7)))
    pace = float(idle.parameters["expulsion_pace"])
    np.testing.assert_allclose(expelled, 0.6 - pace * 0.3, rtol=1e-9)
    forced = around(1, procurement_force=1.0)
    assert float(moderation(_leaders(calm, 0.0, 0.6), forced)) < 0.6
    heard = float(moderation(_leaders(calm, 3.0, 0.6), idle))
    assert 0.6 < heard < 1.0
    silenced = around(1, opposition_expelled=1.0)
    assert float(moderation(_leaders(calm, 3.0, 0.0), silenced)) == 0.0


def test_the_line_changes_nothing_but_the_leadership(state: State, around: Surroundings) -> None:
    after, flows, _ = leadership(state, around(1))
    assert flows == {}
    assert after.regions is state.regions
    assert after.villages is state.villages
    assert after.households is state.households


def test_nobody_yields_within_what_is_tolerated(state: State, around: Surroundings) -> None:
    rule = around(1, leadership_concedes=1.0)
    tolerated = 1 - 0.5 * float(rule.parameters["moderates_tolerate_less"])
    quiet = _leaders(state, tolerated, 0.5)
    assert float(conceded(quiet, rule)) == 0.0
    parts = [float(conceded(_leaders(state, a, 0.5), rule)) for a in (1.2, 2.0, 5.0, 50.0)]
    assert parts == sorted(parts)
    assert parts[0] > 0
    np.testing.assert_allclose(parts[-1], float(rule.parameters["concession_most"]), rtol=1e-6)


def test_moderates_yield_earlier(state: State, around: Surroundings) -> None:
    rule = around(1, leadership_concedes=1.0)
    parts = [float(conceded(_leaders(state, 1.3, voice), rule)) for voice in (0.0, 0.5, 1.0)]
    assert parts[0] < parts[1] < parts[2]


def test_a_concession_lowers_orders_and_opens_ways_out(state: State, around: Surroundings) -> None:
    orders = {"collectivization_pressure": 0.9, "procurement_force": 1.2, "arrest_quota": 3.0}
    context = around(1, leadership_concedes=0.5, exit_permitted=0.1, **orders)
    alarmed = _leaders(state, 4.0, 0.2)
    part = float(conceded(alarmed, context))
    levers = decisions(alarmed, context).levers
    for name in orders:
        np.testing.assert_allclose(levers[name], orders[name] * (1 - part), rtol=1e-9)
    np.testing.assert_allclose(levers["exit_permitted"], 0.1 + part * 0.9, rtol=1e-9)
    np.testing.assert_allclose(levers["relief_rule"], part, rtol=1e-9)
    np.testing.assert_allclose(levers["plan_revision"], part, rtol=1e-9)


@pytest.mark.parametrize(
    ("concedes", "off"), [(0.0, ()), (1.0, ("leadership_rule",))], ids=["lever", "switch"]
)
def test_without_the_rule_no_lever_changes_in_any_bit(
    state: State, around: Surroundings, concedes: float, off: tuple[str, ...]
) -> None:
    context = around(
        1, leadership_concedes=concedes, off=off, collectivization_pressure=0.7,
        procurement_force=1.1, exit_permitted=0.3,
    )  # fmt: skip
    levers = decisions(_leaders(state, 9.0, 0.9), context).levers
    for name, values in context.levers.items():
        np.testing.assert_array_equal(levers[name], values, err_msg=name)


def test_two_voices_slow_new_orders(state: State, around: Surroundings) -> None:
    context = around(1, collectivization_pressure=0.5)
    slow, fast = (np.asarray(tempo(_leaders(state, 0.0, m), context)) for m in (1.0, 0.0))
    assert (slow < fast).all()
    one = np.asarray(
        tempo(
            _leaders(state, 0.0, 1.0),
            around(1, collectivization_pressure=0.5, off=["faction_voice"]),
        )
    )
    np.testing.assert_array_equal(one, fast)


@pytest.mark.xdist_group("expected")
def test_the_rule_off_changes_nothing_in_a_run(expected_country: Country) -> None:
    plain = expected_country.run(until="1933-06")
    off = expected_country.run(off=["leadership_rule"], until="1933-06")
    np.testing.assert_array_equal(plain.flows, off.flows)
    np.testing.assert_array_equal(plain.closing, off.closing)


@pytest.mark.xdist_group("expected")
def test_voices_fall_silent_from_1927_to_1930(expected_country: Country) -> None:
    voice = expected_country.run(until="1930-12").notes["moderation"].sum(axis=1)
    at = [voice[month_index(date)] for date in ("1927-06", "1928-06", "1929-12", "1930-12")]
    assert at == sorted(at, reverse=True)
    assert at[0] > 2 * at[-1]


@pytest.mark.xdist_group("expected")
def test_a_leadership_that_concedes_takes_less_and_loses_fewer(
    expected_country: Country, historical: Scenario
) -> None:
    """With disturbances, hunger and arrears answered, force falls when the alarm is high."""
    open_ears = decide(
        historical, ("1928-01", "leadership_concedes", 1.0), ("1928-01", "honest_reports", 1.0)
    )
    deaf = decide(historical, ("1928-01", "honest_reports", 1.0))
    listened, ignored = (expected_country.run(s, until="1933-06") for s in (open_ears, deaf))
    taken = ("1931-07", "1933-06", "taken_own", "taken_kolkhoz")
    assert listened.between(*taken) < ignored.between(*taken)
    dead = ("1932-01", "1933-06", "deaths_rural")
    assert listened.between(*dead) < ignored.between(*dead)
