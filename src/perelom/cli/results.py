"""Commands on a finished or interrupted run: score, report, export."""

from pathlib import Path
from typing import Annotated

import typer

from perelom.cli.output import AsJson, Quiet, show_json
from perelom.cli.scoreboard import show_scoreboard

RunPath = Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")]


def score(run: RunPath, as_json: Annotated[bool, AsJson] = False) -> None:
    """Hold a run against every group of observations, misses first."""
    from perelom.results.run import Run

    opened = Run.open(run)
    if as_json:
        show_json(opened.score().to_dicts())
    else:
        show_scoreboard(opened)


def report(
    run: RunPath,
    out: Annotated[
        Path | None, typer.Option(help="Where to write it, instead of into the run folder.")
    ] = None,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Write the report of a run as one HTML file and print its path."""
    from perelom.results.run import Run

    path = Run.open(run).report(out)
    typer.echo(path if quiet else f"Report: {path}")


def export(
    run: RunPath,
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write.")],
    format: Annotated[  # noqa: A002
        str | None,
        typer.Option("--format", "-f", help="csv, parquet, netcdf or stata; by default by ending."),
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="One column a variable: csv, parquet or stata.")
    ] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Write month, region, variable, layer, value, unit, with a codebook; of draws: intervals."""
    from perelom.results.export import ENDINGS, WITH_SIDECAR, sidecar
    from perelom.results.run import Run

    chosen = format or ENDINGS.get(out.suffix, "csv")
    path = Run.open(run).export(chosen, out, wide=wide)
    if not quiet:
        beside = f" and {sidecar(path)}" if chosen in WITH_SIDECAR else ""
        typer.echo(f"Written: {path}{beside}")
