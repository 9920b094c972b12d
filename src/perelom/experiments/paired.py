"""Paired experiments: the same members in several arms, and the differences pair by pair.

The first arm is the base. A member has the same parameters and the same luck in every arm, so that
the difference within a pair is what the arm changes and not scatter between members.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from perelom.engine.settings import Settings
from perelom.errors import EnsembleError
from perelom.evidence.variables import variables
from perelom.experiments.outcomes import Outcome, available
from perelom.inference.ensemble import Arm, Finished, Progress, run_arms

Values = NDArray[np.float64]
National = dict[str, Values]
"""Monthly national values of the true layer by variable."""

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95
LEAST_MEMBERS = 2

_INTERVALS = [
    f"{name}{end}" for name in ("base", "other", "difference") for end in ("", "_low", "_high")
]
_TEXTS = ("arm", "outcome", "unit", "definition")
_TABLE: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(_TEXTS, pl.String),
    **dict.fromkeys((*_INTERVALS, "above", "equal"), pl.Float64),
    "members": pl.Int64,
}
_DRAWS: dict[str, type[pl.DataType]] = {
    "member": pl.Int64,
    **dict.fromkeys(_TEXTS[:3], pl.String),
    "value": pl.Float64,
    "less_base": pl.Float64,
}


@dataclass(frozen=True)
class Paired:
    """What paired runs gave.

    arms: names, the base first. members: numbers of those that ran through in every arm.
    months: first days. national: by arm, variable -> [member, month]. failed: member, arm and
    reason of runs that ended with an error. stopped: whether members were left undone.
    """

    arms: tuple[str, ...]
    members: tuple[int, ...]
    months: np.ndarray
    national: tuple[National, ...]
    failed: tuple[tuple[int, str, str], ...]
    stopped: bool = False

    def outcomes(self) -> tuple[list[Outcome], list[str]]:
        """Return the outcomes that the runs have and the names of those that they lack."""
        return available({name: rows[0] for name, rows in self.national[0].items()}, self.months)

    def values(self, outcome: Outcome) -> Values:
        """Return an outcome, [arm, member]."""
        found = [
            [
                outcome.of({name: rows[place] for name, rows in arm.items()}, self.months)
                for place in range(len(self.members))
            ]
            for arm in self.national
        ]
        return np.asarray(found, dtype=np.float64)

    def table(self) -> pl.DataFrame:
        """Sum the pairs up: one row an outcome and arm other than the base.

        Returns
        -------
        polars.DataFrame
            arm, outcome, unit, definition, base, base_low, base_high, other, other_low,
            other_high, difference, difference_low, difference_high (medians and 5% and 95% of the
            members; differences are arm less base within pairs), above (share of members whose
            difference is above zero), equal (share whose difference is exactly zero), members.

        """
        shown, _ = self.outcomes()
        rows = []
        for place, arm in enumerate(self.arms[1:], start=1):
            for outcome in shown:
                values = self.values(outcome)
                rows.append(_row(arm, outcome, self.national[0], values[0], values[place]))
        return pl.DataFrame(rows, schema=_TABLE)

    def draws(self) -> pl.DataFrame:
        """Return every member's outcomes: member, arm, outcome, unit, value, less_base."""
        frames = [pl.DataFrame(schema=_DRAWS)]
        for outcome in self.outcomes()[0]:
            values = self.values(outcome)
            for place, arm in enumerate(self.arms):
                frames.append(
                    pl.DataFrame(
                        {
                            "member": self.members,
                            "arm": [arm] * len(self.members),
                            "outcome": [outcome.name] * len(self.members),
                            "unit": [outcome.unit_in(self.national[0])] * len(self.members),
                            "value": values[place],
                            "less_base": values[place] - values[0],
                        },
                        schema=_DRAWS,
                    )
                )
        return pl.concat(frames).sort("member", maintain_order=True)


