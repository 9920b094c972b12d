"""Small made-up chunks of a simulation, in the form that the engine hands over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xarray as xr

from perelom.evidence.variables import variables
from perelom.results.draws_store import DrawsStore
from perelom.results.grid import month_range, months_between
from perelom.results.manifest import Manifest
from perelom.results.run import Run
from perelom.results.run_folder import RunFolder

REGIONS = ("Lower Volga krai", "Kyiv oblast", "Kazakh ASSR")
SCENARIO = {
    "name": "historical",
    "title": "The decisions as they were taken",
    "hash": "0" * 64,
    "source": "historical",
    "assumptions": [],
    "decisions": [
        {
            "date": "1930-03-02",
            "lever": "joining_pressure",
            "value": 0.1,
            "unit": "share",
            "region": "all",
            "source": "pravda_1930",
            "text": "Article on dizziness from success",
        }
    ],
}
SETTINGS = {
    "villages": 3,
    "seed": 1926,
    "member": 0,
    "draws": "sampled",
    "until": "1928-12",
    "follow": [],
}


@dataclass(frozen=True)
class FakeChunk:
    monthly: xr.Dataset
    reported: xr.Dataset
    villages: xr.Dataset
    households: pl.DataFrame
    events: pl.DataFrame
    accounts: pl.DataFrame
    last_month: str
    checkpoint: Any = field(default=b"state")


def chunks(
    until: str = "1928-12", regions: tuple[str, ...] = REGIONS, first: str = "1926-12"
) -> Iterator[FakeChunk]:
    """Chunks of a calendar year or less from December 1926 on."""
    while first <= until:
        last = min(f"{first[:4]}-12", until)
        yield chunk(first, last, regions)
        first = str(np.datetime64(last, "M") + 1)


def chunk(first: str, last: str, regions: tuple[str, ...] = REGIONS) -> FakeChunk:
    months = month_range(first, months_between(first, last))
    true = _layer(months, regions, [v.name for v in variables().values()])
    share, households = true["collectivized_households_share"], true["peasant_households"]
    true["kolkhoz_households"] = (("month", "region"), (share * households).values)
    said = _layer(months, regions, [v.name for v in variables().values() if "reported" in v.layers])
    days = [dt.date.fromisoformat(str(month)[:10]) for month in months]
    keys = [(day, region) for day in days for region in regions]
    return FakeChunk(
        monthly=true,
        reported=said,
        villages=xr.Dataset(
            {
                "households": (
                    ("month", "village"),
                    np.full((len(months), 3), 80.0, dtype=np.float32),
                    {"units": "households", "long_name": "Households"},
                )
            },
            coords={"month": months, "village": [0, 1, 2]},
        ),
        households=pl.DataFrame(
            {"month": days, "village": [1] * len(days), "slot": [0] * len(days), "horses": 1.0}
        ),
        events=pl.DataFrame(
            {
                "month": [days[0]],
                "region": ["all"],
                "event": ["decision"],
                "lever": ["joining_pressure"],
                "value": [0.1],
                "source": ["pravda_1930"],
            }
        ),
        accounts=pl.DataFrame(
            {
                "month": [key[0] for key in keys],
                "region": [key[1] for key in keys],
                "account": ["horses"] * len(keys),
                "opening": [10.0] * len(keys),
                "inflow": [1.0] * len(keys),
                "outflow": [0.5] * len(keys),
                "closing": [10.5] * len(keys),
                "residual": [1e-9] * len(keys),
                "allowed": [1e-6] * len(keys),
                "unit": ["million_head"] * len(keys),
            }
        ),
        last_month=last,
    )


def with_draws(path: Path, count: int = 5) -> Run:
    """A run folder whose draws are its values times 1, 2, ...: the median is in the middle."""
    folder = RunFolder.create(path, manifest().having(ensemble=count), SCENARIO)
    for one in chunks():
        folder.append(one)
    folder.finish("complete")
    run = Run.open(path)
    store = DrawsStore.create(path, [{"one": float(n)} for n in range(count)])
    with xr.set_options(keep_attrs=True):
        for n in range(count):
            layers = {"true": run.monthly * (n + 1.0), "reported": run.reported * (n + 1.0)}
            store.append(n, layers, "", 1.0)
    return Run.open(path)


def _layer(months: np.ndarray, regions: tuple[str, ...], names: list[str]) -> xr.Dataset:
    data = {}
    position = (months.astype("datetime64[M]") - np.datetime64("1926-12", "M")).astype(float)
    for number, name in enumerate(names):
        variable = variables()[name]
        size = np.arange(1, len(regions) + 1)[None, :] * (1 + number)
        level = np.minimum(0.01 * position[:, None] * size / size.max(), 0.9)
        values = level if variable.kind == "share" else size + 0.1 * position[:, None]
        attributes = {"units": variable.unit, "long_name": variable.long_name}
        data[name] = (("month", "region"), values, attributes)
    return xr.Dataset(data, coords={"month": months, "region": list(regions)})


def manifest(**settings: Any) -> Manifest:
    return Manifest.new(
        {key: SCENARIO[key] for key in ("name", "title", "hash", "source")},
        SETTINGS | settings,
    )
