"""S86: ration lists. Check: ration by category, what triggers a cut, and who goes hungry."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.food import eat_town
from perelom.model.people import people_town
from perelom.model.rations import eaten_by_list, on_central_supply, reserves, shares
from perelom.scenario import Scenario
from perelom.world.state import State

PERSONS, WANTED = jnp.full(40, 1000.0), jnp.full(40, 13.0)
CLOSED = {"private_trade": 0.0, "kolkhoz_market": 0.0}


def _per_head(around: Surroundings, offered: float, **levers: float) -> tuple[float, float]:
    context = around(3, **levers)
    got = eaten_by_list(jnp.full(40, offered), WANTED, PERSONS, context)
    upper, others = shares(context)
    return float(got.upper[0] / upper) / 1000, float(got.others[0] / others) / 1000


def test_without_cards_all_eat_alike_and_all_that_is_offered(around: Surroundings) -> None:
    for offered in (0.0, 5.0, 12.0):
        upper, others = _per_head(around, offered)
        np.testing.assert_allclose((upper, others), offered / 1000, rtol=1e-9, atol=1e-15)


def test_the_gap_between_lists_falls_on_the_lower_ones(around: Surroundings) -> None:
    gaps = []
    for gap in (0.0, 0.2, 0.5):
        upper, others = _per_head(
            around, 11.0, bread_ration_share=1.0, ration_list_gap=gap, **CLOSED
        )
        gaps.append(upper - others)
    np.testing.assert_allclose(gaps[0], 0.0, atol=1e-12)
    assert gaps == sorted(gaps)
    assert gaps[2] > 0.003


def test_people_without_cards_live_on_the_free_market(around: Surroundings) -> None:
    context = around(3, bread_ration_share=0.4, **CLOSED)
    upper, others = _per_head(around, 8.0, bread_ration_share=0.4, **CLOSED)
    assert upper > others > 0
    # All cards are of the upper lists here: the others share what is sold freely.
    free = 8.0 * 0.6
    assert others * 1000 * float(shares(context)[1]) <= free + 1e-9


def test_a_card_is_good_for_the_norm_and_the_rest_stays_in_store(around: Surroundings) -> None:
    context = around(3, bread_ration_share=1.0, **CLOSED)
    norm = float(context.parameters["ration_norm"]) / 12
    got = eaten_by_list(jnp.full(40, 100.0), jnp.full(40, 100.0), PERSONS, context)
    np.testing.assert_allclose(np.asarray(got.upper + got.others), 1000 * norm, rtol=1e-9)
    plenty = eaten_by_list(jnp.full(40, 13.0), jnp.full(40, 5.0), PERSONS, context)
    assert (np.asarray(plenty.upper + plenty.others) <= 5.0 + 1e-9).all()


def test_the_free_market_softens_the_lists(around: Surroundings) -> None:
    cut = {"bread_ration_share": 1.0, "ration_list_gap": 0.5}
    closed = _per_head(around, 11.0, **cut, **CLOSED)
    opened = _per_head(around, 11.0, **cut, private_trade=0.0, kolkhoz_market=1.0)
    assert opened[1] > closed[1]


def test_the_lower_lists_lose_weight_and_die_first(state: State, around: Surroundings) -> None:
    context = around(3, bread_ration_share=0.9, ration_list_gap=0.6, **CLOSED)
    alike = around(3, bread_ration_share=0.9, ration_list_gap=0.6, off=["ration_lists"], **CLOSED)
    town = state.regions.town_persons.sum(axis=0)
    stocked = replace(state, regions=replace(state.regions, town_grain=0.03 * town))
    for _ in range(4):
        after = jax.jit(eat_town)(stocked, context)[0]
        stocked = replace(after, regions=replace(after.regions, town_grain=0.03 * town))
    kinds = reserves(stocked.regions, context)
    assert (np.asarray(kinds.upper) > np.asarray(kinds.others)).all()
    upper, others = shares(context)
    np.testing.assert_allclose(
        upper * kinds.upper + others * kinds.others, stocked.regions.town_body_reserve, rtol=1e-9
    )
    mean = replace(
        stocked,
        regions=replace(stocked.regions, ration_reserve_gap=jnp.zeros(40)),
    )
    apart, together = (
        np.asarray(jax.jit(people_town)(s, context)[1]["deaths_town"]).sum()
        for s in (stocked, mean)
    )
    assert apart > together
    # Hunger kills more the more unequally it is shared: the closed form over both kinds.
    even = jax.jit(eat_town)(stocked, alike)[0]
    assert (
        np.abs(even.regions.ration_reserve_gap) < np.abs(stocked.regions.ration_reserve_gap)
    ).all()


def test_who_is_on_central_supply(around: Surroundings) -> None:
    town, rural = jnp.full(40, 100.0), jnp.full(40, 1000.0)
    context = around(3, bread_ration_share=0.9, rations_outside_towns=0.05)
    np.testing.assert_allclose(on_central_supply(town, rural, context), 90.0 + 50.0)
    after = around(3, rations_outside_towns=0.05)
    assert not np.asarray(on_central_supply(town, rural, after)).any()


@pytest.mark.xdist_group("expected")
def test_cuts_of_the_lower_lists_cost_lives_in_towns(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1933-12")
    uncut = expected_country.run(decide(historical, drop=("ration_list_gap",)), until="1933-12")
    deaths = [c.between("1932-05", "1933-12", "deaths_town") for c in (plain, uncut)]
    assert deaths[0] > deaths[1]
    same = decide(historical, ("1926-12", "ration_list_gap", 0), drop=("bread_ration_share",))
    bare = decide(historical, drop=("bread_ration_share", "ration_list_gap"))
    np.testing.assert_array_equal(
        expected_country.run(same, until="1929-12").flows,
        expected_country.run(bare, until="1929-12").flows,
    )