def run_paired(
    arms: Sequence[Arm],
    settings: Settings,
    parameter_sets: Sequence[dict[str, float]],
    progress: Progress | None = None,
    processes: int = 1,
) -> Paired:
    """Run every parameter set in every arm on the same luck.

    The number of a member is its place in the list. Ctrl-C ends the work; what is done by then is
    returned, as long as two members are whole.

    Raises
    ------
    EnsembleError
        If fewer than two members ran through in every arm.

    """
    planned = len(arms) * len(parameter_sets)
    done: list[Finished[tuple[np.ndarray, National]]] = []
    members = list(enumerate(parameter_sets))
    stopped = False
    if progress is not None:
        progress(0, planned)
    try:
        with closing(run_arms(arms, settings, members, national_months, processes)) as runs:
            for run in runs:
                done.append(run)
                if progress is not None:
                    progress(len(done), planned)
    except KeyboardInterrupt:
        stopped = True
        if _whole(done, len(arms)) == []:
            raise
    return _paired(arms, done, stopped=stopped)


def _whole(done: Sequence[Finished[tuple[np.ndarray, National]]], arms: int) -> list[int]:
    """Return the members that ran through in every arm."""
    through = [run.member for run in done if run.found is not None]
    return sorted(member for member in set(through) if through.count(member) == arms)


def _paired(
    arms: Sequence[Arm],
    done: Sequence[Finished[tuple[np.ndarray, National]]],
    *,
    stopped: bool,
) -> Paired:
    members = _whole(done, len(arms))
    failed = [(run.member, arms[run.arm].name, run.error) for run in done if run.error]
    if len(members) < LEAST_MEMBERS:
        reason = f"; the first failure: {failed[0][2]}" if failed else ""
        raise EnsembleError(
            f"{len(members)} members ran through in every arm, an interval needs at least "
            f"{LEAST_MEMBERS}{reason}"
        )
    found = {(run.member, run.arm): run.found for run in done if run.found is not None}
    months = found[members[0], 0][0]
    national = tuple(
        {
            name: np.stack([found[member, place][1][name] for member in members])
            for name in found[members[0], place][1]
        }
        for place in range(len(arms))
    )
    names = tuple(arm.name for arm in arms)
    return Paired(names, tuple(members), months, national, tuple(failed), stopped)


def national_months(true: xr.Dataset, reported: xr.Dataset) -> tuple[np.ndarray, National]:
    """Return the months of a run and the national values of its true layer.

    Flows and stocks are summed over regions; a share is weighted by its denominator, so that it
    equals the ratio of the national sums.
    """
    del reported
    table, values = variables(), {}
    for name, array in true.data_vars.items():
        declared, regional = table.get(str(name)), array.to_numpy()
        if declared is None or declared.kind != "share":
            values[str(name)] = np.asarray(regional.sum(axis=1), dtype=np.float64)
        elif declared.denominator in true:
            weights = true[declared.denominator].to_numpy()
            known = np.where(weights > 0, np.nan_to_num(regional) * weights, 0.0).sum(axis=1)
            total = weights.sum(axis=1)
            empty = np.full_like(total, np.nan)
            values[str(name)] = np.divide(known, total, out=empty, where=total > 0)
    return true["month"].to_numpy(), values


def interval(values: Values) -> tuple[float, float, float]:
    """Return median, 5% and 95% of the known values."""
    known = values[np.isfinite(values)]
    if not known.size:
        return float("nan"), float("nan"), float("nan")
    low, middle, high = np.quantile(known, [LOW, MIDDLE, HIGH])
    return float(middle), float(low), float(high)


def _row(
    arm: str, outcome: Outcome, known: National, base: Values, other: Values
) -> dict[str, object]:
    difference = other - base
    heard = difference[np.isfinite(difference)]
    row: dict[str, object] = {
        "arm": arm,
        "outcome": outcome.name,
        "unit": outcome.unit_in(known),
        "definition": outcome.definition,
    }
    for name, values in (("base", base), ("other", other), ("difference", difference)):
        row[name], row[f"{name}_low"], row[f"{name}_high"] = interval(values)
    row["above"] = float((heard > 0).mean()) if heard.size else float("nan")
    row["equal"] = float((heard == 0).mean()) if heard.size else float("nan")
    row["members"] = int(heard.size)
    return row
