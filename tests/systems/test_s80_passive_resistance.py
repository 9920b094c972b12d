"""S80: slaughter, smaller sowings, hidden grain. Check: timing before entry."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.fear import fears, pooling_expected
from perelom.model.herds import herds
from perelom.model.procurement import claims
from perelom.world.calendar import month_index
from perelom.world.state import SPECIES, State


def test_nobody_expects_to_be_pooled_without_pressure_or_orders(
    state: State, around: Surroundings
) -> None:
    pressed = replace(state, villages=replace(state.villages, pressure=jnp.ones(40)))
    calm = replace(state, villages=replace(state.villages, pressure=jnp.zeros(40)))
    assert not np.asarray(pooling_expected(calm, around(1, animals_pooled=1.0))).any()
    assert not np.asarray(pooling_expected(pressed, around(1, animals_pooled=0.0))).any()
    sure = np.asarray(pooling_expected(pressed, around(1, animals_pooled=1.0)))
    fear = float(around().parameters["fear_of_pooling"])
    np.testing.assert_allclose(sure, 1 - np.exp(-fear), rtol=1e-9)


def test_those_who_kept_animals_under_a_threat_get_used_to_it(
    state: State, around: Surroundings
) -> None:
    """a' = a + (rho (pi - a)+ - zeta a) / 12: at rest fear is pi zeta / (rho + zeta)."""
    context = around(1, animals_pooled=1.0)
    now = replace(state, villages=replace(state.villages, pressure=jnp.ones(40)))
    sure = float(pooling_expected(now, context)[0])
    felt = []
    for _ in range(120):
        outside, _, villages = fears(now, context)
        felt.append(float(outside[0]))
        now = replace(now, villages=villages)
    numbers = context.parameters
    answer, forget = float(numbers["fear_answered"]), float(numbers["fear_forgotten"])
    np.testing.assert_allclose(felt[0], sure)
    np.testing.assert_allclose(felt[1], sure * (1 - answer / 12), rtol=1e-9)
    np.testing.assert_allclose(felt[-1], sure * forget / (answer + forget), rtol=1e-6)
    calm = replace(now, villages=replace(now.villages, pressure=jnp.zeros(40)))
    assert not np.asarray(fears(calm, context)[0]).any()
    lower = fears(calm, context)[2].threat_answered
    assert (np.asarray(lower) < np.asarray(now.villages.threat_answered)).all()
    off = around(1, animals_pooled=1.0, off=["slaughter_before_joining"])
    assert not np.asarray(fears(now, off)[0]).any()


def test_hidden_grain_is_not_found(state: State, around: Surroundings) -> None:
    land = state.households.land
    pressed = replace(
        state,
        households=replace(state.households, grain=0.2 * land),
        villages=replace(state.villages, plan=land.sum(axis=1), delivered=jnp.zeros(40)),
    )
    taken = np.asarray(claims(pressed, around(6, procurement_force=4.0)).own)
    hidden = float(around().parameters["grain_hidden"])
    assert (taken <= (1 - hidden) * np.asarray(pressed.households.grain) * (1 + 1e-9)).all()
    open_handed = around(6, procurement_force=4.0, off=["hiding"])
    assert np.asarray(claims(pressed, open_handed).own).sum() > taken.sum()


def test_members_fear_less_for_what_they_kept(state: State, around: Surroundings) -> None:
    pressed = replace(state, villages=replace(state.villages, pressure=jnp.ones(40)))
    there = state.households.present
    slain = {}
    for share in (0.0, 1.0):
        households = replace(state.households, member=share * there, outside=(1 - share) * there)
        context = around(1, animals_pooled=1.0, members_animals_pooled=1.0)
        _, flows, _ = herds(replace(pressed, households=households), context)
        slain[share] = float(flows["cattle_slaughtered_from_fear"].sum())
    # Of outside households' cattle a part is sure to be handed over; a drive wants all.
    numbers = around().parameters
    ratio = float(numbers["members_fear_of_pooling"] / numbers["cattle_pooled"])
    # Other hazards compete with fear, the less of it the more they leave.
    assert ratio * slain[0.0] < slain[1.0] < 1.2 * ratio * slain[0.0]


@pytest.mark.xdist_group("expected")
@pytest.mark.parametrize("species", SPECIES)
def test_slaughter_from_fear_comes_with_the_storm(expected_country: Country, species: str) -> None:
    """More in January-April 1930 than in any four months of 1927-1929 or in the next four."""
    course = expected_country.run(until="1930-12")
    slain = course.flow(f"{species}_slaughtered_from_fear").sum(axis=1)
    four = np.convolve(slain, np.ones(4), mode="valid")
    storm = four[month_index("1930-01")]
    assert storm > four[: month_index("1929-09") + 1].max()
    assert storm > four[month_index("1930-05")]


@pytest.mark.xdist_group("expected")
def test_it_costs_herds_of_households_not_yet_in(expected_country: Country) -> None:
    plain = expected_country.run(until="1930-12")
    calm = expected_country.run(off=["slaughter_before_joining"], until="1930-12")
    for species in SPECIES:
        assert plain.herd(species)[month_index("1930-07")] < calm.herd(species)[
            month_index("1930-07")
        ]  # fmt: skip


@pytest.mark.xdist_group("expected")
def test_fields_shrink_with_what_is_taken(expected_country: Country) -> None:
    plain = expected_country.run(until="1933-06")
    indifferent = expected_country.run(off=["sowing_response"], until="1933-06")
    sown = [c.between("1930-05", "1931-09", "sown_own") for c in (plain, indifferent)]
    assert sown[0] < sown[1]
