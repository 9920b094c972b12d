"""A report opened in a browser window, with what its scripts said and asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

SIZES = [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")]
"""Widths of the window, in pixels, and colours that the desktop prefers."""


@dataclass
class Visit:
    """A page in a window: what scripts complained of, and what was asked for over a network."""

    page: Page
    width: int
    errors: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


@contextmanager
def visiting(browser: Browser, report: Path, width: int, scheme: Any) -> Iterator[Visit]:
    window = {"width": width, "height": 900}
    with browser.new_context(viewport=window, color_scheme=scheme) as context:  # type: ignore[arg-type]
        visit = Visit(context.new_page(), width)
        visit.page.on("pageerror", lambda error: visit.errors.append(str(error)))
        visit.page.on("console", lambda said: visit.errors.append(said.text))
        visit.page.on("request", lambda request: visit.asked.append(request.url))
        visit.page.goto(report.as_uri())
        yield visit


def check_page(visit: Visit, path: Path) -> None:
    """Fail where a script complained, anything else was asked for, or the page is too wide."""
    assert visit.errors == []
    assert visit.asked == [path.as_uri()]
    assert visit.page.evaluate("document.documentElement.scrollWidth") <= visit.width
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
