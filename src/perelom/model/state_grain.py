"""Line 12 of the month, its grain part: exports, towns, relief and loans from state stores.

Systems S24, S41, S86, S90. Mechanisms M41 (relief), M42 (state stocks and export).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved, computed_once
from perelom.model.confinement import confined_request
from perelom.model.context import Context
from perelom.model.exports import grain_order, within_reach
from perelom.model.food import (
    months_looked_ahead,
    months_to_harvest,
    rural_shortage,
)
from perelom.model.needs import DAYS_PER_YEAR, bare_of_fodder, energy_need, persons_of
from perelom.model.plans import TONNES_PER_MEGATONNE
from perelom.model.reports import relief_by_belief
from perelom.model.retail import pay_state_for_bread, pay_traders_for_bread
from perelom.model.smooth import excess, ratio, smooth_min
from perelom.model.space import at_households, at_villages, of_nation, over_slots, to_regions, total
from perelom.world.state import SPECIES, State


def seed_gap(state: State, context: Context) -> Float[Array, " village"]:
    """Return the spring seed that kolkhozes lack, t. M27."""
    villages, geography = state.villages, context.geography
    area = at_villages(geography, geography.grain_share * (1 - geography.winter_share))
    return jnp.maximum(
        villages.kolkhoz_land * area * context.parameters["seed_rate"] - villages.kolkhoz_seed, 0.0
    )


def structural_deficit(context: Context) -> Float[Array, " region"]:
    """Return what villages of a region lack in a year of average weather, t. S06.

    Food, seed and feed of the people and herds of 1926 less the normal harvest of their land; 0
    where there is enough. Cotton, flax, timber and pastoral regions live on others' grain.
    """
    reference, numbers, geography = context.reference, context.parameters, context.geography
    persons = reference.rural_persons.sum(axis=0)
    energy = energy_need(reference.rural_persons, context)
    milk = reference.herd[SPECIES.index("cattle")] * numbers["milk_energy_per_head"]
    meat = total(
        head * numbers[f"{species}_slaughter"] * numbers[f"{species}_meat_energy"]
        for species, head in zip(SPECIES, reference.january_herd, strict=True)
    )
    eaten = numbers["meat_eaten_at_home"] * context.switches["meat_at_home"] / DAYS_PER_YEAR
    other = persons * (geography.garden_calories + milk + meat * eaten)
    least = numbers["grain_share_of_food_least"] * energy
    food = jnp.maximum(energy - other, least) * DAYS_PER_YEAR / (numbers["grain_energy"] * 1000)
    feed = total(
        head * numbers[f"{species}_feed"]
        for species, head in zip(SPECIES, reference.herd, strict=True)
    )
    seed = reference.sown * numbers["seed_rate"]
    need = food + persons * (feed * bare_of_fodder(context) + seed)
    return jnp.maximum(need - reference.harvest, 0.0)


def outside_towns(context: Context) -> Float[Array, " region"]:
    """Return grain for people on rations who live outside towns, t a villager of 1926 and month."""
    return context.parameters["town_grain_need"] / 12 * context.levers["rations_outside_towns"]


def spare_stock(state: State, context: Context, exports: Array | None = None) -> Float[Array, ""]:
    """Return state grain beyond all needs until the harvest and the reserve, t. S24, M42.

    stock - (need of towns, army, industry, villages of deficit regions and workers outside towns +
    exports planned) months to harvest - floor, at least 0: what nobody goes short of. exports: t a
    month, a twelfth of the plan where nothing else is said.
    """
    numbers, levers, months = context.parameters, context.levers, months_to_harvest(context)
    need = of_nation(town_need(state, context)) * (1 + numbers["army_and_industry_need"])
    villages = structural_deficit(context) / 12 * levers["rural_supply"]
    persons = context.reference.rural_persons.sum(axis=0)
    villages = of_nation(villages + outside_towns(context) * persons)
    if exports is None:
        exports = levers["grain_exports_plan"][0] * TONNES_PER_MEGATONNE / 12
    floor = numbers["state_reserve_floor"] * TONNES_PER_MEGATONNE
    kept = (need + villages + exports) * months + floor
    return excess(of_nation(state.regions.granary) - kept, floor)


class Requests(NamedTuple):
    """What each use asks of the state's stores this month, t.

    towns, state_use, confined [region]; exports []; supply, relief [village slot]; seed [village].
    state_use: army, industry, spirits, fodder. supply: villages of deficit regions, and workers on
    rations who live outside towns. confined: settlements and prisons.
    """

    towns: Array
    state_use: Array
    exports: Array
    supply: Array
    relief: Array
    seed: Array
    confined: Array


def town_need(state: State, context: Context) -> Float[Array, " region"]:
    """Return the grain towns eat in a month at the norm, t. S86."""
    return state.regions.town_persons.sum(axis=0) * context.parameters["town_grain_need"] / 12


def bread_from_shops(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return what villagers who have run out of bread ask of state shops this month, t. S12, S86.

    free sale x access to trade x what the store lacks of a month's bread: where bread is sold
    without cards nobody asks a buyer where he lives, and villages join the queues of towns.
    """
    numbers = context.parameters
    sale = context.levers["free_bread_sale"] * context.switches["bread_in_shops"]
    lacking = rural_shortage(state, jnp.ones(()), context)
    return (
        lacking
        * at_households(at_villages(context.geography, sale), lacking)
        * numbers["access_to_trade"]
    )


