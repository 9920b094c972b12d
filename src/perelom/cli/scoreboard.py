"""The scoreboard on the terminal: fitted groups first, then held-out ones, misses on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perelom.cli.output import Column, say, show

if TYPE_CHECKING:
    from perelom.results.draws import Draws
    from perelom.results.run import Run

_COLUMNS = (
    Column("group", "Group of observations"),
    Column("points", "Points", "right"),
    Column("error", "Error", "right"),
    Column("bias", "Bias", "right"),
    Column("within", "Inside", "right"),
)
_TITLES = {"fit": "Groups used in the fit", "held_out": "Groups held out: never used in the fit"}
_NOTE = (
    "Error: root mean square distance in units of each observation's own\n"
    "uncertainty (1: as far off as the sources are uncertain). Bias: mean distance,\n"
    "above 0 the run is too high. Inside: share of points in the published range."
)


_DRAWS_COLUMNS = (
    Column("group", "Group of observations", width=28),
    Column("points", "Points", "right"),
    Column("off", "Error", "right"),
    Column("lean", "Bias", "right"),
    Column("cover", "Cover", "right"),
    Column("width", "Width", "right"),
    Column("of_prior", "Of prior", "right"),
)
_DRAWS_NOTE = (
    "Error, Bias: mean distance of the median of the draws from the observation, as\n"
    "a share of the usual size of the series (pp: in percentage points); bias above\n"
    "0: too high. Cover: share of points in the 90% interval, observation error\n"
    "included; about 90% is wanted. Width: mean width of the draws' 90% range. Of\n"
    "prior: that width over the width before the fit; empty where no fit ships."
)


def show_scoreboard(run: Run, *, quiet: bool = False) -> None:
    """Print the scoreboard of a run, or of its draws where it has an ensemble.

    quiet leaves out what explains the columns, never that one run carries no interval.
    """
    if run.ensemble is not None:
        _show_draws(run, run.ensemble, quiet=quiet)
        return
    rows = run.score().to_dicts()
    for use, title in _TITLES.items():
        shown = [_row(row) for row in rows if row["use"] == use and row["points"]]
        show(shown, _COLUMNS, title=title)
        silent = [row["group"] for row in rows if row["use"] == use and not row["points"]]
        if silent:
            say(f"{len(silent)} more groups cannot be compared yet.")
        say("")
    if not quiet:
        say(_NOTE)
    say("One run carries no interval: its numbers, deaths above all, are no estimates.")


def _show_draws(run: Run, draws: Draws, *, quiet: bool) -> None:
    from perelom.results.draws import standing

    rows = run.score().to_dicts()
    for use, title in _TITLES.items():
        shown = [_draws_row(row) for row in rows if row["use"] == use and row["points"]]
        show(shown, _DRAWS_COLUMNS, title=title)
        silent = sum(row["use"] == use and not row["points"] for row in rows)
        if silent:
            say(f"{silent} more groups cannot be compared yet.")
        say("")
    if not quiet:
        say(_DRAWS_NOTE)
    say(standing())
    failed = draws.members.height - draws.count
    say(
        f"{draws.count} of {draws.planned} draws ran through"
        + (f", {failed} failed (see members.csv)." if failed else ".")
    )


def _draws_row(row: dict[str, Any]) -> dict[str, str]:
    points, of = row["points"], row["of"]
    unit = " pp" if row["in_points"] else "%"
    return {
        "group": row["group"],
        "points": str(points) if points == of else f"{points}/{of}",
        "off": f"{row['off'] * 100:.0f}{unit}",
        "lean": f"{row['lean'] * 100:+.0f}{unit}",
        "cover": f"{row['cover']:.0%}",
        "width": f"{row['width'] * 100:.0f}{unit}",
        "of_prior": "–" if row["of_prior"] is None else f"{row['of_prior']:.2f}",
    }


def _row(row: dict[str, Any]) -> dict[str, str]:
    points, of = row["points"], row["of"]
    return {
        "group": row["group"],
        "points": str(points) if points == of else f"{points}/{of}",
        "error": f"{row['error']:.1f}",
        "bias": f"{row['bias']:+.1f}",
        "within": f"{row['within']:.0%}",
    }
