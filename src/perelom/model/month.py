"""The month on a page: fifteen lines, in the order in which a month goes by."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array

from perelom.model.branch import Moved, computed_once, when
from perelom.model.campaign import campaign
from perelom.model.context import Context
from perelom.model.decisions import decisions
from perelom.model.field import field
from perelom.model.flows import FLOWS
from perelom.model.food import food
from perelom.model.herds import herds
from perelom.model.industry import industry
from perelom.model.kolkhoz import kolkhoz
from perelom.model.leadership import leadership
from perelom.model.ledger import stocks
from perelom.model.market import market
from perelom.model.needs import needs
from perelom.model.people import people
from perelom.model.procurement import procurement
from perelom.model.reports import reports
from perelom.model.resistance import resistance
from perelom.model.space import to_regions
from perelom.model.statistics import statistics
from perelom.model.weather import weather
from perelom.world.state import State

VILLAGE_NOTES = ("excess_deaths", "disturbances_here", "stripped_households_here")
"""Notes of lines that are kept by village: deaths beyond those without hunger, events, families."""

Move = Callable[[State, Context], Moved]


class Line(NamedTuple):
    """A line of the month: its name (also its switch) and what moves the state, if anything yet."""

    name: str
    move: Move | None


LINES = (
    Line("decisions", None),  # moves no stock: `month` asks for the levers before the others
    Line("weather", weather),
    Line("field", field),
    Line("herds", herds),
    Line("market", market),
    Line("procurement", procurement),
    Line("campaign", campaign),
    Line("resistance", resistance),
    Line("kolkhoz", kolkhoz),
    Line("food", food),
    Line("people", people),
    Line("industry", industry),
    Line("reports", reports),
    Line("leadership", leadership),
    Line("accounts", None),  # the engine checks what every line reports
)


class Record(NamedTuple):
    """What a month leaves behind.

    opening: stocks on the first of the month, [region, stock] in the order of `STOCKS`.
    flows: [region, flow] in the order of `FLOWS`. notes: other regional quantities by name.
    villages: flows and `VILLAGE_NOTES` by village and name, for the life of a village.
    """

    opening: Array
    flows: Array
    notes: dict[str, Array]
    villages: dict[str, Array]


def month(state: State, context: Context) -> tuple[State, Record]:
    """Move the country through one month and record what happened."""
    opening = stocks(context.geography, state)
    context = decisions(state, replace(context, needs=needs(state, context)))
    regional: dict[str, Array] = {}
    by_village: dict[str, Array] = {}
    seen_in_villages: dict[str, Array] = {}
    notes = statistics(state, context)
    # What is read of the first day is read before columns change: so nothing need be copied.
    state, opening, context, notes = computed_once((state, opening, context, notes))
    for line in LINES:
        if line.move is None:
            continue
        on = context.switches[line.name] > 0
        state, flows, seen = when(on, partial(_moved, line.move, context), state)
        for name, values in seen.items():
            (seen_in_villages if name in VILLAGE_NOTES else notes)[name] = values
        for name, amount in flows.items():
            book = regional if FLOWS[name].by_region else by_village
            book[name] = book[name] + amount if name in book else amount
    regional |= _sum_villages(by_village, context)
    nothing = jnp.zeros_like(state.regions.granary)
    booked = jnp.stack([regional.get(name, nothing) for name in FLOWS], axis=-1)
    return state, Record(opening, booked, notes, by_village | seen_in_villages)


def _moved(move: Move, context: Context, state: State) -> Moved:
    return move(state, context)


def _sum_villages(flows: dict[str, Array], context: Context) -> dict[str, Array]:
    """Sum village flows to regions, all at once."""
    stacked = to_regions(context.geography, jnp.stack(list(flows.values())))
    return dict(zip(flows, stacked, strict=True))
