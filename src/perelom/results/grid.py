"""Months by places in a Zarr group: written by position, so that a chunk can be written again."""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr

from perelom.results.errors import RunFolderError
from perelom.results.files import writing

MONTHS_A_CHUNK = 12
PLACES_A_CHUNK = 16_384
FEW_PLACES = 256
"""Up to so many places all months lie in one chunk: small files cost more than rewriting them."""
_EPOCH = np.datetime64("1970-01-01", "D")


def month_range(first: str, count: int) -> np.ndarray:
    """Return the first days of `count` months from `first` (`YYYY-MM`) on."""
    months = np.datetime64(first, "M") + np.arange(count)
    return np.asarray(months.astype("datetime64[ns]"))


class Grid:
    """The variables of one layer as arrays (month, place) in a Zarr group.

    Arrays are as long as the run is planned to be; months not yet written hold the fill value,
    and readers cut them off by the manifest's count of months done.
    """

    def __init__(self, path: Path, group: str | None = None) -> None:
        self.path, self.group = path, group
        self._known: dict[str, zarr.Array[Any]] = {}

    def write(self, dataset: xr.Dataset, first: str, start: int, planned: int) -> None:
        """Write the months of `dataset` from position `start` on.

        Parameters
        ----------
        dataset
            Variables with the dimensions (month, place).
        first
            First month of the run.
        start
            Position of the dataset's first month in the run.
        planned
            Months that the run will have when complete.

        """
        if not dataset.data_vars:
            return
        place = next(str(name) for name in dataset.dims if name != "month")
        with writing(self.path):
            arrays = self._known or self._arrays()
            if place not in arrays:
                self._create(dataset, place, first, planned)
                arrays = self._arrays()
            self._known = arrays
            stop = start + dataset.sizes["month"]
            for name, values in dataset.data_vars.items():
                array = arrays.get(str(name))
                if array is None:
                    array = self._create_variable(str(name), values, place, max(planned, stop))
                    arrays[str(name)] = array
                elif array.shape[0] < max(planned, stop):
                    array.resize((max(planned, stop), array.shape[1]))
                array[start:stop] = values.transpose("month", place).to_numpy()
            if arrays["month"].shape[0] < max(planned, stop):
                self._write_months(first, max(planned, stop))
                self._known = {}

    def read(self, months: int) -> xr.Dataset:
        """Open the first `months` months; values are loaded when they are used."""
        if not (self.path / (self.group or "")).exists():
            return xr.Dataset()
        try:
            dataset: xr.Dataset = xr.open_zarr(
                self.path, group=self.group, consolidated=False, chunks=None
            )
            held = dataset.sizes["month"]
        except Exception as error:  # any reader error means a damaged store
            raise _damaged(self.path, str(error)) from error
        if held < months:
            raise _damaged(self.path, f"{held} months instead of {months}")
        done: xr.Dataset = dataset.isel(month=slice(0, months))
        return done

    def _open(self) -> zarr.Group:
        return zarr.open_group(str(self.path), path=self.group or "", mode="a")

    def _arrays(self) -> dict[str, zarr.Array[Any]]:
        return dict(self._open().arrays())

    def _create(self, dataset: xr.Dataset, place: str, first: str, planned: int) -> None:
        self._write_months(first, planned)
        labels = dataset[place].to_numpy()
        if labels.dtype.kind in "OUT":
            names = [str(label) for label in labels]
            array = self._open().create_array(
                place, shape=(len(names),), dtype="str", dimension_names=(place,)
            )
            array[:] = np.array(names, dtype=np.dtypes.StringDType())
        else:
            array = self._open().create_array(place, data=labels, dimension_names=(place,))
        for name, values in dataset.data_vars.items():
            self._create_variable(str(name), values, place, planned)

    def _create_variable(
        self, name: str, values: xr.DataArray, place: str, planned: int
    ) -> zarr.Array[Any]:
        places = values.sizes[place]
        return self._open().create_array(
            name,
            shape=(planned, places),
            chunks=(
                max(1, planned) if places <= FEW_PLACES else MONTHS_A_CHUNK,
                max(1, min(places, PLACES_A_CHUNK)),
            ),
            dtype=values.dtype,
            fill_value=np.nan,
            dimension_names=("month", place),
            attributes={str(key): str(value) for key, value in values.attrs.items()},
        )

    def _write_months(self, first: str, planned: int) -> None:
        days = (month_range(first, planned).astype("datetime64[D]") - _EPOCH).astype(np.int64)
        self._open().create_array(
            "month",
            data=days,
            chunks=(max(1, planned),),
            dimension_names=("month",),
            attributes={"units": "days since 1970-01-01", "calendar": "proleptic_gregorian"},
            overwrite=True,
        )


def months_between(first: str, last: str) -> int:
    """Return how many months lie from `first` to `last`, both included."""
    span = np.datetime64(last, "M") - np.datetime64(first, "M")
    return int(span.astype(int)) + 1


def month_after(month: str, count: int = 1) -> str:
    """Return the month `count` months after another, `YYYY-MM`."""
    return str(np.datetime64(month, "M") + count)


def _damaged(path: Path, reason: str) -> RunFolderError:
    return RunFolderError(
        what=f"monthly values cannot be read ({reason})",
        where=str(path),
        allowed="the Zarr store that `perelom run` writes",
        remedy="continue the run with --resume, restore the store from a copy, or repeat the run",
    )
