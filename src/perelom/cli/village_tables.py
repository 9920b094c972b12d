"""The life of a village on the terminal: tables of eighty columns, then events in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from perelom.cli.output import Column, console, say, show
from perelom.results.household_life import (
    household_events,
    household_list,
    household_rows,
)
from perelom.results.page import number
from perelom.results.village_events import Event, some
from perelom.results.village_life import VillageLife
from perelom.results.village_orders import all_events
from perelom.results.village_rows import TABLES, Measure, Stretch, rows, written
from perelom.world.state import NATIONALITIES, SPECIES

_CAUTION = (
    "A village of the model is no village that existed: it is a draw that stands for many. One run "
    "carries no interval, and its numbers, deaths above all, are no estimates."
)


def show_village(
    life: VillageLife, stretches: Sequence[Stretch], *, orders: bool, quiet: bool
) -> None:
    """Print head, tables and events of a village."""
    out = console()
    for line in _head(life):
        say(line)
    out.print()
    for title, measures in TABLES.items():
        show(_written(life, stretches, measures), _columns(measures), title=title)
        if not quiet:
            say(_explained(measures))
        out.print()
    shown = {month for _, part in stretches for month in life.months[part]}
    events = [event for event in all_events(life) if event.month in shown]
    some_months = len(shown) < len(life.months)
    told = [event for event in events if orders or some_months or not event.minor]
    _show_events(told)
    if quiet:
        return
    out.print()
    left = len(events) - len(told)
    if left:
        say(f"{left} more orders reached it: --orders names them, --page too.")
    say(_ways(life))
    say(_CAUTION)


def show_households(life: VillageLife, *, quiet: bool) -> None:
    """Print one line a household of a followed village."""
    table = household_list(life)
    for row in table:
        row["persons"] = f"{number(row['persons'], 0)} to {number(row['persons_last'], 0)}"
        row["land"] = f"{number(row['land'], 1)} to {number(row['land_last'], 1)}"
    show(
        table,
        (
            Column("household", "No.", "right"),
            Column("label", "Label", width=6),
            Column("from", "From", width=7),
            Column("until", "Until", width=7),
            Column("persons", "Persons", width=8),
            Column("land", "Land, ha", width=11),
            Column("joined", "Joined", width=7),
            Column("fate", "What became of it", width=17),
        ),
        title=f"Households of village {life.village}, {life.region}",
    )
    if not quiet:
        console().print()
        note = (
            "No.: birth number, for --household. Label: how officials saw the household, not what "
        )
        note += "it was. Persons and land: first to last month."
        say(note)


def show_household(
    life: VillageLife, stretches: Sequence[Stretch], household: int, *, quiet: bool
) -> None:
    """Print the months and the events of one household."""
    lived = household_rows(life, household)
    by_month = {row["month"]: row for row in lived}
    held = [
        (name, [by_month[m] for m in life.months[part] if m in by_month])
        for name, part in stretches
    ]
    out = console()
    first = lived[0]
    title = f"Household {household} of village {life.village}, {life.region}: labelled "
    title += f"{first['label']}, slot {first['slot']}, {first['month']} to {lived[-1]['month']}"
    say(title)
    out.print()
    show([_household_row(name, months) for name, months in held if months], _HOUSEHOLD)
    if not quiet:
        say(_HOUSEHOLD_NOTE)
    out.print()
    shown = {month for _, part in stretches for month in life.months[part]}
    _show_events([event for event in household_events(life, lived) if event.month in shown])
    if not quiet:
        out.print()
        say(_CAUTION)


_HOUSEHOLD = (
    Column("period", "Time"),
    Column("persons", "Pers.", "right"),
    Column("land", "Land", "right"),
    Column("horses", "Horses", "right"),
    Column("cattle", "Cattle", "right"),
    Column("sheep_goats", "Sheep", "right"),
    Column("pigs", "Pigs", "right"),
    Column("grain", "Grain", "right"),
    Column("labour_days", "Days", "right"),
    Column("body_reserve", "Body", "right"),
    Column("standing", "Member", width=6),
)
_HOUSEHOLD_NOTE = (
    "On the first day of the time: persons, land in ha, animals (sheep with goats), grain in store "
    "in kg, member of the kolkhoz (wages: no farm of its own). Within the time: labour-days since "
    "July, most; body weight against normal, kg a person, lowest."
)
_LIST_NOTE = (
    "No.: birth number, for --household. Label: how officials saw the household, not what it was. "
    "Persons and land: first to last month."
)


def _household_row(name: str, months: Sequence[dict[str, Any]]) -> dict[str, str]:
    row = months[0]
    standing = "yes" if row["member"] >= 0.5 else "no" if row["outside"] >= 0.5 else "wages"
    return {
        "period": name,
        "standing": standing,
        "land": written(row["land"], 1),
        "grain": written(row["grain"] * 1000, 0),
        "labour_days": written(max(one["labour_days"] for one in months), 0),
        "body_reserve": written(min(one["body_reserve"] for one in months), 1),
        **{key: written(row[key], 0) for key in ("persons", *SPECIES)},
    }


def _head(life: VillageLife) -> list[str]:
    place, columns = life.place, life.columns
    shares = [(float(place[name]), name) for name in NATIONALITIES if place[name] >= 0.005]
    mix = ", ".join(
        f"{'other' if name == 'other' else name.capitalize()} {share:.0%}"
        for share, name in sorted(shares, reverse=True)
    )
    lines = [
        f"Village {life.village}, {place['raion']}"
        + ("" if life.region in place["raion"] else f", {life.region}"),
        f"Stands for {place['weight']:,.0f} villages of the region.",
        f"Nationalities: {mix}.",
        f"In {life.months[0]}: {some(columns['households'][0], 'household')}, "
        f"{some(columns['persons'][0], 'person')}, {number(columns['land'][0], 0)} ha; in "
        f"{life.months[-1]}: {some(columns['households'][-1], 'household')}, "
        f"{some(columns['persons'][-1], 'person')}.",
    ]
    if life.draws == "expected":
        lines.append("Expected draws: numbers are means over luck, households are shares.")
    return lines


def _ways(life: VillageLife) -> str:
    if life.households.height:
        return "Its households are kept: --households lists them, --household H shows one."
    return (
        "Its households were not kept (kept are those of villages "
        f"{', '.join(map(str, life.followed)) or 'none'}): run again with "
        f"--follow {life.village}."
    )


def _columns(measures: Sequence[Measure]) -> list[Column]:
    return [Column("period", "Time", width=7)] + [
        Column(one.key, one.heading, "right") for one in measures
    ]


def _written(
    life: VillageLife, stretches: Sequence[Stretch], measures: Sequence[Measure]
) -> list[dict[str, str]]:
    digits = {one.key: one.digits for one in measures}
    return [
        {
            name: value if isinstance(value, str) else written(value, digits[name])
            for name, value in row.items()
        }
        for row in rows(life, stretches, measures)
    ]


def _explained(measures: Sequence[Measure]) -> str:
    return "; ".join(f"{one.heading}: {one.definition}, {one.unit}" for one in measures) + "."


def _show_events(events: Sequence[Event]) -> None:
    if not events:
        say("Nothing is told of this time.")
        return
    cells = [
        {
            "month": event.month,
            "kind": "" if event.kind == "end" else event.kind,
            "text": event.text,
        }
        for event in events
    ]
    show(
        cells,
        (
            Column("month", "Month", width=7),
            Column("kind", "Kind", width=10),
            Column("text", "What reached it and what happened"),
        ),
        title="Events",
    )
