"""The compiled run: up to twelve months in one call, one compilation for all scenarios.

Parameters, levers, switches and luck are traced arguments, so nothing recompiles between
scenarios, parameter sets or ensemble members.
"""

from functools import lru_cache
from typing import Any

import equinox as eqx
import jax
import jax.extend.core
import jax.numpy as jnp
from jax.stages import Compiled
from jaxtyping import Array, Float, Int, UInt32

from perelom.engine.devices import shared_month
from perelom.engine.programs import kept, name_of_months
from perelom.engine.village_record import household_record, village_record
from perelom.model.branch import computed_once
from perelom.model.context import Context, Reference
from perelom.model.draws import Draws
from perelom.model.ledger import stocks
from perelom.model.month import Record
from perelom.world.state import Geography, State

CHUNK_MONTHS = 12

# What the first two passes rewrite depends on how raions are shared among devices, and would change
# the last bits; they save no time here. The third would drop the barriers that keep draws from
# being computed again in all that uses them. Sums handed to a library of kernels take longer here,
# to compile, to load and to run; so do more parts than eight, to load.
_OPTIONS: dict[str, bool | str | int] = {
    "xla_disable_hlo_passes": "algsimp,reshape-mover,cse_barrier_expander",
    "xla_cpu_experimental_ynn_fusion_type": "",
    "xla_cpu_parallel_codegen_split_count": 8,
}


class Inputs(eqx.Module):
    """What stays the same for a whole run."""

    geography: Geography
    reference: Reference
    parameters: dict[str, Float[Array, ""]]
    switches: dict[str, Float[Array, ""]]
    seasons: dict[str, Float[Array, " 12"]]
    run: UInt32[Array, "1"]
    followed: Int[Array, " followed"]


class Drivers(eqx.Module):
    """What changes by month: its number, its calendar month, levers and drought by region."""

    month: Int[Array, "*month"]
    calendar_month: Int[Array, "*month"]
    levers: dict[str, Float[Array, "*month region"]]
    drought: Float[Array, "*month region"]


class MonthRecord(eqx.Module):
    """One month's record with the village and household columns that runs keep."""

    opening: Array
    flows: Array
    notes: dict[str, Array]
    villages: dict[str, Array]
    households: dict[str, Array]


def one_month(
    state: State, inputs: Inputs, driver: Drivers, expected: bool, devices: int = 1
) -> tuple[State, MonthRecord]:
    """Move the country through one month; driver holds a single month (no month axis)."""
    position = driver.calendar_month - 1
    context = Context(
        geography=inputs.geography,
        reference=inputs.reference,
        draws=Draws(run=inputs.run, month=driver.month, expected=expected),
        parameters=inputs.parameters,
        levers=driver.levers,
        switches=inputs.switches,
        seasons={name: values[position] for name, values in inputs.seasons.items()},
        drought=driver.drought,
    )
    households = household_record(state, inputs.followed)
    # Read before columns change, as in `month`: so nothing need be copied.
    state, households = computed_once((state, households))
    after, record = shared_month(state, context, devices)
    return after, _keep(state, record, households)


def _keep(before: State, record: Record, households: dict[str, Array]) -> MonthRecord:
    return MonthRecord(
        opening=record.opening,
        flows=record.flows,
        notes=record.notes,
        villages=village_record(before, record.villages),
        households=households,
    )


class _TracedMonth:
    """One month as a traced program: loops trace their body several times, Python only once."""

    def __init__(
        self, state: State, inputs: Inputs, driver: Drivers, expected: bool, devices: int = 1
    ) -> None:
        def move(state: State, driver: Drivers) -> tuple[State, MonthRecord]:
            return one_month(state, inputs, driver, expected, devices)

        traced, shapes = jax.make_jaxpr(move, return_shape=True)(state, driver)
        self.record: MonthRecord = shapes[1]
        self._form = jax.tree.structure(shapes)
        self._apply = jax.extend.core.jaxpr_as_fun(traced)

    def __call__(self, state: State, driver: Drivers) -> tuple[State, MonthRecord]:
        return jax.tree.unflatten(self._form, self._apply(*jax.tree.leaves((state, driver))))


def run_months(
    state: State,
    inputs: Inputs,
    drivers: Drivers,
    months: Array,
    expected: bool,
    devices: int = 1,
) -> tuple[State, MonthRecord, Array]:
    """Run the first `months` of the twelve given months.

    Returns the state after them, their records (later rows are zero), and the closing stocks,
    [region, stock].
    """
    arrays, form = jax.tree.flatten((state, inputs, drivers, months))
    shapes = tuple((x.shape, x.dtype, x.sharding if x.committed else None) for x in arrays)
    name = name_of_months(
        villages=inputs.geography.identity.shape[0],
        precision=8 * state.households.land.dtype.itemsize,
        followed=inputs.followed.shape[0] - inputs.reference.land.shape[0],
        expected=expected,
    )
    after, record, closing = _program(name, form, shapes, expected, devices)(arrays)
    return jax.tree.unflatten(jax.tree.structure(state), after), MonthRecord(**record), closing


@lru_cache(maxsize=8)
def _program(
    name: str, form: Any, shapes: tuple[Any, ...], expected: bool, devices: int
) -> Compiled:
    """Return the compiled months for arrays of these shapes."""

    def program(arrays: list[Array]) -> tuple[list[Array], dict[str, Any], Array]:
        given: tuple[State, Inputs, Drivers, Array] = jax.tree.unflatten(form, arrays)
        after, record, closing = _months(*given, expected, devices)
        return jax.tree.leaves(after), vars(record), closing

    def compiled() -> Compiled:
        arrays = [jax.ShapeDtypeStruct(s, t, sharding=sharding) for s, t, sharding in shapes]
        return jax.jit(program, compiler_options=_OPTIONS).lower(arrays).compile()

    return kept(name, devices, f"{form} {shapes}", compiled)


def _months(
    state: State, inputs: Inputs, drivers: Drivers, months: Array, expected: bool, devices: int
) -> tuple[State, MonthRecord, Array]:
    move = _TracedMonth(state, inputs, jax.tree.map(lambda x: x[0], drivers), expected, devices)
    records = jax.tree.map(
        lambda page: jnp.zeros((CHUNK_MONTHS, *page.shape), page.dtype), move.record
    )

    def body(step: Array, carry: tuple[State, MonthRecord]) -> tuple[State, MonthRecord]:
        state, records = carry
        driver = jax.tree.map(lambda x: x[step], drivers)
        state, record = move(state, driver)
        return state, jax.tree.map(lambda book, page: book.at[step].set(page), records, record)

    state, records = jax.lax.fori_loop(0, months, body, (state, records))
    return state, records, stocks(inputs.geography, state)


def differentiable_run(
    state: State, inputs: Inputs, drivers: Drivers
) -> tuple[State, Array, Array]:
    """Run all given months in expectation; return state, openings and flows by month.

    Memory grows by one state a month: each month is recomputed in the backward pass.
    """
    move = _TracedMonth(state, inputs, jax.tree.map(lambda x: x[0], drivers), expected=True)

    @jax.checkpoint
    def body(state: State, driver: Drivers) -> tuple[State, tuple[Array, Array]]:
        state, record = move(state, driver)
        return state, (record.opening, record.flows)

    state, (opening, flows) = jax.lax.scan(body, state, drivers)
    return state, opening, flows
