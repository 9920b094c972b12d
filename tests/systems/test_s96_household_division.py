"""S96, S01, S05: households that divide. Check: nothing is lost, sizes are those of a household."""

from dataclasses import replace
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.dekulakization import KULAK
from perelom.model.division import divide, division_chance, weddings
from perelom.model.draws import RAREST
from perelom.model.taxes import tax_due
from perelom.world.state import SLOTS, SPECIES, State

COLUMNS = (
    "land", "winter_sown", "spring_sown", "grain", "seed", "implements", "cash", *SPECIES,
    "labour_days",
)  # fmt: skip
SURE = {"division_rate": 1e6}
"""Whoever can divide does."""


def _chance(state: State, around: Surroundings, month: int = 11, **changed: object) -> np.ndarray:
    return np.asarray(jax.jit(division_chance)(state, around(month, **changed)))


def _people(state: State) -> np.ndarray:
    return np.stack([np.asarray(cell, float) for cell in state.households.persons])


def _adults(state: State) -> np.ndarray:
    people = _people(state)
    return np.asarray(people[2] + people[6])


def _households(state: State, **columns: object) -> State:
    return replace(state, households=replace(state.households, **columns))


def test_the_rate_of_the_1920s_and_the_closed_form(state: State, around: Surroundings) -> None:
    """About two percent a year divide; p = 1 - exp(-r s ((a - 1) / a0)^g t)."""
    numbers = around().parameters
    present = np.asarray(state.households.present)
    yearly = sum(_chance(state, around, month) for month in range(1, 13))
    assert 0.015 < yearly[present > 0].mean() < 0.03
    place = np.unravel_index(np.argmax(_adults(state)), present.shape)
    spare = (_adults(state)[place] - 1) / float(numbers["division_reference_adults"])
    slope, weight = float(numbers["tax_progression"]), float(numbers["division_to_pay_less"])
    taxed = slope * float(state.households.land[place]) / float(numbers["tax_reference_land"])
    expected = float(numbers["division_rate"]) / 2 * spare ** float(numbers["division_size_power"])
    expected *= (1 + weight * taxed) / (1 + weight * slope)
    np.testing.assert_allclose(_chance(state, around)[place], -np.expm1(-expected), rtol=1e-6)


def test_who_divides(state: State, around: Surroundings) -> None:
    """Not a single adult, the large more than the small, the taxed more where tax is heavier."""
    chance, adults = _chance(state, around), _adults(state)
    assert not chance[adults <= 1].any()
    present = np.asarray(state.households.present) > 0
    small, large = (chance[present & mask].mean() for mask in (adults == 2, adults >= 5))
    assert large > 3 * small > 0
    some = chance > 0
    taxed = some & (np.asarray(state.households.land) > 0)
    assert (_chance(state, around, agricultural_tax=3.0)[taxed] > chance[taxed]).all()
    kulak = some & (np.asarray(state.households.label) == KULAK)
    threatened = _chance(state, around, kulak_levy=1.0)
    assert (threatened[kulak] > chance[kulak]).all()
    np.testing.assert_array_equal(threatened[~kulak], chance[~kulak])
    ones = jnp.ones_like(state.households.member)
    members = _households(state, member=ones, outside=1 - ones)
    half = _chance(members, around, parameters={"division_of_members": 0.5})
    whole = _chance(members, around, parameters={"division_of_members": 1.0})
    np.testing.assert_allclose(np.log1p(-half), np.log1p(-whole) / 2, rtol=1e-5, atol=1e-9)


def test_only_in_the_months_of_weddings_and_if_switched_on(around: Surroundings) -> None:
    assert bool(weddings(around(11)))
    assert not bool(weddings(around(7)))
    assert not bool(weddings(around(11, off=["household_division"])))


def test_a_new_household_takes_a_free_slot(state: State, around: Surroundings) -> None:
    context = around(11, expected=False, parameters=SURE)
    after, flows, notes = jax.jit(partial(divide, context=context))(state)
    present = np.asarray(after.households.present)
    assert set(np.unique(present)) <= {0.0, 1.0}
    new = (np.asarray(state.households.present) == 0) & (present == 1)
    born = np.asarray(flows["divided_individual"] + flows["divided_kolkhoz"])
    np.testing.assert_array_equal(new.sum(axis=1), born)
    assert born.sum() > 0
    # Where all who can divide find no room, the village fills up and the rest is counted.
    full = present.sum(axis=1) == SLOTS
    assert full.any()
    assert float(np.asarray(notes["divisions_without_room"]).sum()) > 0
    people, before = _people(after), _people(state)
    np.testing.assert_allclose(people.sum(axis=-1), before.sum(axis=-1), rtol=1e-6)
    assert (people >= 0).all()
    # What remains of a village's persons when they are dealt out whole is in one household.
    assert ((people != np.floor(people)).any(axis=0).sum(axis=1) <= 2).all()
    assert (_adults(after)[new] >= 1).all()
    for name in COLUMNS:
        held, was = (np.asarray(getattr(s.households, name), float) for s in (after, state))
        np.testing.assert_allclose(held.sum(axis=1), was.sum(axis=1), rtol=1e-6, atol=1e-9)
        assert (held >= 0).all()
    numbers = np.asarray(after.households.birth_number)
    for village in (0, 7, 20):
        living = numbers[village][present[village] > 0]
        assert len(set(living.tolist())) == len(living)


