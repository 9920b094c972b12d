"""Months, years and seasons of the simulated time (S09).

A month is named by its index: 0 is December 1926, 168 is December 1940. Flows have 169 months;
stocks have 170, the last on 1 January 1941.
"""

import re

from perelom.errors import DateError

FIRST_YEAR, FIRST_MONTH = 1926, 12
FLOW_MONTHS = 169
STOCK_MONTHS = FLOW_MONTHS + 1
_YEAR_MONTHS = 12

SEASONS: dict[str, tuple[int, ...]] = {
    "winter": (12, 1, 2),
    "spring_sowing": (3, 4, 5),
    "tending": (6,),
    "harvest": (7, 8, 9),
    "autumn_sowing": (8, 9, 10),
    "threshing": (8, 9, 10, 11),
}
"""Calendar months of agricultural work; harvest and autumn sowing overlap."""


def month_index(date: str) -> int:
    """Return the index of a month given as 'YYYY-MM'.

    Examples
    --------
    >>> month_index("1926-12"), month_index("1929-11")
    (0, 35)

    """
    match = re.fullmatch(r"(\d{4})-(\d{2})", date)
    if match is None or not 1 <= int(match[2]) <= _YEAR_MONTHS:
        raise DateError(f"date {date!r}: not a month; write 'YYYY-MM', such as '1929-11'")
    index = (int(match[1]) - FIRST_YEAR) * _YEAR_MONTHS + int(match[2]) - FIRST_MONTH
    return _checked(index, date)


def month_name(index: int) -> str:
    """Return the month as 'YYYY-MM'; index 169 names the last stock, 1941-01."""
    if not 0 <= index < STOCK_MONTHS:
        raise DateError(f"month {index}: outside the simulated time, 0 to {STOCK_MONTHS - 1}")
    return f"{calendar_year(index)}-{calendar_month(index):02d}"


def calendar_month(index: int) -> int:
    """Return the month of the year, 1 to 12."""
    return (index + FIRST_MONTH - 1) % _YEAR_MONTHS + 1


def calendar_year(index: int) -> int:
    """Return the calendar year of a month."""
    return FIRST_YEAR + (index + FIRST_MONTH - 1) // _YEAR_MONTHS


def agricultural_year(index: int) -> int:
    """Return the year in which the month's agricultural year, July to June, began.

    Examples
    --------
    >>> agricultural_year(month_index("1932-06")), agricultural_year(month_index("1932-07"))
    (1931, 1932)

    """
    return calendar_year(index) - (calendar_month(index) < 7)


def economic_year(index: int) -> int:
    """Return the year in which the month's economic year began.

    October to September up to the special quarter of October-December 1930, calendar year after.
    """
    year = calendar_year(index)
    return year - (calendar_month(index) < 10) if year <= 1930 else year


def in_season(index: int, season: str) -> bool:
    """Tell whether a month belongs to a season of `SEASONS`."""
    return calendar_month(index) in SEASONS[season]


def _checked(index: int, date: str) -> int:
    if not 0 <= index < STOCK_MONTHS:
        raise DateError(
            f"date {date!r}: outside the simulated time, {month_name(0)} to "
            f"{month_name(FLOW_MONTHS - 1)} (stocks to {month_name(STOCK_MONTHS - 1)})"
        )
    return index
