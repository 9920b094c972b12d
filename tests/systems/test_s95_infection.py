"""S95: health. Check: infections and death rates in calm years and in famine."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.infection import ending_share, infection_hazard, reproduction, spread
from perelom.model.vital_rates import death_hazards
from perelom.scenario import Scenario
from perelom.world.state import State

NOBODY = jnp.zeros(40)


def _months(state: State, around: Surroundings, count: int, **given: object) -> State:
    for _ in range(count):
        regions, _ = spread(state, NOBODY, around(5, **given))  # type: ignore[arg-type]
        state = replace(state, regions=regions)
    return state


def _hungry(state: State, reserve: float) -> State:
    households = state.households
    return replace(
        state,
        households=replace(households, body_reserve=reserve * households.present),
        regions=replace(state.regions, town_body_reserve=jnp.full(40, reserve)),
    )


def test_infection_fades_to_the_calm_level(state: State, around: Surroundings) -> None:
    context = around()
    calm = float(context.parameters["infection_endemic"] / ending_share(context))
    many = replace(state, regions=replace(state.regions, infected=jnp.full(40, 0.01)))
    for start in (state, many):
        end = np.asarray(_months(start, around, 36).regions.infected)
        np.testing.assert_allclose(end, calm, rtol=0.2)


def test_hunger_crowding_and_moves_make_epidemics(around: Surroundings) -> None:
    context = around()
    zero, some = jnp.zeros(40), jnp.full(40, 0.1)
    calm = float(reproduction(zero, zero, zero, context)[0])
    assert calm < 1
    for cause in ((some, zero, zero), (zero, some, zero), (zero, zero, some)):
        assert float(reproduction(*cause, context)[0]) > calm
    famine = float(reproduction(2 * some, zero, zero, context)[0])
    assert 1 < famine < 3


def test_an_epidemic_rises_in_hunger_and_ends_with_it(state: State, around: Surroundings) -> None:
    calm = _months(state, around, 24)
    struck = _months(_hungry(calm, -12.0), around, 10)
    assert (struck.regions.infected > 5 * calm.regions.infected).all()
    assert (struck.regions.infected <= 1).all()
    assert (struck.regions.immune > calm.regions.immune).all()
    after = _months(_hungry(struck, 0.0), around, 24)
    assert (after.regions.infected < 0.2 * struck.regions.infected).all()


def test_those_who_were_ill_are_immune(state: State, around: Surroundings) -> None:
    ill = _hungry(
        replace(state, regions=replace(state.regions, infected=jnp.full(40, 0.01))), -12.0
    )
    immune = replace(ill, regions=replace(ill.regions, immune=jnp.full(40, 0.9)))
    fresh, spared = (np.asarray(spread(s, NOBODY, around())[1]) for s in (ill, immune))
    assert (spared < 0.2 * fresh).all()


def test_infection_adds_to_the_odds_of_dying(state: State, around: Surroundings) -> None:
    context = around()
    ill = jnp.full(40, 0.05)
    regions = replace(state.regions, infected=ill)
    extra = infection_hazard(regions, context)
    assert (np.asarray(extra) > 0).all()
    level = jnp.ones(40)
    plain, more = (death_hazards(level, jnp.zeros(40), context, x) for x in (0.0, extra))
    for before, after in zip(plain.actual, more.actual, strict=True):
        np.testing.assert_allclose(after / (1 - after), before / (1 - before) + extra, rtol=1e-9)
    assert not np.asarray(infection_hazard(regions, around(off=["infection"]))).any()
    calm = replace(state.regions, infected=ill * 0)
    assert not np.asarray(infection_hazard(calm, context)).any()


@pytest.mark.xdist_group("expected")
def test_infection_is_a_small_part_of_famine_deaths(
    expected_country: Country, historical: Scenario
) -> None:
    """A tenth or so in famine, nothing to speak of in calm years; off, nothing at all."""
    course = expected_country.run(historical, until="1933-12")
    ill = course.notes["infection_deaths_rural"] + course.notes["infection_deaths_town"]
    hunger = course.notes["excess_deaths_rural"] + course.notes["excess_deaths_town"]
    assert ill[:25].sum() < 2e4
    assert 0.005 < ill[61:].sum() / hunger[61:].sum() < 0.35
    off = expected_country.run(decide(historical), off=["infection"], until="1933-12")
    assert not off.notes["infection_deaths_rural"].any()
