"""S52: the return to the kolkhoz of 1930-31. Check: time to return, and what brings it."""

import pytest

from country import Country, decide
from perelom.scenario import Scenario


@pytest.mark.xdist_group("expected")
def test_the_share_returns_within_a_few_years_of_the_trough(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    trough = min(course.collectivized(f"1930-{month:02d}") for month in range(5, 13))
    assert course.collectivized("1931-07") > trough
    assert course.collectivized("1932-07") > 1.1 * trough


@pytest.mark.xdist_group("expected")
def test_tax_and_new_pressure_bring_it_about(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1932-06").collectivized("1932-06")
    since = "1930-08"
    left_alone = decide(
        historical,
        (since, "collectivization_pressure", 0),
        (since, "tax_on_individuals", 0),
    )
    kept = tuple(
        d
        for d in left_alone.decisions
        if d.lever not in ("collectivization_pressure", "tax_on_individuals")
        or d.date < since
        or d.source == "test"
    )
    alone = type(historical)("alone", "", "", (), kept, historical.shocks)
    assert expected_country.run(alone, until="1932-06").collectivized("1932-06") < plain


@pytest.mark.xdist_group("expected")
def test_the_fear_of_losing_the_grain_anyway_is_one_reason(expected_country: Country) -> None:
    plain = expected_country.run(until="1932-06")
    without = expected_country.run(off=["grain_take_joining"], until="1932-06")
    assert without.collectivized("1932-06") < plain.collectivized("1932-06")
