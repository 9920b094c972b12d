"""Pages of results open whole at any size: nothing is fetched, nothing fails, axe is content."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visits import SIZES, check_page, visiting

from perelom.results.run import Run
from perelom.results.village_life import village_life
from perelom.results.village_page import write_village_page

FOLLOWED = 8


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_report(browser: Browser, report: Path, size: tuple[int, str]) -> None:
    with visiting(browser, report, *size) as visit:
        check_page(visit, report)


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_the_life_of_a_village(
    browser: Browser, run: Run, tmp_path: Path, size: tuple[int, str]
) -> None:
    page = write_village_page(run, village_life(run, FOLLOWED), tmp_path / "village.html")
    with visiting(browser, page, *size) as visit:
        check_page(visit, page)
