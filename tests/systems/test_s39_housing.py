"""S39: housing and crowding. Check: space a person falls with migration."""

from dataclasses import replace

import jax
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.housing import build_housing, crowding, room, space_per_person
from perelom.world.state import State


def _scaled(state: State, factor: float) -> State:
    return replace(state, regions=replace(state.regions, housing=factor * state.regions.housing))


def test_nobody_is_deterred_at_the_space_of_1926(state: State, around: Surroundings) -> None:
    np.testing.assert_allclose(room(state.regions, around()), 1.0, rtol=1e-6)
    np.testing.assert_allclose(crowding(state.regions, around()), 0.0, atol=1e-6)


def test_crowding_deters_by_its_elasticity(state: State, around: Surroundings) -> None:
    context = around()
    half = _scaled(state, 0.5)
    eta = float(context.parameters["moving_response_to_space"])
    np.testing.assert_allclose(room(half.regions, context), 0.5**eta, rtol=1e-6)
    np.testing.assert_allclose(crowding(half.regions, context), 1.0, rtol=1e-6)
    np.testing.assert_allclose(room(half.regions, around(off=["housing"])), 1.0)


def test_houses_are_built_and_wear_out(state: State, around: Surroundings) -> None:
    after, flows, _ = jax.jit(build_housing)(state, around())
    change = np.asarray(after.regions.housing - state.regions.housing)
    np.testing.assert_allclose(
        change, np.asarray(flows["housing_built"] - flows["housing_worn"]), rtol=1e-6
    )
    still = around(parameters={"housing_built": 0.0, "housing_wear": 0.12})
    worn = jax.jit(build_housing)(state, still)[0]
    np.testing.assert_allclose(worn.regions.housing, 0.99 * state.regions.housing, rtol=1e-9)


@pytest.mark.xdist_group("expected")
def test_space_a_person_falls_with_migration(expected_country: Country) -> None:
    plain = expected_country.run(until="1933-12")
    settled = expected_country.run(off=["migration"], until="1933-12")
    space = [
        c.on("1933-01", "town_housing") / c.on("1933-01", "town_persons") for c in (plain, settled)
    ]
    assert space[0] < space[1]
    assert float(np.asarray(space_per_person(plain.state.regions)).mean()) > 1
