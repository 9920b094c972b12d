"""A run: chunks of up to a calendar year, audited as they come. Nothing is written here."""

from collections.abc import Iterator
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array

from perelom.engine import checkpoint
from perelom.engine.accounts import accounts_of, audit
from perelom.engine.checkpoint import Checkpoint
from perelom.engine.chunk import Chunk, to_host
from perelom.engine.compiled import MonthRecord, run_months
from perelom.engine.devices import place
from perelom.engine.inputs import DriverTable, run_inputs
from perelom.engine.settings import Settings
from perelom.scenario import Scenario
from perelom.world.build import build
from perelom.world.calendar import calendar_month, month_index
from perelom.world.state import World

__all__ = ["Chunk", "Settings", "simulate"]

_Begun = tuple[MonthRecord, Array, int, Checkpoint]
"""Records, closing stocks, first month and the state after of months that may still be running."""


def country(settings: Settings) -> World:
    """Build the country of December 1926 that these settings ask for."""
    return build(settings.villages, dtype=settings.dtype)


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
    world = world or country(settings)
    inputs = run_inputs(world, settings)
    drivers = DriverTable(scenario)
    if resume is None:
        state, month = world.state, 0
    else:
        state, month = checkpoint.read(resume, settings, world.state)
    inputs = place(inputs, world, settings.devices)
    end = month_index(settings.until) + 1
    begun: _Begun | None = None
    while month < end:
        length = min(13 - calendar_month(month), end - month)
        state, records, closing = run_months(
            place(state, world, settings.devices),
            inputs,
            drivers.chunk(month),
            jnp.asarray(length),
            expected=settings.draws == "expected",
            devices=settings.devices,
        )
        # Months are computed in the background: whoever asked works on the year before meanwhile.
        if begun is not None:
            yield _audited(*begun, world, settings, scenario)
        begun = records, closing, month, Checkpoint(state, month + length, settings)
        month += length
    if begun is not None:
        yield _audited(*begun, world, settings, scenario)


def _audited(
    records: MonthRecord,
    closing: Array,
    first_month: int,
    after: Checkpoint,
    world: World,
    settings: Settings,
    scenario: Scenario,
) -> Chunk:
    record = to_host(records, after.month - first_month)
    books = accounts_of(record.opening, record.flows, np.asarray(closing))
    audit(books, record.flows, first_month)
    return Chunk(after, first_month, record, books, world, settings, scenario)
