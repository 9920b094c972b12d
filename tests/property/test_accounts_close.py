"""Accounts close, and nothing is negative or not a number, in 200 drawn worlds of decisions."""

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import Phase, given, settings

from country import Country, Course, decide
from perelom.engine.accounts import audit
from perelom.evidence import parameters
from perelom.scenario import Scenario, levers
from perelom.scenario.schema import Decision, Shock
from perelom.world.calendar import month_name
from perelom.world.geography import REGION_NAMES

UNTIL = "1932-12"
MONTHS = 73
PLACES = (None, ["stage 1"], ["stage 2", "stage 3"], ["Ukrainian SSR"], [REGION_NAMES[0]])


@st.composite
def decisions(draw: st.DrawFn) -> Decision:
    lever = draw(st.sampled_from(list(levers().values())))
    value = draw(st.floats(lever.least, lever.greatest))
    place = draw(st.sampled_from(PLACES)) if lever.scope == "regional" else None
    date = month_name(draw(st.integers(0, MONTHS - 1)))
    return Decision(date=date, lever=lever.lever, value=value, regions=place, source="drawn")


@st.composite
def scenarios(draw: st.DrawFn, base: Scenario) -> Scenario:
    """Draw decisions, on top of the historical ones or alone, and a drought."""
    added = draw(st.lists(decisions(), min_size=1, max_size=12))
    drop = tuple(levers()) if draw(st.booleans()) else ()
    begin = draw(st.integers(0, MONTHS - 7))
    drought = Shock(
        kind="drought",
        begin=month_name(begin),
        end=month_name(begin + draw(st.integers(0, 6))),
        severity=draw(st.floats(0, 3)),
        source="drawn",
    )
    chosen = decide(base, *added, drop=drop)
    return Scenario("drawn", "Drawn", "", (), chosen.decisions, (*chosen.shocks, drought))


def parameter_set(seed: int) -> dict[str, float]:
    """Draw all parameters from their priors."""
    generator = np.random.default_rng(seed)
    free = [p for p in parameters().values() if p.prior != "fixed"]
    return {p.name: float(p.draw(generator.uniform(0.005, 0.995))) for p in free}


SEEDS = st.integers(0, 2**32 - 1)
MEMBERS = st.integers(0, 1000)
DRAWN = settings(phases=[Phase.generate])
"""Failing examples are shown as drawn: shrinking them would run the model hundreds of times."""


def _check(course: Course) -> None:
    audit(course.accounts, course.flows, 0)
    for values in (*course.notes.values(), *course.villages.values()):
        assert np.isfinite(values).all()
    households = course.state.households
    columns = ("grain", "seed", "land", "horses", "cattle", "sheep_goats", "pigs", "implements")
    for name in columns:
        values = np.asarray(getattr(households, name))
        assert np.isfinite(values).all(), name
        assert values.min() >= -1e-4 * max(values.max(), 1.0), (name, values.min())
    member = np.asarray(households.member)
    # Single precision over six years of joining and leaving.
    assert member.min() >= -1e-5
    assert member.max() <= 1 + 1e-5
    for cell in households.persons:
        assert np.asarray(cell).min() >= -1e-4


def _check_drawn_worlds(country: Country, historical: Scenario, examples: int) -> None:
    @settings(DRAWN, max_examples=examples)
    @given(scenarios(historical), SEEDS, MEMBERS)
    def close(scenario: Scenario, seed: int, member: int) -> None:
        drawn = parameter_set(seed)
        _check(country.run(scenario, parameters=drawn, member=member, until=UNTIL, keep=False))

    close()


@pytest.mark.xdist_group("sampled")
def test_accounts_close_in_drawn_worlds_sampled(
    sampled_country: Country, historical: Scenario
) -> None:
    _check_drawn_worlds(sampled_country, historical, examples=150)


@pytest.mark.xdist_group("expected")
def test_accounts_close_in_drawn_worlds_expected(
    expected_country: Country, historical: Scenario
) -> None:
    _check_drawn_worlds(expected_country, historical, examples=50)
