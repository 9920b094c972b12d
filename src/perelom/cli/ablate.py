"""The command that leaves one mechanism out."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Column, Quiet, interrupted, say, show, show_json
from perelom.cli.progress import progress
from perelom.cli.requests import check_file
from perelom.results.errors import RequestError
from perelom.results.files import write_whole

_NOTE = (
    "Medians with the 5% and 95% of the draws below. Without, change: paired runs\n"
    "without the mechanism less with it, same parameters and same luck. > 0: draws\n"
    "with a change above zero. An attribution depends on model and baseline, and is\n"
    "not moral responsibility. Deaths are excess deaths from hunger by the model's\n"
    "definition."
)


def ablate(
    mechanisms: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MECHANISM",
            help="Mechanisms by name; left out, all of them.",
            autocompletion=completion.mechanisms,
        ),
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All mechanisms, each left out in turn.")
    ] = False,
    ensemble: Annotated[
        int,
        typer.Option(
            "--ensemble",
            "--members",
            min=2,
            metavar="N",
            help="Draws of the fitted parameters, 2 or more.",
        ),
    ] = 8,
    villages: Annotated[
        int, typer.Option(metavar="N", help="Simulated villages, 320 to 400,000.")
    ] = 320,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Fixes weather and lots; the same in all runs.")
    ] = 1926,
    processes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Runs at once; by default what pays off here."),
    ] = None,
    markdown: Annotated[
        Path | None,
        typer.Option(metavar="FILE.md", help="Also write the tables as a page of Markdown."),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Show what changes when a mechanism is left out of the historical scenario."""
    from perelom.engine.settings import Settings
    from perelom.experiments import ablation
    from perelom.inference.pool import processes_for
    from perelom.inference.posterior import posterior_draws, shipped
    from perelom.results.ablation_page import page
    from perelom.scenario import load

    known = ablation.switches()
    _check(mechanisms or [], known, every=every)
    check_file("--markdown", markdown)
    chosen = known if every else mechanisms or known
    settings = Settings(villages=villages, seed=seed, draws="expected")
    sets = posterior_draws(ensemble)
    at_once = processes or processes_for(ensemble * (1 + len(chosen)), villages)
    try:
        with progress("Runs", shown=not quiet) as tell:
            table = ablation.ablate(load("historical"), settings, chosen, sets, tell, at_once)
    except KeyboardInterrupt:
        interrupted("Stopped before one draw was whole in every run; nothing is kept.")
    if markdown is not None:
        write_whole(markdown, page(table, villages, fitted=shipped() is not None).encode())
    if as_json:
        show_json(table.fill_nan(None).to_dicts())
        return
    for name in chosen:
        _show(name, table.filter(table["arm"] == name).to_dicts())
    if not quiet:
        say(_NOTE)
    if markdown is not None and not quiet:
        typer.echo(f"Written: {markdown}")


def _check(mechanisms: list[str], known: list[str], *, every: bool) -> None:
    if every and mechanisms:
        raise RequestError(
            what="--all and names of mechanisms exclude each other",
            where="perelom ablate",
            allowed="--all, or names",
            remedy="leave one of them away",
        )
    for name in mechanisms:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise RequestError(
                what=f"mechanism {name!r} is not known",
                where="perelom ablate",
                allowed=", ".join(known),
                remedy=f"did you mean {near[0]!r}?" if near else "choose one of these",
            )


def _show(name: str, rows: list[dict[str, Any]]) -> None:
    from perelom.results.comparison_report import above, shown

    cells = [
        {
            "outcome": f"{row['outcome']}, {row['unit']}",
            "base": "\n".join(shown(row, "base")),
            "difference": "\n".join(shown(row, "difference", sign=True)),
            "above": above(row),
        }
        for row in rows
    ]
    columns = (
        Column("outcome", "Outcome", width=28),
        Column("base", "With it", "right"),
        Column("difference", "Without: change", "right"),
        Column("above", "> 0", "right"),
    )
    show(cells, columns, title=f"Without: {name}")
    typer.echo("")
