"""A run: chunks of up to a calendar year, audited as they come. Nothing is written here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import xarray as xr

from perelom.engine import checkpoint, observe
from perelom.engine.accounts import account_table, accounts_of, audit
from perelom.engine.checkpoint import Checkpoint
from perelom.engine.compiled import MonthRecord, run_months
from perelom.engine.devices import keep_compiled_programs, replicate, share_raions
from perelom.engine.inputs import DriverTable, followed_villages, run_inputs, to_host
from perelom.engine.settings import Settings
from perelom.scenario import Scenario
from perelom.world.build import build
from perelom.world.calendar import calendar_month, month_index, month_name
from perelom.world.state import World

__all__ = ["Chunk", "Settings", "simulate"]


@dataclass(frozen=True)
class Chunk:
    """One calendar year of a run, or less.

    monthly, reported: the two layers, (month, region), flows of the month and stocks of its
    first day. villages: (month, village), single precision. households: those of followed
    villages. events: decisions taken. accounts: the audit. checkpoint: the state that follows;
    save it before asking for the next chunk, which takes its memory over.
    """

    monthly: xr.Dataset
    reported: xr.Dataset
    villages: xr.Dataset
    households: pl.DataFrame
    events: pl.DataFrame
    accounts: pl.DataFrame
    last_month: str
    checkpoint: Checkpoint


def simulate(
    scenario: Scenario,
    settings: Settings,
    *,
    resume: Path | None = None,
    world: World | None = None,
) -> Iterator[Chunk]:
    """Run a scenario, yielding one chunk for each calendar year.

    resume: a saved state to start from instead of December 1926; it may come from another
    scenario, which is how runs branch. world: a country built before, with as many villages and
    the same precision as in the settings; by default it is built here.

    Raises
    ------
    AccountError
        If an account does not close.
    CheckpointError
        If the saved state cannot be used.

    """
    keep_compiled_programs()
    if world is None:
        world = build(settings.villages, dtype=settings.dtype)
    inputs = run_inputs(world, settings)
    drivers = DriverTable(scenario)
    if resume is None:
        # The world keeps its own first state: the run gives its copy away to the compiled code.
        state, month = jax.tree.map(jnp.copy, world.state), 0
    else:
        state, month = checkpoint.read(resume, settings, world.state)
    state = share_raions(state, world, settings.devices)
    inputs = replicate(inputs, settings.devices)
    end = month_index(settings.until) + 1
    while month < end:
        length = min(13 - calendar_month(month), end - month)
        state, records, closing = run_months(
            state,
            inputs,
            replicate(drivers.chunk(month), settings.devices),
            jnp.asarray(length),
            expected=settings.draws == "expected",
        )
        host: MonthRecord = to_host(records)
        record = jax.tree.map(lambda pages, n=length: pages[:n], host)
        yield _chunk(record, np.asarray(closing), state, month, world, settings, scenario)
        month += length


def _chunk(
    record: MonthRecord,
    closing: np.ndarray,
    state: object,
    month: int,
    world: World,
    settings: Settings,
    scenario: Scenario,
) -> Chunk:
    """Audit a stretch of months and label what it left behind."""
    opening, flows = np.asarray(record.opening), np.asarray(record.flows)
    notes = {name: np.asarray(values) for name, values in record.notes.items()}
    accounts = accounts_of(opening, flows, closing)
    audit(accounts, flows, month)
    regions = world.region_names
    months = opening.shape[0]
    true = observe.true_layer(opening, flows, notes, settings.parameter("horses_fit_for_work"))
    reported = observe.reported_layer(true, notes)
    labels = [month_name(month + m) for m in range(months)]
    next_month = month + months
    return Chunk(
        monthly=observe.dataset(true, month, regions),
        reported=observe.dataset(reported, month, regions),
        villages=_village_dataset(record, labels),
        households=_household_table(record, labels, world, settings),
        events=_event_table(scenario, month, next_month),
        accounts=account_table(accounts, month, regions),
        last_month=month_name(next_month - 1),
        checkpoint=Checkpoint(state, next_month, settings),  # type: ignore[arg-type]
    )


def _village_dataset(record: MonthRecord, labels: list[str]) -> xr.Dataset:
    """Label the village columns, (month, village)."""
    villages = np.arange(next(iter(record.villages.values())).shape[1])
    return xr.Dataset(
        {name: (("month", "village"), values) for name, values in record.villages.items()},
        coords={"month": np.asarray(labels, "datetime64[ns]"), "village": villages},
    )


def _household_table(
    record: MonthRecord, labels: list[str], world: World, settings: Settings
) -> pl.DataFrame:
    """Return the followed villages' households as a long table without empty slots."""
    followed = followed_villages(world, settings.follow)
    columns = record.households
    months, villages, slots = columns["present"].shape
    index = np.indices((months, villages, slots)).reshape(3, -1)
    lived_in = columns["birth_number"].ravel() >= 0
    table = {
        "month": _dates(labels)[index[0]][lived_in],
        "village": followed[index[1]][lived_in],
        "slot": index[2][lived_in],
    }
    return pl.DataFrame(table | {name: v.ravel()[lived_in] for name, v in columns.items()})


def _event_table(scenario: Scenario, first_month: int, next_month: int) -> pl.DataFrame:
    """Return the decisions taken in the given months, one row each."""
    taken = [d for d in scenario.decisions if first_month <= month_index(d.date) < next_month]
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


def _dates(labels: list[str]) -> np.ndarray:
    return np.asarray(labels, dtype="datetime64[D]")
