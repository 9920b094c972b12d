"""The command that compares scenarios, pair by pair."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli import completion
from perelom.cli.output import (
    INTERRUPTED,
    AsJson,
    Column,
    Quiet,
    interrupted,
    say,
    show,
    show_json,
)
from perelom.cli.progress import progress
from perelom.cli.requests import check_draws, check_month

if TYPE_CHECKING:
    from perelom.results.comparison import Comparison

_NOTE = (
    "Medians with the 5% and 95% of the draws below. Difference: within pairs of the\n"
    "same parameters and the same luck. > 0: draws with a difference above zero. An\n"
    "effect in the model depends on model and baseline; it is no measure of moral\n"
    "responsibility. Deaths are excess deaths from hunger by the model's definition:"
)


def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            metavar="SCENARIO",
            help="Two or more, by name or TOML file; the first is the base.",
            autocompletion=completion.scenarios,
        ),
    ],
    ensemble: Annotated[
        int, typer.Option(metavar="N", help="Draws of the fitted parameters, 2 or more.")
    ] = 20,
    villages: Annotated[
        int, typer.Option(metavar="N", help="Simulated villages, 320 to 400,000.")
    ] = 320,
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The last month; by default 1940-12.")
    ] = None,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Fixes weather and lots; the same in all scenarios.")
    ] = 1926,
    draws: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="sampled: a household joins or does not; expected: by shares.",
            autocompletion=completion.draws,
        ),
    ] = "expected",
    processes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Runs at once; by default what pays off here."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The folder; by default comparisons/NAMES-TIME."),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Run scenarios under the same draws and luck and show the differences with intervals."""
    from perelom.engine.settings import Settings
    from perelom.results import comparison as made

    check_month("--until", until)
    check_draws(draws)
    loaded = made.checked(scenarios, ensemble)
    folder = out or made.default_folder([one.name for one in loaded])
    made.refuse_existing(folder)
    kind: Any = draws
    settings = Settings(villages=villages, seed=seed, draws=kind, until=until or Settings.until)
    try:
        with progress("Runs", shown=not quiet) as tell:
            found = made.compare(loaded, settings, ensemble, tell, processes)
    except KeyboardInterrupt:
        interrupted("Stopped before one draw was whole in every scenario; nothing is kept.")
    report = found.write(folder)
    if as_json:
        show_json(_plain(found, report))
    else:
        _show(found, quiet=quiet)
        typer.echo(f"Folder: {folder}")
        typer.echo(f"Report: {report}")
    if found.paired.stopped:
        sys.exit(INTERRUPTED)


def _show(found: Comparison, *, quiet: bool) -> None:
    from perelom.experiments.outcomes import EXCESS_DEATHS
    from perelom.results.comparison_report import above, shown

    base, *others = found.paired.arms
    for arm in others:
        rows = []
        for row in found.table.to_dicts():
            if row["arm"] != arm:
                continue
            cells = {
                name: "\n".join(shown(row, name, sign=name == "difference"))
                for name in ("base", "other", "difference")
            }
            outcome = f"{row['outcome']}, {row['unit']}"
            rows.append(cells | {"outcome": outcome, "above": above(row)})
        columns = (
            Column("outcome", "Outcome", width=15),
            Column("base", base, "right"),
            Column("other", arm, "right"),
            Column("difference", "Difference", "right"),
            Column("above", "> 0", "right", width=4),
        )
        show(rows, columns, title=f"{arm} against {base}, {len(found.paired.members)} draws")
        typer.echo("")
    if quiet:
        return
    say(f"{_NOTE}\n{EXCESS_DEATHS}.")
    say(found.standing)
    if found.not_simulated:
        say(f"Not simulated: {', '.join(found.not_simulated)}.")
    if found.paired.stopped:
        say("Stopped early: only the draws that were done are counted.")
    for member, arm, error in found.paired.failed[:3]:
        say(f"Draw {member} failed under {arm}: {error}")


def _plain(found: Comparison, report: Path) -> dict[str, Any]:
    return {
        "report": str(report),
        "base": found.paired.arms[0],
        "draws": len(found.paired.members),
        "stopped": found.paired.stopped,
        "not_simulated": found.not_simulated,
        "failed": [list(one) for one in found.paired.failed],
        "outcomes": found.table.fill_nan(None).to_dicts(),
    }
