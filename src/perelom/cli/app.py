"""The commands of `perelom`, gathered."""

import typer

from perelom.cli import (
    ablate,
    codebook,
    compare,
    doctor,
    evidence,
    fit,
    results,
    run,
    village,
)

app = typer.Typer(
    name="perelom",
    help="A laboratory of Soviet collectivization and forced industrialization, 1926-1940.",
    epilog="The subject is a catastrophe in which millions died; numbers of deaths always come "
    "with their definition and their uncertainty.\n\n"
    "Completion of commands, options and names: `perelom --install-completion`, then open a new "
    "terminal; Tab completes.\n\n"
    "Every command takes --help, --json and --quiet. Exit codes: 0 done, 1 defect or unready "
    "machine, 2 wrong input, 130 stopped by Ctrl-C.",
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

# Short enough for a line of `perelom --help` at 80 columns: longer ones would be cut there.
app.command("run", short_help="Simulate a scenario and hold it against the observations.")(run.run)
app.command("compare", short_help="Show how scenarios differ, draw by draw, with intervals.")(
    compare.compare
)
app.command("fit", short_help="Fit the parameters, or check whether their priors suffice.")(fit.fit)
app.command("ablate", short_help="Show what changes when a mechanism is left out.")(ablate.ablate)
app.command("score", short_help="Hold a run against every group of observations.")(results.score)
app.command("report", short_help="Write the report of a run as one HTML file.")(results.report)
app.command("village", short_help="Show the life of a village and its households.")(village.village)
app.command("export", short_help="Write the values of a run for other tools.")(results.export)
app.command("codebook", short_help="List the output variables, or show one of them.")(
    codebook.codebook
)
app.command("scenarios", short_help="List the scenarios that ship with the package.")(
    evidence.scenarios
)
app.command("evidence", short_help="List the series of observations, or show one of them.")(
    evidence.evidence
)
app.command("systems", short_help="List the 114 systems: code, tests, observations.")(
    evidence.systems
)
app.command("claims", short_help="List statements of the documents and how to test them.")(
    evidence.claims
)
app.command("conflicts", short_help="List disagreements and what would decide each.")(
    evidence.conflicts
)
app.command("doctor", short_help="Check whether this machine is ready; clear the cache.")(
    doctor.doctor
)


@app.callback(invoke_without_command=True)
def version(
    show: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Print the version when asked to."""
    if show:
        from importlib import metadata

        typer.echo(metadata.version("perelom"))
        raise typer.Exit
