"""S66, S70: machine-tractor stations. Check: effect near zero at first, growing later; payment."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.harvest import harvest
from perelom.model.stations import compliance, departments, payment, served_share, yield_gain
from perelom.scenario import Scenario
from perelom.world.state import State


@pytest.fixture
def pooled(state: State) -> State:
    """Half of the land in kolkhozes, many tractors, no state farms that share them."""
    land = 0.5 * state.households.land.sum(axis=1)
    return replace(
        state,
        villages=replace(
            state.villages, kolkhoz_land=land, kolkhoz_spring_sown=0.4 * land,
            experience=jnp.zeros(40),
        ),
        regions=replace(
            state.regions, tractors=jnp.full(40, 5000.0), state_farm_land=jnp.zeros(40)
        ),
    )  # fmt: skip


def test_served_share_in_closed_form(pooled: State, around: Surroundings) -> None:
    context = around(8, mts_share=0.5)
    served = np.asarray(served_share(pooled, context))
    land = np.asarray(pooled.villages.kolkhoz_land * context.geography.village_weight)
    by_region = np.zeros(40)
    villages = 40 // len(np.asarray(context.geography.raion_region))
    np.add.at(by_region, np.repeat(np.asarray(context.geography.raion_region), villages), land)
    reach = 5000 * 0.5 * float(context.parameters["mts_land_per_tractor"])
    np.testing.assert_allclose(served[by_region > 0], 1 - np.exp(-reach / by_region[by_region > 0]))
    assert ((served >= 0) & (served <= 1)).all()


def test_no_stations_no_effect(pooled: State, around: Surroundings) -> None:
    for context in (around(8), around(8, mts_share=1.0, off=["mts"])):
        assert not np.asarray(served_share(pooled, context)).any()
        np.testing.assert_array_equal(yield_gain(pooled, context), 1.0)
        assert not np.asarray(payment(jnp.ones(40), jnp.ones(40), pooled, context)).any()


def test_the_effect_is_nil_at_first_and_grows(pooled: State, around: Surroundings) -> None:
    context = around(8, mts_share=1.0)
    gains = []
    for years in (0.0, 1.0, 3.0, 8.0):
        old = replace(pooled, villages=replace(pooled.villages, experience=jnp.full(40, years)))
        gains.append(np.asarray(yield_gain(old, context)).mean())
    assert gains[0] == 1.0
    assert gains == sorted(gains)
    assert gains[3] < np.exp(float(context.parameters["mts_yield_effect"]))


def test_payment_goes_from_the_crop_to_the_state(pooled: State, around: Surroundings) -> None:
    context = around(9, mts_share=1.0, mts_payment=0.2)
    after, flows, _ = jax.jit(harvest)(pooled, context)
    paid, cut = np.asarray(flows["mts_payment"]), np.asarray(flows["harvest_kolkhoz"])
    assert (paid > 0).all()
    assert (paid <= 0.2 * cut * (1 + 1e-9)).all()
    villages = after.villages
    np.testing.assert_allclose(
        villages.kolkhoz_grain - pooled.villages.kolkhoz_grain, cut - paid, rtol=1e-9
    )
    np.testing.assert_allclose(villages.delivered - pooled.villages.delivered, paid, rtol=1e-9)
    into = np.asarray(after.regions.granary - pooled.regions.granary).sum()
    np.testing.assert_allclose(into, (paid * np.asarray(context.geography.village_weight)).sum())


def test_political_departments_raise_compliance_a_little(
    pooled: State, around: Surroundings
) -> None:
    context = around(9, mts_share=1.0, political_departments=1.0)
    grip = jnp.full(40, 0.5)
    more = np.asarray(compliance(grip, pooled, context))
    assert ((more > 0.5) & (more < 0.6)).all()
    for none in (around(9, mts_share=1.0), around(9, political_departments=1.0)):
        np.testing.assert_array_equal(compliance(grip, pooled, none), grip)
    off = around(9, mts_share=1.0, political_departments=1.0, off=["political_departments"])
    assert not np.asarray(departments(pooled, off)).any()


@pytest.mark.xdist_group("expected")
def test_stations_are_paid_from_the_first_harvest_they_serve(
    expected_country: Country, historical: Scenario
) -> None:
    course = expected_country.run(until="1933-12")
    assert course.between("1926-12", "1930-06", "mts_payment") == 0
    paid = course.between("1930-07", "1930-12", "mts_payment")
    assert 0 < paid < 0.2 * course.between("1930-07", "1930-12", "harvest_kolkhoz")
    free = expected_country.run(decide(historical, drop=("mts_payment",)), until="1933-12")
    assert free.between("1926-12", "1933-12", "mts_payment") == 0


def test_yields_assessed_on_the_stalk_make_the_farm_pay_for_losses(
    pooled: State, around: Surroundings
) -> None:
    barn, standing = jnp.full(40, 8.0), jnp.full(40, 10.0)
    law = {"mts_share": 1.0, "mts_payment": 0.2}
    weighed = np.asarray(payment(barn, standing, pooled, around(9, **law)))
    assessed = around(9, **law, standing_crop_statistics=1.0)
    by_stalk = np.asarray(payment(barn, standing, pooled, assessed))
    np.testing.assert_allclose(by_stalk, weighed * 10 / 8, rtol=1e-9)
    off = around(9, **law, standing_crop_statistics=1.0, off=["assessed_payment"])
    np.testing.assert_array_equal(payment(barn, standing, pooled, off), weighed)
    lost = np.asarray(payment(barn, 1e3 * standing, pooled, assessed))
    np.testing.assert_array_equal(lost[weighed > 0], np.asarray(barn)[weighed > 0])
