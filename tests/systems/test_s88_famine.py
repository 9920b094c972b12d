"""S88: the mechanism of famine. Check: factorial runs, collectivization to relief, by sign."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import COLLECTED, Country, Course, Surroundings, decide
from perelom.model.food import body_reserve_after, bread_shortage
from perelom.model.harvest import work_capacity
from perelom.scenario import Scenario
from perelom.world.calendar import month_index

UNTIL = "1933-06"


def _excess(course: Course) -> float:
    notes = course.notes
    return float((notes["excess_deaths_rural"] + notes["excess_deaths_town"]).sum())


def test_weight_follows_the_energy_balance(around: Surroundings) -> None:
    """W' = W + days (eaten - need) / energy of a kg, at normal weight, by the closed form."""
    context = around()
    numbers = context.parameters
    spared = 1 - float(numbers["energy_spared_without_harm"])
    need, persons = jnp.asarray([2300.0]), jnp.asarray([1.0])
    for part in (0.0, 0.3, 0.6):
        after = body_reserve_after(jnp.zeros(1), part * need, need, persons, context)
        days, kilogram = 365.25 / 12, float(numbers["energy_of_body_weight"])
        wanted = (part - spared) * 2300.0 * days / kilogram
        np.testing.assert_allclose(after, wanted, rtol=1e-9)


def test_weight_is_bounded_and_recovers(around: Surroundings) -> None:
    context = around()
    need, persons = jnp.asarray([2300.0]), jnp.asarray([1.0])
    normal = float(context.parameters["normal_body_weight"])
    least = -normal * float(context.parameters["weight_loss_survivable"])
    reserve = jnp.zeros(1)
    for _ in range(24):
        reserve = body_reserve_after(reserve, jnp.zeros(1), need, persons, context)
    np.testing.assert_allclose(reserve, least)
    for _ in range(24):
        reserve = body_reserve_after(reserve, 1.2 * need, need, persons, context)
    np.testing.assert_allclose(reserve, 0.0, atol=1e-9)
    assert float(body_reserve_after(reserve, need, need, jnp.zeros(1), context)[0]) == 0.0


def test_a_thin_body_settles_where_it_needs_what_it_eats(around: Surroundings) -> None:
    """On a constant diet weight converges to the balance of the present weight."""
    context = around()
    numbers = context.parameters
    need, persons, diet = jnp.asarray([2300.0]), jnp.asarray([1.0]), 0.75
    reserve = jnp.zeros(1)
    for _ in range(120):
        reserve = body_reserve_after(reserve, diet * need, need, persons, context)
    spared = 1 - float(numbers["energy_spared_without_harm"])
    loss = (1 - diet / spared) / float(numbers["energy_saved_by_weight_loss"])
    np.testing.assert_allclose(
        -reserve / float(numbers["normal_body_weight"]), max(loss, 0.0), atol=1e-3
    )


def test_strength_falls_with_weight_lost(around: Surroundings) -> None:
    context = around()
    normal = float(context.parameters["normal_body_weight"])
    half = float(context.parameters["weight_loss_half_strength"])
    strength = np.asarray(work_capacity(-normal * jnp.asarray([0.0, half, 0.45]), context))
    assert strength[0] > 0.95
    np.testing.assert_allclose(strength[1], 0.5, rtol=1e-9)
    assert strength[2] < 0.05


def test_hunger_is_told_by_bread_in_store(around: Surroundings) -> None:
    context = around()
    threshold = float(context.parameters["store_of_hunger"])
    grain = threshold * jnp.asarray([0.0, 0.5, 1.0, 2.0])
    found = np.asarray(bread_shortage(grain, jnp.ones(4), context))
    np.testing.assert_allclose(found, [1.0, 0.25, 0.0, 0.0], atol=1e-12)


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("factor", ["forced_procurement", "campaign_pressure", "hunger_mortality"])
def test_excess_deaths_in_villages_are_fewer_without(
    expected_country: Country, factor: str
) -> None:
    """Where grain was taken. Without force towns and villages that live on state grain go hungry.

    Regions that deliver more a head than the mean are looked at.
    """
    course = expected_country.run(until=UNTIL)
    free = expected_country.run(off=[factor], until=UNTIL)
    taken = course.flow(*COLLECTED)[: month_index("1930-12")].sum(axis=0)
    persons = course.stock("rural_persons")[0]
    delivering = taken / persons > taken.sum() / persons.sum()
    plain, without = (c.notes["excess_deaths_rural"].sum(axis=0) for c in (course, free))
    assert without[delivering].sum() < plain[delivering].sum()


@pytest.mark.xdist_group("expected")
def test_excess_deaths_are_fewer_without_drought_and_with_relief(
    expected_country: Country, historical: Scenario
) -> None:
    plain = _excess(expected_country.run(until=UNTIL))
    wet = _excess(expected_country.run(replace(historical, shocks=()), until=UNTIL))
    assert wet < plain
    given = decide(historical, ("1931-09", "relief_food", 1.0), drop=("relief_food",))
    assert _excess(expected_country.run(given, until=UNTIL)) < plain


@pytest.mark.xdist_group("expected")
def test_all_factors_together_do_more_than_the_largest(
    expected_country: Country, historical: Scenario
) -> None:
    factors = ("forced_procurement", "grain_exports", "campaign_pressure")
    single = min(_excess(expected_country.run(off=[f], until=UNTIL)) for f in factors)
    none = _excess(expected_country.run(replace(historical, shocks=()), off=factors, until=UNTIL))
    assert none < single
