"""S93: organised recruitment. Check: the share of movers by contract, and where they go."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.migration import arrivals_of_recruits, open_road, town_pull
from perelom.scenario import Scenario
from perelom.world.state import State


def test_recruits_go_where_posts_are_open(state: State, around: Surroundings) -> None:
    context = around(5, parameters={"town_posts_turnover": 0.0})
    vacancies = jnp.zeros(40).at[7].set(300.0).at[9].set(100.0)
    regions = replace(state.regions, vacancies=vacancies)
    sent = jnp.ones((8, 40))
    came = np.asarray(arrivals_of_recruits(sent, regions, context))
    np.testing.assert_allclose(came.sum(axis=1), 40.0)
    np.testing.assert_allclose(came[:, 7], 30.0)
    np.testing.assert_allclose(came[:, 9], 10.0)


def test_vacancies_elsewhere_draw_only_the_recruited(state: State, around: Surroundings) -> None:
    vacancies = jnp.zeros(40).at[7].set(1e6)
    regions = replace(state.regions, vacancies=vacancies)
    alone, _ = town_pull(regions, around(5))
    sent, _ = town_pull(regions, around(5, organised_recruitment=0.5))
    assert float(alone[3]) == 0
    assert float(sent[3]) > 0
    assert float(sent[7]) < float(alone[7])


def test_a_contract_opens_the_road(around: Surroundings) -> None:
    shut, hired = (
        float(open_road(around(5, movement_ban=1.0, organised_recruitment=share))[0])
        for share in (0.0, 1.0)
    )
    assert shut < hired == pytest.approx(1.0)


@pytest.mark.xdist_group("expected")
def test_the_share_by_contract_is_the_one_ordered(
    expected_country: Country, historical: Scenario
) -> None:
    scenario = decide(
        historical, ("1926-12", "organised_recruitment", 0.3), drop=("organised_recruitment",)
    )
    course = expected_country.run(scenario, until="1928-12")
    recruited = course.flow("recruited").sum()
    np.testing.assert_allclose(
        recruited / (recruited + course.flow("moved_to_town").sum()), 0.3, rtol=1e-6
    )
    np.testing.assert_allclose(course.flow("recruits_arrived").sum(), recruited, rtol=1e-6)
    off = expected_country.run(scenario, off=["recruitment"], until="1928-12")
    assert not off.flow("recruited").any()
