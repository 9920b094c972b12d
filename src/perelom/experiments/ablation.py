"""What a mechanism does: paired runs with and without it."""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from perelom.engine.settings import Settings
from perelom.experiments.outcomes import OUTCOMES, Outcome
from perelom.experiments.paired import run_paired
from perelom.inference.ensemble import Arm, Progress
from perelom.model.mechanisms import MECHANISMS
from perelom.scenario import Scenario

__all__ = ["OUTCOMES", "Outcome", "ablate", "switches"]

LAST_MONTH = "1939-01"
"""The last month that an outcome speaks of."""


def switches() -> list[str]:
    """Return the mechanisms inside lines of the month, those that a paired run can leave out."""
    return [name for name, mechanism in MECHANISMS.items() if mechanism.line != name]


def ablate(
    scenario: Scenario,
    settings: Settings,
    mechanisms: Sequence[str],
    parameter_sets: Sequence[dict[str, float]],
    progress: Progress | None = None,
    processes: int = 1,
) -> pl.DataFrame:
    """Run each parameter set with all mechanisms, then without each in turn, on the same luck.

    Returns
    -------
    polars.DataFrame
        The table of paired differences, "without" less "with", with the mechanism left out as
        `arm`: see `Paired.table`.

    """
    arms = [Arm("all", scenario)]
    arms += [Arm(name, scenario, frozenset({name})) for name in mechanisms]
    shorter = replace(settings, until=LAST_MONTH)
    return run_paired(arms, shorter, parameter_sets, progress, processes).table()
