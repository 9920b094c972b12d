"""The command that simulates: a new run, a continued one, or a branch of one."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Quiet, complain, interrupted, show_json
from perelom.cli.progress import progress, working
from perelom.cli.requests import check_combination, check_draws, check_month
from perelom.cli.scoreboard import show_scoreboard
from perelom.cli.speed import keep_freed_memory, reading_ahead, use_two_threads
from perelom.results.errors import WriteError

if TYPE_CHECKING:
    from perelom.engine.settings import Settings
    from perelom.results.run import Run

_VILLAGES = 2000


def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario by name, or a TOML file; by default historical.",
            autocompletion=completion.scenarios,
        ),
    ] = None,
    villages: Annotated[
        int | None,
        typer.Option(metavar="N", help="Simulated villages, 320 to 400,000; by default 2,000."),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Fixes weather and lots, the same in all scenarios; by default 1926."
        ),
    ] = None,
    member: Annotated[
        int | None,
        typer.Option(metavar="N", help="Other weather and lots under the same seed; by default 0."),
    ] = None,
    draws: Annotated[
        str | None,
        typer.Option(
            metavar="KIND",
            help="sampled, the default: a household joins or does not; expected: by shares.",
            autocompletion=completion.draws,
        ),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="YYYY-MM", help="The last month; by default 1940-12.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The run folder; by default runs/SCENARIO-TIME."),
    ] = None,
    follow: Annotated[
        list[int] | None,
        typer.Option(metavar="VILLAGE", help="Keep all households of this village; repeatable."),
    ] = None,
    ensemble: Annotated[
        int | None,
        typer.Option(min=2, metavar="N", help="Also run N draws of the fitted parameters."),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="With --ensemble: draws run at once.")
    ] = None,
    keep_states: Annotated[
        bool, typer.Option("--keep-states", help="Keep the state of every year, not the last only.")
    ] = False,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="RUN",
            help="Continue this run where it stopped.",
            autocompletion=completion.runs,
        ),
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option(metavar="YYYY-MM", help="With --from: start SCENARIO in this month."),
    ] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", metavar="RUN", help="The run to branch from.", autocompletion=completion.runs
        ),
    ] = None,
    prior_defaults: Annotated[
        bool,
        typer.Option(
            "--prior-defaults", help="Take the defaults of the parameter table, not the fitted set."
        ),
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Simulate a scenario month by month and hold it against the observations."""
    chosen = {
        "SCENARIO": scenario,
        "--villages": villages,
        "--seed": seed,
        "--member": member,
        "--draws": draws,
        "--out": out,
        "--follow": follow,
        "--ensemble": ensemble,
        "--processes": processes,
        "--keep-states": keep_states,
        "--prior-defaults": prior_defaults,
    }
    for name, month in (("--until", until), ("--branch", branch)):
        check_month(name, month)
    check_draws(draws or "sampled")
    check_combination(chosen, resume=resume, branch=branch, source=source)
    scenario, villages = scenario or "historical", _VILLAGES if villages is None else villages
    if resume is None and ensemble is None:
        use_two_threads(villages)
    keep_freed_memory()
    from perelom.scenario import load

    if resume is None:
        load(scenario)
        settings = _settings(villages, seed, member, draws, until, follow)
    if resume is None and branch is None:
        from perelom.engine.programs import load_ahead

        load_ahead(settings)
    from perelom.results import simulation

    path = resume or out
    if path is None:
        from perelom.results.run_folder import default_path

        path = default_path(Path(scenario).stem)
    shown = not quiet
    with _stopping(path):
        with progress("Months", shown=shown) as bar:
            tell = reading_ahead(bar)
            if resume is not None:
                done = simulation.resume(resume, until, tell)
            elif branch is not None and source is not None:
                done = simulation.branch(source, branch, scenario, until, path, tell)
            else:
                if not prior_defaults:
                    settings = _fitted(settings, quiet=quiet)
                done = simulation.new(
                    scenario, settings, path, tell, keep_states=keep_states, draws=_sets(ensemble)
                )
        if done.manifest.ensemble:
            with progress("Draws", shown=shown) as bar:
                done = simulation.resume_draws(path, bar, processes)
    _conclude(done, path, as_json=as_json, quiet=quiet)


def _conclude(done: Run, path: Path, *, as_json: bool, quiet: bool) -> None:
    with working("Score and report", shown=not quiet):
        done.write_score()
        report = done.report()
    if as_json:
        show_json({"run": str(path), "report": str(report), "score": done.score().to_dicts()})
        return
    if not quiet:
        show_scoreboard(done)
        typer.echo("")
    typer.echo(f"Run folder: {path}")
    typer.echo(f"Report:     {report}")


def _settings(
    villages: int,
    seed: int | None,
    member: int | None,
    draws: str | None,
    until: str | None,
    follow: list[int] | None,
) -> Settings:
    from perelom.engine.settings import Settings

    given: dict[str, Any] = {"seed": seed, "member": member, "draws": draws, "until": until}
    told = {name: value for name, value in given.items() if value is not None}
    return Settings(villages=villages, follow=tuple(follow or ()), **told)


def _fitted(settings: Settings, *, quiet: bool) -> Settings:
    """Take the shipped central draw, and say so where it was fitted under other priors."""
    from perelom.inference.posterior import default_parameters, remark

    note = remark()
    if note and not quiet:
        typer.echo(note, err=True)
    return replace(settings, parameters=default_parameters() | settings.parameters)


def _sets(ensemble: int | None) -> list[dict[str, float]]:
    from perelom.inference.posterior import posterior_draws

    return posterior_draws(ensemble) if ensemble else []


@contextmanager
def _stopping(path: Path) -> Iterator[None]:
    """Say how to go on when the user stops a run."""
    try:
        yield
    except WriteError as error:
        complain(error)
        if (path / "manifest.json").is_file():
            typer.echo("What was done is kept. To continue once there is room:", err=True)
            typer.echo(f"  perelom run --resume {path}", err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        if path.exists():
            kept = "Stopped; what was done is kept. To continue:"
            interrupted(kept, f"  perelom run --resume {path}")
        interrupted("Stopped before a first chunk of months was done; nothing is kept.")
    finally:
        gc.enable()
