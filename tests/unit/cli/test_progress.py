"""Progress: a bar with time left on a terminal, a line a minute elsewhere, silence when asked."""

import io
import logging

import pytest
from rich.console import Console

from perelom.cli import progress as module
from perelom.cli.progress import progress, working
from perelom.engine.programs import COMPILING

LOG = logging.getLogger("perelom")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    return now


def test_short_work_prints_no_line(clock: list[float], capsys: pytest.CaptureFixture[str]) -> None:
    with progress("Runs", shown=True) as tell:
        for done in range(11):
            clock[0] += 5
            tell(done, 10)
    assert capsys.readouterr() == ("", "")


def test_long_work_prints_a_line_a_minute_with_the_time_left(
    clock: list[float], capsys: pytest.CaptureFixture[str]
) -> None:
    with progress("Runs", shown=True) as tell:
        for done in range(11):
            tell(done, 10)
            clock[0] += 25
    assert capsys.readouterr().err.splitlines() == [
        "Runs: 3 of 10 done, 3 min left",
        "Runs: 6 of 10 done, 2 min left",
        "Runs: 9 of 10 done, 0 min left",
        "Runs: 10 of 10 done, 0 min left",
    ]


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """A terminal of 80 columns."""
    written = io.StringIO()
    drawn = Console(file=written, force_terminal=True, width=80, color_system=None)
    monkeypatch.setattr(module, "is_terminal", lambda: True)
    monkeypatch.setattr(module, "console", lambda **_: drawn)
    return written


def test_a_terminal_shows_count_and_time_left(screen: io.StringIO) -> None:
    with progress("Months", shown=True) as tell:
        for done in (0, 1, 13, 25):
            tell(done, 169)
        LOG.info(COMPILING)
    shown = screen.getvalue()
    assert "25/169" in shown
    assert "gone 0:00:0" in shown
    assert "left" in shown
    assert COMPILING in shown


@pytest.mark.parametrize("shown", [True, False])
def test_compiling_is_said_once_unless_all_is_to_be_quiet(
    capsys: pytest.CaptureFixture[str], shown: bool
) -> None:
    with progress("Runs", shown=shown):
        LOG.info(COMPILING)
        LOG.info(COMPILING)
    LOG.info(COMPILING)
    assert capsys.readouterr().err == (f"{COMPILING}\n" if shown else "")


@pytest.mark.parametrize("shown", [True, False])
def test_work_in_one_piece_shows_that_it_goes_on(screen: io.StringIO, shown: bool) -> None:
    with working("Export", shown=shown):
        pass
    assert ("Export" in screen.getvalue()) == shown
