"""S86: supply of towns. Check: what triggers a cut of the ration, and what towns then eat."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.food import eat_town
from perelom.model.needs import grain_wanted
from perelom.model.state_grain import bread_from_shops, requests, town_need
from perelom.scenario import Scenario
from perelom.world.state import State


def _with_store(state: State, months: float, around: Surroundings) -> State:
    store = months * town_need(state, around())
    return replace(state, regions=replace(state.regions, town_grain=store))


def test_towns_eat_less_when_the_store_is_short(state: State, around: Surroundings) -> None:
    context, eaten = around(3), []
    for months in (0.0, 0.2, 0.6, 3.0):
        stocked = _with_store(state, months, around)
        after, flows, _ = jax.jit(eat_town)(stocked, context)
        gone = sum(np.asarray(flows[n]) for n in ("eaten_town", "used_in_towns", "spoiled_town"))
        left = np.asarray(stocked.regions.town_grain - after.regions.town_grain)
        np.testing.assert_allclose(gone, left, rtol=1e-9, atol=1e-9)
        assert (np.asarray(after.regions.town_grain) >= 0).all()
        eaten.append(np.asarray(flows["eaten_town"]).sum())
    assert eaten == sorted(eaten)
    assert eaten[0] == 0


def test_a_starved_town_loses_weight_and_a_full_one_does_not(
    state: State, around: Surroundings
) -> None:
    empty = jax.jit(eat_town)(_with_store(state, 0.0, around), around(3))[0]
    full = jax.jit(eat_town)(_with_store(state, 5.0, around), around(3))[0]
    assert (np.asarray(empty.regions.town_body_reserve) < 0).all()
    np.testing.assert_allclose(full.regions.town_body_reserve, 0.0, atol=1e-9)


def test_towns_ask_for_what_is_missing_at_a_bounded_pace(
    state: State, around: Surroundings
) -> None:
    context = around(3)
    need = np.asarray(town_need(state, context))
    pace = float(context.parameters["town_restocking_pace"])
    empty = np.asarray(requests(_with_store(state, 0.0, around), context).towns)
    full = np.asarray(requests(_with_store(state, 10.0, around), context).towns)
    assert (empty <= pace * need * (1 + 1e-9)).all()
    assert (empty > 0).all()
    assert not full.any()
    cut = np.asarray(requests(_with_store(state, 0.0, around), around(3, town_ration=0.6)).towns)
    np.testing.assert_allclose(cut, 0.6 * empty, rtol=1e-9)


def test_villagers_without_bread_queue_where_it_is_sold_freely(
    state: State, around: Surroundings
) -> None:
    """Closed form: free sale x access x what a month's bread lacks; nobody with bread comes."""
    free = around(3)
    held = state.households.grain
    empty = replace(state, households=replace(state.households, grain=jnp.zeros_like(held)))
    wanted = np.asarray(grain_wanted(empty, free))
    access = float(free.parameters["access_to_trade"])
    asked = np.asarray(bread_from_shops(empty, free))
    np.testing.assert_allclose(asked, access * wanted, rtol=1e-5)
    half = np.asarray(bread_from_shops(empty, around(3, free_bread_sale=0.5)))
    np.testing.assert_allclose(half, asked / 2, rtol=1e-5)
    fed = replace(state, households=replace(state.households, grain=10 + held))
    for nobody, context in (
        (fed, free),
        (empty, around(3, free_bread_sale=0.0)),
        (empty, around(3, off=["bread_in_shops"])),
    ):
        assert not np.asarray(bread_from_shops(nobody, context)).any()
    more, less = (
        np.asarray(requests(empty, c).supply) for c in (free, around(3, off=["bread_in_shops"]))
    )
    assert (more >= less).all()
    assert more.sum() > less.sum()


@pytest.mark.xdist_group("expected")
def test_a_cut_of_rations_lowers_what_towns_get(
    expected_country: Country, historical: Scenario
) -> None:
    cut = decide(historical, ("1930-01", "town_ration", 0.3), drop=("town_ration",))
    plain = expected_country.run(until="1931-12")
    less = expected_country.run(cut, until="1931-12")
    fed = [c.between("1930-01", "1931-12", "town_supply") for c in (plain, less)]
    assert fed[1] < 0.9 * fed[0]
    eaten = [c.between("1930-01", "1931-12", "eaten_town") for c in (plain, less)]
    assert eaten[1] < eaten[0]
