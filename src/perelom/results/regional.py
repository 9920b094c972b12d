"""The measures of the maps as a run has them: layers, bands of draws, observations beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import xarray as xr

from perelom.evidence.variables import NATION
from perelom.results.measures import MEASURES, Measure, Values
from perelom.results.run import Run
from perelom.results.series import band

_USE = ("fit", "held_out", "context")


@dataclass(frozen=True)
class Layer:
    """One layer of a measure, each [month, region]; low and high are the 5% and 95% of draws."""

    middle: Values
    low: Values | None = None
    high: Values | None = None


@dataclass(frozen=True)
class Regional:
    """A measure as a run has it: its layers, and the observations of regions beside it."""

    measure: Measure
    layers: dict[str, Layer]
    observed: pl.DataFrame


def regional(run: Run) -> list[Regional]:
    """Return every measure that a run has the variables for, without the row USSR."""
    found = []
    for measure in MEASURES:
        layers = {
            name: _layer(run, name, dataset, measure)
            for name, dataset in (("true", run.monthly), ("reported", run.reported))
            if all(needed in dataset for needed in measure.needs)
        }
        if "reported" in layers and _same(layers["reported"], layers["true"]):
            del layers["reported"]
        if layers:
            found.append(Regional(measure, layers, _observed(run, measure)))
    return found


def _layer(run: Run, name: str, single: xr.Dataset, measure: Measure) -> Layer:
    def shown(dataset: xr.Dataset) -> Values:
        return measure.of(dataset[list(measure.needs)].drop_sel(region=NATION))

    if run.ensemble is None:
        return Layer(shown(single))
    low, middle, high = band(shown(run.ensemble.layer(name)))
    return Layer(middle, low, high)


def _same(one: Layer, other: Layer) -> bool:
    return np.array_equal(one.middle, other.middle, equal_nan=True)


def _observed(run: Run, measure: Measure) -> pl.DataFrame:
    """Return observations of single regions in the unit shown, with the run's value for each."""
    rows = run.comparison.filter(
        pl.col("series") == measure.series,
        pl.col("region") != NATION,
        pl.col("comparable"),
        pl.col("duplicate_of").is_null(),
        pl.col("use").is_in(_USE),
    )
    scaled = [pl.col(name) * measure.scale for name in ("value", "low", "high", "simulated")]
    kept = ("region", "period_start", "period_end", "layer", "variant", "source", "grade", "use")
    return rows.select(*kept, *scaled).sort("region", "period_start")
