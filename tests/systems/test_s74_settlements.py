"""S74: categories, destinations, relocation. Check: family size, destinations, deaths."""

from dataclasses import replace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.confinement import eat, rations_wanted
from perelom.model.dekulakization import dekulakize
from perelom.model.settlements import (
    caught_again,
    destinations,
    leaving_settlements,
    settlements,
    settler_deaths,
    unhoused,
)
from perelom.scenario import Scenario
from perelom.world.geography import REGION_NAMES
from perelom.world.state import CELLS, State


@pytest.fixture
def settled(state: State) -> State:
    """1,000 settlers of each cell in every region, without houses, with grain for a month."""
    persons = jnp.full((len(CELLS), 40), 1000.0)
    regions = replace(state.regions, settlers=persons, settlement_grain=jnp.full(40, 1e5))
    return replace(state, regions=regions)


def test_orders_say_where_the_deported_go(around: Surroundings) -> None:
    weights = np.zeros(40)
    weights[REGION_NAMES.index("Northern krai")] = 70.0
    weights[REGION_NAMES.index("Urals oblast")] = 30.0
    share = np.asarray(destinations(around(deportees_received=weights)))
    np.testing.assert_allclose(share, weights / 100)
    default = np.asarray(destinations(around()))
    np.testing.assert_allclose(default.sum(), 1.0)
    assert (default >= 0).all()


def test_the_deported_arrive_or_die_on_the_way(state: State, around: Surroundings) -> None:
    after, flows, _ = dekulakize(state, around(2, dekulakization_quota=60.0))
    total = {
        n: float(np.asarray(flows[n]).sum()) for n in ("deported", "settled", "deaths_on_the_way")
    }
    weight = np.asarray(around().geography.village_weight)
    left = float((np.asarray(flows["deported"]) * weight).sum())
    np.testing.assert_allclose(total["settled"] + total["deaths_on_the_way"], left, rtol=1e-9)
    assert 0 < total["deaths_on_the_way"] < 0.1 * total["settled"]
    settlers = np.asarray(after.regions.settlers)
    np.testing.assert_allclose(settlers.sum(), total["settled"], rtol=1e-9)


def test_nobody_without_a_house_and_nobody_extra_dies(settled: State, around: Surroundings) -> None:
    housed = replace(
        settled,
        regions=replace(settled.regions, settlement_housing=settled.regions.settlers.sum(axis=0)),
    )
    assert not np.asarray(unhoused(housed)).any()
    context = around(1)
    plain, hard = (np.asarray(settler_deaths(s, context)) for s in (housed, settled))
    numbers = context.parameters
    extra = float(1 + numbers["hardship_of_unhoused"])
    # In odds: the hazards of adults rise by the factor, those of small children by more.
    odds = (hard / (1000 - hard)) / (plain / (1000 - plain))
    np.testing.assert_allclose(odds[2], extra, rtol=1e-6)
    assert (odds[0] > extra).all()
    off = np.asarray(settler_deaths(settled, around(1, off=["settler_hardship"])))
    np.testing.assert_allclose(off, plain, rtol=1e-12)


def test_guards_and_houses_lower_escapes(around: Surroundings) -> None:
    alive, bare = jnp.full((len(CELLS), 40), 1000.0), jnp.ones(40)

    def escapes(bare: jax.Array, **given: Any) -> float:
        return float(np.asarray(leaving_settlements(alive, bare, around(**given))[0]).sum())

    guarded = [escapes(bare, settlement_control=control) for control in (0.0, 0.5, 1.0)]
    assert guarded[0] > guarded[1] > guarded[2] == 0
    kept = float(around().parameters["escapes_of_housed"])
    np.testing.assert_allclose(escapes(0 * bare) / guarded[0], kept, rtol=0.05)
    assert escapes(0 * bare) < escapes(bare / 2) < guarded[0]
    assert escapes(0 * bare, off=["rooting"]) == guarded[0]
    assert not np.asarray(leaving_settlements(alive, bare, around())[1]).any()
    released = np.asarray(leaving_settlements(alive, bare, around(settlers_released=0.12))[1])
    assert released.sum() > 0


def test_a_share_of_those_who_escape_is_caught_in_the_end(around: Surroundings) -> None:
    context = around()
    fugitives, total = jnp.full((len(CELLS), 40), 1000.0), np.zeros((len(CELLS), 40))
    first, _ = caught_again(fugitives, context)
    for _ in range(600):
        caught, fugitives = caught_again(fugitives, context)
        total += np.asarray(caught)
    share = float(context.parameters["escaped_recaptured"])
    np.testing.assert_allclose(total, 1000 * share, rtol=0.03)
    assert (np.asarray(first) < 0.1 * total).all()  # most of them much later
    assert (np.asarray(fugitives) < 1e-3).all()


def test_who_is_caught_comes_back_from_the_towns(settled: State, around: Surroundings) -> None:
    many = replace(settled.regions, fugitives=jnp.full((len(CELLS), 40), 500.0))
    free = replace(settled, regions=many)
    context, bread = around(1, settlement_control=1.0), jnp.full(40, 1e5)
    after, flows, _ = settlements(free, bread, context)
    without, _, _ = settlements(settled, bread, context)
    back = np.asarray(flows["recaptured"])
    assert (back > 0).all()
    moved = np.asarray(without.regions.town_persons - after.regions.town_persons).sum(axis=0)
    np.testing.assert_allclose(moved, back, rtol=1e-6)


def test_less_bread_more_deaths(settled: State, around: Surroundings) -> None:
    step = jax.jit(lambda s, c: settlements(s, eat(s, c).settlers, c)[0])
    left = []
    for ration in (1.0, 0.5, 0.1):
        state = settled
        for month in range(1, 9):
            context = around(month, settler_ration=ration, settlement_control=1.0)
            fed = replace(state, regions=replace(state.regions, settlement_grain=jnp.full(40, 1e5)))
            state = step(fed, context)
        left.append(float(np.asarray(state.regions.settlers).sum()))
    assert left[0] > left[1] > left[2]


def test_nobody_eats_more_than_the_store(settled: State, around: Surroundings) -> None:
    bare = replace(settled, regions=replace(settled.regions, settlement_grain=jnp.full(40, 1.0)))
    eaten = eat(bare, around())
    assert (np.asarray(eaten.settlers + eaten.prisoners) <= 1.0).all()
    assert (np.asarray(rations_wanted(bare, around()).settlers) > 1.0).all()


@pytest.mark.xdist_group("expected")
def test_family_size_and_stock(expected_country: Country, historical: Scenario) -> None:
    course = expected_country.run(until="1932-12")
    years = ("1930-01", "1931-12")
    families = course.between(*years, "deported_individual", "deported_kolkhoz")
    persons = course.between(*years, "deported")
    assert 4 < persons / families < 7
    before = course.on("1930-01", "settlers")
    came = course.between(*years, "settled", "births_settlers", "recaptured")
    went = course.between(*years, "deaths_settlers", "escaped", "released_settlers")
    np.testing.assert_allclose(course.on("1932-01", "settlers"), before + came - went, rtol=1e-9)
    none = decide(historical, drop=("dekulakization_quota", "first_category_quota"))
    assert expected_country.run(none, until="1930-12").on("1930-12", "settlers") == 0
