"""S91: concealment. Check: the error of what the centre believes, and where it comes from."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Course, Surroundings, decide
from perelom.model.decisions import decisions
from perelom.model.harvest import reported_grain
from perelom.model.leadership import alarm
from perelom.model.officials import lag_behind
from perelom.model.plans import plan_of_the_year
from perelom.model.reports import (
    believed_hunger,
    career_bias,
    news_passed,
    relief_by_belief,
    weight_lost,
)
from perelom.model.space import over_slots, to_regions
from perelom.model.statistics import hidden_price_rise, sown_on_paper
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import State


def test_reports_exceed_the_barn_by_the_observers_bias(around: Surroundings) -> None:
    context = around()
    barn, standing = jnp.full(40, 100.0), jnp.full(40, 130.0)
    bias = float(context.parameters["harvest_report_bias"])
    np.testing.assert_allclose(reported_grain(barn, standing, context), 100 * (1 + bias), rtol=1e-9)
    honest = around(off=["report_bias"])
    np.testing.assert_allclose(reported_grain(barn, standing, honest), 100.0, rtol=1e-9)


def test_standing_crop_statistics_report_what_never_reached_the_barn(around: Surroundings) -> None:
    context = around(standing_crop_statistics=1.0)
    found = reported_grain(jnp.full(40, 100.0), jnp.full(40, 130.0), context)
    np.testing.assert_allclose(found, 130.0, rtol=1e-9)


@pytest.mark.xdist_group("expected")
def test_the_reported_harvest_lies_above_the_true_one_every_year(expected_country: Country) -> None:
    course = expected_country.run()
    true = course.flow("harvest_own", "harvest_kolkhoz").sum(axis=1)
    reported = course.notes["reported_harvest"].sum(axis=1)
    for year in range(1927, 1941):
        months = slice(month_index(f"{year}-07"), month_index(f"{year}-10"))
        assert reported[months].sum() > true[months].sum(), year


@pytest.mark.xdist_group("expected")
def test_standing_crop_statistics_widen_the_gap(
    expected_country: Country, historical: Scenario
) -> None:
    barn = decide(historical, drop=("standing_crop_statistics",))

    def gap(scenario: Scenario) -> float:
        course = expected_country.run(scenario)
        autumn = slice(month_index("1934-07"), month_index("1934-10"))
        true = course.flow("harvest_own", "harvest_kolkhoz")[autumn].sum()
        return float(course.notes["reported_harvest"][autumn].sum() / true)

    assert gap(historical) > gap(barn) > 1


@pytest.mark.xdist_group("expected")
def test_reported_membership_exceeds_the_true_one_most_in_the_storm(
    expected_country: Country,
) -> None:
    course = expected_country.run(until="1933-06")
    true = course.stock("kolkhoz_households")[:-1].sum(axis=1)
    paper = course.notes["reported_members"].sum(axis=1) - true
    assert paper[month_index("1930-03")] > 2 * paper[month_index("1929-03")]
    assert paper[month_index("1930-03")] > paper[month_index("1930-09")]


@pytest.mark.xdist_group("expected")
def test_reports_are_of_the_first_of_the_month(expected_country: Country) -> None:
    """Without paper farms reports show the members of the same day."""
    course = expected_country.run(off=["paper_kolkhozes"], until="1931-12")
    true = course.stock("kolkhoz_households")[:-1]
    np.testing.assert_allclose(course.notes["reported_members"], true, rtol=1e-5, atol=1.0)


def test_officials_under_pressure_overstate_more(state: State, around: Surroundings) -> None:
    biases = [
        np.asarray(career_bias(replace(state.regions, plan=jnp.full(40, plan)), around(8)))
        for plan in (0.0, 1e5, 1e6, 1e12)
    ]
    assert not biases[0].any()
    assert (np.diff(biases, axis=0) > 0).all()
    most = float(around().parameters["harvest_report_career"])
    np.testing.assert_allclose(biases[-1], most, rtol=1e-3)


def test_honesty_checks_and_the_switch_leave_no_career_bias(
    state: State, around: Surroundings
) -> None:
    regions = replace(state.regions, plan=jnp.full(40, 1e6))
    half = np.asarray(career_bias(regions, around(8, honest_reports=0.5)))
    np.testing.assert_allclose(half, np.asarray(career_bias(regions, around(8))) / 2, rtol=1e-12)
    for context in (
        around(8, honest_reports=1.0),
        around(8, report_checks=1.0),
        around(8, off=["report_bias"]),
    ):
        assert not np.asarray(career_bias(regions, context)).any()


def _thin(state: State, kilograms: float) -> State:
    households = state.households
    return replace(
        state, households=replace(households, body_reserve=-kilograms * households.present)
    )


def test_bad_news_is_lost_on_its_way_and_more_so_in_fear(
    state: State, around: Surroundings
) -> None:
    """Closed form: the part that a tier passes on, to the power of the tiers."""
    context = around(1)
    tier, tiers = (float(context.parameters[n]) for n in ("bad_news_passed", "tiers_of_report"))
    calm = np.asarray(news_passed(state.regions, context))
    np.testing.assert_allclose(calm, tier**tiers, rtol=1e-9)
    purged = replace(state.regions, officials_removed=jnp.full(40, 0.5))
    assert (np.asarray(news_passed(purged, context)) < calm).all()
    for whole in (around(1, honest_reports=1.0), around(1, off=["bad_news_filter"])):
        np.testing.assert_allclose(news_passed(purged, whole), 1.0, rtol=1e-12)


def test_belief_closes_in_on_what_is_reported(state: State, around: Surroundings) -> None:
    """Closed form: after n months of the same hunger, 1 - (1 - kappa)^n of what is passed on."""
    context = around(1)
    hungry = _thin(state, 6.0)
    pace = float(context.parameters["belief_of_hunger_update"])
    goal = np.asarray(news_passed(hungry.regions, context) * weight_lost(hungry, context))
    for months in range(1, 6):
        regions = replace(hungry.regions, believed_hunger=believed_hunger(hungry, context))
        hungry = replace(hungry, regions=regions)
        np.testing.assert_allclose(
            regions.believed_hunger, goal * (1 - (1 - pace) ** months), rtol=1e-9
        )
    at_once = believed_hunger(_thin(state, 6.0), around(1, off=["bad_news_filter"]))
    np.testing.assert_allclose(
        at_once, 6.0 / float(context.parameters["normal_body_weight"]), rtol=1e-9
    )


def test_no_decision_looks_at_what_nobody_reported(state: State, around: Surroundings) -> None:
    """Other harvests, stores and bodies, the same reports: every decision stays as it was."""
    context = around(
        9,
        procurement_force=1.0,
        relief_rule=0.5,
        leadership_concedes=1.0,
        plan_revision=0.5,
        sanctions_on_officials=1.0,
    )
    regions = replace(
        state.regions,
        plan=jnp.full(40, 4e5),
        believed_hunger=jnp.full(40, 0.02),
        disturbances=jnp.full(40, 60.0),
    )
    nation = replace(state.nation, alarm=jnp.asarray(1.7))
    state = replace(state, regions=regions, nation=nation)
    thin = _thin(state, 9.0)
    other = replace(
        thin,
        households=replace(thin.households, grain=0.1 * thin.households.grain),
        villages=replace(thin.villages, harvest=0.3 * thin.villages.harvest),
        regions=replace(regions, harvest=0.3 * regions.harvest, granary=regions.granary),
    )
    assert (np.asarray(weight_lost(other, context)) > np.asarray(weight_lost(state, context))).all()
    for decide_on in (
        lambda s: decisions(s, context).levers,
        lambda s: plan_of_the_year(s.regions, context),
        lambda s: relief_by_belief(s.regions, context),
        lambda s: lag_behind(s, context),
        lambda s: alarm(s, context),
    ):
        first, second = decide_on(state), decide_on(other)
        if isinstance(first, dict):
            for name in first:
                np.testing.assert_array_equal(first[name], second[name], err_msg=name)
        else:
            np.testing.assert_array_equal(first, second)


def _known_since(course: Course, level: float) -> int:
    """Return the first month from 1931 in which the mean believed hunger exceeds a level."""
    believed = course.notes["believed_hunger"].mean(axis=1)
    return int(np.argmax(np.append(believed[month_index("1931-01") :], np.inf) > level))


@pytest.mark.xdist_group("expected")
def test_honest_reports_bring_the_news_earlier_and_relief_with_it(
    expected_country: Country, historical: Scenario
) -> None:
    """Concealment delays relief that answers to belief."""
    rule = decide(historical, ("1931-01", "relief_rule", 1.0), drop=("relief_food",))
    honest = decide(rule, ("1926-12", "honest_reports", 1.0))
    hidden, told = (expected_country.run(scenario, until="1933-06") for scenario in (rule, honest))
    peak = hidden.notes["believed_hunger"].mean(axis=1).max()
    assert _known_since(told, peak) < _known_since(hidden, 0.99 * peak)
    spring = ("1932-01", "1932-06", "relief")
    assert told.between(*spring) > 2 * hidden.between(*spring)


@pytest.mark.xdist_group("expected")
def test_the_centre_believes_less_hunger_than_there_is(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    year = slice(month_index("1932-03"), month_index("1932-07"))
    believed, true = (course.notes[n][year].mean() for n in ("believed_hunger", "weight_lost"))
    assert 0 < believed < 0.5 * true


def test_hectares_and_output_are_padded_unless_reports_are_honest(
    state: State, around: Surroundings
) -> None:
    """Own fields are reported as they are; the padding of output grows from year to year."""
    land = over_slots(state.households.land)
    zeros = jnp.zeros(40)
    own = replace(
        state,
        villages=replace(state.villages, kolkhoz_winter_sown=zeros, kolkhoz_spring_sown=zeros),
        regions=replace(state.regions, state_farm_sown=zeros),
    )
    common = replace(own, villages=replace(own.villages, kolkhoz_spring_sown=0.5 * land))
    context, honest = around(7), around(7, honest_reports=1.0)
    assert not np.asarray(sown_on_paper(own, context)).any()
    assert not np.asarray(sown_on_paper(common, honest)).any()
    sown = np.asarray(to_regions(context.geography, 0.5 * land))
    padding = float(context.parameters["sown_area_padding"])
    np.testing.assert_allclose(sown_on_paper(common, context), sown * padding, rtol=1e-6)
    early, late = (float(hidden_price_rise(around(1, year=y))) for y in (1928, 1937))
    assert 1 < early < late
    assert float(hidden_price_rise(honest)) == 1
