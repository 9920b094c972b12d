"""S84: herds. Check: their path, where losses come from, and that sources add up."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import EMPTY, Country, Surroundings
from perelom.model.feed import bread_secure, feeding
from perelom.model.flows import FLOWS
from perelom.model.herds import herds
from perelom.world.calendar import month_index
from perelom.world.state import SPECIES, State


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("species", SPECIES)
def test_herds_hold_their_size_when_nothing_is_decided(
    expected_country: Country, species: str
) -> None:
    """Births, deaths and ordinary slaughter balance near the herds of 1926."""
    herd = expected_country.run(EMPTY, until="1929-12").herd(species)
    januaries = herd[1::12]
    assert 0.75 < januaries[-1] / januaries[0] < 1.25


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("species", SPECIES)
def test_herds_fall_in_the_years_of_collectivization(
    expected_country: Country, species: str
) -> None:
    """At the defaults of the priors. Pigs follow grain: theirs is the lowest of three Januaries."""
    herd = expected_country.run(until="1933-06").herd(species)
    lowest = min(herd[month_index(f"{year}-01")] for year in (1931, 1932, 1933))
    least = 0.95 if species == "pigs" else 0.85
    assert lowest < least * herd[month_index("1929-01")]


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("species", SPECIES)
def test_sources_of_loss_add_up(expected_country: Country, species: str) -> None:
    course = expected_country.run(until="1933-06")
    herds = (f"household_{species}", f"kolkhoz_{species}", f"state_farm_{species}")
    born = [n for n, f in FLOWS.items() if f.source is None and f.sink in herds]
    lost = [n for n, f in FLOWS.items() if f.sink is None and f.source in herds]
    assert {f"{species}_slaughtered_from_fear", f"{species}_slaughtered_from_hunger"} < set(lost)
    herd = course.herd(species)
    grown = course.flow(*born).sum() - course.flow(*lost).sum()
    np.testing.assert_allclose(grown, herd[-1] - herd[0], atol=1e-5 * herd[0])


def test_feed_met_lies_between_the_cover_and_one(state: State, around: Surroundings) -> None:
    context = around(1)
    for grain in (0.0, 0.05, 5.0):
        stocked = replace(
            state,
            households=replace(state.households, grain=grain * state.households.present),
            villages=replace(state.villages, kolkhoz_grain=jnp.full(40, grain)),
        )
        fed = feeding(stocked, context)
        met, fed_only_grain = (np.asarray(fed.met(s, context)[0]) for s in ("cattle", "pigs"))
        assert (met >= 0).all()
        assert (met <= 1 + 1e-9).all()
        assert (fed_only_grain <= met + 1e-6).all()
        unfed = np.asarray(fed.own_fed) == 0
        assert unfed.any() == (grain == 0)
        assert (fed_only_grain[unfed] < 0.7 * met[unfed]).all()
        assert (np.asarray(fed.own_grain) <= np.asarray(stocked.households.grain)).all()
    summer = feeding(state, around(7))
    assert not np.asarray(summer.own_grain).any()


def test_people_short_of_bread_feed_less(state: State, around: Surroundings) -> None:
    """Of a store that does not last, a smaller part is fed; without the mechanism the same."""
    plenty = replace(
        state, households=replace(state.households, grain=5.0 * state.households.present)
    )
    poor = replace(
        plenty, households=replace(plenty.households, grain=0.05 * plenty.households.present)
    )
    for off, falls in ((["bread_before_feed"], False), ([], True)):
        context = around(1, off=off)
        fed = [np.asarray(feeding(s, context).own_grain).sum() for s in (plenty, poor)]
        secure = np.asarray(bread_secure(poor, context))
        assert (secure < 0.5).any() == falls
        most = float(context.parameters["grain_fed_at_most"])
        held = np.asarray(poor.households.grain)
        assert (np.asarray(feeding(poor, context).own_grain) <= most * held * secure + 1e-9).all()
        assert fed[1] < fed[0]
    np.testing.assert_allclose(bread_secure(poor, around(1, off=["bread_before_feed"])), 1.0)


def test_unfed_animals_die(state: State, around: Surroundings) -> None:
    """Straw and grain gone: more deaths, none more with the mechanism off."""
    bare = replace(
        state,
        households=replace(state.households, grain=jnp.zeros_like(state.households.grain)),
        villages=replace(state.villages, harvest=jnp.zeros(40)),
    )
    run = jax.jit(herds)
    for species in SPECIES:
        starved, spared = (
            np.asarray(run(bare, context)[1][f"{species}_died_own"]).sum()
            for context in (around(1), around(1, off=["feed_deaths"]))
        )
        assert starved > spared


def test_common_herds_are_kept_worse(state: State, around: Surroundings) -> None:
    """The same animals, fed alike, in the kolkhoz and in the yard: more deaths, fewer young."""
    villages = replace(
        state.villages,
        kolkhoz_grain=jnp.full(40, 1e6),
        harvest=jnp.full(40, 1e6),
        **{f"kolkhoz_{s}": getattr(state.households, s).sum(axis=1) for s in SPECIES},
    )
    rich = replace(state.households, grain=jnp.full_like(state.households.grain, 1e3))
    both = replace(state, villages=villages, households=rich)
    _, flows, _ = jax.jit(herds)(both, around(3))
    for species in SPECIES:
        died = [np.asarray(flows[f"{species}_died_{who}"]).sum() for who in ("own", "kolkhoz")]
        born = [np.asarray(flows[f"{species}_born_{who}"]).sum() for who in ("own", "kolkhoz")]
        assert died[1] > died[0]
        assert born[1] < born[0]


def test_a_small_herd_is_spared(state: State, around: Surroundings) -> None:
    """Ordinary slaughter falls faster than the herd: herds recover."""
    half = replace(
        state,
        households=replace(
            state.households, **{s: 0.5 * getattr(state.households, s) for s in SPECIES}
        ),
        villages=replace(
            state.villages,
            **{f"kolkhoz_{s}": 0.5 * getattr(state.villages, f"kolkhoz_{s}") for s in SPECIES},
        ),
    )
    run, context = jax.jit(herds), around(11)
    whole_flows, half_flows = run(state, context)[1], run(half, context)[1]
    for species in SPECIES:
        whole, less = (
            np.asarray(f[f"{species}_slaughtered_own"]).sum() for f in (whole_flows, half_flows)
        )
        assert less < 0.5 * whole
