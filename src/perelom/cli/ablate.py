"""The command that leaves one mechanism out."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Annotated

import typer

from perelom.cli.output import AsJson, Column, Quiet, show, show_json
from perelom.cli.progress import progress
from perelom.results.errors import RequestError

_COLUMNS = (
    Column("outcome", "Outcome"),
    Column("unit", "Unit"),
    Column("base", "With it", "right"),
    Column("difference", "Without: change", "right"),
    Column("low", "5%", "right"),
    Column("high", "95%", "right"),
)
_NOTE = (
    "Change: mean of paired runs without the mechanism less with it, same parameters\n"
    "and same luck; 5% and 95% of the pairs. Parameters are drawn from the priors:\n"
    "an attribution depends on model and baseline, and is not moral responsibility.\n"
    "Deaths are excess deaths from hunger by the model's definition."
)


def ablate(
    mechanisms: Annotated[
        list[str] | None, typer.Argument(help="Mechanisms by name; left out, all of them.")
    ] = None,
    members: Annotated[int, typer.Option(min=2, help="How many parameter sets are drawn.")] = 8,
    villages: Annotated[int, typer.Option(min=1, help="How many villages are simulated.")] = 320,
    seed: Annotated[int, typer.Option(min=0, help="The luck of draws and runs.")] = 1926,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Show what changes when a mechanism is left out of the historical scenario."""
    from perelom.engine.settings import Settings
    from perelom.experiments.ablation import ablate as run_pairs
    from perelom.experiments.ablation import switches
    from perelom.scenario import load

    known = switches()
    for name in mechanisms or []:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            raise RequestError(
                what=f"mechanism {name!r} is not known",
                where="perelom ablate",
                allowed=", ".join(known),
                remedy=f"did you mean {near[0]!r}?" if near else "choose one of these",
            )
    settings = Settings(villages=villages, seed=seed, draws="expected")
    with progress("Runs", shown=not quiet and not as_json) as tell:
        table = run_pairs(load("historical"), settings, mechanisms or known, members, seed, tell)
    if as_json:
        show_json(table.to_dicts())
        return
    for name in mechanisms or known:
        rows = table.filter(table["mechanism"] == name)
        show([_plain(row) for row in rows.to_dicts()], _COLUMNS, title=f"Without: {name}")
        typer.echo("")
    if not quiet:
        typer.echo(_NOTE)


def _plain(row: dict[str, object]) -> dict[str, str]:
    return {
        name: f"{value:.4g}" if isinstance(value, float) else str(value)
        for name, value in row.items()
    }
