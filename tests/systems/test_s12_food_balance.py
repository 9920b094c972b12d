"""S12: the balance of food. Check: it closes; hunger deaths only where calories are short."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import spearmanr

from country import Country, Surroundings
from perelom.model.flows import FLOWS
from perelom.model.food import rural_shortage
from perelom.model.ledger import STOCKS
from perelom.model.needs import energy_need, grain_wanted, meat_at_home, needs, other_food
from perelom.world.calendar import month_index
from perelom.world.state import State

GRAIN = tuple(name for name in STOCKS if name.endswith(("grain", "seed")) or name == "granary")


@pytest.mark.xdist_group("expected")
def test_the_grain_of_the_country_closes(expected_country: Country) -> None:
    """Harvest less seed, feed, food, exports, other uses and spoilage is the change of stores."""
    course = expected_country.run(until="1933-06")
    stock = course.stock(*GRAIN).sum(axis=1)
    come = sum(
        course.flow(n) for n, f in FLOWS.items() if f.source is None and f.sink in GRAIN
    ).sum(axis=1)  # fmt: skip
    gone = sum(
        course.flow(n) for n, f in FLOWS.items() if f.sink is None and f.source in GRAIN
    ).sum(axis=1)  # fmt: skip
    residual = np.diff(stock) - come + gone
    assert np.abs(residual).max() < 1e-5 * stock.max()
    assert abs(residual.sum()) < 1e-5 * come.sum()


@pytest.mark.xdist_group("expected")
def test_hunger_deaths_only_where_calories_were_short(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    persons = course.stock("rural_persons")[:-1]
    calories = course.notes["food_energy_rural"] / persons
    excess = course.notes["excess_deaths_rural"] / persons
    year = slice(month_index("1932-01"), month_index("1932-12") + 1)
    eaten, died = calories[year].min(axis=0), excess[year].sum(axis=0)
    most = died > np.quantile(died, 0.8)
    assert eaten[most].mean() < eaten[~most].mean()
    assert spearmanr(eaten, died).statistic < -0.3


def test_a_person_in_plenty_covers_the_need(state: State, around: Surroundings) -> None:
    context = around(9)
    need = np.asarray(energy_need(state.households.persons, context))
    grain = np.asarray(grain_wanted(state, context)) * 1000 / (365.25 / 12)
    eaten = grain * float(context.parameters["grain_energy"]) + np.asarray(
        other_food(state, context)
    )
    assert (eaten >= need * (1 - 1e-9)).all()
    people = np.asarray(sum(state.households.persons)).sum()
    assert 1900 < need.sum() / people < 2900


def test_shortage_is_what_is_lacking(state: State, around: Surroundings) -> None:
    context = around(1)
    months = jnp.asarray(4.0)
    wanted = 4 * np.asarray(grain_wanted(state, context))
    for part in (0.0, 0.5, 1.0, 2.0):
        held = replace(
            state, households=replace(state.households, grain=jnp.asarray(part * wanted))
        )
        found = np.asarray(rural_shortage(held, months, context))
        np.testing.assert_allclose(found, max(1 - part, 0) * wanted, rtol=1e-9, atol=1e-12)


def test_meat_of_ordinary_slaughter_is_food(state: State, around: Surroundings) -> None:
    """More animals, more meat and less bread wanted; off: none."""
    context = around(2)
    fewer = replace(state, households=replace(state.households, pigs=0.5 * state.households.pigs))
    meat = [np.asarray(meat_at_home(one, context)).sum() for one in (fewer, state)]
    assert 0 < meat[0] < meat[1]
    off = around(2, off=["meat_at_home"])
    assert not np.asarray(meat_at_home(state, off)).any()
    wanted = [np.asarray(needs(state, c).bread).sum() for c in (context, off)]
    assert wanted[0] < wanted[1]
