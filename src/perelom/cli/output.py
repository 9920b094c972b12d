"""How the command line speaks: tables, JSON, one message an error, names nearly right."""

from __future__ import annotations

import difflib
import json
import math
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import typer

from perelom.errors import PerelomError

if TYPE_CHECKING:
    from rich.console import Console

AsJson = typer.Option("--json", help="Print JSON instead of text.")
Quiet = typer.Option("--quiet", "-q", help="Print only results: no progress, no remarks.")

_LEAST_WIDTH = 12

INTERRUPTED = 130
"""The exit code of a command that Ctrl-C ended."""


@dataclass(frozen=True)
class Column:
    """A column of a printed table: key in the rows, heading, alignment, width.

    A left column with a width breaks long names after `_`, `.` and `,` and gives way on a narrow
    terminal; a right one, of numbers, is never cut.
    """

    key: str
    heading: str
    justify: Literal["left", "right"] = "left"
    width: int | None = None


def console(*, errors: bool = False) -> Console:
    """Return the console of standard output, or of standard error."""
    from rich.console import Console

    return Console(stderr=errors, highlight=False, soft_wrap=False)


def say(text: str, *, style: str | None = None) -> None:
    """Print a sentence, wrapped to the width of the terminal."""
    console().print(text, style=style, markup=False)


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

    screen = console()
    texts = [[_cell(row.get(column.key)) for column in columns] for row in rows]
    widths = _widths(columns, texts, screen.width)
    has_heading = any(column.heading for column in columns)
    table = Table(box=None, pad_edge=False, header_style="bold", show_header=has_heading)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(column.heading, justify=column.justify, width=width, overflow="fold")
    cells = [
        [
            text if column.justify == "right" or width is None else "\n".join(_broken(text, width))
            for text, column, width in zip(line, columns, widths, strict=True)
        ]
        for line in texts
    ]
    for line in cells:
        table.add_row(*map(Text, line))
    # Beside the table, not in it: there they would be wrapped to the table's own width.
    if title:
        say(title, style="bold")
    screen.print(table)
    if note:
        say(note)


def show_json(value: object) -> None:
    """Print a value as JSON; dates are ISO strings, what is missing or no number is null."""
    typer.echo(json.dumps(_plain(value), ensure_ascii=False, indent=2, allow_nan=False))


def complain(error: PerelomError) -> None:
    """Print an error on standard error: what, where, what is allowed and what to do."""
    what = getattr(error, "what", None)
    typer.echo(_wrapped("perelom: error: ", str(error) if what is None else what), err=True)
    if what is None:
        return
    for name, heading in (("where", "where:  "), ("allowed", "allowed:"), ("remedy", "remedy: ")):
        text = getattr(error, name, None)
        if text is not None:
            typer.echo(_wrapped(f"  {heading} ", str(text)), err=True)


def usage_error(error: typer.TyperException) -> PerelomError:
    """Return in the form of all other errors what Typer has to say of a command line."""
    from perelom.results.errors import RequestError

    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context else "perelom"
    usage = context.get_usage().split(maxsplit=1)[1] if context else "perelom COMMAND"
    said = error.format_message().rstrip(".")
    return RequestError(
        what=said[:1].lower() + said[1:],
        where=command,
        allowed=" ".join(usage.split()),
        remedy=f"`{command} --help` lists what can be given",
    )


def interrupted(*lines: str) -> NoReturn:
    """Say what became of work that Ctrl-C ended, and end with the exit code of that."""
    for line in lines:
        typer.echo(line, err=True)
    sys.exit(INTERRUPTED)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a remedy that names the most similar known names."""
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"did you mean {' or '.join(close)}?" if close else "look the names up in the list"


def is_terminal() -> bool:
    """Tell whether standard error is a terminal, so that a progress bar makes sense."""
    return sys.stderr.isatty()


def _wrapped(heading: str, text: str) -> str:
    """Wrap a text beside its heading on a terminal; elsewhere a line stays whole for tools."""
    if not is_terminal():
        return heading + text
    from shutil import get_terminal_size
    from textwrap import fill

    return fill(
        text,
        width=max(get_terminal_size().columns, 40),
        initial_indent=heading,
        subsequent_indent=" " * len(heading),
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(value: object) -> Any:
    """Return a value in the terms of JSON."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, (bool, int, str)):
        return value
    moment = getattr(value, "isoformat", None)
    return moment() if moment else str(value)


def _widths(
    columns: Sequence[Column], texts: Sequence[Sequence[str]], room: int
) -> list[int | None]:
    """Return the widths of columns, None where Rich may choose.

    Rich cuts what exceeds the terminal: there names give way first, then ranges of numbers, which
    break at their spaces.
    """
    names, numbers, least = {}, {}, {}
    for place, column in enumerate(columns):
        parts = [column.heading, *(part for line in texts for part in line[place].split("\n"))]
        if column.justify == "right":
            numbers[place] = max(len(part) for part in parts)
            least[place] = max(len(word) for part in parts for word in part.split() or [""])
        elif column.width is not None:
            names[place] = column.width
    flexible = len(columns) - len(names) - len(numbers)
    room -= 2 * (len(columns) - 1) + flexible * _LEAST_WIDTH
    _narrow(names, dict.fromkeys(names, _LEAST_WIDTH), room - sum(numbers.values()))
    _narrow(numbers, least, room - sum(names.values()))
    _narrow(names, dict.fromkeys(names, _LEAST_WIDTH // 2), room - sum(numbers.values()))
    return [(names | numbers).get(place) for place in range(len(columns))]


def _narrow(widths: dict[int, int], least: Mapping[int, int], room: int) -> None:
    """Take from the widest columns, one after the other, until they have room."""
    while sum(widths.values()) > room:
        above = [place for place, width in widths.items() if width > least[place]]
        if not above:
            return
        widths[max(above, key=lambda place: widths[place])] -= 1


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
