"""The draws of an ensemble as a reader uses them: layers over draws, headline numbers."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xarray as xr

from perelom.evidence.variables import NATION
from perelom.results.draws_store import LAYERS, DrawsStore

LEAST_DRAWS = 2
"""Fewer draws make no interval."""


class Draws:
    """The finished draws of a run folder."""

    def __init__(self, store: DrawsStore) -> None:
        self._store = store
        self._read = cache(store.read)

    @classmethod
    def of(cls, path: Path | None, planned: int) -> Draws | None:
        """Return the draws of a run folder, or None where fewer than two are done."""
        if path is None or planned == 0:
            return None
        draws = cls(DrawsStore(path))
        return draws if draws.count >= LEAST_DRAWS else None

    @cached_property
    def members(self) -> pl.DataFrame:
        """How each draw ended: draw, status, error, seconds."""
        return self._store.members()

    @cached_property
    def count(self) -> int:
        """How many draws ran through."""
        return len(self._store.done())

    @property
    def planned(self) -> int:
        """How many draws the run is to have."""
        return len(self._store.parameter_sets)

    def layer(self, name: str) -> xr.Dataset:
        """Return one layer, `true` or `reported`: (draw, month, region) with the row USSR."""
        return self._read(name)

    def each(self) -> list[tuple[xr.Dataset, xr.Dataset]]:
        """Return the true and the reported layer of every draw."""
        true, reported = (self.layer(name) for name in LAYERS)
        return [(true.isel(draw=n), reported.isel(draw=n)) for n in range(self.count)]

    def headlines(self) -> list[dict[str, Any]]:
        """Return the named outcomes of `experiments.outcomes`: median, 5% and 95% of the draws."""
        from perelom.experiments.outcomes import available
        from perelom.experiments.paired import interval

        national = self.layer("true").sel(region=NATION)
        months = national["month"].to_numpy()
        columns = {str(n): a.to_numpy().astype(np.float64) for n, a in national.data_vars.items()}
        by_draw = [{name: rows[n] for name, rows in columns.items()} for n in range(self.count)]
        rows = []
        for outcome in available(by_draw[0], months)[0]:
            values = np.asarray([outcome.of(one, months) for one in by_draw], dtype=np.float64)
            middle, low, high = interval(values)
            rows.append(
                {
                    "outcome": outcome.name,
                    "unit": outcome.unit_in(by_draw[0]),
                    "definition": outcome.definition,
                    "median": middle,
                    "low": low,
                    "high": high,
                }
            )
        return rows


def standing() -> str:
    """Say what the draws of this version are."""
    from perelom.inference.posterior import remark, shipped

    if shipped() is None:
        return (
            "No fit ships with this version: the draws come from the priors, and no number here is "
            "an estimate."
        )
    return remark() or "The draws come from the fit to the observations."
