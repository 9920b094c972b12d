"""Commands on a finished or interrupted run: score, report, export."""

from pathlib import Path
from typing import Annotated

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Quiet, show_json
from perelom.cli.progress import working
from perelom.cli.requests import check_file
from perelom.cli.scoreboard import show_scoreboard

RunPath = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="A run folder.", autocompletion=completion.runs),
]


def score(
    run: RunPath,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Hold a run against every group of observations, misses first."""
    from perelom.results.run import Run

    opened = Run.open(run)
    with working("Score", shown=not quiet):
        rows = opened.score().to_dicts()
    if as_json:
        show_json(rows)
    else:
        show_scoreboard(opened, quiet=quiet)


def report(
    run: RunPath,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write it, instead of into the run folder."),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Write the report of a run as one HTML file and print its path."""
    from perelom.results.run import Run

    check_file("--out", out)
    with working("Report", shown=not quiet):
        path = Run.open(run).report(out)
    if as_json:
        show_json({"report": path})
    else:
        typer.echo(path if quiet else f"Report: {path}")


def export(
    run: RunPath,
    out: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write.")],
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="csv, parquet, netcdf or stata; by default by ending.",
            autocompletion=completion.formats,
        ),
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="One column a variable: csv, parquet or stata.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Write month, region, variable, layer, value, unit, with a codebook; of draws: intervals."""
    from perelom.results.export import ENDINGS, WITH_SIDECAR, sidecar
    from perelom.results.run import Run

    chosen = format or ENDINGS.get(out.suffix, "csv")
    with working("Export", shown=not quiet):
        path = Run.open(run).export(chosen, out, wide=wide)
    beside = sidecar(path) if chosen in WITH_SIDECAR else None
    if as_json:
        show_json({"file": path, "format": chosen, "codebook": beside})
    elif not quiet:
        typer.echo(f"Written: {path}{f' and {beside}' if beside else ''}")
