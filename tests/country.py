"""Small countries for tests, runs of them, and the surroundings of a single month."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from perelom.engine.accounts import Accounts, accounts_of
from perelom.engine.chunk import HostRecord, to_host
from perelom.engine.compiled import Drivers, Inputs, run_months
from perelom.engine.devices import place
from perelom.engine.inputs import DriverTable, run_inputs
from perelom.engine.settings import Settings
from perelom.model.context import Context
from perelom.model.draws import Draws, run_key
from perelom.model.flows import FLOWS
from perelom.model.ledger import STOCKS
from perelom.model.mechanisms import MECHANISMS
from perelom.scenario import Scenario, load
from perelom.scenario.schema import Decision
from perelom.world.build import build
from perelom.world.calendar import calendar_month, month_index
from perelom.world.state import STATE_FARM_SPECIES, State, World

Values = NDArray[np.float64]
COLLECTED = (
    "sold_to_state",
    "taken_own",
    "taken_kolkhoz",
    "seed_seized_kolkhoz",
    "mts_payment",
    "purchased_kolkhoz",
)
"""Flows that make up the state's grain procurement."""


@dataclass(frozen=True)
class Course:
    """What a run left behind, from December 1926 on.

    opening, flows: [month, region, stock or flow]; closing: [region, stock] at the end;
    notes, villages: by name, [month, region or village]; state: the state at the end.
    """

    opening: Values
    flows: Values
    closing: Values
    notes: dict[str, Values]
    villages: dict[str, Values]
    state: State

    def stock(self, *names: str) -> Values:
        """Sum stocks: [month, region], with the closing one as the last month."""
        columns = [list(STOCKS).index(name) for name in names]
        after = np.concatenate([self.opening, self.closing[None]])
        return np.asarray(after[:, :, columns].sum(axis=-1))

    def flow(self, *names: str) -> Values:
        """Sum flows: [month, region]."""
        columns = [list(FLOWS).index(name) for name in names]
        return np.asarray(self.flows[:, :, columns].sum(axis=-1))

    def between(self, first: str, last: str, *names: str) -> float:
        """Sum flows of the country from one month to another, both included."""
        part = slice(month_index(first), month_index(last) + 1)
        return float(self.flow(*names)[part].sum())

    def on(self, date: str, *names: str) -> float:
        """Sum stocks of the country on the first of a month."""
        return float(self.stock(*names)[month_index(date)].sum())

    def collectivized(self, date: str) -> float:
        """Return kolkhoz households over all households on the first of a month."""
        members = self.on(date, "kolkhoz_households")
        return members / self.on(date, "kolkhoz_households", "individual_households")

    def herd(self, species: str) -> Values:
        """Return animals of the country on the first of every month."""
        owners = ["household", "kolkhoz"] + ["state_farm"] * (species in STATE_FARM_SPECIES)
        return self.stock(*(f"{owner}_{species}" for owner in owners)).sum(axis=1)

    @cached_property
    def accounts(self) -> Accounts:
        """The accounts of all stocks."""
        return accounts_of(self.opening, self.flows, self.closing)


