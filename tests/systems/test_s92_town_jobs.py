"""S92: jobs and moves. Check: unemployment falls as industry hires; who goes back, and why."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.migration import jobless_share, return_rate, return_to_villages, town_pull
from perelom.model.people import moving_rates
from perelom.scenario import Scenario
from perelom.world.state import State


def _with(state: State, **columns: object) -> State:
    return replace(state, regions=replace(state.regions, **columns))


def test_joblessness_of_1926_and_its_fall_with_posts(state: State, around: Surroundings) -> None:
    context = around()
    shares = []
    for factor in (0.8, 1.0, 1.1, 2.0):
        hired = _with(state, employed=factor * state.regions.employed)
        shares.append(np.asarray(jobless_share(hired.regions, context)))
    assert (shares[0] > shares[1]).all()
    assert (shares[1] > shares[2]).all()
    assert not shares[3].any()
    # Between half of and twice the registered share: many were not registered.
    assert 0.08 < np.average(shares[1], weights=state.regions.town_persons.sum(axis=0)) < 0.25


def test_vacancies_draw_and_joblessness_deters(state: State, around: Surroundings) -> None:
    context = around(5)
    plain = np.asarray(moving_rates(state, context))[0, 0]
    posts = _with(state, vacancies=0.1 * state.regions.employed)
    idle = _with(state, employed=0.7 * state.regions.employed)
    assert np.asarray(moving_rates(posts, context))[0, 0] > plain
    assert np.asarray(moving_rates(idle, context))[0, 0] < plain
    off = around(5, off=["town_jobs"])
    np.testing.assert_array_equal(moving_rates(posts, off), moving_rates(idle, off))


def test_the_pull_in_closed_form(state: State, around: Surroundings) -> None:
    context = around(5, off=["housing"])
    posts = _with(state, vacancies=0.25 * state.regions.employed)
    pull, factor = town_pull(posts.regions, context)
    numbers = context.parameters
    np.testing.assert_allclose(pull, float(numbers["moving_to_vacancies"]) * 0.2, rtol=1e-9)
    beyond = jobless_share(posts.regions, context) - numbers["jobless_normal"]
    np.testing.assert_allclose(
        factor, np.exp(-float(numbers["moving_response_to_jobless"]) * np.asarray(beyond))
    )


def test_who_goes_back(state: State, around: Surroundings) -> None:
    context = around(5)
    settled = _with(state, employed=1.5 * state.regions.employed)
    assert not np.asarray(return_rate(settled.regions, context)).any()
    idle = _with(state, employed=0.5 * state.regions.employed)
    thin = _with(settled, town_body_reserve=jnp.full(40, -8.0))
    assert (np.asarray(return_rate(idle.regions, context)) > 0).all()
    assert (np.asarray(return_rate(thin.regions, context)) > 0).all()
    checked = around(5, passport_checks=1.0)
    wanted = -np.expm1(-float(context.parameters["refused_passports"]) / 12)
    np.testing.assert_allclose(return_rate(settled.regions, checked), wanted, rtol=1e-9)
    assert not np.asarray(return_rate(idle.regions, around(5, off=["migration"]))).any()


@pytest.mark.parametrize("expected", [True, False])
def test_towns_lose_whom_villages_take_in(
    state: State, around: Surroundings, expected: bool
) -> None:
    context = around(5, passport_checks=1.0, expected=expected, parameters={"refused_passports": 3})
    after, flows, _ = jax.jit(return_to_villages)(state, context)
    came = sum(np.asarray(a - b) for a, b in zip(
        after.households.persons, state.households.persons, strict=True,
    ))  # fmt: skip
    np.testing.assert_allclose(came.sum(axis=1), flows["moved_to_village"], rtol=1e-9, atol=1e-9)
    weight = np.asarray(state_weight(around))
    gone = np.asarray(state.regions.town_persons - after.regions.town_persons)
    np.testing.assert_allclose(gone.sum(), (came.sum(axis=1) * weight).sum(), rtol=1e-9)
    assert gone.sum() > 0
    empty = np.asarray(sum(state.households.persons)) == 0
    assert not came[empty].any()
    if not expected:
        np.testing.assert_array_equal(came, np.round(came))


def state_weight(around: Surroundings) -> object:
    """Return the real villages of each sampled village."""
    return around().geography.village_weight


@pytest.mark.xdist_group("expected")
def test_passport_checks_send_people_back(expected_country: Country, historical: Scenario) -> None:
    plain = expected_country.run(until="1933-12")
    unchecked = expected_country.run(decide(historical, drop=("passport_checks",)), until="1933-12")
    back = [c.between("1933-01", "1933-12", "moved_to_village") for c in (plain, unchecked)]
    assert back[0] > back[1] + 1e5
