"""The page of a village: one file that loads nothing and says what it is."""

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from synthetic_run import SCENARIO, chunks, manifest

from perelom.results.run import Run
from perelom.results.village_charts import charts, drawn, spoken
from perelom.results.village_life import village_life
from perelom.results.village_page import render

VOID = {"meta", "br", "path", "polygon", "hr", "img", "link", "input"}


@pytest.fixture(scope="module")
def run() -> Run:
    return Run.in_memory(chunks(), manifest(), SCENARIO)


@pytest.fixture(scope="module")
def document(run: Run) -> str:
    return render(run, village_life(run, 1), 0)


class Nesting(HTMLParser):
    """Collect elements that are closed out of turn or never."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [str(value) for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


def test_page_loads_nothing(document: str) -> None:
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", document)
    assert "@import" not in document
    assert not re.search(r"url\((?!#)", document)
    assert "<script" not in document


def test_page_is_well_formed_and_its_links_lead_somewhere(document: str) -> None:
    assert document.lstrip().startswith("<!doctype html>")
    page = Nesting()
    page.feed(document)
    assert page.wrong == []
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    targets = set(re.findall(r'(?:href="#|aria-labelledby=")([^"]+)"', document))
    assert targets <= set(page.ids)


def test_page_says_what_a_reader_must_know(document: str) -> None:
    for phrase in (
        "millions of people died",
        "no person on this page existed",
        "must not be\ncited as estimates",
        "less those expected without hunger",
        "Household 0, labelled middle",
        "Every month (25 rows)",
        "To cite",
    ):
        assert phrase in document


def test_households_that_were_not_kept_are_named_with_the_way_to_keep_them(run: Run) -> None:
    assert "perelom run --follow 2" in render(run, village_life(run, 2))


def test_charts_show_reports_beside_what_happened(run: Run) -> None:
    life = village_life(run, 0)
    names = {chart.name: chart for chart in charts(life)}
    kolkhoz = [curve.name for curve in names["kolkhoz"].curves]
    assert kolkhoz == ["this village", "region, in fact", "region, as reported"]
    (_, true, said) = names["kolkhoz"].curves
    np.testing.assert_allclose(true.values, life.true["share"] * 100)
    np.testing.assert_allclose(said.values, life.reported["share"] * 100)
    for chart in names.values():
        assert drawn(chart, life.months).count("<path") > len(chart.curves)
        assert all(curve.name.capitalize() in spoken(chart, life.months) for curve in chart.curves)


def test_a_run_without_a_whole_year_has_no_yearly_chart() -> None:
    run = Run.in_memory(chunks("1927-03"), manifest(until="1927-03"), SCENARIO)
    life = village_life(run, 0)
    assert not any(chart.yearly for chart in charts(life))
    assert "Every month (4 rows)" in render(run, life)
