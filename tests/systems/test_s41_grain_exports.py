"""S41: grain exports. Check: quantity as ordered while stores last, and what it costs at home.

The value of exports, currency and debt are those of S42.
"""

import pytest

from country import Country, decide
from perelom.engine.inputs import seasons
from perelom.model.flows import FLOWS
from perelom.scenario import Scenario
from perelom.scenario.tables import lever_table
from perelom.world.calendar import calendar_month, month_index


@pytest.mark.xdist_group("expected")
def test_never_more_than_ordered(expected_country: Country, historical: Scenario) -> None:
    course = expected_country.run(off=["export_push"], until="1933-06")
    ordered = lever_table(historical)["grain_exports_plan"][:, 0] * 1e6
    exported = course.flow("exported").sum(axis=1)
    for month, amount in enumerate(exported):
        season = seasons()["exports"][calendar_month(month) - 1]
        assert amount <= ordered[month] * season * (1 + 1e-9)
    assert exported[month_index("1930-07") : month_index("1931-07")].sum() > 0


@pytest.mark.xdist_group("expected")
def test_quantity_rises_in_1930_and_1931(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    before = course.between("1928-07", "1929-06", "exported")
    drive = course.between("1930-07", "1931-06", "exported")
    assert drive > 5 * before


@pytest.mark.xdist_group("expected")
def test_without_exports_more_grain_stays_and_fewer_die_where_bread_is_sold(
    expected_country: Country, historical: Scenario
) -> None:
    """What is not exported saves lives only where those who lack bread may buy it."""
    open_shops = decide(historical, drop=("free_bread_sale",))
    plain = expected_country.run(open_shops, until="1933-06")
    closed = expected_country.run(open_shops, off=["grain_exports"], until="1933-06")
    assert "exported" in FLOWS
    assert closed.between("1926-12", "1933-06", "exported") == 0
    assert closed.on("1932-07", "granary") > plain.on("1932-07", "granary")
    dead = [c.between("1930-07", "1933-06", "deaths_rural", "deaths_town") for c in (plain, closed)]
    assert dead[1] < dead[0]


@pytest.mark.xdist_group("expected")
def test_priority_matters_only_when_stores_are_short(
    expected_country: Country, historical: Scenario
) -> None:
    last = decide(historical, ("1930-01", "export_priority", 0.1), drop=("export_priority",))
    plain = expected_country.run(until="1933-06").between("1931-07", "1933-06", "exported")
    low = expected_country.run(last, until="1933-06").between("1931-07", "1933-06", "exported")
    assert low <= plain