def requests(state: State, context: Context) -> Requests:
    """Work out what towns, army, exports, hungry villages and sowing ask for. S24, S41, S86, S90.

    Towns restock to their norm at a bounded pace; relief is the ordered amount, shared out by
    believed hunger, and what the doctrine grants, never above the shortage; while bread is sold
    freely, villages short of it also buy a part of what the stores can spare, and those without
    any ask for it in shops like townspeople; exports follow the year's order as far as ports reach
    grain; seed loans cover a share of the gap in their season.
    """
    regions, geography = state.regions, context.geography
    numbers, levers, switches = context.parameters, context.levers, context.switches
    need = town_need(state, context)
    missing = jnp.maximum(need * (1 + numbers["town_months_of_store"]) - regions.town_grain, 0.0)
    towns = jnp.minimum(missing, need * numbers["town_restocking_pace"]) * levers["town_ration"]
    exports = grain_order(state, spare_stock(state, context, jnp.zeros(())), context)
    shortage = rural_shortage(state, months_looked_ahead(context), context)
    short = to_regions(geography, over_slots(shortage))
    spare = spare_stock(state, context) * switches["reserve_release"]
    sold = spare * numbers["spare_stock_sold"] * ratio(short, of_nation(short))
    sold = sold * levers["free_bread_sale"]
    more = spare * numbers["spare_stock_used"] * ratio(need, of_nation(need))
    planned = structural_deficit(context) / 12 * levers["rural_supply"] + sold
    normal = at_villages(geography, ratio(smooth_min(planned, short), short))
    normal = at_households(normal, shortage)
    planned_supply = shortage * normal
    in_shops = bread_from_shops(state, context) * (1 - normal)
    persons = persons_of(state, context)
    outside = persons * at_households(at_villages(geography, outside_towns(context)), persons)
    # The centre sends relief where it believes hunger to be, officials there share it out by need.
    hunger = context.reference.rural_persons.sum(axis=0) * regions.believed_hunger
    ordered = levers["relief_food"][0] * TONNES_PER_MEGATONNE * ratio(hunger, of_nation(hunger))
    granted = ordered + relief_by_belief(regions, context)
    helped = smooth_min(granted * switches["relief"], short)
    lent = at_villages(geography, levers["seed_loan"]) * numbers["seed_loan_share"]
    return Requests(
        towns=towns,
        state_use=need * numbers["army_and_industry_need"] + more,
        exports=exports * switches["grain_exports"],
        supply=planned_supply + in_shops + outside,
        relief=shortage * at_households(at_villages(geography, ratio(helped, short)), shortage),
        seed=seed_gap(state, context) * lent * context.seasons["seed_lending"],
        confined=confined_request(state, context),
    )


