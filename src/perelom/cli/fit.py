"""The commands that hold the parameters against the evidence: the prior check and the fit."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from perelom.cli.fit_tables import show_fit
from perelom.cli.output import AsJson, Quiet, interrupted, show_json
from perelom.cli.prior_check_tables import plain_check, show_check
from perelom.cli.progress import progress
from perelom.cli.requests import check_file
from perelom.results.errors import RequestError
from perelom.results.files import write_whole


def fit(
    check_prior: Annotated[
        bool, typer.Option("--check-prior", help="Draw from the priors and compare their range.")
    ] = False,
    ensemble: Annotated[
        int | None,
        typer.Option(
            "--ensemble",
            "--members",
            min=2,
            metavar="N",
            help="Members, 10 or more for a fit; by default 200, with --check-prior 100.",
        ),
    ] = None,
    iterations: Annotated[
        int, typer.Option(min=1, metavar="N", help="Fit: updates of the ensemble.")
    ] = 4,
    villages: Annotated[
        int, typer.Option(metavar="N", help="Simulated villages, 320 to 400,000.")
    ] = 320,
    seed: Annotated[
        int, typer.Option(min=0, metavar="N", help="Fixes the draws, weather and lots.")
    ] = 1926,
    processes: Annotated[
        int | None,
        typer.Option(min=1, metavar="N", help="Runs at once; by default one a core."),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="The fit's folder; with --check-prior a CSV file."),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Fit the parameters to the observations, or check whether their priors cover them.

    A fit that was stopped goes on when the same command is given again.
    """
    if check_prior:
        _check_prior(
            ensemble or 100,
            villages,
            seed,
            processes or _cores(),
            out,
            as_json=as_json,
            quiet=quiet,
        )
        return
    from perelom.inference.fitting import LEAST_MEMBERS

    if out is None:
        raise RequestError(
            what="a fit needs a folder for its members and its results",
            where="perelom fit",
            allowed="--out DIR, or --check-prior",
            remedy="run `perelom fit --out fits/first`; the same command continues a stopped fit",
        )
    members = 200 if ensemble is None else ensemble
    if members < LEAST_MEMBERS:
        raise RequestError(
            what=f"{members} members show no correlation",
            where="--ensemble",
            allowed=f"{LEAST_MEMBERS} or more",
            remedy="100 to 200 give steady intervals",
        )
    asked = {"members": members, "iterations": iterations, "villages": villages, "seed": seed}
    try:
        told = _fit(asked, processes or _cores(), out, shown=not quiet)
    except KeyboardInterrupt:
        kept = "Stopped; every finished member is kept. To continue, give the same"
        interrupted(kept, "command again.")
    if as_json:
        show_json(told)
        return
    show_fit(told, out, quiet=quiet)


def _fit(asked: dict[str, int], processes: int, out: Path, *, shown: bool) -> dict[str, Any]:
    from perelom.engine.settings import Settings
    from perelom.inference import forward
    from perelom.inference.fitting import fit as fit_to
    from perelom.results.fit_folder import FitFolder, identity
    from perelom.results.fit_tables import write_results

    settings = Settings(villages=asked["villages"], seed=asked["seed"], draws="expected")
    folder = FitFolder(out, identity(dict(asked)))
    problem = forward.historical_problem(settings)
    with progress("Runs", shown=shown) as tell:
        found = fit_to(
            problem,
            folder,
            members=asked["members"],
            iterations=asked["iterations"],
            seed=asked["seed"],
            processes=processes,
            progress=tell,
        )
    return write_results(found, folder, asked)


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check_prior(
    draws: int,
    villages: int,
    seed: int,
    processes: int,
    out: Path | None,
    *,
    as_json: bool,
    quiet: bool,
) -> None:
    from perelom.engine.settings import Settings
    from perelom.inference.prior_check import check_priors
    from perelom.scenario import load

    check_file("--out", out)
    settings = Settings(villages=villages, seed=seed, draws="expected")
    try:
        with progress("Draws", shown=not quiet) as tell:
            check = check_priors(load("historical"), settings, draws, seed, tell, processes)
    except KeyboardInterrupt:
        interrupted("Stopped; a prior check keeps nothing.")
    if out is not None:
        write_whole(out, check.points.write_csv().encode())
    if as_json:
        show_json(plain_check(check))
        return
    show_check(check, quiet=quiet)
    if out is not None and not quiet:
        typer.echo(f"Written: {out}")
