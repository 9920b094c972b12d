"""A run with an ensemble: after the central member, one run for each draw of the parameters."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import xarray as xr

from perelom.results.draws_store import DrawsStore
from perelom.results.national import with_nation
from perelom.results.run import Run
from perelom.results.run_folder import RunFolder

if TYPE_CHECKING:
    from perelom.engine.settings import Settings
    from perelom.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with the draws done and the draws planned."""


def run_draws(
    path: Path,
    scenario: Scenario,
    settings: Settings,
    progress: Progress,
    processes: int | None = None,
) -> Run:
    """Run the draws that a run folder still lacks and write each as it ends.

    Parameters
    ----------
    path
        A run folder whose central member is complete and whose draws are planned.
    scenario, settings
        Those of the central member; each draw brings its own parameters and its own luck.
    progress
        Called before the first and after each draw.
    processes
        How many draws run at once; left out, as many as pay off here.

    """
    from perelom.inference.ensemble import Arm, run_arms
    from perelom.inference.pool import processes_for

    folder, store = RunFolder.open(path), DrawsStore(path)
    sets = store.parameter_sets
    members = [(number, sets[number]) for number in store.left()]
    folder.reopen()
    try:
        progress(len(sets) - len(members), len(sets))
        at_once = processes or processes_for(len(members), settings.villages)
        arms = [Arm(scenario.name, scenario)]
        with closing(run_arms(arms, settings, members, national_layers, at_once)) as runs:
            for done, run in enumerate(runs, start=len(sets) - len(members) + 1):
                store.append(run.member, run.found, run.error, run.seconds)
                progress(done, len(sets))
    except BaseException:
        folder.close("interrupted")
        raise
    folder.close("complete")
    return Run.open(path)


def national_layers(true: xr.Dataset, reported: xr.Dataset) -> dict[str, xr.Dataset]:
    """Return both layers with the row USSR."""
    return {"true": with_nation(true), "reported": with_nation(reported, true)}
