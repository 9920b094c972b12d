"""What a mechanism does: paired runs with and without it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import xarray as xr

from perelom.engine.settings import Settings
from perelom.errors import AccountError
from perelom.inference.ensemble import run_layers
from perelom.inference.prior import draw_parameters
from perelom.model.mechanisms import MECHANISMS
from perelom.scenario import Scenario
from perelom.world.build import build

Progress = Callable[[int, int], None]
"""Called with the runs done and the runs planned."""


@dataclass(frozen=True)
class Outcome:
    """A named national outcome: a variable over some months, summed (flow) or at the last (stock).

    first, last: months, YYYY-MM, both included.
    """

    name: str
    variable: str
    first: str
    last: str
    stock: bool
    unit: str

    def of(self, layer: xr.Dataset) -> float:
        """Read the outcome off a true layer."""
        months = layer[self.variable].sel(month=slice(self.first, self.last)).sum("region")
        return float(months[-1]) if self.stock else float(months.sum())


OUTCOMES = (
    Outcome("grain sown 1932", "sown_area_grain", "1932-07", "1932-07", True, "Mha"),
    Outcome("harvest 1932", "grain_harvest", "1932-07", "1932-09", False, "Mt"),
    Outcome("procurement 1931/32", "state_grain_procurement", "1931-07", "1932-06", False, "Mt"),
    Outcome("exports 1930-32", "grain_exports", "1930-07", "1932-12", False, "Mt"),
    Outcome("kolkhoz households 3/1930", "kolkhoz_households", "1930-03", "1930-03", True, "mn"),
    Outcome("kolkhoz households 1/1933", "kolkhoz_households", "1933-01", "1933-01", True, "mn"),
    Outcome("horses 1/1934", "livestock_horses", "1934-01", "1934-01", True, "mn head"),
    Outcome("cattle 1/1934", "livestock_cattle", "1934-01", "1934-01", True, "mn head"),
    Outcome("births 1932-34", "births_total", "1932-01", "1934-12", False, "persons"),
    Outcome("excess deaths 1930-34", "excess_deaths", "1930-01", "1934-12", False, "persons"),
    Outcome("town population 1/1935", "population_urban", "1935-01", "1935-01", True, "persons"),
)
"""What every ablation reports. Deaths are excess deaths from hunger by the model's definition."""

LAST_MONTH = "1935-01"


def switches() -> list[str]:
    """Return the mechanisms inside lines of the month, those that a paired run can leave out."""
    return [name for name, mechanism in MECHANISMS.items() if mechanism.line != name]


def ablate(
    scenario: Scenario,
    settings: Settings,
    mechanisms: Sequence[str],
    members: int,
    seed: int,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Run each member with all mechanisms, then without each in turn, on the same luck.

    Returns
    -------
    polars.DataFrame
        mechanism, outcome, unit, base (mean with all mechanisms), difference (mean of "without"
        less "with"), low and high (5% and 95% of the paired differences), members.

    """
    world = build(settings.villages, dtype=settings.dtype)
    rows: dict[tuple[str, str], list[float]] = {}
    base: dict[str, list[float]] = {outcome.name: [] for outcome in OUTCOMES}
    planned, done = members * (1 + len(mechanisms)), 0

    def outcomes(number: int, parameters: dict[str, float], off: frozenset[str]) -> list[float]:
        nonlocal done
        if progress is not None:
            progress(done, planned)
        own = replace(settings, parameters=parameters, member=number, off=off, until=LAST_MONTH)
        try:
            true, _ = run_layers(scenario, own, world)
        except AccountError:
            return [float("nan")] * len(OUTCOMES)
        finally:
            done += 1
        return [outcome.of(true) for outcome in OUTCOMES]

    for number, parameters in enumerate(draw_parameters(members, seed)):
        whole = outcomes(number, parameters, frozenset())
        for outcome, value in zip(OUTCOMES, whole, strict=True):
            base[outcome.name].append(value)
        for mechanism in mechanisms:
            without = outcomes(number, parameters, frozenset({mechanism}))
            for outcome, left, right in zip(OUTCOMES, without, whole, strict=True):
                rows.setdefault((mechanism, outcome.name), []).append(left - right)
    units = {outcome.name: outcome.unit for outcome in OUTCOMES}
    return pl.DataFrame(
        [_row(m, o, units[o], base[o], np.asarray(found)) for (m, o), found in rows.items()]
    )


def _row(
    mechanism: str, outcome: str, unit: str, base: list[float], found: np.ndarray
) -> dict[str, object]:
    known = found[np.isfinite(found)]
    low, high = np.quantile(known, [0.05, 0.95]) if known.size else (np.nan, np.nan)
    return {
        "mechanism": mechanism,
        "outcome": outcome,
        "unit": unit,
        "base": float(np.nanmean(base)),
        "difference": float(known.mean()) if known.size else float("nan"),
        "low": float(low),
        "high": float(high),
        "members": int(known.size),
    }
