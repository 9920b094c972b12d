"""The scoreboard on the terminal: fitted groups first, then held-out ones, misses on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perelom.cli.output import Column, console, show

if TYPE_CHECKING:
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


def show_scoreboard(run: Run) -> None:
    """Print the scoreboard of a run."""
    rows = run.score().to_dicts()
    for use, title in _TITLES.items():
        shown = [_row(row) for row in rows if row["use"] == use and row["points"]]
        show(shown, _COLUMNS, title=title)
        silent = [row["group"] for row in rows if row["use"] == use and not row["points"]]
        if silent:
            console().print(f"{len(silent)} more groups cannot be compared yet.")
        console().print()
    console().print(_NOTE)
    console().print("One run carries no interval: its numbers, deaths above all, are no estimates.")


def _row(row: dict[str, Any]) -> dict[str, str]:
    points, of = row["points"], row["of"]
    return {
        "group": row["group"],
        "points": str(points) if points == of else f"{points}/{of}",
        "error": f"{row['error']:.1f}",
        "bias": f"{row['bias']:+.1f}",
        "within": f"{row['within']:.0%}",
    }
