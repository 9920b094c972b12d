"""S07, S92, S96: farms given up for wages or for town. Check: who is counted, nothing is lost."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.draws import Draws
from perelom.model.employment import Jobs, employment, held_outside
from perelom.model.housing import births_in_crowded_homes
from perelom.model.migration import families_leaving, movers
from perelom.model.people import moving_rates, people_rural
from perelom.model.rural_posts import (
    in_season,
    make_towns,
    new_posts,
    peasants,
    take_posts,
    taking_posts,
    wage_families,
)
from perelom.model.space import to_regions
from perelom.world.state import AGE_BANDS, SPECIES, State

SEASON, YEAR = 10, 1931
SWITCHES = ("rural_posts", "new_towns")
MOVED = ("land", "winter_sown", "spring_sown", "horses", "implements", "seed")


def _grown(state: State, times: float) -> State:
    """Return the country with more posts in towns, and so outside them."""
    regions = state.regions
    return replace(state, regions=replace(regions, employed=regions.employed * times))


def _shares(state: State, member: float, outside: float) -> State:
    ones = jnp.ones_like(state.households.member)
    households = replace(state.households, member=ones * member, outside=ones * outside)
    return replace(state, households=households)


def _held(state: State, name: str) -> float:
    own = float(np.asarray(getattr(state.households, name), float).sum())
    return own + float(np.asarray(getattr(state.villages, f"kolkhoz_{name}")).sum())


def _people(state: State) -> float:
    return float(sum(np.asarray(cell, float).sum() for cell in state.households.persons))


def test_new_posts_follow_towns_and_state_farms(state: State, around: Surroundings) -> None:
    context = around(SEASON)
    first = float(state.regions.employed.sum())
    assert float(new_posts(state, context).sum()) == 0
    posts = new_posts(_grown(state, 2.0), context)
    ratio = float(context.parameters["workers_outside_towns"])
    new = float(context.parameters["new_posts_outside_towns"])
    # Of w + 1 new posts for each one of towns' branches a share lies outside.
    expected = first * max(new * (1 + ratio), ratio)
    np.testing.assert_allclose(float(posts.sum()), expected, rtol=1e-9)
    land = state.regions.state_farm_land
    wider = replace(state, regions=replace(state.regions, state_farm_land=land + 1000.0))
    hands = 1000.0 * float(context.parameters["state_farm_hands"])
    np.testing.assert_allclose(np.asarray(new_posts(wider, context)), hands, rtol=1e-9)


def test_the_chance_in_closed_form(state: State, around: Surroundings) -> None:
    """p = 1 - exp(-a s (f V - W)+ / H), nobody out of season or switched off."""
    grown, context = _grown(state, 3.0), around(SEASON)
    numbers = context.parameters
    households = np.asarray(state.households.present, float).sum(axis=1)
    farms = np.asarray(to_regions(context.geography, jnp.asarray(households)))
    posts = np.asarray(new_posts(grown, context))
    rate = float(numbers["families_of_rural_posts"]) * posts / farms
    rate *= float(numbers["rural_posts_pace"]) * float(context.seasons["leaving_farms"])
    found = np.asarray(taking_posts(grown, context))
    np.testing.assert_allclose(found, -np.expm1(-rate), rtol=1e-5)
    assert not np.asarray(taking_posts(grown, around(SEASON, off=["rural_posts"]))).any()
    assert not np.asarray(taking_posts(state, context)).any()
    assert bool(in_season(context))
    assert not bool(in_season(around(7)))
    assert not bool(in_season(around(SEASON, off=SWITCHES)))
    # Families enough for the posts: nobody else goes.
    served = _shares(grown, 0.2, 0.2)
    assert not np.asarray(taking_posts(served, context)).any()


@pytest.mark.parametrize("member", [0.0, 0.7])
def test_who_takes_a_post_counts_no_more_as_a_peasant(
    state: State, around: Surroundings, member: float
) -> None:
    before = _shares(_grown(state, 4.0), member, 1 - member)
    context = around(SEASON)
    after, flows, _ = jax.jit(take_posts)(before, context)
    gone = peasants(before.households).sum(axis=1) - peasants(after.households).sum(axis=1)
    booked = flows["took_posts_individual"] + flows["took_posts_kolkhoz"]
    np.testing.assert_allclose(np.asarray(booked), np.asarray(gone), rtol=1e-6, atol=1e-9)
    assert float(gone.sum()) > 0
    np.testing.assert_array_equal(after.households.present, before.households.present)
    np.testing.assert_allclose(_people(after), _people(before), rtol=1e-12)
    for name in MOVED:
        np.testing.assert_allclose(_held(after, name), _held(before, name), rtol=1e-9)
    # Without a kolkhoz neighbours take the fields over; with one it gets them.
    pooled = float(flows["land_confiscated"].sum())
    assert (pooled > 0) == (member > 0)
    grown = np.asarray(wage_families(after, context)).sum()
    np.testing.assert_allclose(grown, (np.asarray(gone) * context.geography.village_weight).sum())


def test_places_of_wage_earners_become_towns(state: State, around: Surroundings) -> None:
    before, context = _shares(state, 0.5, 0.3), around(SEASON)
    after, flows, _ = jax.jit(make_towns)(before, context)
    rate = float(context.parameters["wage_places_made_towns"]) * 0.5
    part = 0.2 * -np.expm1(-rate)
    np.testing.assert_allclose(_people(after) / _people(before), 1 - part, rtol=1e-5)
    weight = context.geography.village_weight
    counted = float((np.asarray(flows["made_urban"]) * weight).sum())
    town = (
        np.asarray(after.regions.town_persons).sum() - np.asarray(before.regions.town_persons).sum()
    )
    np.testing.assert_allclose(town, counted, rtol=1e-6)
    # No farm is given up, and those who are counted as town people bring their homes.
    farms = (np.asarray(peasants(s.households)).sum() for s in (after, before))
    np.testing.assert_allclose(*farms, rtol=1e-6)
    homes = float(flows["housing_made_urban"].sum()) / counted
    np.testing.assert_allclose(homes, float(context.parameters["living_space_normal"]), rtol=1e-6)
    for name in (*MOVED[:3], *SPECIES):
        np.testing.assert_allclose(_held(after, name), _held(before, name), rtol=1e-6)
    _, none, _ = jax.jit(make_towns)(_shares(state, 0.4, 0.6), context)
    assert not np.asarray(none["made_urban"]).any()
    _, off, _ = jax.jit(make_towns)(before, around(SEASON, off=["new_towns"]))
    assert not np.asarray(off["made_urban"]).any()


def test_families_leave_whole_in_their_share_of_the_moves(
    state: State, around: Surroundings
) -> None:
    context = around(5, parameters={"migration_base": 0.1})
    rates = moving_rates(state, context)
    share = float(context.parameters["families_among_movers"])
    found = np.asarray(families_leaving(rates, state.households, context))
    np.testing.assert_allclose(found, share * np.asarray(rates), rtol=1e-9)
    off = around(5, off=["families_move"])
    assert not np.asarray(families_leaving(rates, state.households, off)).any()
    # Who goes is the same people, but for bands that would stay behind when all of a family go.
    for band in AGE_BANDS:
        ready = float(context.parameters[f"moving_{band}"])
        assert float(movers(band, context)) == pytest.approx(max(ready, share))
        assert float(movers(band, off)) == pytest.approx(ready)


def test_sampled_families_leave_nobody_behind(sampled_country: Country) -> None:
    """With nobody moving alone, households stay as they are or leave with all who are alive."""
    state = sampled_country.world.state
    around = Surroundings(sampled_country)
    many = {"migration_base": 2.0, "families_among_movers": 5.0}
    context = around(5, parameters=many, expected=False)
    assert isinstance(context.draws, Draws)
    after, flows, _ = jax.jit(people_rural)(state, context)
    before, now = state.households, after.households
    left = np.asarray((before.present > 0) & (now.present <= 0))
    assert left.mean() > 0.1
    assert not np.asarray(sum(now.persons))[left].any()
    for name in ("land", "grain", "cattle", "cash"):
        assert not np.asarray(getattr(now, name))[left].any()
    whole = flows["moved_whole_individual"] + flows["moved_whole_kolkhoz"]
    died = flows["died_out_individual"] + flows["died_out_kolkhoz"]
    assert float((whole + died).sum()) == pytest.approx(left.sum())
    assert float(died.sum()) < 0.01 * float(whole.sum())
    gone = sum(np.asarray(cell)[left].sum() for cell in before.persons)
    moved = float((flows["moved_to_town"] + flows["recruited"]).sum())
    dead, born = float(flows["deaths_rural"].sum()), float(flows["births_rural"].sum())
    assert gone - dead <= moved <= gone + born


def test_new_posts_outside_towns_add_to_the_hands(state: State, around: Surroundings) -> None:
    """Towns need fewer people for the same work; nothing changes at the posts of 1926."""
    context, off = around(5), around(5, off=["posts_outside_towns"])
    first = state.regions.employed
    assert not np.asarray(held_outside(first, context)).any()
    assert not np.asarray(held_outside(first * 3, off)).any()
    ratio = float(context.parameters["workers_outside_towns"])
    share = 1 - (1 - float(context.parameters["new_posts_outside_towns"])) * (1 + ratio)
    away = np.asarray(held_outside(first * 3, context))
    np.testing.assert_allclose(away, share * 2 * np.asarray(first), rtol=1e-6)
    many = Jobs(*(first * 0.75 for _ in range(4)))
    filled, _, seen = employment(state, many, context)
    without, _, before = employment(state, many, off)
    assert float(filled.regions.employed.sum()) > float(without.regions.employed.sum())
    assert float(filled.regions.vacancies.sum()) < float(without.regions.vacancies.sum())
    assert float(seen["workers"].sum()) > float(before["workers"].sum())
    few = Jobs(*(first * 0.2 for _ in range(4)))
    for name, value in employment(state, few, context)[2].items():
        np.testing.assert_array_equal(np.asarray(value), employment(state, few, off)[2][name])


def test_births_in_crowded_towns(state: State, around: Surroundings) -> None:
    context, regions = around(5), state.regions
    normal = float(context.parameters["living_space_normal"])
    people = regions.town_persons.sum(axis=0)
    exponent = float(context.parameters["births_response_to_space"])
    for space, expected in ((2.0, 1.0), (1.0, 1.0), (0.5, 0.5**exponent)):
        homes = replace(regions, housing=people * normal * space)
        found = births_in_crowded_homes(homes, context)
        np.testing.assert_allclose(np.asarray(found), expected, rtol=1e-6)
    off = births_in_crowded_homes(homes, around(5, off=["crowded_births"]))
    np.testing.assert_array_equal(np.asarray(off), 1.0)


@pytest.mark.xdist_group("expected")
def test_the_count_of_households_and_of_town_people(expected_country: Country) -> None:
    """Each of the three takes households or people out of the count that it is about."""
    until = "1933-01"
    full = expected_country.run(until=until)
    houses = ("individual_households", "kolkhoz_households")

    def without(switch: str) -> object:
        return expected_country.run(off=[switch], until=until, keep=False)

    for switch in ("rural_posts", "families_move"):
        assert without(switch).on(until, *houses) > 1.01 * full.on(until, *houses)  # type: ignore[attr-defined]
    made = full.between("1926-12", "1932-12", "made_urban")
    assert 0 < made < 0.2 * full.on(until, "town_persons")
    none = without("new_towns")
    assert none.between("1926-12", "1932-12", "made_urban") == 0  # type: ignore[attr-defined]
