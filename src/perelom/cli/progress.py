"""The progress bar: how much is done, how long it took and how long it may still take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

import typer

from perelom.cli.output import console, is_terminal

LINE_SECONDS = 60.0
"""The least time between two lines of progress where nothing can be drawn."""


@contextmanager
def progress(
    what: str, *, shown: bool, lines: bool = False
) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told the number done and the number planned.

    Nothing is drawn where `shown` is false or standard error is no terminal; with `lines` long work
    then prints a line a minute.
    """
    if not shown or not is_terminal():
        yield _lines(what) if shown and lines else lambda _done, _planned: None
        return
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console(errors=True),
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, planned: bar.update(task, completed=done, total=planned)


def _lines(what: str) -> Callable[[int, int], None]:
    """Print how far the work is and how long it may still take, once a minute at most."""
    started, first, last = monotonic(), -1, monotonic()

    def tell(done: int, planned: int) -> None:
        nonlocal first, last
        if first < 0:
            first = done
        if done > first and (monotonic() - last >= LINE_SECONDS or done == planned):
            last = monotonic()
            left = (last - started) / (done - first) * (planned - done) / 60
            typer.echo(f"{what}: {done} of {planned} done, {left:.0f} min left", err=True)

    return tell
