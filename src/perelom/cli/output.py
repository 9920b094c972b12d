"""How the command line speaks: tables, JSON, one message an error, names nearly right."""

from __future__ import annotations

import difflib
import json
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import typer

from perelom.errors import PerelomError

if TYPE_CHECKING:
    from rich.console import Console

AsJson = typer.Option("--json", help="Print JSON instead of a table.")
Quiet = typer.Option("--quiet", "-q", help="Print only results, no progress and no remarks.")


@dataclass(frozen=True)
class Column:
    """A column of a printed table: key in the rows, heading, alignment, width.

    A left column with a width breaks long names after `_`, `.` and `,`; a right one, of numbers,
    is never cut.
    """

    key: str
    heading: str
    justify: Literal["left", "right"] = "left"
    width: int | None = None


def console(*, errors: bool = False) -> Console:
    """Return the console of standard output, or of standard error."""
    from rich.console import Console

    return Console(stderr=errors, highlight=False, soft_wrap=False)


def show(
    rows: Iterable[dict[str, Any]],
    columns: Sequence[Column],
    *,
    title: str | None = None,
    note: str | None = None,
) -> None:
    """Print rows as a table that fits the terminal."""
    from rich.table import Table
    from rich.text import Text

    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        box=None,
        pad_edge=False,
        header_style="bold",
        caption=note,
        caption_justify="left",
        caption_style="",
    )
    cells = [[_fitted(row.get(column.key), column) for column in columns] for row in rows]
    for number, column in enumerate(columns):
        parts = [part for line in cells for part in line[number].split("\n")]
        whole = max((len(part) for part in parts), default=0)
        table.add_column(
            column.heading,
            justify=column.justify,
            width=column.width,
            min_width=max(whole, len(column.heading)) if column.justify == "right" else None,
            overflow="fold",
        )
    for line in cells:
        table.add_row(*map(Text, line))
    console().print(table)


def show_json(value: object) -> None:
    """Print a value as JSON; dates are ISO strings and missing values are null."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str, allow_nan=False))


def complain(error: PerelomError) -> None:
    """Print an error on standard error: what, where, what is allowed and what to do."""
    parts = [
        (heading, str(getattr(error, name)))
        for name, heading in (
            ("where", "where:  "),
            ("allowed", "allowed:"),
            ("remedy", "remedy: "),
        )
        if getattr(error, name, None) is not None
    ]
    what = getattr(error, "what", None)
    if what is None:
        typer.echo(f"perelom: error: {error}", err=True)
        return
    typer.echo(f"perelom: error: {what}", err=True)
    for heading, text in parts:
        typer.echo(f"  {heading} {text}", err=True)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a remedy that names the most similar known names."""
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else "look the names up in the list"


def is_terminal() -> bool:
    """Tell whether standard error is a terminal, so that a progress bar makes sense."""
    return sys.stderr.isatty()


def _fitted(value: object, column: Column) -> str:
    text = _cell(value)
    if column.width is None or column.justify == "right":
        return text
    return "\n".join(_broken(text, column.width))


def _broken(text: str, width: int) -> list[str]:
    lines = [""]
    for part in re.findall(r"[^_., ]*[_., ]*", text):
        if lines[-1] and len((lines[-1] + part).rstrip()) > width:
            lines.append("")
        lines[-1] += part
    return [line.rstrip() for line in lines]


def _cell(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"
    return str(value)
