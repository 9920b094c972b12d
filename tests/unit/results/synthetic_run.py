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
from perelom.results.village_life import KEPT
from perelom.world.state import CELLS, NATIONALITIES, SPECIES

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
    village_places: pl.DataFrame
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
        villages=_villages(months),
        village_places=pl.DataFrame(
            {
                "village": [0, 1, 2],
                "region": list(REGIONS),
                "raion": [f"{region}, raion 01" for region in REGIONS],
                "weight": [100.0, 200.0, 300.0],
                **{name: [1.0 if name == "other" else 0.0] * 3 for name in NATIONALITIES},
            }
        ),
        households=_households(days),
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


def _villages(months: np.ndarray) -> xr.Dataset:
    """Three villages of 80 households and 400 persons in which nothing happens."""
    shape = (len(months), 3)
    columns = {name: np.zeros(shape, dtype=np.float32) for name in KEPT}
    columns |= {name: np.full(shape, 80.0, np.float32) for name in ("households", "own_land")}
    columns |= {"peasant_households": columns["households"], "persons": columns["own_land"] * 5}
    return xr.Dataset(
        {name: (("month", "village"), values, _ATTRIBUTES) for name, values in columns.items()},
        coords={"month": months, "village": [0, 1, 2]},
    )


_ATTRIBUTES = {"units": "as named", "long_name": "Made up"}


def _households(days: list[dt.date]) -> pl.DataFrame:
    """One household in slot 0 of village 1."""
    count = len(days)
    numbers = {
        name: [0.0] * count
        for name in (*CELLS, *SPECIES, "implements", "grain", "seed", "member", "body_reserve")
    }
    numbers |= {"labour_days": [0.0] * count, "land": [4.0] * count, "horses": [1.0] * count}
    numbers |= {"present": [1.0] * count, "outside": [1.0] * count, CELLS[2]: [2.0] * count}
    places = {"village": [1] * count, "slot": [0] * count, "birth_number": [0] * count}
    return pl.DataFrame({"month": days} | places | {"label": [2] * count} | numbers)


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