def test_land_goes_by_persons(state: State, around: Surroundings) -> None:
    context = around(11, expected=False, parameters=SURE | {"portion_of_the_departing": 0.5})
    after, _, _ = jax.jit(partial(divide, context=context))(state)
    stayed = _people(after).sum(axis=0) / np.maximum(_people(state).sum(axis=0), 1)
    left = (np.asarray(state.households.present) > 0) & (stayed < 1)
    assert left.any()
    for name, portion in (("land", 1.0), ("grain", 0.5), ("cash", 0.5)):
        held, was = (np.asarray(getattr(s.households, name)) for s in (after, state))
        some = left & (was > 0)
        part = (1 - held[some] / was[some]) / (1 - stayed[some])
        np.testing.assert_allclose(part, portion, rtol=1e-4, atol=1e-4)


def test_in_expected_draws_a_slot_stands_for_more_households(
    state: State, around: Surroundings
) -> None:
    context = around(11)
    after, flows, _ = jax.jit(partial(divide, context=context))(state)
    chance, present = _chance(state, around), np.asarray(state.households.present)
    chance = np.where(chance < RAREST, 0, chance)
    np.testing.assert_allclose(after.households.present, present * (1 + chance), rtol=1e-6)
    grown = np.asarray(after.households.present).sum(axis=1) - present.sum(axis=1)
    born = np.asarray(flows["divided_individual"] + flows["divided_kolkhoz"])
    np.testing.assert_allclose(born, grown, rtol=1e-5)
    for name in ("land", "grain", "cash"):
        np.testing.assert_array_equal(
            getattr(after.households, name), getattr(state.households, name)
        )


def test_a_slot_of_two_behaves_as_two_slots(state: State, around: Surroundings) -> None:
    """Chances and progressive tax look at a household, not at what a slot holds."""
    households = state.households
    twice = _households(
        state,
        present=2 * households.present,
        persons=tuple(2 * cell for cell in households.persons),
        land=2 * households.land,
    )
    np.testing.assert_allclose(_chance(twice, around), _chance(state, around), rtol=1e-6)
    one, two = (np.asarray(jax.jit(tax_due)(s, around(11))) for s in (state, twice))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-6)


def test_new_members_get_a_plot_from_the_kolkhoz(state: State, around: Surroundings) -> None:
    ones = jnp.ones_like(state.households.member)
    villages = replace(state.villages, kolkhoz_land=jnp.full(len(ones), 500.0))
    members = replace(_households(state, member=ones, outside=0 * ones), villages=villages)
    step = jax.jit(divide)
    after, flows, _ = step(members, around(11))
    given = np.asarray(flows["plots_allotted"])
    assert (given > 0).all()
    np.testing.assert_allclose(after.villages.kolkhoz_land, 500.0 - given, rtol=1e-9)
    own = [np.asarray(s.households.land, float).sum(axis=1) for s in (members, after)]
    np.testing.assert_allclose(own[1] - own[0], given, rtol=1e-3)
    none, flows, _ = step(members, around(11, private_plot=0.0))
    assert not np.asarray(flows["plots_allotted"]).any()
    np.testing.assert_array_equal(none.households.land, members.households.land)


def test_gradients_exist_where_nobody_lives(state: State, around: Surroundings) -> None:
    empty = _households(
        state,
        present=0 * state.households.present,
        persons=tuple(0 * cell for cell in state.households.persons),
    )

    def families(rate: jax.Array, start: State) -> jax.Array:
        context = around(11)
        context = replace(context, parameters=context.parameters | {"division_rate": rate})
        return divide(start, context)[0].households.present.sum()

    rate = around(11).parameters["division_rate"]
    assert np.isfinite(jax.grad(families)(rate, empty))
    assert float(jax.grad(families)(rate, state)) > 0


@pytest.mark.xdist_group("sampled")
def test_divided_households_live_on(sampled_country: Country) -> None:
    """The number of households grows by divisions; without the mechanism it cannot."""
    grown, still = (
        sampled_country.run(off=off, until="1928-12") for off in ([], ["household_division"])
    )
    stocks = ("individual_households", "kolkhoz_households")
    assert grown.on("1929-01", *stocks) > 1.03 * still.on("1929-01", *stocks)
    assert not still.flow("divided_individual", "divided_kolkhoz").any()
    gone = still.flow("plots_allotted").sum() + still.notes["divisions_without_room"].sum()
    assert gone == 0


@pytest.mark.xdist_group("expected")
def test_both_modes_agree(sampled_country: Country, expected_country: Country) -> None:
    drawn, mean = (
        country.run(until="1928-12").flow("divided_individual", "divided_kolkhoz").sum()
        for country in (sampled_country, expected_country)
    )
    assert 0.93 < drawn / mean < 1.07
