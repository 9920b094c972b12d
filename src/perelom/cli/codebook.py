"""The command that says what every output variable is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Column, Quiet, console, nearest, show, show_json

if TYPE_CHECKING:
    from perelom.results.codebook import Entry

_NOTE = "Obs.: number of observations it is compared with.\nOne of them: perelom codebook VARIABLE"


def codebook(
    variable: Annotated[
        str | None,
        typer.Argument(
            metavar="VARIABLE", help="The name of a variable.", autocompletion=completion.variables
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write all to FILE.csv, .json or .md.")
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the output variables, or one: definition, unit, mechanisms, observations, sources."""
    from perelom.results import codebook as book
    from perelom.results.errors import RequestError

    if out is not None:
        _write(out)
        if as_json:
            show_json({"file": out})
        elif not quiet:
            typer.echo(f"Written: {out}")
        return
    known = book.codebook()
    if variable is not None and variable not in known:
        raise RequestError(
            what=f"no variable is called {variable!r}",
            where="perelom codebook",
            allowed="a name listed by `perelom codebook`",
            remedy=nearest(variable, known),
        )
    if as_json:
        entries = json.loads(book.as_json([variable] if variable else None))
        show_json(entries[0] if variable else entries)
    elif variable is not None:
        _show_one(known[variable])
    else:
        show(
            [
                {
                    "name": one.name,
                    "unit": one.unit,
                    "kind": one.kind,
                    "long_name": one.long_name,
                    "figures": sum(series.figures for series in one.compared),
                }
                for one in known.values()
            ],
            (
                Column("name", "Variable", width=26),
                Column("unit", "Unit", width=14),
                Column("kind", "Kind", width=5),
                Column("long_name", "What", width=20),
                Column("figures", "Obs.", "right"),
            ),
            note=None if quiet else _NOTE,
        )


def _write(path: Path) -> None:
    from perelom.results import codebook as book
    from perelom.results.codebook_page import page
    from perelom.results.errors import RequestError
    from perelom.results.files import write_whole

    kinds: dict[str, Callable[[], bytes]] = {
        ".csv": book.as_csv,
        ".json": lambda: (book.as_json() + "\n").encode(),
        ".md": lambda: page().encode(),
    }
    if path.suffix not in kinds:
        raise RequestError(
            what=f"a codebook cannot be written as {path.suffix or 'a file without an ending'!r}",
            where="--out",
            allowed=", ".join(kinds),
            remedy="give the file one of these endings",
        )
    write_whole(path, kinds[path.suffix]())


def _show_one(one: Entry) -> None:
    from perelom.model.mechanisms import MECHANISMS

    rows: list[dict[str, Any]] = [
        {"what": "Name", "text": one.long_name},
        {"what": "Definition", "text": one.definition},
        {"what": "Unit", "text": one.unit},
        {"what": "Value", "text": f"{one.kind}, {one.moment}"},
        {"what": "Layers", "text": ", ".join(one.layers)},
        {"what": "Made by", "text": ", ".join(one.lines)},
        *({"what": name, "text": MECHANISMS[name].note} for name in one.mechanisms),
    ]
    for series in one.compared:
        grades = ", ".join(f"{number} {grade}" for grade, number in series.grades.items())
        told = f"{series.figures} figures, {series.first}-{series.last}, grades {grades}; "
        rows.append({"what": series.series, "text": told + " ".join(series.sources)})
    console().print(f"{one.name}\n")
    show(rows, (Column("what", "", width=24), Column("text", "")))
