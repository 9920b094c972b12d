"""S90: relief and seed loans. Check: deaths averted under aid of the size of 1921-22."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.reports import relief_by_belief
from perelom.model.space import to_regions
from perelom.model.state_grain import requests, seed_gap
from perelom.scenario import Scenario
from perelom.world.state import State


@pytest.fixture
def hungry(state: State) -> State:
    """No bread anywhere, people of ten regions thin, and the centre knows it."""
    households = state.households
    first = jnp.arange(40) < 10
    thin = jnp.where(first, -6.0, 0.0)[:, None] * households.present
    return replace(
        state,
        households=replace(households, grain=jnp.zeros_like(households.grain), body_reserve=thin),
        regions=replace(state.regions, believed_hunger=jnp.where(first, 0.13, 0.0)),
    )


def test_relief_goes_where_hunger_is_believed_and_not_beyond_the_order(
    hungry: State, around: Surroundings
) -> None:
    context = around(3, relief_food=0.1)
    asked = np.asarray(to_regions(context.geography, requests(hungry, context).relief.sum(axis=1)))
    assert (asked[:10] > 0).all()
    assert not asked[10:].any()
    assert asked.sum() <= 0.1e6 * (1 + 1e-9)


def test_what_the_centre_does_not_believe_gets_nothing(hungry: State, around: Surroundings) -> None:
    context = around(3, relief_food=0.1, relief_rule=1.0)
    unknown = replace(hungry, regions=replace(hungry.regions, believed_hunger=jnp.zeros(40)))
    assert not np.asarray(requests(unknown, context).relief).any()


def test_the_rule_grants_a_ration_to_those_believed_in_need(
    state: State, around: Surroundings
) -> None:
    """Closed form: at the hunger at which half are thought to need it, half a ration a head."""
    context = around(3, relief_rule=1.0)
    half, ration = (
        float(context.parameters[name]) for name in ("hunger_of_half_in_need", "relief_ration")
    )
    regions = replace(state.regions, believed_hunger=jnp.full(40, half))
    persons = np.asarray(context.reference.rural_persons).sum(axis=0)
    np.testing.assert_allclose(relief_by_belief(regions, context), persons * ration / 2, rtol=1e-9)
    assert not np.asarray(relief_by_belief(regions, around(3))).any()


@pytest.mark.parametrize(("order", "off"), [(0.0, ()), (0.5, ("relief",))])
def test_no_relief_without_order_or_mechanism(
    hungry: State, around: Surroundings, order: float, off: tuple[str, ...]
) -> None:
    assert not np.asarray(requests(hungry, around(3, relief_food=order, off=off)).relief).any()


def test_seed_loans_cover_a_part_of_the_gap_in_their_season(
    hungry: State, around: Surroundings
) -> None:
    land = hungry.households.land.sum(axis=1)
    kolkhoz = replace(
        hungry, villages=replace(hungry.villages, kolkhoz_land=land, kolkhoz_seed=jnp.zeros(40))
    )
    context = around(3, seed_loan=1.0)
    gap = np.asarray(seed_gap(kolkhoz, context))
    assert (gap > 0).all()
    part = float(context.parameters["seed_loan_share"])
    np.testing.assert_allclose(requests(kolkhoz, context).seed, part * gap, rtol=1e-9)
    assert not np.asarray(requests(kolkhoz, around(8, seed_loan=1.0)).seed).any()


@pytest.mark.xdist_group("expected")
def test_aid_of_1921_22_averts_deaths(expected_country: Country, historical: Scenario) -> None:
    """About a million tonnes in a year: fewer deaths than without any relief."""
    none = decide(historical, drop=("relief_food",))
    aid = decide(none, ("1931-10", "relief_food", 0.1), ("1932-10", "relief_food", 0))
    dead = ("deaths_rural", "deaths_town")
    without, helped = (expected_country.run(s, until="1933-06") for s in (none, aid))
    assert without.between("1926-12", "1933-06", "relief") == 0
    assert helped.between("1931-10", "1932-09", "relief") > 0
    assert helped.between("1931-10", "1933-06", *dead) < without.between(
        "1931-10", "1933-06", *dead
    )
