"""What `perelom fit --check-prior` prints: how far the priors cover what was observed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from perelom.cli.output import Column, say, show

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
    Column("region", "Region", width=16),
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


def show_check(check: PriorCheck, *, quiet: bool) -> None:
    """Print the check: series and groups, points outside, the verdict."""
    for key, heading in (("series", "Series"), ("group", "Group of observations")):
        rows = [_row(row) for row in check.by(key).to_dicts()]
        columns = (Column(key, heading, width=32), *_SUMMARY)
        show(rows, columns, title=f"The priors held against observations, by {key}")
        say("")
    if not quiet:
        _show_misses(check)
        say(_NOTE)
    say(_verdict(check))


def _show_misses(check: PriorCheck) -> None:
    for (group, series), misses in check.misses().group_by("group", "series", maintain_order=True):
        unit = misses["unit"][0]
        rows = [row | {"period": _period(row)} for row in misses.to_dicts()]
        show(rows, _MISSES, title=f"{group}\n{series}, {unit}: {len(rows)} outside")
        say("")


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


def plain_check(check: PriorCheck) -> dict[str, Any]:
    """Return the check as plain values."""
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