def state_grain(state: State, context: Context) -> Moved:
    """Share the state's grain among its uses. S24, S41, S86, S90, M41, M42.

    Exports leave from stores within reach of ports, in proportion to what they hold there; all else
    is then drawn from all stores alike and goes by rail to towns and villages.
    """
    regions, geography = state.regions, context.geography
    spoiled = computed_once(regions.granary * context.parameters["store_loss"] / 12)
    stores = computed_once(regions.granary - spoiled)
    ask = requests(state, context)
    supply, relief = over_slots(ask.supply), over_slots(ask.relief)
    asked = computed_once(
        jnp.stack(
            [
                of_nation(ask.towns),
                of_nation(ask.state_use),
                ask.exports,
                of_nation(to_regions(geography, supply)),
                of_nation(to_regions(geography, relief)),
                of_nation(to_regions(geography, ask.seed)),
                of_nation(ask.confined),
            ]
        )
    )
    met = computed_once(ration_out(asked, of_nation(stores), context))
    filled = Requests(*ratio(met, asked))
    reach = within_reach(state, context)
    exported = computed_once(reach * ratio(met[2], of_nation(reach)))
    rest = computed_once(met.sum() - met[2])
    drawn = computed_once((stores - exported) * ratio(rest, of_nation(stores - exported)))
    used = drawn * ratio(met[1], rest)
    bought = ask.supply * filled.supply.astype(ask.supply.dtype)
    grain = bought + ask.relief * filled.relief.astype(ask.relief.dtype)
    towns, loan = ask.towns * filled.towns, ask.seed * filled.seed
    confined = ask.confined * filled.confined
    flows = {
        "shipped_out": drawn - used,
        "town_supply": towns,
        "used_by_state": used,
        "rural_supply": supply * filled.supply,
        "relief": relief * filled.relief,
        "seed_loan": loan,
        "exported": exported,
        "spoiled_granary": spoiled,
        "settlement_supply": confined,
    }
    closes = context.seasons["agricultural_year_closes"]
    state = replace(
        state,
        regions=replace(
            regions,
            granary=stores - exported - drawn,
            town_grain=regions.town_grain + towns,
            settlement_grain=regions.settlement_grain + confined,
        ),
        households=replace(state.households, grain=state.households.grain + grain),
        villages=replace(state.villages, kolkhoz_seed=state.villages.kolkhoz_seed + loan),
        nation=replace(
            state.nation,
            grain_shipped=(state.nation.grain_shipped + of_nation(exported)) * (1 - closes),
        ),
    )
    state, paid, _ = pay_state_for_bread(state, bought, context)
    return state, flows | paid, {}


def private_trade(state: State, context: Context) -> Moved:
    """Carry what towns' private stores can spare to villages and towns that are short. S15, S06.

    Stores beyond twice the towns' norm are offered at the pace of trade while it is legal; the
    smaller of offer and demand moves, shared by need.
    """
    regions, geography, numbers = state.regions, context.geography, context.parameters
    norm = town_need(state, context) * (1 + numbers["town_months_of_store"])
    legal = jnp.maximum(context.levers["private_trade"], context.levers["kolkhoz_market"])
    spare = jnp.maximum(regions.town_grain - norm, 0.0) * numbers["trade_pace"] * legal
    shortage = (
        rural_shortage(state, months_looked_ahead(context), context) * numbers["access_to_trade"]
    )
    village_short = to_regions(geography, over_slots(shortage))
    town_short = jnp.maximum(norm - regions.town_grain, 0.0)
    asked = of_nation(village_short) + of_nation(town_short)
    moved = smooth_min(of_nation(spare), asked)
    filled, sold = ratio(moved, asked), spare * ratio(moved, of_nation(spare))
    bought = shortage * filled.astype(shortage.dtype)
    towns = town_short * filled
    flows = {
        "traded_out": sold,
        "bought_by_villages": over_slots(bought),
        "bought_by_towns": towns,
    }
    state = replace(
        state,
        regions=replace(regions, town_grain=regions.town_grain - sold + towns),
        households=replace(state.households, grain=state.households.grain + bought),
    )
    state, paid, _ = pay_traders_for_bread(state, bought, context)
    return state, flows | paid, {}


def ration_out(asked: Float[Array, " use"], held: Array, context: Context) -> Float[Array, " use"]:
    """Meet monthly requests from what the stores may release. S86, M42.

    release = stores spread over the months until the harvest, front-loaded by `release_speed`;
    a first round shares it by requests times priority, a second what is left over.
    """
    numbers = context.parameters
    months = months_to_harvest(context)
    available = computed_once(
        held * jnp.minimum(numbers["release_speed"] / months, numbers["release_most"])
    )
    release = smooth_min(available, of_nation(asked))
    weights = Requests(
        towns=numbers["priority_towns"],
        state_use=numbers["priority_state_use"],
        exports=context.levers["export_priority"][0],
        supply=numbers["priority_villages"],
        relief=numbers["priority_relief"],
        seed=numbers["priority_seed"],
        confined=numbers["priority_confined"],
    )
    claim = asked * jnp.stack([weight.astype(asked.dtype) for weight in weights])
    first = smooth_min(release * ratio(claim, of_nation(claim)), asked)
    rest = asked - first
    return first + smooth_min((release - of_nation(first)) * ratio(rest, of_nation(rest)), rest)
