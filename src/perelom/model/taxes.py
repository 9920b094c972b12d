"""What the treasury takes from villages, and what kolkhozes give out in money. S33, S35, S60.

Mechanism M60 (taxes and budget).
"""

from dataclasses import replace

from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots
from perelom.world.state import State


def tax_due(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the month's agricultural tax of households, roubles. S33, M60.

    tax a hectare = t (1 - g + g land / reference land) x lever, land being that of one household;
    raised for those outside the kolkhoz: a progressive tax on land, paid in autumn and winter. It
    is set in roubles of the day, so that the state's price of produce is its measure.
    """
    households, numbers, levers = state.households, context.parameters, context.levers
    slope = numbers["tax_progression"]
    level = numbers["tax_per_hectare"] * levers["agricultural_tax"]
    month = context.seasons["tax_collection"] * context.switches["agricultural_tax"]
    rate = at_households(at_villages(context.geography, level * month), households.land)
    extra = numbers["tax_on_individuals_rate"] * levers["tax_on_individuals"]
    extra = at_households(at_villages(context.geography, extra), households.land)
    own = ratio(households.land, households.present)
    progressive = 1 - slope + slope * own / numbers["tax_reference_land"]
    return households.land * rate * progressive * (1 + extra * households.outside)


def tax_villages(state: State, context: Context) -> Moved:
    """Collect the agricultural tax, never above a share of the cash there is. S33, M60."""
    households, villages, numbers = state.households, state.villages, context.parameters
    own = smooth_min(tax_due(state, context), households.cash * numbers["tax_cash_share"])
    level = context.levers["agricultural_tax"] * context.switches["agricultural_tax"]
    rate = numbers["tax_per_hectare"] * numbers["kolkhoz_tax"] * level
    due = at_villages(context.geography, rate * context.seasons["tax_collection"])
    due = villages.kolkhoz_land * due
    common = smooth_min(due, villages.kolkhoz_cash * numbers["tax_cash_share"])
    state = replace(
        state,
        households=replace(households, cash=households.cash - own),
        villages=replace(villages, kolkhoz_cash=villages.kolkhoz_cash - common),
    )
    return state, {"tax_own": over_slots(own), "tax_kolkhoz": common}, {}


def kolkhoz_money(state: State, context: Context) -> Moved:
    """Give a share of the kolkhoz's money to members by labour-days; buy and pay in with another.

    The second goes to the state for machines, building and the indivisible fund. S60, M16.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    by_work = ratio(
        households.labour_days,
        at_households(over_slots(households.labour_days), households.labour_days),
    )
    given = villages.kolkhoz_cash * numbers["kolkhoz_money_given_out"]
    received = by_work * at_households(given, by_work)
    paid = over_slots(received)
    bought = villages.kolkhoz_cash * numbers["kolkhoz_money_spent"]
    state = replace(
        state,
        households=replace(households, cash=households.cash + received),
        villages=replace(villages, kolkhoz_cash=villages.kolkhoz_cash - paid - bought),
    )
    return state, {"kolkhoz_money_given_out": paid, "kolkhoz_bought": bought}, {}
