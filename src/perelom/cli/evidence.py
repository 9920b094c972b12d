"""Commands on what is known: scenarios, evidence, systems, claims, conflicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Column, Quiet, nearest, say, show, show_json

if TYPE_CHECKING:
    import polars as pl


def scenarios(
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the scenarios that ship with the package."""
    from perelom import scenario

    rows: list[dict[str, Any]] = []
    for name in scenario.names():
        loaded = scenario.load(name)
        rows.append({"name": name, "title": loaded.title, "decisions": len(loaded.decisions)})
    if as_json:
        show_json(rows)
        return
    show(
        rows,
        (
            Column("name", "Scenario"),
            Column("title", "Title"),
            Column("decisions", "Decisions", "right"),
        ),
        note=None if quiet else "One of them: perelom run SCENARIO. Two: perelom compare ONE OTHER",
    )


def evidence(
    series: Annotated[
        str | None,
        typer.Argument(
            metavar="SERIES", help="The name of a series.", autocompletion=completion.series
        ),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the series of observations, or one series: variants, grades, sources, spread."""
    import perelom.evidence as known
    from perelom.cli import series_tables
    from perelom.results.errors import RequestError

    table = known.observations()
    if series is None:
        rows = series_tables.every_series(table)
        if as_json:
            show_json(rows)
        else:
            series_tables.show_every_series(rows, quiet=quiet)
        return
    names = table["series"].unique().to_list()
    if series not in names:
        raise RequestError(
            what=f"no series is called {series!r}",
            where="perelom evidence",
            allowed="a name listed by `perelom evidence`",
            remedy=nearest(series, names),
        )
    chosen = table.filter(table["series"] == series)
    if as_json:
        show_json(chosen.to_dicts())
    else:
        series_tables.show_series(series, chosen, quiet=quiet)


def systems(
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the systems S01-S114: where in the code, which test, which observations."""
    from perelom.evidence.status import systems_status

    table = systems_status()
    if as_json:
        show_json(table.to_dicts())
        return
    show(
        [_system(row) for row in table.to_dicts()],
        (
            Column("id", "Id", width=4),
            Column("title", "System", width=21),
            Column("code", "Code", width=17),
            Column("test", "Tests", width=14),
            Column("fit", "Fit", "right"),
            Column("held_out", "Held", "right"),
            Column("context", "Other", "right"),
        ),
        note=None if quiet else _SYSTEMS_NOTE,
    )


_SYSTEMS_NOTE = (
    "Code: modules of perelom.model unless a folder is named. Tests: files of\n"
    "tests/systems without test_ and the system's id. Fit, Held, Other: observations\n"
    "used in the fit, held out, and for context."
)


def _system(row: dict[str, Any]) -> dict[str, Any]:
    """Shorten the names of modules and tests, which say twice where they lie."""
    tests = row["test"].replace(f"test_{row['id'].lower()}_", "").replace("test_", "")
    code = row["code"].replace("perelom.", "").replace("model.", "")
    return row | {"code": code, "test": tests.replace(".py", "")}


def claims(
    about: Annotated[
        str | None,
        typer.Argument(
            metavar="WORD",
            help="An id, or a word to look for.",
            autocompletion=completion.claims,
        ),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the statements of the documents and how each can be tested."""
    import perelom.evidence as known

    rows = _about(known.claims(), about, ("subject", "statement"))
    if as_json:
        show_json(rows)
        return
    show(
        rows,
        (
            Column("id", "Id", width=5),
            Column("statement", "Statement"),
            Column("testable", "Testable", width=8),
            Column("how_to_test", "How to test"),
        ),
        note=None
        if quiet
        else f"{len(rows)} listed. One, or those about a word: perelom claims WORD",
    )


def conflicts(
    about: Annotated[
        str | None,
        typer.Argument(
            metavar="WORD",
            help="An id, or a word to look for.",
            autocompletion=completion.conflicts,
        ),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """List the disagreements between the documents and what would decide each."""
    import perelom.evidence as known

    rows = _about(known.conflicts(), about, ("question", "one_side", "other_side"))
    if as_json:
        show_json(rows)
        return
    columns = (Column("id", "", width=4), Column("part", "", width=15), Column("text", ""))
    for row in rows:
        parts = (
            ("Question", row["question"]),
            ("One side", row["one_side"]),
            ("Other side", row["other_side"]),
            ("Would decide it", row["deciding_test"]),
        )
        lines = [{"id": "", "part": part, "text": text} for part, text in parts]
        lines[0]["id"] = row["id"]
        show(lines, columns)
        say("")
    if not quiet:
        say("Letters with numbers are ids of statements: perelom claims ID")


def _about(
    table: pl.DataFrame, about: str | None, columns: tuple[str, ...]
) -> list[dict[str, Any]]:
    from perelom.results.errors import RequestError

    rows = table.to_dicts()
    if about is None:
        return rows
    word = about.lower()
    found = [
        row
        for row in rows
        if row["id"].lower() == word
        or any(word in str(row[name] or "").lower() for name in columns)
    ]
    if not found:
        raise RequestError(
            what=f"nothing found about {about!r}",
            where="the table searched",
            allowed=f"an id from {rows[0]['id']} to {rows[-1]['id']}, or a word of the text",
            remedy=nearest(about, [row["id"] for row in rows]),
        )
    return found
