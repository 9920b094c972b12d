"""Months by places by variables in a Zarr group, written by position.

A chunk of months can be written again. The group holds one array `value` (month, place, variable),
the labels of its axes, and for each variable its units, long name and kind. It is one array because
small arrays cost a millisecond each.
"""

from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr
import zarr

from perelom.results.errors import RunFolderError
from perelom.results.files import writing

MONTHS_A_CHUNK = 12
PLACES_A_CHUNK = 16_384
BYTES_A_CHUNK = 8_000_000
"""A chunk takes as many variables as fit, so that one variable of many places reads alone."""
BYTES_READ_AT_ONCE = 64_000_000
"""Up to here all variables are read together: apart, each would read the chunks of all."""
NOTES = ("units", "long_name", "kind", "definition")
"""Attributes of a variable that are kept."""
_EPOCH = np.datetime64("1970-01-01", "D")


class Grid:
    """The variables of one layer over months and places.

    The array is as long as the run is planned to be; months not yet written hold the fill value,
    and readers cut them off by the manifest's count of months done.
    """

    def __init__(self, path: Path, group: str | None = None) -> None:
        self.path, self.group = path, group

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
        # Bare variables: making a labelled array of each costs more than copying its values.
        bare = [dataset.variables[name] for name in dataset.data_vars]
        block = np.stack([one.transpose("month", place).to_numpy() for one in bare], axis=-1)
        stop = start + block.shape[0]
        with writing(self.path):
            group = zarr.open_group(str(self.path), path=self.group or "", mode="a")
            if "value" not in group:
                self._create(group, dataset, place, first, max(planned, stop), block)
            array = group["value"]
            assert isinstance(array, zarr.Array)
            self._check(array, dataset)
            if array.shape[0] < max(planned, stop):
                array.resize((max(planned, stop), *array.shape[1:]))
                _write_months(group, first, max(planned, stop))
            array[start:stop] = block

    def read(self, months: int) -> xr.Dataset:
        """Open the first `months` months; many values are loaded only when they are used."""
        if not (self.path / (self.group or "")).exists():
            return xr.Dataset()
        try:
            stored = xr.open_zarr(self.path, group=self.group, consolidated=False, chunks=None)
            values = stored["value"].isel(month=slice(0, months))
            notes = stored["value"].attrs["variables"]
            # Where notes of all variables stayed with each, no other format could hold them.
            values = values.drop_attrs()
            if values.nbytes <= BYTES_READ_AT_ONCE:
                values = values.load()
        except Exception as error:  # any reader error means a damaged store
            raise _damaged(self.path, str(error)) from error
        if values.sizes["month"] < months:
            raise _damaged(self.path, f"{values.sizes['month']} months instead of {months}")
        return xr.Dataset(
            {
                name: values.isel(variable=position).drop_vars("variable").assign_attrs(attributes)
                for position, (name, attributes) in enumerate(notes.items())
            }
        )

    def _check(self, array: "zarr.Array[Any]", dataset: xr.Dataset) -> None:
        kept = array.attrs["variables"]
        assert isinstance(kept, dict)
        if list(kept) != [str(name) for name in dataset.data_vars]:
            changed = set(kept) ^ {str(name) for name in dataset.data_vars}
            raise RunFolderError(
                what=f"the run began with other variables ({', '.join(sorted(changed))})",
                where=str(self.path),
                allowed="the variables that the run began with",
                remedy="continue it with the version of perelom that began it, or start anew",
            )

    def _create(
        self,
        group: zarr.Group,
        dataset: xr.Dataset,
        place: str,
        first: str,
        planned: int,
        block: np.ndarray,
    ) -> None:
        names = [str(name) for name in dataset.data_vars]
        places = max(1, min(block.shape[1], PLACES_A_CHUNK))
        fitting = BYTES_A_CHUNK // (MONTHS_A_CHUNK * places * block.itemsize)
        _write_months(group, first, planned)
        _write_labels(group, "variable", np.asarray(names))
        _write_labels(group, place, dataset[place].to_numpy())
        group.create_array(
            "value",
            shape=(planned, *block.shape[1:]),
            chunks=(MONTHS_A_CHUNK, places, max(1, min(len(names), fitting))),
            dtype=block.dtype,
            fill_value=np.nan,
            dimension_names=("month", place, "variable"),
            attributes={"variables": {name: _notes(dataset[name]) for name in names}},
        )


def _notes(array: xr.DataArray) -> Any:
    return {name: str(array.attrs[name]) for name in NOTES if name in array.attrs}


def _write_labels(group: zarr.Group, name: str, labels: np.ndarray) -> None:
    if labels.dtype.kind in "OUT":
        texts = np.array([str(label) for label in labels], dtype=np.dtypes.StringDType())
        array = group.create_array(name, shape=texts.shape, dtype="str", dimension_names=(name,))
        array[:] = texts
    else:
        group.create_array(name, data=labels, dimension_names=(name,))


def _write_months(group: zarr.Group, first: str, planned: int) -> None:
    days = (month_range(first, planned).astype("datetime64[D]") - _EPOCH).astype(np.int64)
    group.create_array(
        "month",
        data=days,
        chunks=(max(1, planned),),
        dimension_names=("month",),
        attributes={"units": "days since 1970-01-01", "calendar": "proleptic_gregorian"},
        overwrite=True,
    )


def month_range(first: str, count: int) -> np.ndarray:
    """Return the first days of `count` months from `first` (`YYYY-MM`) on."""
    months = np.datetime64(first, "M") + np.arange(count)
    return np.asarray(months.astype("datetime64[ns]"))


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
