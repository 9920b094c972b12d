"""S20, S16: deliveries by hectare. Check: the duty follows the plan to sow, not the harvest."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.obligations import CENTNERS_PER_TONNE, counted, exempted, normal_crop, obligation
from perelom.model.plans import open_the_year, revise
from perelom.model.procurement import claims
from perelom.model.space import to_regions
from perelom.scenario import Scenario
from perelom.world.state import State


@pytest.fixture
def halves(state: State) -> State:
    """Half of the land in kolkhozes, winter grain in the ground, no tractors."""
    land = state.households.land.sum(axis=1)
    return replace(
        state,
        villages=replace(state.villages, kolkhoz_land=land, kolkhoz_winter_sown=0.2 * land),
        regions=replace(state.regions, tractors=jnp.zeros(40)),
    )


def test_the_duty_in_closed_form(halves: State, around: Surroundings) -> None:
    context = around(6, delivery_norm=2.0, norm_of_individuals=1.5, sowing_order=1.1)
    geography, land = context.geography, np.asarray(halves.villages.kolkhoz_land)
    spring = geography.grain_share * (1 - geography.winter_share)
    raions = np.asarray(geography.raion_region)
    spring = np.asarray(spring)[np.repeat(raions, 40 // len(raions))]
    own_winter = np.asarray(halves.households.winter_sown).sum(axis=1)
    own = np.asarray(halves.households.land).sum(axis=1) * spring + own_winter
    wanted = 2.0 / CENTNERS_PER_TONNE * (land * spring * 1.1 + 0.2 * land + 1.5 * own)
    np.testing.assert_allclose(obligation(halves, context), wanted, rtol=1e-5)


def test_the_harvest_does_not_enter_and_the_order_does(halves: State, around: Surroundings) -> None:
    context = around(6, delivery_norm=2.0)
    duty = np.asarray(open_the_year(halves, context).villages.plan)
    poor = replace(halves, villages=replace(halves.villages, harvest=jnp.zeros(40)))
    poor = replace(poor, regions=replace(poor.regions, reported_harvest=jnp.zeros(40)))
    np.testing.assert_array_equal(open_the_year(poor, context).villages.plan, duty)
    more = open_the_year(halves, around(6, delivery_norm=2.0, sowing_order=1.2))
    assert (np.asarray(more.villages.plan) > duty).all()


def test_a_norm_leaves_no_room_for_counter_plans(halves: State, around: Surroundings) -> None:
    plain, without = (
        open_the_year(halves, around(6, delivery_norm=2.0, off=off)).villages.plan
        for off in ((), ("counter_plans",))
    )
    np.testing.assert_array_equal(plain, without)


def test_farms_that_a_station_serves_owe_less(halves: State, around: Surroundings) -> None:
    tractors = replace(
        halves,
        regions=replace(
            halves.regions, tractors=jnp.full(40, 1e9), state_farm_land=jnp.zeros(40)
        ),
        households=replace(halves.households, land=jnp.zeros_like(halves.households.land),
            winter_sown=jnp.zeros_like(halves.households.winter_sown)),
    )  # fmt: skip
    law = {"delivery_norm": 2.0, "mts_share": 1.0}
    duties = [
        np.asarray(obligation(tractors, around(6, norm_of_served=part, **law)))
        for part in (1.0, 0.8)
    ]
    np.testing.assert_allclose(duties[1], 0.8 * duties[0], rtol=1e-6)


def test_by_arable_land_more_hectares_owe(halves: State, around: Surroundings) -> None:
    grain, arable = (
        np.asarray(obligation(halves, around(6, delivery_norm=1.0, norm_by_arable=a)))
        for a in (0.0, 1.0)
    )
    land = np.asarray(halves.villages.kolkhoz_land)
    land = land + np.asarray(halves.households.land).sum(axis=1)
    np.testing.assert_allclose(arable, land / CENTNERS_PER_TONNE, rtol=1e-5)
    assert arable.sum() > grain.sum()


def test_without_a_norm_or_a_switch_nothing_changes(halves: State, around: Surroundings) -> None:
    plain = open_the_year(halves, around(6, procurement_plan=15.0))
    for context in (
        around(6, procurement_plan=15.0, off=["delivery_norms"]),
        around(6, procurement_plan=15.0, delivery_norm=3.0, off=["delivery_norms"]),
    ):
        other = open_the_year(halves, context)
        np.testing.assert_array_equal(plain.villages.plan, other.villages.plan)
        np.testing.assert_array_equal(plain.regions.plan, other.regions.plan)


def test_the_region_is_asked_for_duties_state_farms_and_stations(
    halves: State, around: Surroundings
) -> None:
    context = around(6, delivery_norm=2.0)
    opened = open_the_year(halves, context)
    owed = np.asarray(to_regions(context.geography, opened.villages.plan))
    assert (np.asarray(opened.regions.plan) >= owed * (1 - 1e-12)).all()


def test_exemptions_lower_what_is_owed(halves: State, around: Surroundings) -> None:
    opened = open_the_year(halves, around(6, delivery_norm=2.0))
    less = revise(opened, around(8, delivery_norm=2.0, delivery_exemption=0.25))
    np.testing.assert_allclose(less.villages.plan, 0.75 * opened.villages.plan, rtol=1e-12)
    again = revise(less, around(9, delivery_norm=2.0, delivery_exemption=0.25))
    np.testing.assert_allclose(again.villages.plan, less.villages.plan, rtol=1e-12)
    before_law = revise(opened, around(8, delivery_exemption=0.25))
    np.testing.assert_array_equal(before_law.villages.plan, opened.villages.plan)


def test_failure_counts_as_reported_and_only_after_the_harvest(
    state: State, around: Surroundings
) -> None:
    normal = normal_crop(state, around(11))
    regions = replace(state.regions, reported_harvest=0.6 * normal, plan_cut=jnp.zeros(40))
    failed = replace(state, regions=regions)
    law = {"delivery_norm": 2.0, "failure_exemption": 0.5}
    np.testing.assert_allclose(exempted(failed, around(11, **law)), 0.5 * 0.4, rtol=1e-6)
    assert not np.asarray(exempted(failed, around(8, **law))).any()
    full = replace(state, regions=replace(regions, reported_harvest=1.2 * normal))
    assert not np.asarray(exempted(full, around(11, **law))).any()


def test_station_payments_do_not_lower_the_duty(around: Surroundings) -> None:
    paid = jnp.arange(40.0)
    np.testing.assert_array_equal(counted(paid, 0 * paid, around(9)), paid)
    assert not np.asarray(counted(paid, 0 * paid, around(9, delivery_norm=2.0))).any()


def test_force_decides_how_much_of_the_duty_is_got(halves: State, around: Surroundings) -> None:
    opened = open_the_year(halves, around(6, delivery_norm=2.0))
    rich = replace(
        opened,
        villages=replace(opened.villages, kolkhoz_grain=opened.villages.kolkhoz_land),
        households=replace(opened.households, grain=opened.households.land),
    )
    taken = [claims(rich, around(11, delivery_norm=2.0, procurement_force=f)) for f in (0.0, 1.0)]
    assert not np.asarray(taken[0].kolkhoz).any()
    assert (np.asarray(taken[1].kolkhoz) > 0).all()


@pytest.mark.xdist_group("expected")
def test_the_law_asks_more_than_the_doctrine_and_nothing_before_it(
    expected_country: Country, historical: Scenario
) -> None:
    norms = ("delivery_norm", "failure_exemption", "delivery_exemption")
    unremitted = decide(historical, drop=norms[1:])
    plain = expected_country.run(unremitted, until="1936-06")
    doctrine = expected_country.run(decide(historical, drop=norms), until="1936-06")
    off = expected_country.run(off=["delivery_norms"], until="1936-06")
    taken = ("taken_own", "taken_kolkhoz", "mts_payment")
    assert plain.between("1933-07", "1936-06", *taken) > doctrine.between(
        "1933-07", "1936-06", *taken
    )
    before = slice(0, 72)  # December 1926 to November 1932
    np.testing.assert_array_equal(plain.flows[before], doctrine.flows[before])
    np.testing.assert_array_equal(off.flows, doctrine.flows)
