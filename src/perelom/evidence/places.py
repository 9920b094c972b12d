"""Units of space and the crosswalk from the regions that sources report."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import CrosswalkError
from perelom.evidence.rows import CrosswalkRow, RegionRow
from perelom.evidence.tables import check_among, check_unique, read_frame


@lru_cache(maxsize=8)
def regions(path: Path | None = None) -> pl.DataFrame:
    """Return the units of space of the model, in the order of its arrays."""
    table = read_frame("regions.csv", RegionRow, path)
    check_unique(table, "name", "regions.csv")
    return table


@lru_cache(maxsize=8)
def crosswalk(path: Path | None = None) -> pl.DataFrame:
    """Return how each reporting region relates to the units of space of the model."""
    table = read_frame("crosswalk.csv", CrosswalkRow, path)
    units = regions()["name"].to_list()
    check_among(table, "region", units, "crosswalk.csv", "a name of regions.csv")
    return table


def region_weights(
    reporting_region: str, names: Sequence[str]
) -> tuple[NDArray[np.float64], float]:
    """Return the weight of each named unit in a reporting region, and the crosswalk's error.

    The error is a share of the region's total (the largest of its parts).

    Raises
    ------
    CrosswalkError
        The region is unknown, is no sum of units, or holds a unit that is not among the names.

    """
    rows = _relations().get(reporting_region)
    if rows is None:
        near = get_close_matches(reporting_region, list(_relations()), n=1)
        hint = f"; the nearest known name is '{near[0]}'" if near else ""
        raise CrosswalkError(f"unknown reporting region '{reporting_region}'{hint}")
    if rows[0].relation != "sum":
        place = f" (it is {rows[0].relation.replace('_', ' ')} {rows[0].region or 'the model'})"
        raise CrosswalkError(f"'{reporting_region}' is no sum of model units{place}")
    position: dict[str | None, int] = {name: index for index, name in enumerate(names)}
    weights = np.zeros(len(names))
    for row in rows:
        if row.region not in position:
            raise CrosswalkError(f"the data hold no region '{row.region}'")
        weights[position[row.region]] = row.weight
    return weights, max(row.uncertainty or 0.0 for row in rows)


@lru_cache(maxsize=1)
def _relations() -> dict[str, list[CrosswalkRow]]:
    found: dict[str, list[CrosswalkRow]] = {}
    for row in crosswalk().iter_rows(named=True):
        found.setdefault(row["reporting_region"], []).append(CrosswalkRow(**row))
    return found
