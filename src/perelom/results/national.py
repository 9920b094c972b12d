"""The row USSR: sums of flows and stocks over regions, weighted ratios of shares."""

import numpy as np
import xarray as xr

from perelom.evidence.variables import NATION, Variable, variables
from perelom.results.errors import VariableError


def with_nation(dataset: xr.Dataset, beside: xr.Dataset | None = None) -> xr.Dataset:
    """Put the row USSR before the regions of `dataset`.

    Parameters
    ----------
    dataset
        Monthly values by region without the national row.
    beside
        Where to look for the denominator of a share that `dataset` lacks (the true layer, when
        `dataset` is the reported one).

    """
    if "region" not in dataset.dims:
        return dataset
    table = variables()
    rows = {}
    for name in dataset.data_vars:
        values = dataset.variables[name]
        variable = table.get(str(name))
        if variable is None:
            raise VariableError(
                what=f"output variable {name!r} is not declared",
                where="data/variables.csv",
                allowed="a row for each variable that the engine reports",
                remedy="add a row with its kind, unit and definition",
            )
        regional = values.transpose("month", "region").to_numpy()
        nation = _nation(regional.astype(np.float64), variable, dataset, beside)
        joined = np.concatenate([nation[:, None], regional], axis=1)
        rows[str(name)] = (("month", "region"), joined, _attributes(values, variable))
    regions = [NATION, *(str(name) for name in dataset["region"].values)]
    return xr.Dataset(rows, coords={"month": dataset["month"].values, "region": regions})


def _nation(
    array: np.ndarray, variable: Variable, dataset: xr.Dataset, beside: xr.Dataset | None
) -> np.ndarray:
    if variable.kind != "share":
        return np.asarray(array.sum(axis=1))
    weights = _weights(variable, dataset, beside)
    weighted: np.ndarray = np.where(weights > 0, np.nan_to_num(array) * weights, 0.0).sum(axis=1)
    total = weights.sum(axis=1)
    ratio: np.ndarray = np.full_like(total, np.nan)
    np.divide(weighted, total, out=ratio, where=total > 0)
    return ratio


def _weights(variable: Variable, dataset: xr.Dataset, beside: xr.Dataset | None) -> np.ndarray:
    for source in (dataset, beside):
        if source is not None and variable.denominator in source:
            weights = source.variables[variable.denominator]
            if source is not dataset:
                weights = source[variable.denominator].sel(region=dataset["region"]).variable
            return np.asarray(weights.transpose("month", "region").to_numpy().astype(np.float64))
    raise VariableError(
        what=f"share {variable.name!r} has no denominator {variable.denominator!r} to weight by",
        where="monthly output of the engine",
        allowed="a share together with the variable named as its denominator",
        remedy="report the denominator too, or correct data/variables.csv",
    )


def _attributes(values: xr.Variable, variable: Variable) -> dict[str, str]:
    return {
        "units": str(values.attrs.get("units", variable.unit)),
        "long_name": str(values.attrs.get("long_name", variable.long_name)),
        "kind": variable.kind,
        "definition": variable.definition,
    }
