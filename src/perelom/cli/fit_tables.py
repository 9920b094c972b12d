"""What `perelom fit` prints: groups before and after, held out apart, and what moved."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from perelom.cli.output import Column, say, show

_GROUPS = (
    Column("group", "Group of observations", width=31),
    Column("points", "Points", "right"),
    Column("before", "Before", "right"),
    Column("after", "After", "right"),
    Column("whole", "Whole", "right"),
    Column("width", "Width", "right"),
)
_PARAMETERS = (
    Column("name", "Parameter", width=29),
    Column("prior_p50", "Prior", "right"),
    Column("posterior_p50", "Fitted", "right"),
    Column("shift", "Shift", "right"),
    Column("ratio", "Ratio", "right"),
)
_TITLES = {"fit": "Groups used in the fit", "held_out": "Groups held out: never used in the fit"}
_SHOWN = 15
_NOTE = (
    "Before, After: share of points in the 90% interval of the ensemble with errors\n"
    "of observation, before and after the fit. Whole: with the model's own error too.\n"
    "Width: range of the simulated values after over before, median of the group.\n"
    "Prior, Fitted: medians. Shift: of the mean, in standard deviations of the\n"
    "prior. Ratio: of the standard deviations, after over before."
)


def show_fit(told: dict[str, Any], folder: Path, *, quiet: bool) -> None:
    """Print the summary of a fit."""
    for use, title in _TITLES.items():
        rows = [_group(row) for row in told["groups"] if row["use"] == use]
        if rows:
            show(rows, _GROUPS, title=title)
            say("")
    moved = [_parameter(row) for row in told["parameters"][:_SHOWN]]
    show(moved, _PARAMETERS, title="Parameters that moved most")
    say("")
    if not quiet:
        say(_NOTE)
    say(_verdict(told))
    if not quiet:
        say("Written: posterior.csv, observations.csv, summary.json, and the draws to ship")
        say("with the package in `shipped`.")
        typer.echo(f"Folder: {folder}")


def _verdict(told: dict[str, Any]) -> str:
    inside, points, wanted = told["inside"]["fit"], told["fitted_points"], told["wanted_inside"]
    reached = "reached" if inside["posterior"] >= wanted else "not reached"
    lines = [
        f"{inside['posterior']:.0%} of {points} fitted points inside (before the fit "
        f"{inside['prior']:.0%}); at least",
        f"{wanted:.0%} are wanted: {reached}.",
    ]
    held_out = told["inside"]["held_out"]["posterior"]
    if held_out is not None:
        lines.append(f"Held out: {held_out:.0%} of {told['held_out_points']} points inside.")
    failed = ", ".join(str(number) for number in told["failed_by_iteration"])
    lines.append(f"Members that failed, by iteration: {failed}.")
    return "\n".join(lines)


def _group(row: dict[str, Any]) -> dict[str, Any]:
    shares = {name: f"{row[name]:.0%}" for name in ("before", "after", "whole")}
    return row | shares | {"width": None if row["width"] is None else f"{row['width']:.2f}"}


def _parameter(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"shift": f"{row['shift']:+.2f}", "ratio": f"{row['ratio']:.2f}"}
