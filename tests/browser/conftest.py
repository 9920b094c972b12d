"""A report in a real browser: Chromium where it is installed, else the tests say that it is not."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from visits import visiting

import perelom
from perelom.results.run import Run

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser is installed: looked for {', '.join(NAMES)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def run() -> Run:
    """A run of 320 villages with the storm of 1930 and the hunger of 1932 in it."""
    return perelom.run("historical", villages=320, until="1932-12")


@pytest.fixture(scope="session")
def report(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run.report(tmp_path_factory.mktemp("browser") / "report.html")


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """The report at 1280 pixels, light; anything that a script complains of fails the test."""
    with visiting(browser, report, 1280, "light") as visit:
        yield visit.page
        assert visit.errors == []
