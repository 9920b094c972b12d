"""Calendar, kind of herd count and borders of a collected figure."""

from __future__ import annotations

import re
from datetime import date, timedelta

HERDS = re.compile(
    r"^livestock_(horses|cattle|cows|sheep_goats|sheep|goats|pigs|all)$|^working_horses$|^camels$"
    r"|^(kolkhoz|sovkhoz_and_subsidiary_farm)_(cattle|cows|pigs|sheep_goats)$"
)
BORDERS = (
    (re.compile(r"borders of January 1937|1937 borders|derived_from_census_1937"), "1937_borders"),
    (re.compile(r"borders of 193[89]|borders_1939|1939 borders"), "1939_borders"),
    (re.compile(r"borders of 1926"), "1926"),
    (re.compile(r"modern|1991 USSR borders|maddison_2020"), "modern"),
    (
        re.compile(r"interwar territory|pre-September-1939|pre-1939|borders to 17 Sept"),
        "1939_before_september",
    ),
    (
        re.compile(r"post-?1939|post_?1939|postwar territory|later borders|annexed|territorial ch"),
        "post1939",
    ),
)
BEFORE_PARTITION = date(1939, 9, 16)


def calendar_of(start: date, end: date, unit: str) -> str:
    """Return the kind of period that a figure covers."""
    if start == end:
        return "day"
    if (end - start).days > 370:
        return "annual_mean" if unit.endswith("/yr") else "several_years"
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if not whole:
        return "other"
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if months == 12:
        named = {1: "calendar_year", 7: "july_june", 10: "october_september"}
        return named.get(start.month, "other")
    if months == 3 and start.month in (1, 4, 7, 10):
        return "quarter"
    return {1: "month"}.get(months, "season" if months <= 9 else "other")


def count_of(series: str, variant: str, start: date, end: date) -> str:
    """Return whether herds were counted in January or in summer; empty for other series."""
    if not HERDS.match(series):
        return ""
    if "summer" in variant:
        return "summer"
    if "january" in variant:
        return "january"
    if start != end:
        return ""
    if (start.month, start.day) in ((1, 1), (12, 31)):
        return "january"
    return "summer" if start.month in (6, 7) else ""


def borders_of(region: str, variant: str, note: str, end: date) -> str:
    """Return the borders that a figure is stated for."""
    text = f"{region} {variant} {note}"
    for pattern, borders in BORDERS:
        if pattern.search(text):
            return borders
    if region == "USSR" and date(1922, 12, 30) < end <= BEFORE_PARTITION:
        return "1939_before_september"
    return "unstated"
