"""Investment, unfinished building and new capital. Systems S31, S37, S38. Mechanisms M57, M66."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.smooth import power, ratio, smooth_min
from perelom.world.state import State


class Uses(NamedTuple):
    """What producer goods of a year serve, roubles of 1926/27."""

    defence: Float[Array, ""]
    investment: Float[Array, ""]


def investment(
    state: State, goods: Float[Array, ""], machines: Float[Array, ""], context: Context
) -> tuple[State, Flows, Uses]:
    """Invest what is ordered as far as producer goods and imports reach. S31, S37, M57, M66.

    available = (goods (1 - defence) + machines) / share of materials; I = smooth min(ordered,
    available); industry's part, moved by decision, goes to branches by decision and to regions by
    capital.
    U' = U + I - V, V = U / gestation x (I / ordered)^e: the more is begun than can be supplied, the
    slower all of it is finished. K' = K + V - wear. goods: producer goods for use, roubles of
    1926/27 a year; machines: imports, the same.
    """
    numbers, levers, nation = context.parameters, context.levers, state.nation
    regions, switch = state.regions, context.switches["investment"]
    defence = goods * levers["defence_share"][0]
    ordered = levers["investment_ordered"][0] * ROUBLES_PER_MILLION
    available = (goods - defence + machines) / numbers["materials_in_investment"]
    made = smooth_min(ordered, available)
    stretch = jnp.where(ordered > 0, ratio(made, ordered), 1.0)
    industry = made * numbers["industry_in_investment"] / 12
    industry = industry * levers["investment_industry_share"][0]
    producer = levers["investment_producer_share"][0]
    pace = power(stretch, numbers["gestation_of_stretch"])
    finished = pace / (numbers["gestation_years"] * 12)
    flows: Flows = {}
    values: dict[str, Array] = {}
    for branch, part in (("producer", producer), ("consumer", 1 - producer)):
        capital = getattr(regions, f"{branch}_capital")
        unfinished = getattr(regions, f"{branch}_unfinished")
        put = industry * part * capital / capital.sum() * switch
        completed = unfinished * finished * switch
        worn = capital * numbers["capital_wear"] / 12 * switch
        values[f"{branch}_capital"] = capital + completed - worn
        values[f"{branch}_unfinished"] = unfinished + put - completed
        flows |= {
            f"invested_{branch}": put,
            f"completed_{branch}": completed,
            f"worn_{branch}": worn,
        }
    nation = replace(
        nation,
        investment=nation.investment + switch * (made - nation.investment),
        stretch=nation.stretch + switch * (stretch - nation.stretch),
    )
    state = replace(state, regions=replace(regions, **values), nation=nation)
    return state, flows, Uses(defence, made)
