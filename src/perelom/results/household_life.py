"""The life of one household of a followed village: its months, and what happened in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.results.errors import RequestError
from perelom.results.page import number
from perelom.results.village_events import Event, some
from perelom.results.village_life import Columns, VillageLife
from perelom.world.state import CELLS, LABELS, SLOTS, SPECIES

_HEAD = {
    "horses": ("horse", "horses"),
    "cattle": ("head of cattle", "head of cattle"),
    "sheep_goats": ("sheep or goat", "sheep and goats"),
    "pigs": ("pig", "pigs"),
}
"""What one and what several animals are called."""
_HALF_GONE = "Less than half of it is left: it is a mean over luck."
"""How a household of expected draws ends, whose share fades without a single cause."""
_AT_ALL = 0.05
"""Households or persons of a month from which on something happened at all."""

LOSS = 0.2
"""Share of the land that must go within a month to be told."""
HUNGER = 5.0
"""Loss of body weight, kg a person, that is told when it is passed."""


def household_rows(life: VillageLife, household: int) -> list[dict[str, Any]]:
    """Return the months of a household, as long as it lives in the village.

    Parameters
    ----------
    life
        A followed village.
    household
        Birth number: it belongs to one household of the village only. What remains when divided by
        the number of slots is the slot.

    Raises
    ------
    RequestError
        If households of this village were not kept, or none has this number.

    """
    _check_followed(life)
    mine = life.households.filter(pl.col("birth_number") == household)
    if not mine.height:
        known = life.households["birth_number"].unique().sort().to_list()
        later = [n for n in known if n >= SLOTS]
        raise RequestError(
            what=f"village {life.village} has no household {household}",
            where="--household",
            allowed=f"0 to {max(n for n in known if n < SLOTS)}"
            + (f", and of later divisions {', '.join(map(str, later[:8]))}" if later else ""),
            remedy="list them with --households",
        )
    return _lived(mine)


def every_household(life: VillageLife) -> dict[int, list[dict[str, Any]]]:
    """Return the months of all households of a followed village, by birth number."""
    _check_followed(life)
    parts = life.households.partition_by("birth_number", as_dict=True, maintain_order=True)
    return {int(key[0]): _lived(part) for key, part in sorted(parts.items())}


def household_list(life: VillageLife) -> list[dict[str, Any]]:
    """Return one row a household: how it began, when it joined and how it ended."""
    table = []
    for household, rows in every_household(life).items():
        first, last = rows[0], rows[-1]
        events = household_events(life, rows)
        joined = [event.month for event in events if event.text.startswith("Joins")]
        ended = [event.text for event in events if event.kind == "end"]
        table.append(
            {
                "household": household,
                "label": first["label"],
                "from": first["month"],
                "until": last["month"],
                "persons": first["persons"],
                "persons_last": last["persons"],
                "land": first["land"],
                "land_last": last["land"],
                "joined": joined[0] if joined else "from the start" if first["member"] else "",
                "fate": ended[0] if ended else _standing(last),
                "events": events,
            }
        )
    return table


def household_events(life: VillageLife, rows: Sequence[dict[str, Any]]) -> list[Event]:
    """Return what happened to a household, in words, from its months.

    What a run does not keep of a single household (why it lost a person, or ceased) is told by
    what happened in its village that month; where several things did, all are named.
    """
    at = {month: n for n, month in enumerate(life.months)}
    first, last = rows[0], rows[-1]
    events = []
    if first["month"] != life.months[0]:
        told = f"Set up by division of another household, {some(first['persons'], 'person')}."
        events.append(Event(first["month"], "people", told))
    founded = _founded(life)
    for before, after in pairwise(rows):
        month = at[before["month"]]
        now = {name: float(values[month]) for name, values in life.columns.items()}
        now["founded"] = float(after["month"] in founded)
        texts = _changes(before, after, now)
        events += [Event(before["month"], kind, text) for kind, text in texts]
    if last["month"] != life.months[-1]:
        expected = life.draws == "expected"
        told = _HALF_GONE if expected else _end(last, life.columns, at[last["month"]])
        events.append(Event(last["month"], "end", told))
    return events


def _founded(life: VillageLife) -> set[str]:
    """Return the months on whose first day a household was new."""
    first = life.households.group_by("birth_number").agg(pl.col("month").min())["month"]
    return set(first.dt.strftime("%Y-%m").to_list()) - {life.months[0]}


def _changes(
    before: dict[str, Any], after: dict[str, Any], now: dict[str, float]
) -> Iterator[tuple[str, str]]:
    farmed = before["member"] + before["outside"] >= 0.5
    if farmed and after["member"] + after["outside"] < 0.5:
        yield "people", "Gives up the farm and lives by wages."
    elif before["member"] < 0.5 <= after["member"]:
        yield "kolkhoz", f"Joins the kolkhoz; hands over {_goods(before, after)}."
    elif after["member"] < 0.5 <= before["member"]:
        yield "kolkhoz", f"Leaves the kolkhoz; gets back {_goods(after, before)}."
    elif _stripped(before, after, now):
        lost = before["land"] - after["land"]
        yield "punishment", f"Stripped of a part of the farm, {number(lost, 1)} ha among it."
    change = after["persons"] - before["persons"]
    if change >= 0.5:
        born = after["small"] - before["small"] >= 0.5 and now["births_rural"] > 0
        words = "born" if born and change < 1.5 else "born or come from a town"
        yield "people", f"{some(change, 'person')} more: {words}."
    elif change <= -0.5:
        ways = _ways_of_persons(-change, now)
        yield "people", f"{some(-change, 'person')} fewer: {' or '.join(ways) or 'not recorded'}."
    if after["body_reserve"] <= -HUNGER < before["body_reserve"]:
        yield "people", f"Hunger: more than {HUNGER:g} kg a person below normal weight."
    elif before["body_reserve"] <= -HUNGER < after["body_reserve"]:
        yield "people", f"Less than {HUNGER:g} kg a person below normal weight again."


def _stripped(before: dict[str, Any], after: dict[str, Any], now: dict[str, float]) -> bool:
    """Tell whether land went by order: no division or change of membership can explain it."""
    lost = before["land"] - after["land"]
    alone = after["persons"] >= before["persons"] or not now["founded"]
    return bool(now["stripped_households"] > 0 and lost > LOSS * before["land"] and alone)


def _goods(more: dict[str, Any], fewer: dict[str, Any]) -> str:
    """Name land and animals that one month has and another has not."""
    gone = {name: more[name] - fewer[name] for name in SPECIES}
    animals = [
        f"{head:.0f} {_HEAD[name][head >= 1.5]}" for name, head in gone.items() if head >= 0.5
    ]
    return ", ".join([f"{number(more['land'] - fewer['land'], 1)} ha", *animals])


def _ways_of_persons(count: float, now: dict[str, float]) -> list[str]:
    """Return why a household may have lost so many persons, by what happened in its village."""
    moved = now["moved_to_town"] + now["recruited"]
    single = {"died": now["deaths_rural"], "moved to a town": moved}
    single["arrested"] = now["arrested_rural"]
    # Persons of one household may go in several ways at once: then each way need not suffice.
    ways = [told for told, held in single.items() if held >= _AT_ALL]
    alone = [told for told, held in single.items() if held >= count - 0.01]
    new = ["set up a household of their own"] if now["founded"] else []
    return (alone or ([] if new else ways)) + new


def _end(last: dict[str, Any], columns: Columns, month: int) -> str:
    """Say how a household ceased, as far as the village's columns of that month tell."""
    now = {name: float(values[month]) for name, values in columns.items()}
    persons, farmed = last["persons"], last["member"] + last["outside"] >= 0.5
    moved = now["moved_to_town"] + now["recruited"]
    dead = now["deaths_rural"] + moved + now["arrested_rural"]
    # Of a way to cease: the persons whom it took and, of households that farm, their number.
    ways = {
        "deported": (now["deported"], now["deported_households"]),
        "moved to a town as a family": (moved, now["moved_whole_households"]),
        "nobody was left": (dead, now["died_out_households"]),
        "its place was counted to a new town": (
            now["made_urban"],
            now["took_posts_households"] if farmed else 0.0,
        ),
    }
    if last["label"] == "kulak":
        fled = now["self_liquidated_persons"], now["self_liquidated_households"]
        ways["sold out and fled to a town"] = fled
    possible = [
        told
        for told, (taken, households) in ways.items()
        if taken >= min(persons, 0.5) and taken >= persons - 0.01
        if not farmed or households >= _AT_ALL
    ]
    told = " or ".join(possible) or "not recorded"
    return f"{told[:1].upper()}{told[1:]}" + (" (not kept which)." if possible[1:] else ".")


