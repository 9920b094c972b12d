"""S60, S55: the plot of members. Check: food of the plot against pay, hours and size."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.needs import other_food
from perelom.model.plots import plot_food
from perelom.scenario import Scenario
from perelom.world.state import State


def _effort(state: State, value: float) -> State:
    return replace(state, villages=replace(state.villages, effort=jnp.full(40, value)))


def test_a_plot_worked_as_in_1926_feeds_as_in_1926(state: State, around: Surroundings) -> None:
    np.testing.assert_allclose(plot_food(_effort(state, 1.0), around(8)), 1.0)


def test_what_is_withheld_goes_to_the_plot(state: State, around: Surroundings) -> None:
    food = [float(plot_food(_effort(state, e), around(8))[0]) for e in (1.0, 0.8, 0.6)]
    assert food == sorted(food)
    numbers = around().parameters
    most = (1 + float(numbers["plot_hours"])) ** float(numbers["plot_returns"])
    bare = float(plot_food(_effort(state, float(numbers["effort_least"])), around(8))[0])
    np.testing.assert_allclose(bare, most, rtol=1e-6)


def test_smaller_plots_feed_less_but_not_in_proportion(state: State, around: Surroundings) -> None:
    cut = float(plot_food(_effort(state, 1.0), around(8, private_plot=0.5))[0])
    assert 0.5 < cut < 1
    assert float(plot_food(_effort(state, 1.0), around(8, private_plot=0.0))[0]) == 0


def test_only_members_eat_from_plots(state: State, around: Surroundings) -> None:
    context = around(8, private_plot=0.5)
    alone = replace(
        state, households=replace(state.households, member=jnp.zeros_like(state.households.member))
    )
    np.testing.assert_array_equal(other_food(alone, context), other_food(alone, around(8)))
    all_in = replace(state, households=replace(state.households, member=state.households.present))
    people = np.asarray(sum(state.households.persons)) > 0
    assert (np.asarray(other_food(all_in, context))[people] < np.asarray(
        other_food(all_in, around(8))
    )[people]).all()  # fmt: skip
    off = around(8, private_plot=0.5, off=["private_plot"])
    np.testing.assert_array_equal(other_food(all_in, off), other_food(alone, off))


@pytest.mark.xdist_group("expected")
def test_without_plots_more_die(expected_country: Country, historical: Scenario) -> None:
    none = decide(historical, ("1930-06", "private_plot", 0.0), drop=("private_plot",))
    plain, bare = (expected_country.run(s, until="1933-12") for s in (historical, none))
    deaths = [c.between("1931-01", "1933-12", "deaths_rural") for c in (plain, bare)]
    assert deaths[0] < deaths[1]
