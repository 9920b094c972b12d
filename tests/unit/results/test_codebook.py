import json
from pathlib import Path

import polars as pl
import pytest
from synthetic_run import SCENARIO, chunks, manifest

from perelom.evidence import observations, sources
from perelom.model.mechanisms import MECHANISMS
from perelom.model.month import LINES
from perelom.results.codebook import as_csv, as_json, codebook, table
from perelom.results.codebook_page import page
from perelom.results.run import Run

DOCS = Path(__file__).parents[3] / "docs"


def test_every_variable_of_a_run_is_in_the_codebook() -> None:
    run = Run.in_memory(chunks(), manifest(), SCENARIO)
    assert set(run.monthly.data_vars) == set(codebook())
    reported = {name for name, one in codebook().items() if "reported" in one.layers}
    assert set(run.reported.data_vars) == reported


def test_nothing_is_left_empty_and_names_are_known() -> None:
    lines = {line.name for line in LINES}
    for one in codebook().values():
        assert all([one.definition, one.unit, one.long_name, one.layers, one.systems, one.lines])
        assert set(one.lines) <= lines
        assert set(one.mechanisms) <= set(MECHANISMS)
        if one.kind == "share":
            assert one.denominator in codebook()


def test_every_series_and_source_exists() -> None:
    series = set(observations()["series"])
    known = set(sources()["key"])
    compared = [each for one in codebook().values() for each in one.compared]
    assert compared
    for each in compared:
        assert each.series in series
        assert set(each.sources) <= known
        assert each.figures == sum(each.grades.values()) == sum(each.uses.values())


def test_series_stand_with_the_variables_that_are_held_against_them() -> None:
    book = codebook()
    assert [each.series for each in book["livestock_horses"].compared] == ["livestock_horses"]
    assert "grain_yield" in [each.series for each in book["grain_harvest"].compared]
    assert not book["goods_found"].compared
    assert book["livestock_horses"].moment == "first day of the month"
    assert book["workers_and_employees"].moment.startswith("within the month")
    assert "feed_deaths" in book["livestock_horses"].mechanisms
    assert "feed_deaths" not in book["grain_exports"].mechanisms


def test_codebook_as_table_and_json() -> None:
    assert table()["name"].to_list() == list(codebook())
    assert pl.read_csv(as_csv(["grain_harvest"]))["stata_name"].to_list() == ["grain_harvest"]
    entries = json.loads(as_json())
    assert {one["name"] for one in entries} == set(codebook())


def test_page_of_the_docs_is_up_to_date() -> None:
    kept = (DOCS / "codebook.md").read_text(encoding="utf-8")
    assert kept == page(), "run: perelom codebook --out docs/codebook.md"


@pytest.mark.parametrize("name", ["excess_deaths", "deaths_total", "special_settlers_deaths"])
def test_deaths_come_with_their_definition(name: str) -> None:
    assert codebook()[name].definition in page()
