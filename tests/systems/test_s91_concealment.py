"""S91: concealment. Check: the error of what the centre believes, and where it comes from."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.harvest import reported_grain
from perelom.scenario import Scenario
from perelom.world.calendar import month_index


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
    true = course.stock("kolkhoz_households")[1:].sum(axis=1)
    paper = course.notes["reported_members"].sum(axis=1) - true
    assert paper[month_index("1930-02")] > 2 * paper[month_index("1929-02")]
    assert paper[month_index("1930-02")] > paper[month_index("1930-08")]
