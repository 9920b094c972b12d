"""A run as NetCDF by the CF conventions: arrays over layer, region and month, or over draws too."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from perelom.evidence.variables import NATION
from perelom.results.codebook import Entry, codebook
from perelom.results.files import writing
from perelom.results.provenance import citation
from perelom.results.run import Run
from perelom.results.tidy import layers

CONVENTIONS = "CF-1.11"
UDUNITS = {
    "Mha": "1e6 ha",
    "Mt": "Mt",
    "billion_roubles_1926_27": "1e9",
    "billion_roubles_current": "1e9",
    "events": "1",
    "ha": "ha",
    "households": "1",
    "kcal a day": "kcal d-1",
    "kcal a person and day": "kcal d-1",
    "kg": "kg",
    "labour_days": "1",
    "m2": "m2",
    "m2 a person": "m2",
    "million_gold_roubles": "1e6",
    "million_head": "1e6",
    "million_horse_equivalents": "1e6",
    "million_households": "1e6",
    "million_roubles_4_38_rate": "1e6",
    "million_roubles_current": "1e6",
    "persons": "1",
    "ratio": "1",
    "roubles_1926_27": "1",
    "roubles_current": "1",
    "share": "1",
    "thousand_hp": "1e3",
    "thousand_units": "1e3",
    "tolerances": "1",
}
"""The model's units as UDUNITS writes them. It knows no persons, animals or roubles: they are
numbers, and the attribute `unit_name` says of what."""


def dataset(run: Run) -> xr.Dataset:
    """Return the run with everything that the CF conventions ask for.

    Dims (layer, region, month), with draw before them where the run has draws; a variable that is
    not reported is empty in the reported layer.
    """
    parts = dict(layers(run))
    joined = xr.concat(
        list(parts.values()),
        xr.Variable("layer", list(parts)),
        data_vars="all",
        join="outer",
        combine_attrs="override",
    ).sel(month=run.monthly["month"], region=run.monthly["region"])
    # CF wants time last but for axes of space; a region is none.
    joined = joined.transpose("draw", "layer", "region", "month", missing_dims="ignore")
    if "draw" in joined.dims:
        joined["draw"].attrs = {"long_name": "draw of the fitted parameters, with its own luck"}
    for name, array in joined.data_vars.items():
        array.attrs = attributes(codebook()[str(name)], str(array.attrs.get("units", "")))
    joined.attrs = _about(run)
    joined["layer"].attrs = {"long_name": "true: what happened; reported: what officials said"}
    joined["region"].attrs = {"long_name": f"region; {NATION}: the sum of all"}
    joined["month"].attrs = {
        "standard_name": "time",
        "long_name": "first day of the month",
        "axis": "T",
        "units_metadata": "leap_seconds: unknown",
        "bounds": "month_bounds",
    }
    starts = pd.DatetimeIndex(joined["month"].to_numpy())
    ends = starts + pd.offsets.MonthBegin(1)
    joined["month_bounds"] = (("month", "bound"), np.stack([starts, ends], axis=1))
    return joined


def attributes(one: Entry, unit: str) -> dict[str, str]:
    """Return the attributes of a variable whose values are in the model's `unit`."""
    attrs = {
        "long_name": one.long_name,
        "units": UDUNITS.get(unit, unit),
        "unit_name": unit,
        "kind": one.kind,
        "definition": one.definition,
        "comment": f"{one.kind}: {one.moment}"
        + (f"; {one.numerator} over {one.denominator}" if one.denominator else ""),
        "made_by": " ".join(one.lines),
        "observations": " ".join(series.series for series in one.compared),
    }
    if one.kind == "flow":
        attrs["cell_methods"] = "month: sum"
    elif one.at_first_day:
        attrs["cell_methods"] = "month: point"
    return attrs


def write(run: Run, path: Path) -> None:
    """Write NetCDF 4 with compressed arrays, whole or not at all."""
    content = dataset(run)
    encoding: dict[str, dict[str, Any]] = {
        str(name): {"zlib": True, "complevel": 4, "shuffle": True} for name in content.data_vars
    }
    time = {"units": "days since 1926-12-01", "calendar": "standard", "dtype": "int32"}
    encoding |= {"month": time, "month_bounds": time}
    beside = path.with_name(f".{path.name}.part")
    with writing(path):
        try:
            content.to_netcdf(beside, engine="h5netcdf", encoding=encoding)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)


def _about(run: Run) -> dict[str, str]:
    manifest = run.manifest
    name = manifest.scenario.get("name", "")
    values = (
        "each draw has its own parameters and its own luck"
        if run.ensemble is not None
        else "one run: it carries no interval and is no estimate"
    )
    return {
        "Conventions": CONVENTIONS,
        "title": f"Perelom, scenario {name}: {manifest.scenario.get('title', '')}".strip(": "),
        "institution": "The Perelom founders",
        "source": f"perelom {manifest.code_version}",
        "history": f"{manifest.created} simulated by perelom {manifest.code_version}",
        "references": citation(run),
        "comment": "flows are sums of the month, stocks are of the month's first day; the row "
        f"{NATION} is the sum of the regions, for a share the ratio of the sums; {values}",
    }
