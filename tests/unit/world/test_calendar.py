"""Months, years and seasons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perelom.errors import DateError, PerelomError
from perelom.world import calendar


def test_first_and_last_month() -> None:
    assert calendar.month_index("1926-12") == 0
    assert calendar.month_index("1940-12") == calendar.FLOW_MONTHS - 1 == 168
    assert calendar.month_name(calendar.STOCK_MONTHS - 1) == "1941-01"


@given(st.integers(0, calendar.STOCK_MONTHS - 1))
def test_name_and_index_are_inverse(index: int) -> None:
    assert calendar.month_index(calendar.month_name(index)) == index


@given(st.integers(0, calendar.STOCK_MONTHS - 1))
def test_agricultural_year_begins_in_july(index: int) -> None:
    begins = calendar.month_name(index) >= f"{calendar.agricultural_year(index)}-07"
    ends = calendar.month_name(index) < f"{calendar.agricultural_year(index) + 1}-07"
    assert begins
    assert ends


@pytest.mark.parametrize(
    ("date", "year"),
    [("1926-12", 1926), ("1927-09", 1926), ("1927-10", 1927), ("1930-12", 1930), ("1931-01", 1931)],
)
def test_economic_year(date: str, year: int) -> None:
    assert calendar.economic_year(calendar.month_index(date)) == year


@pytest.mark.parametrize("date", ["1926-11", "1941-02", "1929-13", "1929", "1929-1", "x"])
def test_bad_dates_are_refused(date: str) -> None:
    with pytest.raises(DateError, match=date) as caught:
        calendar.month_index(date)
    assert isinstance(caught.value, PerelomError)


def test_seasons_name_calendar_months() -> None:
    assert calendar.in_season(calendar.month_index("1930-04"), "spring_sowing")
    assert not calendar.in_season(calendar.month_index("1930-04"), "harvest")


def test_index_outside_is_refused() -> None:
    with pytest.raises(DateError):
        calendar.month_name(calendar.STOCK_MONTHS)
