"""S91, S96: registered births and deaths. Check: the running count drifts by what is missed."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.registration import register
from perelom.world.state import State

HALF = {
    "births_registered": 0.9, "deaths_registered": 0.8, "hunger_deaths_registered": 0.5,
}  # fmt: skip


def _month(state: State, around: Surroundings, **changed: object) -> tuple[np.ndarray, dict]:
    births, deaths, hunger = (jnp.full(40, value) for value in (100.0, 60.0, 20.0))
    context = around(parameters=HALF, **changed)
    regions, notes = jax.jit(register)(state.regions, births, deaths, hunger, context)
    return np.asarray(regions.overcount), notes


def test_what_is_missed(state: State, around: Surroundings) -> None:
    overcount, notes = _month(state, around)
    np.testing.assert_allclose(notes["births_not_registered"], 10.0, rtol=1e-6)
    np.testing.assert_allclose(notes["deaths_not_registered"], 0.2 * 40 + 0.5 * 20, rtol=1e-6)
    np.testing.assert_allclose(overcount, 18.0 - 10.0, rtol=1e-6)


def test_a_census_ends_the_drift_and_the_switch_prevents_it(
    state: State, around: Surroundings
) -> None:
    assert not _month(state, around, census=1.0)[0].any()
    overcount, notes = _month(state, around, off=["registration"])
    assert not overcount.any()
    assert not np.asarray(notes["deaths_not_registered"]).any()


@pytest.mark.xdist_group("expected")
def test_the_course_of_events_does_not_depend_on_it(expected_country: Country) -> None:
    """Nobody decides by the running count; it exceeds the living by missed deaths less births."""
    course, without = (
        expected_country.run(off=off, until="1928-12") for off in ([], ["registration"])
    )
    np.testing.assert_array_equal(course.closing, without.closing)
    np.testing.assert_array_equal(course.flows, without.flows)
    missed = course.notes["deaths_not_registered"] - course.notes["births_not_registered"]
    overcount = np.asarray(course.state.regions.overcount)
    np.testing.assert_allclose(overcount, missed.sum(axis=0), rtol=1e-9)
    assert overcount.sum() > 0
