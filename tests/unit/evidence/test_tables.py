"""A bad table is one error that names file, row, column, value and what is allowed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from perelom import evidence
from perelom.errors import TableError

Corrupt = Callable[..., Path]


@pytest.mark.parametrize(
    ("load", "rows"),
    [
        (evidence.claims, 614),
        (evidence.conflicts, 46),
        (evidence.systems, 114),
        (evidence.targets, 46),
        (evidence.timeline, 149),
        (evidence.regions, 40),
    ],
)
def test_tables_load_with_every_row(load: Callable[[], object], rows: int) -> None:
    assert load().height == rows


@pytest.mark.parametrize(
    ("column", "value", "allowed"),
    [
        ("value", "many", "a finite number"),
        ("value", "nan", "a finite number"),
        ("use", "test", "one of fit, held_out, context"),
        ("grade", "D", "one of A, B, C"),
        ("period_start", "1930-02-30", "a date YYYY-MM-DD"),
        ("id", "17", "text of the form"),
        ("unit", "", "text"),
        ("low", "1e12", "at most the value"),
        ("high", "-1e12", "at least the value"),
        ("source", "nobody_1930", "a key of sources.csv"),
        ("region", "Atlantis", "a reporting region of crosswalk.csv"),
        ("group", "another group", "by the split"),
    ],
)
def test_bad_cell_is_named(corrupted: Corrupt, column: str, value: str, allowed: str) -> None:
    path = corrupted("observations.csv", row=4, column=column, value=value, keep=6000)
    with pytest.raises(TableError) as caught:
        evidence.observations(path)
    error = caught.value
    assert (error.file, error.row, error.column) == ("observations.csv", 6, column)
    if column == "region":
        assert "split" in error.allowed or allowed in error.allowed
    else:
        assert allowed in error.allowed
    for part in ("observations.csv", "row 6", f"column '{column}'", error.allowed):
        assert part in str(error)


def test_missing_column(corrupted: Corrupt) -> None:
    with pytest.raises(TableError, match=r"'seat'.*missing column.*latitude"):
        evidence.regions(corrupted("regions.csv", drop="seat"))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"parameters\.csv.*missing file"):
        evidence.parameters(tmp_path / "parameters.csv")


def test_unknown_column_and_uneven_row(tmp_path: Path) -> None:
    path = tmp_path / "sources.csv"
    path.write_text("key,author,title,year,kind,judgement,extra\n")
    with pytest.raises(TableError, match=r"'extra'.*unknown column"):
        evidence.sources(path)
    uneven = tmp_path / "uneven.csv"
    uneven.write_text("key,author,title,year,kind,judgement\na,b\n")
    with pytest.raises(TableError, match=r"uneven\.csv, row 2.*6 cells"):
        evidence.sources(uneven)


def test_key_twice(corrupted: Corrupt) -> None:
    path = corrupted("regions.csv", row=3, column="name", value="Northern krai")
    with pytest.raises(TableError, match=r"row 5, column 'name': 'Northern krai'.*each key once"):
        evidence.regions(path)


def test_crosswalk_names_known_units(corrupted: Corrupt) -> None:
    path = corrupted("crosswalk.csv", row=0, column="region", value="Nowhere krai")
    with pytest.raises(TableError, match=r"'Nowhere krai'.*a name of regions\.csv"):
        evidence.crosswalk(path)


def test_no_table_names_a_path_of_the_workplace() -> None:
    from perelom.evidence.tables import data_path

    for path in data_path("").glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        assert "shared/" not in text, path.name
