"""What is to be bought abroad: machines by orders that take months, materials. S41, S42; M62."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.exports import debt_burden
from perelom.model.production import Output
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.statistics import hidden_price_rise
from perelom.world.state import State


class Wanted(NamedTuple):
    """Imports that plans want, gold roubles a year, whatever they cost the country."""

    machines: Float[Array, ""]
    materials: Float[Array, ""]


def machine_gap(output: Output, context: Context) -> Float[Array, ""]:
    """Return machines for ordered investment that home works cannot make, gold roubles/yr. M62.

    max(e I - (e I0 - v M0) (Q / Q0)^h, 0) / v: e machines in investment, v home over world price,
    M0 imports of 1926/27, Q producer goods as officially reported, by which planners judge what
    need not be bought. The year 1926/27 needed its imports.
    """
    numbers = context.parameters
    share, value = numbers["equipment_in_investment"], numbers["machine_import_value"]
    ordered = share * context.levers["investment_ordered"][0] * ROUBLES_PER_MILLION
    first = share * context.reference.investment
    home = jnp.maximum(first - value * numbers["machine_imports_1926"] * ROUBLES_PER_MILLION, 0.0)
    growth = output.producer.sum() / (numbers["producer_output"] * ROUBLES_PER_MILLION)
    growth = growth * hidden_price_rise(context)
    home = home * power(growth, numbers["home_machines_of_output"])
    return jnp.maximum(ordered - home, 0.0) / value


def wanted_imports(state: State, output: Output, context: Context) -> Wanted:
    """Return the machines and materials that plans ask for. S38, S41, M62.

    machines = order of the centre + share x machine gap; materials = Z0 p [(1 - f) C / (C0 (1 +
    g)^t) + f (I / I0) / (Q / Q0)]: cotton and wool for mills less what home fields bring more, and
    metals, rubber and chemicals for what is built, less what home works make more.
    """
    numbers, levers = context.parameters, context.levers
    ordered = levers["machine_imports"][0] * ROUBLES_PER_MILLION
    machines = ordered + levers["machine_orders_by_need"][0] * machine_gap(output, context)
    years = context.draws.month / 12.0
    mills = output.consumer.sum() / (numbers["consumer_output"] * ROUBLES_PER_MILLION)
    mills = mills / (1 + numbers["technical_crops_growth"]) ** years
    heavy = output.producer.sum() / (numbers["producer_output"] * ROUBLES_PER_MILLION)
    built = ratio(state.nation.investment, context.reference.investment)
    metals = numbers["metals_in_imports"]
    base = numbers["other_imports"] * ROUBLES_PER_MILLION * levers["world_price_other"][0]
    return Wanted(machines, base * ((1 - metals) * mills + metals * ratio(built, heavy)))


class Programme(NamedTuple):
    """The month's import programme, gold roubles: orders placed, machines and materials due."""

    placed: Float[Array, ""]
    machines: Float[Array, ""]
    materials: Float[Array, ""]


def restraint(state: State, context: Context) -> Float[Array, ""]:
    """Return the share of affordable imports that is ordered: 1 / (1 + c burden). S42, M62."""
    cut = context.parameters["import_cut"] * debt_burden(state, context)
    return 1 / (1 + cut * context.switches["import_cuts"])


def programme(state: State, want: Wanted, capacity: Array, context: Context) -> Programme:
    """Draw up imports from what exports and credit are expected to bring. S41, S42, M62.

    a = smooth min(wanted machines, capacity x their claim) x restraint; machines due = orders
    abroad / delivery time T; orders placed = a less by what orders abroad exceed a T, over T, never
    below 0; materials = smooth min(wanted, what machines due leave, at least a floor) x restraint.
    Restraint: the Politburo cuts once debt stands too high. capacity: gold roubles a year.
    """
    numbers, switches = context.parameters, context.switches
    held = restraint(state, context)
    claim = numbers["machines_before_materials"] * want.machines
    affordable = capacity * ratio(claim, claim + want.materials)
    aimed = smooth_min(want.machines, affordable) * held / 12
    delay = 1 + switches["order_delay"] * (numbers["machine_delivery_months"] - 1)
    # Works already on order fill the programme: new orders make up what they leave of it.
    aimed_stock = aimed * delay * switches["order_delay"]
    placed = jnp.maximum(aimed + (aimed_stock - state.nation.machine_orders) / delay, 0.0)
    due = (state.nation.machine_orders + (1 - switches["order_delay"]) * placed) / delay
    left = jnp.maximum(capacity - due * 12, numbers["materials_least"] * want.materials)
    materials = smooth_min(want.materials, left) * held / 12
    return Programme(placed, due, materials)


def book_orders(state: State, placed: Array, received: Array) -> State:
    """Add orders placed abroad and take away machines received. S41, S42."""
    orders = state.nation.machine_orders + placed - received
    return replace(state, nation=replace(state.nation, machine_orders=orders))
