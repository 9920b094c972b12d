"""What the engine hands over for each stretch of months, as results read it."""

from pathlib import Path
from typing import Protocol, runtime_checkable

import polars as pl
import xarray as xr

from perelom.results.files import write_whole, writing


@runtime_checkable
class Saveable(Protocol):
    """A saved state that knows how to write itself."""

    def save(self, path: Path) -> None:
        """Write the state to `path`."""


def save_state(state: bytes | Saveable, path: Path) -> None:
    """Write a saved state to `path`, whole or not at all."""
    if not isinstance(state, Saveable):
        write_whole(path, bytes(state))
        return
    beside = path.with_name(f".{path.name}.part")
    with writing(path):
        try:
            state.save(beside)
            beside.replace(path)
        except OSError:
            beside.unlink(missing_ok=True)
            raise


@runtime_checkable
class Chunk(Protocol):
    """One calendar year or less of a simulation."""

    @property
    def monthly(self) -> xr.Dataset:
        """The true layer: dims (month, region), without the national row."""

    @property
    def reported(self) -> xr.Dataset:
        """The reported layer in the same form, only variables that are reported."""

    @property
    def villages(self) -> xr.Dataset:
        """Every simulated village: dims (month, village)."""

    @property
    def village_places(self) -> pl.DataFrame:
        """Each simulated village: region, raion, weight, shares of nationalities."""

    @property
    def households(self) -> pl.DataFrame:
        """The households of the followed villages by month."""

    @property
    def events(self) -> pl.DataFrame:
        """Decisions and events by month and region."""

    @property
    def accounts(self) -> pl.DataFrame:
        """Accounts by month and region."""

    @property
    def last_month(self) -> str:
        """The last month contained, `YYYY-MM`."""

    @property
    def checkpoint(self) -> bytes | Saveable | None:
        """The state at the end of the last month."""
