"""A calendar year of a run, audited; its tables are labelled when first asked for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl
import xarray as xr
from jaxtyping import Array
from numpy.typing import NDArray

from perelom.engine import observe
from perelom.engine.accounts import Accounts, account_table
from perelom.engine.checkpoint import Checkpoint
from perelom.engine.compiled import MonthRecord
from perelom.engine.inputs import followed_villages
from perelom.engine.settings import Settings
from perelom.scenario import Scenario
from perelom.world.calendar import month_index, month_name
from perelom.world.state import NATIONALITIES, World

Values = NDArray[np.float64]


class HostRecord(NamedTuple):
    """A `MonthRecord` of some months as NumPy arrays, month first."""

    opening: Values
    flows: Values
    notes: dict[str, Values]
    villages: dict[str, NDArray[np.float32]]
    households: dict[str, NDArray[Any]]


def to_host(records: MonthRecord, months: int) -> HostRecord:
    """Copy the first months of a record to the host."""

    def fetch(columns: dict[str, Array]) -> dict[str, NDArray[Any]]:
        return {name: np.asarray(values)[:months] for name, values in columns.items()}

    return HostRecord(
        opening=np.asarray(records.opening)[:months],
        flows=np.asarray(records.flows)[:months],
        notes=fetch(records.notes),
        villages=fetch(records.villages),
        households=fetch(records.households),
    )


@dataclass(frozen=True)
class Chunk:
    """One calendar year of a run, or less.

    checkpoint: the state that follows. first_month: index of the first month. record: what the
    months left behind. books: the audited accounts.
    """

    checkpoint: Checkpoint
    first_month: int
    record: HostRecord
    books: Accounts
    world: World
    settings: Settings
    scenario: Scenario

    @property
    def last_month(self) -> str:
        """The last month contained, YYYY-MM."""
        return month_name(self.checkpoint.month - 1)

    @cached_property
    def monthly(self) -> xr.Dataset:
        """The true layer, (month, region): flows of the month and stocks of its first day."""
        return observe.dataset(self._true, self.first_month, self.world.region_names)

    @cached_property
    def reported(self) -> xr.Dataset:
        """The reported layer in the same form."""
        values = observe.reported_layer(self._true, self.record.notes)
        return observe.dataset(values, self.first_month, self.world.region_names)

    @cached_property
    def _true(self) -> dict[str, Values]:
        record, fit = self.record, self.settings.parameter("horses_fit_for_work")
        return observe.true_layer(record.opening, record.flows, record.notes, fit)

    @cached_property
    def villages(self) -> xr.Dataset:
        """Every simulated village, (month, village), single precision."""
        columns = self.record.villages
        count = next(iter(columns.values())).shape[1]
        return xr.Dataset(
            {name: (("month", "village"), values) for name, values in columns.items()},
            coords={
                "month": self._dates.astype("datetime64[ns]"),
                "village": np.arange(count),
            },
        )

    @cached_property
    def village_places(self) -> pl.DataFrame:
        """Where each simulated village lies, what it weighs, its shares of nationalities."""
        geography, world = self.world.geography, self.world
        raion_region = np.asarray(geography.raion_region)
        villages = geography.identity.shape[0]
        raion = np.arange(villages) // (villages // raion_region.size)
        return pl.DataFrame(
            {
                "village": np.arange(villages),
                "region": np.asarray(world.region_names)[raion_region[raion]],
                "raion": np.asarray(world.raion_names)[raion],
                "weight": np.asarray(geography.village_weight),
                **dict(zip(NATIONALITIES, np.asarray(geography.nationality), strict=True)),
            }
        )

    @cached_property
    def households(self) -> pl.DataFrame:
        """The followed villages' households as a long table without empty slots."""
        followed = followed_villages(self.world, self.settings.follow)
        columns = self.record.households
        index = np.indices(columns["present"].shape).reshape(3, -1)
        lived_in = columns["birth_number"].ravel() >= 0
        table = {
            "month": self._dates[index[0]][lived_in],
            "village": followed[index[1]][lived_in],
            "slot": index[2][lived_in],
        }
        return pl.DataFrame(table | {name: v.ravel()[lived_in] for name, v in columns.items()})

    @cached_property
    def events(self) -> pl.DataFrame:
        """The decisions taken in these months, one row each."""
        months = range(self.first_month, self.checkpoint.month)
        taken = [d for d in self.scenario.decisions if month_index(d.date) in months]
        return pl.DataFrame(
            {
                "month": _dates([decision.date for decision in taken]),
                "region": [", ".join(d.regions) if d.regions else "all" for d in taken],
                "event": [decision.note for decision in taken],
                "lever": [decision.lever for decision in taken],
                "value": [decision.value for decision in taken],
                "source": [decision.source for decision in taken],
            },
            schema={
                "month": pl.Date,
                "region": pl.String,
                "event": pl.String,
                "lever": pl.String,
                "value": pl.Float64,
                "source": pl.String,
            },
        )

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """The accounts as a long table."""
        return account_table(self.books, self.first_month, self.world.region_names)

    @property
    def _dates(self) -> np.ndarray:
        return _dates([month_name(m) for m in range(self.first_month, self.checkpoint.month)])


def _dates(labels: list[str]) -> np.ndarray:
    return np.asarray(labels, dtype="datetime64[D]")
