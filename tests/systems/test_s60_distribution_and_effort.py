"""S60: what is given out and how work answers. Check: effort against pay, delay and levelling."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.kolkhoz import effort, kolkhoz, reserved_grain
from perelom.world.state import State

PAY = jnp.linspace(0.0, 0.01, 40)


def test_effort_rises_with_expected_pay_between_its_bounds(around: Surroundings) -> None:
    context = around()
    quality = np.asarray(effort(PAY, jnp.zeros(40), context))
    least = float(context.parameters["effort_least"])
    np.testing.assert_allclose(quality[0], least, rtol=1e-9)
    assert (np.diff(quality) >= -1e-12).all()
    assert quality[-1] > quality[0] + 0.2
    assert (quality <= 1 + 1e-9).all()


def test_doubt_about_pay_lowers_effort(around: Surroundings) -> None:
    pay = jnp.full(40, 0.002)
    sure, doubtful = (
        np.asarray(effort(pay, jnp.zeros(40), around(parameters={"pay_discount": discount})))
        for discount in (0.9, 0.3)
    )
    assert (doubtful < sure).all()


def test_force_replaces_little_of_pay(around: Surroundings) -> None:
    calm, pressed = (float(effort(PAY, jnp.full(40, p), around())[0]) for p in (0.0, 1.0))
    assert calm < pressed < calm + 0.1


def test_effort_off(around: Surroundings) -> None:
    np.testing.assert_allclose(effort(PAY, jnp.zeros(40), around(off=["kolkhoz_effort"])), 1.0)


@pytest.fixture
def full(state: State) -> State:
    """All in the kolkhoz, its store full, nothing due."""
    households, villages = state.households, state.villages
    land = households.land.sum(axis=1)
    return replace(
        state,
        households=replace(households, member=households.present),
        villages=replace(
            villages, kolkhoz_grain=land, kolkhoz_land=land, kolkhoz_seed=land,
            plan=jnp.zeros(40),
        ),
    )  # fmt: skip


def test_what_is_given_out_leaves_the_store(full: State, around: Surroundings) -> None:
    after, flows, _ = jax.jit(kolkhoz)(full, around(10))
    given = np.asarray(flows["distributed"])
    assert (given > 0).all()
    np.testing.assert_allclose(
        given, np.asarray(full.villages.kolkhoz_grain - after.villages.kolkhoz_grain), rtol=1e-9
    )
    received = np.asarray(after.households.grain - full.households.grain).sum(axis=1)
    np.testing.assert_allclose(received, given, rtol=1e-9)


def test_deliveries_due_come_before_members(full: State, around: Surroundings) -> None:
    due = replace(full, villages=replace(full.villages, plan=0.5 * full.villages.kolkhoz_grain))
    free, forced = (
        np.asarray(reserved_grain(due, around(10, procurement_force=force))) for force in (0.0, 1.0)
    )
    assert (forced > free).all()
    less = jax.jit(kolkhoz)(due, around(12, procurement_force=1.0))[1]["distributed"]
    more = jax.jit(kolkhoz)(due, around(12, procurement_force=0.0))[1]["distributed"]
    assert np.asarray(less).sum() < np.asarray(more).sum()


@pytest.mark.parametrize("alpha", [0.0, 1.0])
def test_levelling_pays_eaters_and_not_days(
    full: State, around: Surroundings, alpha: float
) -> None:
    context = around(10, parameters={"pay_by_labour_days": alpha})
    after, _, _ = jax.jit(kolkhoz)(full, context)
    got = np.asarray(after.households.grain - full.households.grain)
    eaters = np.asarray(sum(full.households.persons))
    workers = np.asarray(full.households.persons[2] + full.households.persons[6])
    base = workers if alpha else eaters
    for village in (0, 11, 39):
        people = base[village] > 0
        per_head = got[village][people] / base[village][people]
        # Days follow workers up to their strength, which is alike at normal weight.
        np.testing.assert_allclose(per_head / per_head.mean(), 1.0, atol=0.05)


@pytest.mark.xdist_group("expected")
def test_kolkhoz_fields_yield_less_for_want_of_pay(expected_country: Country) -> None:
    plain = expected_country.run(until="1932-06")
    willing = expected_country.run(off=["kolkhoz_effort"], until="1932-06")
    harvest = [c.between("1931-07", "1931-10", "harvest_kolkhoz") for c in (plain, willing)]
    assert harvest[0] < harvest[1]
