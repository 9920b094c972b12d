"""A household in words, from rows made by hand."""

import datetime as dt
from typing import Any

import polars as pl
import pytest
from made_village import made_village, only

from perelom.results.errors import RequestError
from perelom.results.household_life import household_events, household_list, household_rows
from perelom.results.village_life import VillageLife
from perelom.world.state import CELLS, SLOTS, SPECIES


def household(number: int = 3, months: int = 6, start: int = 0, **changes: Any) -> pl.DataFrame:
    """Return rows of a household of four; changes: by column, {month: value from then on}."""
    table = []
    usual: dict[str, float] = dict.fromkeys((*CELLS, *SPECIES), 0.0)
    usual |= {"male_working_age": 2, "female_working_age": 2, "present": 1, "land": 5.0}
    usual |= {"outside": 1, "member": 0, "horses": 2, "label": 2, "implements": 100.0, "grain": 1.0}
    usual |= {"seed": 0.1, "labour_days": 0.0, "body_reserve": 0.0}
    for n in range(start, months):
        row = {name: float(value) for name, value in usual.items()}
        for name, steps in changes.items():
            for since, value in steps.items():
                row[name] = float(value) if n >= since else row[name]
        row |= {"label": int(row["label"]), "village": 7, "slot": number % SLOTS}
        month = dt.date(1929, 7 + n, 1)
        table.append(row | {"month": month, "birth_number": number})
    return pl.DataFrame(table)


def village(*households: pl.DataFrame, **columns: Any) -> VillageLife:
    return made_village(months=6, rows=pl.concat(households), followed=(7,), **columns)


def told(life: VillageLife, number: int = 3) -> list[tuple[str, str]]:
    events = household_events(life, household_rows(life, number))
    return [(event.month, event.text) for event in events]


def test_joining_and_leaving_name_what_is_handed_over_and_given_back() -> None:
    member, outside = {2: 1, 4: 0}, {2: 0, 4: 1}
    land, horses = {2: 0.2, 4: 4.0}, {2: 0, 4: 1}
    mine = household(member=member, outside=outside, land=land, horses=horses)
    assert told(village(mine)) == [
        ("1929-08", "Joins the kolkhoz; hands over 4.8 ha, 2 horses."),
        ("1929-10", "Leaves the kolkhoz; gets back 3.8 ha, 1 horse."),
    ]


def test_giving_up_the_farm_for_wages_is_no_leaving() -> None:
    mine = household(outside={0: 0}, member={0: 1, 3: 0})
    assert told(village(mine)) == [("1929-09", "Gives up the farm and lives by wages.")]


def test_births_and_losses_are_told_with_every_reason_that_the_village_allows() -> None:
    mine = household(
        male_small_children={1: 1},
        male_working_age={2: 1, 4: 0},
        female_working_age={5: 1},
    )
    life = village(
        mine,
        births_rural=only(0, 1, 6),
        deaths_rural=only(1, 1, 6) + only(3, 1, 6),
        moved_to_town=only(3, 1, 6),
    )
    assert told(life) == [
        ("1929-07", "1 person more: born."),
        ("1929-08", "1 person fewer: died."),
        ("1929-10", "1 person fewer: died or moved to a town."),
        ("1929-11", "1 person fewer: not recorded."),
    ]


def test_division_is_seen_by_the_household_that_is_new_the_month_after() -> None:
    old = household(male_working_age={3: 1}, female_working_age={3: 1}, land={3: 2.5})
    new = household(number=SLOTS + 9, start=3)
    life = village(old, new)
    assert told(life) == [("1929-09", "2 persons fewer: set up a household of their own.")]
    assert told(life, SLOTS + 9) == [
        ("1929-10", "Set up by division of another household, 4 persons.")
    ]


def test_stripping_is_told_only_where_the_village_had_it() -> None:
    mine = household(land={2: 3.0})
    assert told(village(mine)) == []
    assert told(village(mine, stripped_households=only(1, 1, 6))) == [
        ("1929-08", "Stripped of a part of the farm, 2.0 ha among it.")
    ]


def test_hunger_is_told_when_it_begins_and_ends() -> None:
    mine = household(body_reserve={2: -6.0, 4: -3.0})
    assert told(village(mine)) == [
        ("1929-08", "Hunger: more than 5 kg a person below normal weight."),
        ("1929-10", "Less than 5 kg a person below normal weight again."),
    ]


@pytest.mark.parametrize(
    ("label", "columns", "fate"),
    [
        (2, {"deported_households": 1, "deported": 4}, "Deported."),
        (2, {"moved_whole_households": 1, "moved_to_town": 4}, "Moved to a town as a family."),
        (2, {"self_liquidated_households": 1, "self_liquidated_persons": 4}, "Not recorded."),
        (
            3,
            {"self_liquidated_households": 1, "self_liquidated_persons": 4},
            "Sold out and fled to a town.",
        ),
        # A household of four cannot be the one that died out where one person died.
        (
            2,
            {"deported_households": 1, "deported": 4, "died_out_households": 1, "deaths_rural": 1},
            "Deported.",
        ),
        (
            3,
            {"deported_households": 1, "deported": 9, "self_liquidated_households": 1,
             "self_liquidated_persons": 4},
            "Deported or sold out and fled to a town (not kept which).",
        ),
    ],
)  # fmt: skip
def test_the_end_of_a_household_is_what_its_village_allows(
    label: int, columns: dict[str, float], fate: str
) -> None:
    mine = household(label={0: label}, present={3: 0})
    life = village(mine, **{name: only(2, value, 6) for name, value in columns.items()})
    assert told(life) == [("1929-09", fate)]
    (row,) = household_list(life)
    assert (row["until"], row["fate"]) == ("1929-09", fate)


def test_in_expected_draws_a_household_fades_without_a_cause() -> None:
    mine = household(present={3: 0.4})
    life = village(mine, draws="expected", deported_households=only(2, 1, 6))
    assert told(life) == [("1929-09", "Less than half of it is left: it is a mean over luck.")]


def test_the_list_says_how_a_household_stands_at_the_end() -> None:
    life = village(
        household(1), household(2, member={2: 1}, outside={2: 0}), household(3, outside={4: 0})
    )
    assert [(row["household"], row["joined"], row["fate"]) for row in household_list(life)] == [
        (1, "", "Farms on its own."),
        (2, "1929-08", "In the kolkhoz."),
        (3, "", "Lives by wages."),
    ]


def test_who_was_not_followed_or_never_lived_there_gives_an_error_with_a_way_out() -> None:
    with pytest.raises(RequestError, match="--follow 7"):
        household_rows(made_village(), 3)
    with pytest.raises(RequestError, match="no household 5") as error:
        household_rows(village(household(3), household(SLOTS + 1, start=2)), 5)
    assert error.value.allowed == "0 to 3, and of later divisions 129"
