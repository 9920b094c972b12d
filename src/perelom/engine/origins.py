"""Which lines and mechanisms make an output variable: read off the program, not written by hand."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import jax
import numpy as np
from numpy.typing import NDArray

from perelom.engine.observe import reported_layer, true_layer
from perelom.evidence.variables import variables
from perelom.model.context import Context
from perelom.model.flows import FLOWS
from perelom.model.ledger import STOCKS
from perelom.model.mechanisms import MECHANISMS
from perelom.model.month import LINES
from perelom.model.statistics import statistics
from perelom.world.state import State

Names = frozenset[str]
NONE: Names = frozenset()
COLUMNS = ("variable", "layer", "lines", "mechanisms", "first_day")
"""Columns of the table `variable_origins.csv`, which holds what `origins` finds."""


class Origin(NamedTuple):
    """Where a variable comes from.

    lines: of the month, in their order, that report a flow or note it is computed from, or a flow
    into or out of a stock it is computed from. mechanisms: switches that those flows and notes
    depend on within the line, and that belong to a system of the variable. first_day: whether the
    variable is computed from the stocks of the month's first day alone.
    """

    lines: tuple[str, ...]
    mechanisms: tuple[str, ...]
    first_day: bool


def origins(state: State, context: Context) -> dict[tuple[str, str], Origin]:
    """Return the origin of every output variable, by variable and layer.

    state, context: of any month of any country; they are traced and nothing is computed.
    """
    made = {
        line.name: _traced(line.move, state, context) for line in LINES if line.move is not None
    }
    counted = _first_day_notes(state, context, made)
    within = sorted({name for line in made.values() for name in line.reports} - set(FLOWS))
    parts = [
        *(_moving(name, made) for name in STOCKS),
        *(_reporting({name}, made) for name in FLOWS),
        *counted.values(),
        *(_reporting({name}, made) for name in within),
    ]
    after = len(STOCKS) + len(FLOWS)
    opening = {*range(len(STOCKS)), *range(after, after + len(counted))}
    return {
        (name, layer): Origin(
            lines=_in_order(NONE.union(*(parts[number].lines for number in used))),
            mechanisms=_of_its_systems(name, NONE.union(*(parts[n].switches for n in used))),
            first_day=used <= opening,
        )
        for (name, layer), used in _used([*counted, *within]).items()
    }


def rows(found: dict[tuple[str, str], Origin]) -> list[tuple[str, ...]]:
    """Return origins as rows of the table `variable_origins.csv`, by variable and layer."""
    return [
        (*key, " ".join(one.lines), " ".join(one.mechanisms), "yes" if one.first_day else "no")
        for key, one in sorted(found.items())
    ]


class _Line(NamedTuple):
    """What a line does: leaves of the state it changes, switches of each flow and note."""

    leaves: frozenset[int]
    reports: dict[str, Names]


class _Part(NamedTuple):
    """What a stock, flow or note comes from."""

    lines: Names
    switches: Names


def _in_order(lines: Names) -> tuple[str, ...]:
    return tuple(line.name for line in LINES if line.name in lines)


def _of_its_systems(variable: str, switches: Names) -> tuple[str, ...]:
    systems = set(variables()[variable].systems)
    return tuple(
        name
        for name, one in MECHANISMS.items()
        if name in switches and systems & set(one.systems.split())
    )


def _traced(move: Callable[..., Any], state: State, context: Context) -> _Line:
    names: list[str] = []

    def flat(given: State, switches: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        after, flows, notes = move(given, replace(context, switches=switches))
        names[:] = [*flows, *notes]
        return jax.tree.leaves(after), [*flows.values(), *notes.values()]

    program = jax.make_jaxpr(flat)(state, context.switches).jaxpr
    leaves = len(jax.tree.leaves(state))
    pairs = zip(program.outvars[:leaves], program.invars[:leaves], strict=True)
    masks = _depending(program, [0] * leaves + [1 << n for n in range(len(context.switches))])
    reports = {
        name: _named(mask, context) for name, mask in zip(names, masks[leaves:], strict=True)
    }
    return _Line(frozenset(n for n, (new, old) in enumerate(pairs) if new is not old), reports)


def _depending(program: Any, masks: list[int]) -> list[int]:
    """Return which inputs each output of a traced program depends on, as bits of a number."""
    held = dict(zip(program.invars, masks, strict=True))
    for equation in program.eqns:
        given = [held.get(v, 0) if not hasattr(v, "val") else 0 for v in equation.invars]
        inner = equation.params.get("jaxpr")
        if equation.primitive.name == "cond":
            cases = [_depending(one.jaxpr, given[1:]) for one in equation.params["branches"]]
            found = [given[0] | _any(case) for case in zip(*cases, strict=True)]
        elif equation.primitive.name in ("jit", "pjit") and inner is not None:
            found = _depending(inner.jaxpr, given)
        else:
            found = [_any(given)] * len(equation.outvars)
        held |= zip(equation.outvars, found, strict=True)
    return [held.get(v, 0) if not hasattr(v, "val") else 0 for v in program.outvars]


def _any(masks: Iterable[int]) -> int:
    return reduce(or_, masks, 0)


def _reporting(names: set[str], made: dict[str, _Line]) -> _Part:
    """Return what reports one of some flows and notes."""
    lines = frozenset(line for line, one in made.items() if names & set(one.reports))
    switches = (one.reports.get(name, NONE) for one in made.values() for name in names)
    return _Part(lines, NONE.union(*switches))


def _moving(stock: str, made: dict[str, _Line]) -> _Part:
    """Return what reports a flow into or out of a stock."""
    moving = {name for name, flow in FLOWS.items() if stock in (flow.source, flow.sink)}
    return _reporting(moving, made)


def _first_day_notes(state: State, context: Context, made: dict[str, _Line]) -> dict[str, _Part]:
    """Return, for what is counted on the first day, the lines that change what is counted."""

    def counted(given: State, switches: dict[str, Any]) -> dict[str, Any]:
        return statistics(given, replace(context, switches=switches))

    program = jax.make_jaxpr(counted)(state, context.switches).jaxpr
    masks = _depending(program, [1 << n for n in range(len(program.invars))])
    leaves = len(jax.tree.leaves(state))
    return {
        name: _Part(
            frozenset(line for line, one in made.items() if any(mask >> n & 1 for n in one.leaves)),
            _named(mask >> leaves, context),
        )
        for name, mask in zip(sorted(statistics(state, context)), masks, strict=True)
    }


def _named(mask: int, context: Context) -> Names:
    """Return the switches that bits stand for, in the order in which JAX keeps a dictionary."""
    return frozenset(name for n, name in enumerate(sorted(context.switches)) if mask >> n & 1)


def _used(notes: list[str]) -> dict[tuple[str, str], set[int]]:
    """Return which stocks, flows and notes, numbered in this order, each variable depends on.

    Every month of a made-up record differs from the first in one input, so that one evaluation
    shows every dependence.
    """
    counts = len(STOCKS), len(FLOWS), len(notes)
    inputs = np.tile(np.random.default_rng(1).uniform(1.0, 2.0, sum(counts)), (sum(counts) + 1, 1))
    inputs[np.arange(sum(counts)) + 1, np.arange(sum(counts))] *= 1.37
    opening, flow, noted = np.split(inputs[:, None, :], np.cumsum(counts)[:-1], axis=-1)
    by_note: dict[str, NDArray[np.float64]] = {n: noted[:, :, i] for i, n in enumerate(notes)}
    true = true_layer(opening, flow, by_note, 0.9)
    layers = {"true": true, "reported": reported_layer(true, by_note)}
    return {
        (name, layer): set(np.flatnonzero(values[1:, 0] != values[0, 0]).tolist())
        for layer, known in layers.items()
        for name, values in known.items()
    }
