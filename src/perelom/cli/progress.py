"""The progress bar: how much is done, how long it took and how long it may still take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from perelom.cli.output import console, is_terminal


@contextmanager
def progress(what: str, *, shown: bool) -> Iterator[Callable[[int, int], None]]:
    """Give a function that is told the number done and the number planned.

    Nothing is drawn where `shown` is false or standard error is no terminal.
    """
    if not shown or not is_terminal():
        yield lambda _done, _planned: None
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
