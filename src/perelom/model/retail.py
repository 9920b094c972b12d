"""Shops and prices: goods, spirits, bread, the free market. Systems S14, S15, S34, S36, S38.

Mechanisms M3 (goods famine), M59 (repressed inflation), M61 (the spirits monopoly).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.employment import ROUBLES_PER_MILLION
from perelom.model.farm_sales import market_offer
from perelom.model.payments import bread_price, market_grain_price, market_money
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import SPECIES, State


def shop(wanted: Array, weight: Array, goods: Array) -> Array:
    """Share goods among buyers by weight, never above what each wants. S14, S38.

    A first round follows the weights, a second shares out what is left by what is still wanted.
    """
    first = smooth_min(wanted, goods * ratio(weight, weight.sum()))
    rest = wanted - first
    return first + smooth_min(rest, (goods - first.sum()) * ratio(rest, rest.sum()))


def spirits(wanted: Array, bought: Array, context: Context) -> Array:
    """Return what people pay for spirits, never above what distilleries can make. S34, M61.

    smooth min(s wanted + u (wanted - bought), most x sales of 1926 x price): a habit, and money
    that found no goods. wanted, bought: roubles for goods of shops.
    """
    numbers = context.parameters
    thirst = wanted * numbers["spirits_share"] + (wanted - bought) * numbers["spirits_for_goods"]
    capacity = numbers["spirits_capacity"] * numbers["spirits_sales_1926"] / 12
    capacity = capacity * ROUBLES_PER_MILLION * context.levers["retail_price"][0]
    return shop(thirst, thirst, capacity) * context.switches["spirits"]


def retail(state: State, goods: Float[Array, ""], context: Context) -> Moved:
    """Sell the month's goods in shops at the state's price. S14, S38, M3, M59.

    People want to spend a share of their money; goods (roubles of 1926/27 at retail, new ones at
    the prices at which they came) go to towns and villages by what they want to spend, villages
    weighted by the lever. bought = smooth min(wanted, goods x price); goods found = bought /
    wanted over the same in 1926. Spirits are sold beside them.
    """
    numbers, geography = context.parameters, context.geography
    households, regions = state.households, state.regions
    spending = numbers["village_spending"]
    rural = to_regions(geography, over_slots(households.cash)) * spending
    town = regions.town_cash * numbers["town_spending"]
    wanted = jnp.stack([rural, town])
    priority = context.levers["goods_supply"]
    weight = jnp.stack([rural * priority, town])
    switch = context.switches["retail_trade"]
    bought = shop(wanted, weight, goods * context.levers["retail_price"][0]) * switch
    drunk = spirits(wanted, bought, context) * switch
    filled = ratio(bought, wanted)
    on_spirits = ratio(drunk[0], rural)
    rate = at_villages(geography, (filled[0] + on_spirits) * spending)
    spent = households.cash * at_households(rate, households.cash)
    spirits_part = at_villages(geography, ratio(on_spirits, filled[0] + on_spirits))
    spent_in_village = over_slots(spent)
    # Where nobody has money nothing is learnt about the shops.
    found = jnp.where(
        rural > 0,
        jnp.maximum(filled[0] / numbers["goods_found_1926"], numbers["goods_found_least"]),
        regions.goods_found,
    )
    found = regions.goods_found + switch * (found - regions.goods_found)
    state = replace(
        state,
        households=replace(households, cash=households.cash - spent),
        regions=replace(
            regions, town_cash=regions.town_cash - bought[1] - drunk[1], goods_found=found
        ),
    )
    flows = {
        "goods_bought_rural": spent_in_village * (1 - spirits_part),
        "goods_bought_town": bought[1],
        "spirits_bought_rural": spent_in_village * spirits_part,
        "spirits_bought_town": drunk[1],
    }
    return state, flows, {}


def towns_pay_for_bread(state: State, supplied: Float[Array, " region"], context: Context) -> Moved:
    """Let towns pay the state for its grain (t) at the price of bread. S86, M60."""
    cash = state.regions.town_cash
    paid = smooth_min(
        supplied * bread_price(context), cash * context.parameters["bread_money_share"]
    )
    regions = replace(state.regions, town_cash=cash - paid)
    return replace(state, regions=regions), {"bread_paid_town": paid}, {}


def pay_state_for_bread(
    state: State, bought: Float[Array, "village slot"], context: Context
) -> Moved:
    """Let households pay for grain (t) from state and co-operative shops. S06.

    Nobody pays more than a share of his cash: the rest is given on credit that is not returned.
    """
    households, most = state.households, context.parameters["bread_money_share"]
    price = at_villages(context.geography, bread_price(context))
    cost = bought * at_households(price, bought)
    paid = smooth_min(cost, households.cash * most)
    households = replace(households, cash=households.cash - paid)
    return replace(state, households=households), {"bread_paid_rural": over_slots(paid)}, {}


def pay_traders_for_bread(
    state: State, bought: Float[Array, "village slot"], context: Context
) -> Moved:
    """Let households pay traders of their region for grain (t) at the free price. S15."""
    households, most = state.households, context.parameters["bread_money_share"]
    price = at_villages(context.geography, market_grain_price(state, context))
    cost = bought * at_households(price, bought)
    paid = smooth_min(cost, households.cash * most)
    flows = {"villages_paid_trade": over_slots(paid)}
    traded = to_regions(context.geography, flows["villages_paid_trade"])
    regions = replace(state.regions, town_cash=state.regions.town_cash + traded)
    households = replace(households, cash=households.cash - paid)
    return replace(state, households=households, regions=regions), flows, {}


def free_price(state: State, context: Context) -> State:
    """Move the free market's price of food. S15, S36, M59, M64.

    p* = (money towns bring / that of 1926) / (food offered / that of 1926), where both answer to
    the price themselves; traders bring regions together, p* = national^i regional^(1 - i); the
    price follows at a monthly pace.
    """
    numbers, reference = context.parameters, context.reference
    regions = state.regions
    herd = jnp.stack([numbers[f"{species}_marketed"] for species in SPECIES])
    persons = reference.rural_persons.sum(axis=0)
    animal = (reference.herd * herd[:, None]).sum(axis=0) * persons / 12
    garden = persons * numbers["garden_marketed"] / 12 * context.switches["garden_sales"]
    then = animal * numbers["animal_products_on_market"] + garden + reference.regions.private_sales
    now, least = market_offer(state, context), numbers["market_offer_least"]
    money = market_money(state, context) / numbers["market_money_share"]
    before = reference.regions.town_cash

    def index(money: Array, before: Array, now: Array, then: Array) -> Array:
        return jnp.log((money / before + least) / (1 + least)) - jnp.log(
            (now / then + least) / (1 + least)
        )

    nation = index(money.sum(), before.sum(), now.sum(), then.sum())
    shared = numbers["market_integration"]
    wanted = shared * nation + (1 - shared) * index(money, before, now, then)
    pace = numbers["market_price_pace"] * context.switches["free_market_price"]
    price = jnp.exp(jnp.log(regions.market_price) * (1 - pace) + pace * wanted)
    return replace(state, regions=replace(regions, market_price=price))
