"""The command that leaves one mechanism out."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer

from perelom.cli.output import AsJson, Column, Quiet, show, show_json
from perelom.cli.progress import progress
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
        list[str] | None, typer.Argument(help="Mechanisms by name; left out, all of them.")
    ] = None,
    every: Annotated[
        bool, typer.Option("--all", help="All mechanisms, each left out in turn.")
    ] = False,
    members: Annotated[int, typer.Option(min=2, help="Draws of the fitted parameters.")] = 8,
    villages: Annotated[int, typer.Option(min=1, help="How many villages are simulated.")] = 320,
    seed: Annotated[int, typer.Option(min=0, help="The luck of the runs.")] = 1926,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Runs at once; by default what pays off here.")
    ] = None,
    markdown: Annotated[
        Path | None, typer.Option(metavar="FILE.md", help="Write the page of the docs, too.")
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
    chosen = known if every else mechanisms or known
    settings = Settings(villages=villages, seed=seed, draws="expected")
    sets = posterior_draws(members)
    at_once = processes or processes_for(members * (1 + len(chosen)), villages)
    with progress("Runs", shown=not quiet and not as_json) as tell:
        table = ablation.ablate(load("historical"), settings, chosen, sets, tell, at_once)
    if markdown is not None:
        write_whole(markdown, page(table, villages, fitted=shipped() is not None).encode())
    if as_json:
        show_json(table.fill_nan(None).to_dicts())
        return
    for name in chosen:
        _show(name, table.filter(table["arm"] == name).to_dicts())
    if not quiet:
        typer.echo(_NOTE)
    if markdown is not None:
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