def _standing(last: dict[str, Any]) -> str:
    if last["member"] >= 0.5:
        return "In the kolkhoz."
    return "Farms on its own." if last["outside"] >= 0.5 else "Lives by wages."


def _lived(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return months as plain values up to the last in which somebody lived there."""
    cells = [pl.col(cell).cast(pl.Float64) for cell in CELLS]
    small = [pl.col(cell).cast(pl.Float64) for cell in CELLS if cell.endswith("small_children")]
    table = rows.with_columns(
        month=pl.col("month").dt.strftime("%Y-%m"),
        persons=pl.sum_horizontal(cells),
        small=pl.sum_horizontal(small),
    ).to_dicts()
    present: NDArray[np.float64] = np.asarray([row["present"] for row in table], dtype=float)
    gone = np.flatnonzero(present < 0.5)
    stop = int(gone[gone > 0][0]) if (gone > 0).any() else len(table)
    return [row | {"label": LABELS[int(row["label"])]} for row in table[:stop]]


def _check_followed(life: VillageLife) -> None:
    if life.households.height:
        return
    raise RequestError(
        what=f"the households of village {life.village} were not kept",
        where="--household, --households",
        allowed=f"the followed villages of this run: {_listed(life.followed)}",
        remedy=f"run it again with `perelom run --follow {life.village}`",
    )


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers)) or "none"
