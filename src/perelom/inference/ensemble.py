"""An ensemble of runs in one process: parameter sets in, simulated observations out.

All members share one world and one compiled program. A member whose accounts do not close is
kept with its error: it never ends the batch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Literal

import numpy as np
import polars as pl
import xarray as xr
from numpy.typing import NDArray

from perelom.engine.run import simulate
from perelom.engine.settings import Settings
from perelom.errors import AccountError
from perelom.evidence import observations
from perelom.evidence.operators import compare
from perelom.evidence.variables import variables
from perelom.scenario import Scenario
from perelom.world.build import build
from perelom.world.state import World

Progress = Callable[[int, int], None]
"""Called with the members done and the members planned."""


@dataclass(frozen=True)
class Member:
    """One member of an ensemble: its parameters and how it ended."""

    number: int
    parameters: dict[str, float]
    status: Literal["complete", "failed"]
    error: str
    seconds: float


@dataclass(frozen=True)
class Ensemble:
    """Runs of one scenario under several parameter sets.

    members: in the order of the parameter sets. observations: the rows that were compared, with
    the crosswalk's error as `region_uncertainty`. simulated: [member, observation], NaN where a
    member failed or has no such value.
    """

    members: tuple[Member, ...]
    observations: pl.DataFrame
    simulated: NDArray[np.float64]

    @property
    def failed(self) -> tuple[Member, ...]:
        """The members whose run ended with an error."""
        return tuple(member for member in self.members if member.status == "failed")


def run_ensemble(
    scenario: Scenario,
    settings: Settings,
    parameter_sets: Sequence[dict[str, float]],
    progress: Progress | None = None,
) -> Ensemble:
    """Run a scenario once for each parameter set and read off every scored observation.

    Parameters
    ----------
    scenario
        What is decided.
    settings
        What all members share; the number of a member is its place in the list, so that weather
        differs between members.
    parameter_sets
        Values that replace defaults, one set a member.
    progress
        Called before the first and after each member.

    """
    scored = observations().filter(pl.col("use").is_in(["fit", "held_out"]))
    world = build(settings.villages, dtype=settings.dtype)
    members, values = [], []
    uncertainty = pl.Series("region_uncertainty", [None] * scored.height, dtype=pl.Float64)
    for number, parameters in enumerate(parameter_sets):
        if progress is not None:
            progress(number, len(parameter_sets))
        started = perf_counter()
        own = replace(settings, parameters=settings.parameters | parameters, member=number)
        row = np.full(scored.height, np.nan)
        error = ""
        try:
            found = compare(scored, *run_layers(scenario, own, world))
        except AccountError as reason:
            error = str(reason)
        else:
            row = found["simulated"].fill_null(np.nan).to_numpy()
            uncertainty = found["region_uncertainty"]
        values.append(row)
        seconds = round(perf_counter() - started, 3)
        status: Literal["complete", "failed"] = "failed" if error else "complete"
        members.append(Member(number, parameters, status, error, seconds))
    if progress is not None:
        progress(len(members), len(members))
    simulated = np.asarray(values).reshape(len(members), scored.height)
    return Ensemble(tuple(members), scored.with_columns(uncertainty), simulated)


def run_layers(
    scenario: Scenario, settings: Settings, world: World
) -> tuple[xr.Dataset, xr.Dataset]:
    """Run a scenario in memory and return its true and its reported layer with their units."""
    chunks = [(c.monthly, c.reported) for c in simulate(scenario, settings, world=world)]
    true, reported = zip(*chunks, strict=True)
    return _joined(true), _joined(reported)


def _joined(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Put chunks of months one after the other and state units and kinds."""
    table = variables()
    first = parts[0]
    columns = {}
    for name in first.data_vars:
        values = np.concatenate([part[name].to_numpy() for part in parts])
        declared = table.get(str(name))
        notes = {"units": declared.unit, "kind": declared.kind} if declared else {}
        columns[str(name)] = (("month", "region"), values, notes)
    months = np.concatenate([part["month"].to_numpy() for part in parts])
    return xr.Dataset(columns, coords={"month": months, "region": first["region"].to_numpy()})
