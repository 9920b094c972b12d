"""S56: labour-days. Check: days of members by season and strength."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.kolkhoz import kolkhoz
from perelom.world.calendar import month_index
from perelom.world.state import State


@pytest.fixture
def members(state: State) -> State:
    """All households in the kolkhoz, of normal weight."""
    households = state.households
    return replace(
        state,
        households=replace(
            households,
            member=households.present,
            labour_days=jnp.zeros_like(households.grain),
            body_reserve=jnp.zeros_like(households.grain),
        ),
    )


def test_days_of_a_month(members: State, around: Surroundings) -> None:
    context = around(7)
    after, _, _ = jax.jit(kolkhoz)(members, context)
    households = members.households
    workers = np.asarray(households.persons[2] + households.persons[6])
    norm = float(context.parameters["labour_days_a_year"] * context.seasons["kolkhoz_work"])
    days = np.asarray(after.households.labour_days)
    np.testing.assert_allclose(days, workers * norm, rtol=0.02)
    assert (days <= workers * norm * (1 + 1e-9)).all()


def test_outsiders_work_no_days_and_the_hungry_fewer(members: State, around: Surroundings) -> None:
    context = around(7)
    outside = replace(
        members,
        households=replace(members.households, member=jnp.zeros_like(members.households.member)),
    )
    assert not np.asarray(jax.jit(kolkhoz)(outside, context)[0].households.labour_days).any()
    thin = replace(
        members,
        households=replace(members.households, body_reserve=-10.0 * members.households.present),
    )
    fed, hungry = (
        np.asarray(jax.jit(kolkhoz)(s, context)[0].households.labour_days).sum()
        for s in (members, thin)
    )
    assert hungry < 0.7 * fed
    off = around(7, off=["food_to_work"])
    whole = np.asarray(jax.jit(kolkhoz)(thin, off)[0].households.labour_days).sum()
    np.testing.assert_allclose(whole, fed, rtol=0.02)


@pytest.mark.xdist_group("expected")
def test_days_a_member_household_in_a_year(expected_country: Country) -> None:
    """Two to three people of working age a household, 120 days each: 200 to 400 days."""
    course = expected_country.run(until="1933-06")
    year = slice(month_index("1930-07"), month_index("1931-06") + 1)
    days = course.notes["labour_days"][year].sum()
    households = course.stock("kolkhoz_households")[year].sum(axis=1).mean()
    assert 150 < days / households < 450
