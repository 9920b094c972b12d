"""The draws of an ensemble in a run folder: one layer is draw by month by region by variable.

`draws.csv` holds the parameters of every draw and is written first, so that an ensemble that was
stopped goes on with the same draws. `members.csv` says which draws are done and which failed; it
is written after a draw's values and is the only word on what may be trusted.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import xarray as xr
import zarr

from perelom.results.errors import RunFolderError
from perelom.results.files import write_whole, writing
from perelom.results.grid import month_range

FOLDER, DRAWS, MEMBERS = "ensemble.zarr", "draws.csv", "members.csv"
LAYERS = ("true", "reported")
_DIMENSIONS = ("draw", "month", "region", "variable")
_MEMBERS = {"draw": pl.Int64, "status": pl.String, "error": pl.String, "seconds": pl.Float64}


class DrawsStore:
    """The draws that lie in a run folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path, parameter_sets: list[dict[str, float]]) -> DrawsStore:
        """Keep the parameters of the draws that are going to be run."""
        numbers = pl.Series("draw", range(len(parameter_sets)), dtype=pl.Int64)
        table = pl.DataFrame([numbers]).hstack(pl.DataFrame(parameter_sets))
        write_whole(path / DRAWS, table.write_csv().encode())
        return cls(path)

    @cached_property
    def parameter_sets(self) -> list[dict[str, float]]:
        """The parameters of every planned draw."""
        table = self._read(DRAWS)
        return [{str(k): float(v) for k, v in row.items()} for row in table.drop("draw").to_dicts()]

    def members(self) -> pl.DataFrame:
        """Return draw, status (complete or failed), error and seconds of the draws that ended."""
        if not (self.path / MEMBERS).is_file():
            return pl.DataFrame(schema=_MEMBERS)
        return self._read(MEMBERS).cast(_MEMBERS).sort("draw")  # type: ignore[arg-type]

    def left(self) -> list[int]:
        """Return the numbers of the draws that are still to be run."""
        ended = set(self.members()["draw"])
        return [number for number in range(len(self.parameter_sets)) if number not in ended]

    def done(self) -> list[int]:
        """Return the numbers of the draws that ran through."""
        return self.members().filter(pl.col("status") == "complete")["draw"].to_list()

    def append(
        self, draw: int, layers: dict[str, xr.Dataset] | None, error: str, seconds: float
    ) -> None:
        """Write a draw's values, then note that it ended; without layers it failed."""
        for layer, dataset in (layers or {}).items():
            self._write(draw, layer, dataset)
        row = {
            "draw": draw,
            "status": "failed" if layers is None else "complete",
            "error": error,
            "seconds": seconds,
        }
        table = pl.concat([self.members(), pl.DataFrame([row], schema=_MEMBERS)])
        write_whole(self.path / MEMBERS, table.write_csv().encode())

    def read(self, layer: str) -> xr.Dataset:
        """Return the finished draws of a layer: variables over draw, month and region."""
        done = self.done()
        try:
            group = zarr.open_group(str(self.path / FOLDER), path=layer, mode="r")
            array = group["value"]
            assert isinstance(array, zarr.Array)
            values = np.asarray(array.get_orthogonal_selection((np.asarray(done, dtype=int),)))
            notes: dict[str, Any] = dict(array.attrs.asdict())
        except Exception as error:  # any reader error means a damaged store
            raise _damaged(self.path / FOLDER, str(error)) from error
        return xr.Dataset(
            {
                name: (_DIMENSIONS[:3], values[..., place], attributes)
                for place, (name, attributes) in enumerate(notes["variables"].items())
            },
            coords={
                "draw": done,
                "month": month_range(str(notes["first_month"]), values.shape[1]),
                "region": list(notes["regions"]),
            },
        )

    def _write(self, draw: int, layer: str, dataset: xr.Dataset) -> None:
        names = [str(name) for name in dataset.data_vars]
        block = np.stack([dataset[name].to_numpy() for name in names], axis=-1)
        with writing(self.path / FOLDER):
            group = zarr.open_group(str(self.path / FOLDER), path=layer, mode="a")
            if "value" not in group:
                group.create_array(
                    "value",
                    shape=(len(self.parameter_sets), *block.shape),
                    chunks=(1, *block.shape),
                    dtype=np.float32,
                    fill_value=np.nan,
                    dimension_names=_DIMENSIONS,
                    attributes={
                        "variables": {name: _notes(dataset[name]) for name in names},
                        "first_month": str(dataset["month"].to_numpy()[0].astype("datetime64[M]")),
                        "regions": [str(name) for name in dataset["region"].to_numpy()],
                    },
                )
            array = group["value"]
            assert isinstance(array, zarr.Array)
            array[draw] = block.astype(np.float32)

    def _read(self, name: str) -> pl.DataFrame:
        try:
            return pl.read_csv(self.path / name, infer_schema_length=None)
        except (OSError, pl.exceptions.PolarsError) as error:
            raise _damaged(self.path / name, str(error).splitlines()[0]) from error


def _notes(array: xr.DataArray) -> dict[str, str]:
    return {name: str(array.attrs[name]) for name in ("units", "kind") if name in array.attrs}


def _damaged(path: Path, reason: str) -> RunFolderError:
    return RunFolderError(
        what=f"the draws of the ensemble cannot be read ({reason})",
        where=str(path),
        allowed="what `perelom run --ensemble` writes",
        remedy="restore the file from a copy, or repeat the run",
    )
