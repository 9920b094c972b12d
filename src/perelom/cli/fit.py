"""The command that holds the priors against the evidence."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli.output import AsJson, Column, Quiet, console, show, show_json
from perelom.cli.progress import progress
from perelom.results.errors import RequestError
from perelom.results.files import write_whole

if TYPE_CHECKING:
    from perelom.inference.prior_check import PriorCheck

_SUMMARY = (
    Column("points", "Points", "right"),
    Column("contained", "Inside", "right"),
    Column("with_error", "With error", "right"),
    Column("too_high", "Too high", "right"),
    Column("too_low", "Too low", "right"),
)
_MISSES = (
    Column("region", "Region", width=22),
    Column("period", "Period"),
    Column("value", "Observed", "right"),
    Column("p05", "5%", "right"),
    Column("p95", "95%", "right"),
    Column("direction", "Model is"),
)
_NOTE = (
    "Inside: share of observations inside the 5-95% range of the simulated values.\n"
    "With error: the same after errors of observation are added. Too high, too\n"
    "low: observations that the whole range lies above, or below. Priors are no\n"
    "estimates; observations that are held out are not looked at."
)


def fit(
    check_prior: Annotated[
        bool, typer.Option("--check-prior", help="Draw from the priors and compare their range.")
    ] = False,
    draws: Annotated[int, typer.Option(min=2, help="How many parameter sets are drawn.")] = 100,
    villages: Annotated[int, typer.Option(min=1, help="How many villages are simulated.")] = 320,
    seed: Annotated[int, typer.Option(min=0, help="The luck of draws and runs.")] = 1926,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE.csv", help="Write every observation compared.")
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Check whether the priors of the parameters cover what was observed."""
    if not check_prior:
        raise RequestError(
            what="there is no fit yet, only its first step",
            where="perelom fit",
            allowed="--check-prior",
            remedy="run `perelom fit --check-prior`",
        )
    from perelom.engine.settings import Settings
    from perelom.inference.prior_check import check_priors
    from perelom.scenario import load

    settings = Settings(villages=villages, seed=seed, draws="expected")
    with progress("Draws", shown=not quiet and not as_json) as tell:
        check = check_priors(load("historical"), settings, draws, seed, tell)
    if out is not None:
        write_whole(out, check.points.write_csv().encode())
    if as_json:
        show_json(_plain(check))
        return
    _show(check, quiet=quiet)
    if out is not None and not quiet:
        typer.echo(f"Written: {out}")


def _show(check: PriorCheck, *, quiet: bool) -> None:
    for key, heading in (("series", "Series"), ("group", "Group of observations")):
        rows = [_row(row) for row in check.by(key).to_dicts()]
        columns = (Column(key, heading, width=30), *_SUMMARY)
        show(rows, columns, title=f"The priors held against observations, by {key}")
        typer.echo("")
    if not quiet:
        _show_misses(check)
        console().print(_NOTE)
    typer.echo(_verdict(check))


def _show_misses(check: PriorCheck) -> None:
    for (group, series), misses in check.misses().group_by("group", "series", maintain_order=True):
        unit = misses["unit"][0]
        rows = [row | {"period": _period(row)} for row in misses.to_dicts()]
        show(rows, _MISSES, title=f"{group}\n{series}, {unit}: {len(rows)} outside")
        typer.echo("")


def _verdict(check: PriorCheck) -> str:
    from perelom.inference.prior_check import ACCEPTED

    members, failed = len(check.ensemble.members), check.ensemble.failed
    lines = [
        f"{check.share:.0%} of {check.points.height} observations inside "
        f"({check.share_with_error:.0%} with error); at least {ACCEPTED:.0%} are wanted.",
        f"{members - len(failed)} of {members} draws ran through; "
        f"{check.silent.height} observations have no simulated counterpart.",
    ]
    lines += [f"  draw {member.number}: {member.error}" for member in failed[:3]]
    if len(failed) > 3:
        lines.append(f"  and {len(failed) - 3} more (see --json)")
    return "\n".join(lines)


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {name: f"{row[name]:.0%}" for name in ("contained", "with_error")}


def _period(row: dict[str, Any]) -> str:
    start, end = row["period_start"], row["period_end"]
    if start == end:
        return f"{start}"
    if start.year != end.year:
        return f"{start:%Y-%m} to {end:%Y-%m}"
    if (start.month, end.month) == (1, 12):
        return f"{start:%Y}"
    return f"{start:%Y-%m}" if start.month == end.month else f"{start:%Y-%m} to {end:%m}"


def _plain(check: PriorCheck) -> dict[str, Any]:
    return {
        "points": check.points.height,
        "contained": check.share,
        "contained_with_error": check.share_with_error,
        "accepted": check.accepted,
        "by_series": check.by("series").to_dicts(),
        "by_group": check.by("group").to_dicts(),
        "misses": check.misses().to_dicts(),
        "not_compared": check.silent["id"].to_list(),
        "members": [
            {"number": m.number, "status": m.status, "error": m.error, "seconds": m.seconds}
            for m in check.ensemble.members
        ],
    }
