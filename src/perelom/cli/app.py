"""The commands of `perelom`, gathered."""

import typer

from perelom.cli import ablate, codebook, compare, evidence, fit, results, run

app = typer.Typer(
    name="perelom",
    help="A laboratory of Soviet collectivization and forced industrialization, 1926-1940.",
    epilog="The subject is a catastrophe in which millions died; numbers of deaths always come "
    "with their definition and their uncertainty.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("fit")(fit.fit)
app.command("ablate")(ablate.ablate)
app.command("score")(results.score)
app.command("report")(results.report)
app.command("export")(results.export)
app.command("codebook")(codebook.codebook)
app.command("scenarios")(evidence.scenarios)
app.command("evidence")(evidence.evidence)
app.command("systems")(evidence.systems)
app.command("claims")(evidence.claims)
app.command("conflicts")(evidence.conflicts)


@app.callback(invoke_without_command=True)
def version(
    show: bool = typer.Option(False, "--version", help="Print the version and stop."),
) -> None:
    """Print the version when asked to."""
    if show:
        from importlib import metadata

        typer.echo(metadata.version("perelom"))
        raise typer.Exit
