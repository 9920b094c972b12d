"""The tables of a run that other tools read: one row a value, or one column a variable."""

from collections.abc import Iterator

import numpy as np
import polars as pl
import xarray as xr

from perelom.results.run import Run
from perelom.results.series import band

COLUMNS = ("month", "region", "variable", "layer", "value", "unit")
"""Columns of the tidy table of one run."""
ENSEMBLE_COLUMNS = ("month", "region", "variable", "layer", "value", "low", "high", "unit")
"""Columns of the tidy table of an ensemble: value is the median of the draws."""
QUANTILES = (0.05, 0.5, 0.95)
KEYS = ("month", "region", "layer")


def tidy(run: Run) -> pl.DataFrame:
    """Return `month,region,variable,layer,value,unit`: one row a value, both layers.

    Flows are sums of the month, stocks are of the month's first day. A ratio whose denominator
    is zero is null. Sorted by the first four columns, so that both layers occur among the first
    rows and a reader that guesses types does not take `true` for a truth value. Where the run has
    draws, value is their median, and low and high are their 5% and 95%.
    """
    columns = COLUMNS if run.ensemble is None else ENSEMBLE_COLUMNS
    frames = []
    for layer, dataset in layers(run):
        keys = _keys(dataset)
        for name, array in dataset.data_vars.items():
            frames.append(
                keys.with_columns(
                    variable=pl.lit(str(name)),
                    layer=pl.lit(layer),
                    unit=pl.lit(str(array.attrs.get("units", ""))),
                    **_quantiles(array),
                ).select(columns)
            )
    numbers = [name for name in ("value", "low", "high") if name in columns]
    joined = pl.concat(frames).with_columns(pl.col(numbers).fill_nan(None))
    return joined.sort("month", "region", "variable", "layer")


def wide(run: Run) -> pl.DataFrame:
    """Return one row a month, region and layer, one column a variable.

    A variable that is not reported is null in the reported layer. Where the run has draws there
    are three rows for each: the column quantile is 0.05, 0.5 and 0.95.
    """
    names = [str(name) for name in run.monthly.data_vars]
    frames = []
    for layer, dataset in layers(run):
        keys = _keys(dataset).with_columns(layer=pl.lit(layer))
        arrays = {str(name): _quantiles(array) for name, array in dataset.data_vars.items()}
        if run.ensemble is None:
            frames.append(keys.with_columns(**{n: a["value"] for n, a in arrays.items()}))
            continue
        for part, quantile in zip(("low", "value", "high"), QUANTILES, strict=True):
            values = {name: array[part] for name, array in arrays.items()}
            frames.append(keys.with_columns(pl.lit(quantile).alias("quantile"), **values))
    keys_of = [*KEYS, *(["quantile"] if run.ensemble is not None else [])]
    joined = pl.concat(frames, how="diagonal").select(*keys_of, *names)
    return joined.with_columns(pl.col(names).fill_nan(None)).sort(
        "month", "region", pl.col("layer") == "reported", *keys_of[3:]
    )


def layers(run: Run) -> Iterator[tuple[str, xr.Dataset]]:
    """Give name and values of each layer: of the draws, where the run has some."""
    for layer, dataset in (("true", run.monthly), ("reported", run.reported)):
        if dataset.data_vars:
            yield layer, dataset if run.ensemble is None else run.ensemble.layer(layer)


def _keys(dataset: xr.Dataset) -> pl.DataFrame:
    months = pl.Series("month", dataset["month"].to_numpy()).cast(pl.Date)
    regions = pl.Series("region", [str(name) for name in dataset["region"].to_numpy()])
    return pl.DataFrame({"month": months}).join(
        regions.to_frame(), how="cross", maintain_order="left_right"
    )


def _quantiles(array: xr.DataArray) -> dict[str, pl.Series]:
    if "draw" not in array.dims:
        return {"value": _column(array.transpose("month", "region").to_numpy())}
    values = band(array.transpose("draw", "month", "region").to_numpy().astype(np.float64))
    return {
        name: _column(part) for name, part in zip(("low", "value", "high"), values, strict=True)
    }


def _column(values: np.ndarray) -> pl.Series:
    return pl.Series(values.ravel(), dtype=pl.Float64)
