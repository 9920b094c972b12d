"""A village made by hand: nothing happens in it but what a test says."""

from typing import Any

import numpy as np
import polars as pl

from perelom.results.grid import month_range
from perelom.results.village_life import KEPT, REGIONAL, VillageLife, with_sums

FARMS = 80.0


def made_village(
    months: int = 24,
    first: str = "1929-07",
    rows: pl.DataFrame | None = None,
    **given: Any,
) -> VillageLife:
    """Return a village of 80 farms and 400 persons.

    rows: of its households, where they are kept. given: columns of the village by name, of the
    region as `true_share` or `reported_share`, and other fields of `VillageLife`; a single value
    holds in every month.
    """

    def column(value: Any) -> np.ndarray:
        return np.broadcast_to(np.asarray(value, dtype=np.float64), (months,)).copy()

    layers = {
        layer: {name: column(given.pop(f"{layer}_{name}", 0.0)) for name in REGIONAL}
        for layer in ("true", "reported")
    }
    usual = {"persons": 5 * FARMS, "households": FARMS, "peasant_households": FARMS}
    usual |= {"own_land": 4 * FARMS}
    columns = {name: column(given.pop(name, usual.get(name, 0.0))) for name in KEPT}
    known: dict[str, Any] = {
        "village": 7,
        "place": {"region": "Kyiv oblast", "raion": "Kyiv oblast, raion 01", "weight": 100.0},
        "months": tuple(str(month)[:7] for month in month_range(first, months)),
        "columns": with_sums(columns),
        "removed": column(0.0),
        "decisions": (),
        "shocks": (),
        "households": pl.DataFrame() if rows is None else rows,
        "followed": (),
        **layers,
    }
    return VillageLife(**(known | given))


def only(month: int, value: float, months: int = 24) -> np.ndarray:
    """Return a column that is not zero in one month."""
    values = np.zeros(months)
    values[month] = value
    return values