@dataclass
class Country:
    """A small country that can be run many times with one compilation."""

    villages: int
    draws: str
    precision: int = 32
    _kept: dict[Any, Course] = field(default_factory=dict)

    @cached_property
    def world(self) -> World:
        return build(self.villages, dtype=np.float64 if self.precision == 64 else np.float32)

    @cached_property
    def inputs(self) -> Inputs:
        return run_inputs(self.world, Settings(villages=self.villages, precision=self.precision))

    def inputs_of(
        self,
        off: Iterable[str] = (),
        parameters: Mapping[str, float] | None = None,
        member: int = 0,
        seed: int = 1926,
    ) -> Inputs:
        """Return the inputs of a run with switches, parameters or luck changed."""
        base = self.inputs
        dtype = next(iter(base.parameters.values())).dtype
        changed = {k: jnp.asarray(v, dtype) for k, v in (parameters or {}).items()}
        assert set(changed) <= set(base.parameters)
        assert set(off) <= set(MECHANISMS)
        switched = {name: jnp.zeros((), dtype) for name in off}
        return eqx.tree_at(
            lambda inputs: (inputs.parameters, inputs.switches, inputs.run),
            base,
            (base.parameters | changed, base.switches | switched, run_key(seed, member)),
        )

    def run(
        self,
        scenario: Scenario | None = None,
        *,
        off: Iterable[str] = (),
        parameters: Mapping[str, float] | None = None,
        member: int = 0,
        seed: int = 1926,
        until: str = "1940-12",
        keep: bool = True,
    ) -> Course:
        """Run a scenario (historical by default) from December 1926; equal runs are kept."""
        scenario = scenario or load("historical")
        off = frozenset(off)
        key = (scenario.hash, off, tuple(sorted((parameters or {}).items())), member, seed, until)
        if key in self._kept:
            return self._kept[key]
        course = self._run(scenario, self.inputs_of(off, parameters, member, seed), until)
        if keep:
            self._kept[key] = course
        return course

    def _run(self, scenario: Scenario, inputs: Inputs, until: str) -> Course:
        drivers = DriverTable(scenario)
        state = self.world.state
        month, end, pages = 0, month_index(until) + 1, []
        closing = None
        while month < end:
            length = min(13 - calendar_month(month), end - month)
            state, records, closing = run_months(
                place(state, self.world, 1),
                inputs,
                drivers.chunk(month),
                jnp.asarray(length),
                expected=self.draws == "expected",
            )
            pages.append(to_host(records, length))
            month += length
        book: HostRecord = jax.tree.map(lambda *parts: np.concatenate(parts), *pages)
        return Course(
            book.opening, book.flows, np.asarray(closing), book.notes, book.villages, state
        )


def decide(
    scenario: Scenario, *decisions: tuple[str, str, float] | Decision, drop: tuple[str, ...] = ()
) -> Scenario:
    """Return the scenario without decisions on `drop` and with others: (date, lever, value)."""
    added = [
        d
        if isinstance(d, Decision)
        else Decision(date=d[0], lever=d[1], value=float(d[2]), source="test")
        for d in decisions
    ]
    kept = [d for d in scenario.decisions if d.lever not in drop]
    return replace(
        scenario, decisions=tuple(sorted([*kept, *added], key=lambda decision: decision.date))
    )


EMPTY = Scenario("nothing", "Nothing decided", "All levers at their defaults", (), (), ())


@cache
def _nothing_decided() -> DriverTable:
    return DriverTable(EMPTY)


@dataclass(frozen=True)
class Surroundings:
    """Makes the context of any single month, for mechanisms that are called directly."""

    country: Country

    def __call__(
        self,
        month: int = 7,
        *,
        year: int = 1928,
        off: Iterable[str] = (),
        parameters: Mapping[str, float] | None = None,
        expected: bool = True,
        member: int = 0,
        **levers: float | Values,
    ) -> Context:
        """Return the context of a calendar month with all levers at defaults but those given."""
        inputs = self.country.inputs_of(off, parameters, member)
        index = month_index(f"{year}-{month:02d}")
        driver: Drivers = jax.tree.map(lambda x: x[0], _nothing_decided().chunk(index, 1))
        values = dict(driver.levers)
        for name, value in levers.items():
            values[name] = jnp.broadcast_to(jnp.asarray(value, float), values[name].shape)
        return Context(
            geography=inputs.geography,
            reference=inputs.reference,
            draws=Draws(run=inputs.run, month=driver.month, expected=expected),
            parameters=inputs.parameters,
            levers=values,
            switches=inputs.switches,
            seasons={name: year[month - 1] for name, year in inputs.seasons.items()},
            drought=driver.drought,
        )
