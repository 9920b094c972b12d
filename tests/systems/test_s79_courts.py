"""S79: courts and extrajudicial bodies. Check: arrests by reason; none without a reason."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.arrests import arrests, village_rate
from perelom.model.procurement import force
from perelom.world.state import State

NONE = {"ordinary_arrests": 0.0}


def _flows(state: State, around: Surroundings, events: float = 0.0, **kwargs: object):  # type: ignore[no-untyped-def]
    context = around(8, year=1937, parameters=NONE, **kwargs)  # type: ignore[arg-type]
    _, flows, notes = arrests(state, jnp.full(40, events), context)
    return {name: np.asarray(flow) for name, flow in (flows | notes).items()}


def test_no_reason_no_arrest(state: State, around: Surroundings) -> None:
    assert not _flows(state, around)["arrested"].any()


def test_a_quota_is_met(state: State, around: Surroundings) -> None:
    """12 of a thousand inhabitants a year: one of a thousand this month, towns and villages."""
    found = _flows(state, around, arrest_quota=12.0)["arrested"].sum()
    rural = np.asarray(sum(state.households.persons)).sum(axis=1)
    weight = np.asarray(around().geography.village_weight)
    people = (rural * weight).sum() + np.asarray(state.regions.town_persons).sum()
    assert found == pytest.approx(people / 1000, rel=0.04)


def test_an_order_to_shoot_is_a_share_of_those_arrested_under_it(
    state: State, around: Surroundings
) -> None:
    flows = _flows(state, around, arrest_quota=12.0, execution_share=0.25)
    assert flows["executed"].sum() == pytest.approx(0.25 * flows["arrested"].sum(), rel=0.05)
    assert not _flows(state, around, execution_share=0.25)["executed"].any()


def test_arrests_after_a_disturbance(state: State, around: Surroundings) -> None:
    found = _flows(state, around, events=0.1)["arrested_rural"]
    wanted = 0.1 * float(around().parameters["arrests_after_disturbance"])
    np.testing.assert_allclose(found, wanted, rtol=0.1)
    off = _flows(state, around, events=0.1, off=["protest_repression"])
    assert not off["arrested_rural"].any()


def test_the_grain_law_needs_force_behind_it(state: State, around: Surroundings) -> None:
    nothing = jnp.zeros(40)

    def rate(**levers: float) -> float:
        context = around(10, parameters=NONE, off=["delivery_courts"], **levers)
        rates = village_rate(state, nothing, context)
        assert not np.asarray(rates.short).any()
        return float(np.asarray(rates.long).sum())

    assert rate(grain_law=1.0) == 0
    assert rate(procurement_force=1.0) == 0
    assert rate(grain_law=1.0, procurement_force=2.0) > rate(grain_law=1.0, procurement_force=1.0)


def test_the_switch(state: State, around: Surroundings) -> None:
    flows = _flows(state, around, events=1.0, arrest_quota=12.0, off=["arrests"])
    assert not any(values.any() for values in flows.values())


def test_courts_punish_grain_not_delivered(state: State, around: Surroundings) -> None:
    """a E / 12: in proportion to the force applied, short terms only, nothing without force."""
    nothing = jnp.zeros(40)
    context = around(10, parameters=NONE, procurement_force=1.0)
    rates = village_rate(state, nothing, context)
    wanted = np.asarray(force(state, context)) * float(context.parameters["undelivered_arrests"])
    np.testing.assert_allclose(rates.short, wanted / 12, rtol=1e-6)
    assert not np.asarray(rates.long).any()
    assert not np.asarray(village_rate(state, nothing, around(10, parameters=NONE)).short).any()
