"""What can be sold abroad: grain within reach of ports, and other goods. S41, S42; M42, M62."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.plans import TONNES_PER_MEGATONNE
from perelom.model.production import Output
from perelom.model.smooth import excess, power, ratio, smooth_min
from perelom.model.space import of_nation
from perelom.world.state import State


def obligations(state: State, context: Context) -> Float[Array, ""]:
    """Return what the country has bound itself to pay abroad, gold roubles. S42, M62.

    debt for goods delivered + b x orders: bills are signed when machines are ordered.
    """
    bills = context.parameters["orders_on_bills"] * context.switches["bills_on_orders"]
    return state.nation.foreign_debt + bills * state.nation.machine_orders


def debt_burden(state: State, context: Context) -> Float[Array, ""]:
    """Return how far obligations exceed what is tolerated, in units of a year's receipts. S42, M62.

    excess(obligations / receipts - t) over t, t tolerated in usual times x order of the centre.
    """
    tolerated = context.parameters["debt_tolerated"] * context.levers["debt_tolerance"][0]
    over = ratio(obligations(state, context), state.nation.receipts) - tolerated
    return excess(over, tolerated)


def payment_strain(state: State, context: Context) -> Float[Array, ""]:
    """Return the alarm over payments abroad: imports not paid for, and debt beyond bearing. S42."""
    return state.nation.currency_gap + debt_burden(state, context)


def needed(state: State, context: Context) -> Float[Array, ""]:
    """Return the part of its export plan that the centre wants, 1 unless exports follow need. S41.

    1 - lever (1 - q), q = currency needed over what full export plans would bring, at most 1.
    """
    return 1 - context.levers["exports_by_need"][0] * (1 - state.nation.export_need)


def export_push(state: State, context: Context) -> Float[Array, ""]:
    """Return by how much the need of foreign currency raises grain exports. S41, M42, M62.

    1 + r gap: the more of the wanted imports could not be paid for, the more grain is sent out,
    and it takes more grain the lower its price.
    """
    response = context.parameters["export_response"] * context.switches["export_push"]
    return 1 + response * state.nation.currency_gap


def within_reach(state: State, context: Context) -> Float[Array, " region"]:
    """Return state grain in reach of the grain ports, t. S41."""
    off = 1 - context.switches["port_hinterland"]
    access = context.geography.port_access
    return state.regions.granary * (access + off * (1 - access))


def grain_order(state: State, spare: Array, context: Context) -> Float[Array, ""]:
    """Return the grain to be shipped abroad this month, t. S41, M42.

    left = plan of the agricultural year x fulfilment x push x need - shipped since July;
    order = smooth min(left x season's share of what is left, r state grain in reach of ports, what
    ports can load in a month).
    With `exports_from_surplus` also at most what stores hold beyond all needs and the reserve.
    """
    numbers, levers = context.parameters, context.levers
    plan = levers["grain_exports_plan"][0] * TONNES_PER_MEGATONNE * numbers["export_fulfilment"]
    plan = plan * export_push(state, context) * needed(state, context)
    left = jnp.maximum(plan - state.nation.grain_shipped, 0.0)
    order = left * context.seasons["exports_left"]
    shippable = of_nation(within_reach(state, context)) * numbers["port_release"]
    loaded = numbers["port_capacity"] * TONNES_PER_MEGATONNE
    limited = smooth_min(order, shippable, loaded)
    off = 1 - context.switches["port_hinterland"]
    order = limited + off * (order - limited)
    waits = levers["exports_from_surplus"][0]
    return order - waits * (order - smooth_min(order, spare))


class Sold(NamedTuple):
    """A month's exports other than grain, gold roubles at prices of 1926/27.

    amount: what is sold. possible: what could have been. squeezed: the part taken from home trade.
    """

    amount: Float[Array, ""]
    possible: Float[Array, ""]
    squeezed: Float[Array, ""]


def other_exports(state: State, output: Output, context: Context) -> Sold:
    """Sell timber, oil, furs, butter and other goods as planned, as far as there are. S41, M62.

    spare = X0 [i (Q / Q0)^e + (1 - i) farm materials], Q producer goods: left by home use at its
    share of 1926; wanted = plan x fulfilment x need; sold = smooth min(wanted, spare) + taken;
    taken = missing x smooth min(1, t + s strain): export goes before shops, most in a crisis.
    """
    numbers, switches = context.parameters, context.switches
    plan = context.levers["other_exports"][0] * ROUBLES_PER_MILLION / 12
    before = numbers["producer_output"] * ROUBLES_PER_MILLION
    part = numbers["industry_in_exports"]
    made = part * power(output.producer.sum() / before, numbers["exports_of_output"])
    made = made + (1 - part) * output.materials
    spare = numbers["other_exports_1926"] * ROUBLES_PER_MILLION / 12 * made
    strain = numbers["export_squeeze"] * payment_strain(state, context)
    share = smooth_min(numbers["exports_before_shops"] + strain, jnp.ones_like(strain))
    share = share * switches["export_squeeze"]
    full = plan * numbers["other_export_fulfilment"]
    wanted = full * needed(state, context)
    surplus, most = smooth_min(wanted, spare), smooth_min(full, spare)
    squeezed = (wanted - surplus) * share
    on = switches["export_supply"]
    sold = plan + on * (surplus + squeezed - plan)
    return Sold(sold, plan + on * (most + (full - most) * share - plan), on * squeezed)
