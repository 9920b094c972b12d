"""Progress on standard error: how much is done, how long it took and how long it may still take."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import typer

from perelom.cli.output import console, is_terminal

Tell = Callable[[int, int], None]
"""Called with the number done and the number planned."""

LINE_SECONDS = 60.0
"""The least time between two lines of progress where nothing can be drawn."""

_ALL_DAY = 24 * 3600.0
"""Time left follows from the speed of so many last seconds: a year of a large run takes minutes."""


@contextmanager
def progress(what: str, *, shown: bool) -> Iterator[Tell]:
    """Give a function that is told the number done and the number planned.

    A terminal gets a bar; elsewhere work that lasts prints a line a minute. What the package says
    meanwhile, such as that it compiles the model, is printed once. Where `shown` is false nothing
    is printed.
    """
    if not shown:
        yield lambda _done, _planned: None
    elif is_terminal():
        with _bar(what) as tell:
            yield tell
    else:
        with _remarks(lambda text: typer.echo(text, err=True)):
            yield _lines(what)


@contextmanager
def working(what: str, *, shown: bool) -> Iterator[None]:
    """Show on a terminal that work goes on which is one piece, and for how long already."""
    if not shown or not is_terminal():
        yield
        return
    with _bar(what):
        yield


@contextmanager
def _bar(what: str) -> Iterator[Tell]:
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
    from rich.progress import TimeRemainingColumn as TimeLeftColumn

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
        TextColumn("gone"),
        TimeLeftColumn(),
        TextColumn("left"),
        console=console(errors=True),
        transient=True,
        speed_estimate_period=_ALL_DAY,
    ) as bar:
        task = bar.add_task(what, total=None, count="")

        def tell(done: int, planned: int) -> None:
            # Without a total the bar moves to and fro: before the first part is done a bar at zero
            # would look as if nothing went on.
            total = planned if done else None
            bar.update(task, completed=done, total=total, count=f"{done}/{planned}")

        with _remarks(lambda text: bar.console.print(text)):
            yield tell


def _lines(what: str) -> Tell:
    """Print how far the work is and how long it may still take, once a minute at most."""
    started, first, last = monotonic(), -1, monotonic()
    told = False

    def tell(done: int, planned: int) -> None:
        nonlocal first, last, told
        if first < 0:
            first = done
        is_due = monotonic() - last >= LINE_SECONDS or (told and done == planned)
        if done > first and is_due:
            last, told = monotonic(), True
            left = (last - started) / (done - first) * (planned - done) / 60
            typer.echo(f"{what}: {done} of {planned} done, {left:.0f} min left", err=True)

    return tell


class _Spoken(logging.Handler):
    """Says what the package logs, each sentence once: several processes may compile at a time."""

    def __init__(self, say: Callable[[str], object]) -> None:
        super().__init__(logging.INFO)
        self._say, self._said = say, set[str]()

    def emit(self, record: logging.LogRecord) -> None:
        """Say a sentence that was not said yet."""
        text = record.getMessage()
        if text not in self._said:
            self._said.add(text)
            self._say(text)


@contextmanager
def _remarks(say: Callable[[str], object]) -> Iterator[None]:
    log, spoken = logging.getLogger("perelom"), _Spoken(say)
    before = log.level
    log.addHandler(spoken)
    log.setLevel(logging.INFO)
    try:
        yield
    finally:
        log.removeHandler(spoken)
        log.setLevel(before)
