"""The command that simulates: a new run, a continued one, or a branch of one."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from perelom.cli import completion
from perelom.cli.output import AsJson, Quiet, complain, interrupted, show_json
from perelom.cli.progress import progress
from perelom.cli.requests import check_draws, check_month, check_run_options
from perelom.cli.scoreboard import show_scoreboard
from perelom.results.errors import RequestError, WriteError

if TYPE_CHECKING:
    from perelom.engine.settings import Settings
    from perelom.results.run import Run

WORTH_TWO_THREADS = 1000
"""Villages from which a second thread saves time; same bits either way."""


def run(
    context: typer.Context,
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="SCENARIO",
            help="A scenario by name, or a TOML file.",
            autocompletion=completion.scenarios,
        ),
    ] = "historical",
    villages: Annotated[
        int, typer.Option(metavar="N", help="Simulated villages, 320 to 400,000.")
    ] = 2000,
    seed: Annotated[
        int, typer.Option(metavar="N", help="Fixes weather and lots; the same in all scenarios.")
    ] = 1926,
    member: Annotated[
        int, typer.Option(metavar="N", help="Other weather and lots under the same seed.")
    ] = 0,
    draws: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="sampled: a household joins or does not; expected: by shares.",
            autocompletion=completion.draws,
        ),
    ] = "sampled",
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
    for name, month in (("--until", until), ("--branch", branch)):
        check_month(name, month)
    check_draws(draws)
    check_run_options(context)
    _check_ensemble(ensemble, resume, branch)
    if resume is None and ensemble is None:
        _use_two_threads(villages)
    _keep_freed_memory()
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
            tell = _reading_ahead(bar)
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


def _use_two_threads(villages: int) -> None:
    """Share the months among two threads: at 2,000 villages they take a third less time."""
    if villages >= WORTH_TWO_THREADS and (os.cpu_count() or 1) > 1:
        os.environ.setdefault("NPROC", "2")


def _keep_freed_memory() -> None:
    """Use the memory of one year's months for the next: asking the system anew takes a tenth more.

    Only the C library of GNU has these settings; elsewhere nothing changes.
    """
    with suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        library.mallopt(_M_MMAP_MAX, 0)
        library.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)


_M_TRIM_THRESHOLD, _M_MMAP_MAX = -1, -4
"""Numbers of the settings in the C library's malloc.h."""


def _reading_ahead(bar: Callable[[int, int], None]) -> Callable[[int, int], None]:
    """Read what score and report will need while the program is loaded and the first months run.

    Python's collector of garbage rests until a first year is done: there is hardly any before, and
    looking for it would take half a second.
    """
    gc.disable()
    ahead = threading.Thread(target=_read)

    def tell(done: int, planned: int) -> None:
        bar(done, planned)
        if not ahead.ident:
            ahead.start()
        elif not gc.isenabled():
            gc.enable()

    return tell


def _read() -> None:
    from perelom.evidence import observations, units

    import_module("perelom.results.report")
    observations()
    units.registry()


def _conclude(done: Run, path: Path, *, as_json: bool, quiet: bool) -> None:
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
    villages: int, seed: int, member: int, draws: str, until: str | None, follow: list[int] | None
) -> Settings:
    from perelom.engine.settings import Settings

    kind: Literal["sampled", "expected"] = "expected" if draws == "expected" else "sampled"
    settings = Settings(
        villages=villages, seed=seed, member=member, draws=kind, follow=tuple(follow or ())
    )
    return replace(settings, until=until) if until else settings


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


def _check_ensemble(ensemble: int | None, resume: Path | None, branch: str | None) -> None:
    if ensemble is None or (resume is None and branch is None):
        return
    raise RequestError(
        what="--ensemble belongs to a new run",
        where="--ensemble",
        allowed="a run from 1926-12 on; a stopped ensemble goes on with --resume alone",
        remedy="leave --ensemble away, or start a new run with it",
    )


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
