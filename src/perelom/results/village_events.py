"""What happened in a village, in words: derived from its monthly columns, never invented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perelom.results.page import number
from perelom.results.village_life import VillageLife
from perelom.results.village_rows import agricultural_years
from perelom.world.state import SPECIES

MUCH = 0.1
"""Share of the households that must join or leave within a month to be told."""
LEAST_LEAVERS = 2.5
"""Households that must leave within a month to be told: small kolkhozes lose a tenth often."""
PART = 0.05
"""What a month must hold of something rare for it to belong to a spell, in units of it."""
PLAN_CHANGE = 0.05
"""Relative change of a plan within its year that is told."""
HUNGER = 0.1
"""Deaths beyond those without hunger in a month from which on a spell of hunger is counted."""
RELIEF = 1.0
"""Relief of a spell, kg a person, from which on it is told."""
ARRESTS = 3.0
"""Arrests of a spell from which on they are told; all are in the tables."""
NEW_TOWN = 10.0
"""Persons counted to a new town from which on it is told."""
LEAST_HERD = 4.0
"""Animals that a herd must have had for its fall to be told."""
_KG, _YEAR, _FEW = 1000, 12, 10


@dataclass(frozen=True)
class Event:
    """Something that reached or happened to a village.

    month: `YYYY-MM`, of a spell the first. kind: order, report, punishment, kolkhoz, grain, people
    or animals. level: whom it speaks of, the village or its region, or who gave the order. source:
    of a decision, its key in the table of sources. minor: left out of a short list.
    """

    month: str
    kind: str
    text: str
    level: str = "village"
    source: str = ""
    minor: bool = False


def village_events(life: VillageLife) -> list[Event]:
    """Return what happened to the village itself, by month."""
    found = [
        *_kolkhoz(life),
        *_pressure(life),
        *_plans(life),
        *_grain(life),
        *_punishments(life),
        *_people(life),
        *_animals(life),
    ]
    return sorted(found, key=lambda event: event.month)


def some(count: float, noun: str) -> str:
    """Write a count with its noun, such as 1 household or 2.5 households."""
    whole = abs(count - round(count)) < 0.005
    written = f"{round(count):,}" if whole else number(count, 1)
    return f"{written} {noun}{'' if written == '1' else 's'}"


def spells(
    values: NDArray[np.float64], least: float, total: float
) -> Iterator[tuple[slice, float]]:
    """Return stretches of months that each hold at least so much, and together so much."""
    inside = np.concatenate([[False], values >= least, [False]]).astype(int)
    for start, stop in np.flatnonzero(np.diff(inside)).reshape(-1, 2):
        held = float(values[start:stop].sum())
        if held >= total:
            yield slice(int(start), int(stop)), held


def until(life: VillageLife, months: slice) -> str:
    """Write how long a spell went on: nothing for a single month."""
    return f" (until {life.months[months.stop - 1]})" if months.stop - months.start > 1 else ""


def _kolkhoz(life: VillageLife) -> Iterator[Event]:
    columns, months = life.columns, life.months
    members, farms = columns["kolkhoz_households"], columns["peasant_households"]
    shares = columns["kolkhoz_share"]
    if members[0] > PART:
        told = f"{some(members[0], 'household')} of {farms[0]:,.0f} are in a kolkhoz already."
        yield Event(months[0], "kolkhoz", told)
    elif (columns["joined"] > PART).any():
        first = int(np.argmax(columns["joined"] > PART))
        told = f"The first join a kolkhoz: {some(columns['joined'][first], 'household')}."
        yield Event(months[first], "kolkhoz", told)
    for n in range(len(months) - 1):
        before, after = shares[n], shares[n + 1]
        course = f"members go from {before:.0%} to {after:.0%} of the households"
        if (before < 0.5) != (after < 0.5):
            word = "More" if after >= 0.5 else "Less"
            yield Event(months[n], "kolkhoz", f"{word} than half in the kolkhoz: {course}.")
        elif columns["joined"][n] >= max(MUCH * farms[n], 1):
            told = f"{some(columns['joined'][n], 'household')} join the kolkhoz: {course}."
            yield Event(months[n], "kolkhoz", told)
        elif columns["left"][n] >= max(MUCH * members[n], LEAST_LEAVERS):
            told = f"{some(columns['left'][n], 'household')} leave the kolkhoz: {course}."
            yield Event(months[n], "kolkhoz", told)


def _pressure(life: VillageLife) -> Iterator[Event]:
    felt = life.columns["pressure"]
    for n in range(len(felt) - 1):
        if (felt[n] < 0.5) != (felt[n + 1] < 0.5):
            way = "passes" if felt[n + 1] >= 0.5 else "falls below"
            told = f"The pressure to join that officials apply, 0 to 1, {way} one half."
            yield Event(life.months[n], "order", told)


def _plans(life: VillageLife) -> Iterator[Event]:
    """Tell the plan of each year as it stood once July was over, then its changes."""
    plan = life.columns["plan"]
    for name, months in agricultural_years(life.months):
        start, stop = months.start, months.stop
        first = start + 1
        if first < stop and plan[first] > 0 and start > 0:
            told = f"Grain plan for {name}: {number(plan[first])} t are asked of the village."
            yield Event(life.months[start], "order", told)
        for n in range(first, stop - 1):
            before, after = plan[n], plan[n + 1]
            if before > 0 and abs(after / before - 1) > PLAN_CHANGE:
                word = "raised" if after > before else "cut"
                told = f"The grain plan is {word} from {number(before)} to {number(after)} t."
                yield Event(life.months[n], "order", told)


def _grain(life: VillageLife) -> Iterator[Event]:
    columns = life.columns
    for name, months in agricultural_years(life.months):
        if months.stop - months.start < _YEAR:
            continue
        harvest, taken = columns["harvest"][months].sum(), columns["taken"][months].sum()
        plan = float(columns["plan"][months.stop - 1])
        if harvest > 0:
            told = f"End of {name}: the state got {number(taken)} t, {taken / harvest:.0%} of the "
            told += f"harvest of {number(harvest)} t"
            told += f" and {taken / plan:.0%} of the plan." if plan > 0 else "."
            yield Event(life.months[months.stop - 1], "grain", told)
    for months, seed in spells(columns["seed_seized_kolkhoz"], PART, PART):
        told = f"Seed of the kolkhoz is taken for arrears: {number(seed)} t{until(life, months)}."
        yield Event(life.months[months.start], "punishment", told)
    relief, persons = columns["relief"], columns["persons"]
    for months, amount in spells(relief, 0.001, PART):
        a_person = amount * _KG / max(float(persons[months.start]), 1.0)
        if a_person >= RELIEF:
            told = f"Food relief: {number(amount)} t, {number(a_person)} kg a person"
            yield Event(life.months[months.start], "grain", f"{told}{until(life, months)}.")


def _punishments(life: VillageLife) -> Iterator[Event]:
    columns = life.columns
    for months, families in spells(columns["deported_households"], PART, 0.5):
        persons = columns["deported"][months].sum()
        told = f"Deported: {some(families, 'household')}, {some(persons, 'person')}"
        yield Event(life.months[months.start], "punishment", f"{told}{until(life, months)}.")
    for key, told in (
        ("stripped_households", "Stripped of a part of the farm, kept in the raion"),
        ("self_liquidated_households", "Labelled kulak, sold out and fled to towns"),
    ):
        for months, families in spells(columns[key], PART, 0.5):
            text = f"{told}: {some(families, 'household')}{until(life, months)}."
            yield Event(life.months[months.start], "punishment", text)
    for months, persons in spells(columns["arrested_rural"], PART, ARRESTS):
        told = f"Arrested: {some(persons, 'person')}{until(life, months)}."
        yield Event(life.months[months.start], "punishment", told)


def _people(life: VillageLife) -> Iterator[Event]:
    columns = life.columns
    for months, _ in spells(columns["disturbances"], 0.5, 0.5):
        told = f"Mass disturbance in the village{until(life, months)}."
        yield Event(life.months[months.start], "people", told)
    for months, excess in spells(columns["excess_deaths"], HUNGER, 1.0):
        died = columns["deaths_rural"][months].sum()
        lowest = columns["body_reserve"][months.start : months.stop + 1].min()
        told = (
            f"Hunger{until(life, months)}: {some(died, 'death')}; at this hunger about "
            f"{number(excess, int(excess < _FEW))} more were to be expected than without it. Mean "
            f"body weight down to {number(-lowest, 1)} kg below normal."
        )
        yield Event(life.months[months.start], "people", told)
    for months, persons in spells(columns["made_urban"], 0.5, NEW_TOWN):
        told = f"Families living by wages are counted to a new town: {some(persons, 'person')}."
        yield Event(life.months[months.start], "people", told)


def _animals(life: VillageLife) -> Iterator[Event]:
    """Tell when a herd is less than half of what it once was in the same month of a year."""
    for species in SPECIES:
        head, name = life.columns[species], species.replace("_", " and ")
        for n in range(_YEAR, len(head)):
            earlier = head[n % _YEAR : n : _YEAR]
            most = float(earlier.max())
            if most >= LEAST_HERD and head[n] < most / 2:
                peak = life.months[n % _YEAR + _YEAR * int(np.argmax(earlier))]
                told = f"Less than half of the {name} are left: {head[n]:,.0f} of {most:,.0f}"
                yield Event(life.months[n], "animals", f"{told} ({peak}).")
                break
