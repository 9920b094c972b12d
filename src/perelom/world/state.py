"""The state of the simulated country: typed pytrees of dense arrays.

Households are `[village, slot]` arrays in single precision (double in gradient tests), empty
slots hold zeros; villages and everything above them are double precision. A household column
counts the households of the sampled village itself; `Geography.weight` says how many real
villages a sampled one stands for.
"""

import equinox as eqx
import numpy as np
from jaxtyping import Array, Float, Int

SEXES = ("male", "female")
AGE_BANDS = ("small_children", "children", "working_age", "old")
AGE_BAND_YEARS = {
    "small_children": (0, 4),
    "children": (5, 14),
    "working_age": (15, 59),
    "old": (60, 100),
}
CELLS = tuple(f"{sex}_{band}" for sex in SEXES for band in AGE_BANDS)
"""Order of the first axis of every `persons` array: males by age band, then females."""
SMALL_CHILDREN = tuple(cell for cell, name in enumerate(CELLS) if name.endswith(AGE_BANDS[0]))
"""Where small children stand in that order."""

NATIONALITIES = ("russian", "ukrainian", "belorussian", "kazakh", "german", "tatar", "other")
LABELS = ("batrak", "poor", "middle", "kulak")
"""Labels as officials used them; the code is the index. A label is not an economic class."""

SPECIES = ("horses", "cattle", "sheep_goats", "pigs")
STATE_FARM_SPECIES = ("cattle", "sheep_goats", "pigs")
"""Species that state farms were set up to breed."""
RAIONS = "raions"
"""Name of the axis along which villages are shared among devices."""
SLOTS = 128
"""Room for households in a village; at least a tenth stays free for household division."""


class Households(eqx.Module):
    """Peasant households of the sampled villages.

    present: households of the slot that live in the village: 0 or 1 in sampled draws; else also
    a part of one, or more than one where it has divided. What the slot holds is that of all.
    birth_number: the household's number within its village, part of its random key; -1 if empty.
    disposition: fixed standard normal draw, inclination towards the kolkhoz.
    label: index into `LABELS`, how officials see the household.
    persons: one array a cell, in the order of `CELLS`, persons.
    land: arable land in use, ha. winter_sown, spring_sown: grain standing in own fields, ha.
    horses, cattle, sheep_goats, pigs: own animals, head. implements: value, roubles of 1926/27.
    grain: food and fodder grain in store, t. seed: grain set aside as seed, t.
    member, outside: share of the household that is in the kolkhoz and that is not (0 or 1 in
    sampled draws); kept apart because each may be far smaller than the other's rounding.
    body_reserve: mean body weight above (+) or below (-) normal, kg a person.
    labour_days: labour-days worked in the kolkhoz this agricultural year.
    cash: money held, roubles.
    """

    present: Float[Array, "village slot"]
    birth_number: Int[Array, "village slot"]
    disposition: Float[Array, "village slot"]
    label: Int[Array, "village slot"]
    persons: tuple[Float[Array, "village slot"], ...]
    land: Float[Array, "village slot"]
    winter_sown: Float[Array, "village slot"]
    spring_sown: Float[Array, "village slot"]
    horses: Float[Array, "village slot"]
    cattle: Float[Array, "village slot"]
    sheep_goats: Float[Array, "village slot"]
    pigs: Float[Array, "village slot"]
    implements: Float[Array, "village slot"]
    grain: Float[Array, "village slot"]
    seed: Float[Array, "village slot"]
    member: Float[Array, "village slot"]
    outside: Float[Array, "village slot"]
    body_reserve: Float[Array, "village slot"]
    labour_days: Float[Array, "village slot"]
    cash: Float[Array, "village slot"]


class Villages(eqx.Module):
    """Villages and their kolkhozes; quantities are those of one sampled village.

    kolkhoz_*: land (ha), standing grain (ha), animals (head), implements (roubles), grain and
    seed (t) of the kolkhoz. winter_delay, spring_delay: days by which sowing of the standing
    fields overran the best period, own fields; kolkhoz_*: those of the kolkhoz.
    effort: quality of kolkhoz work on the standing crop relative to own fields.
    expected_pay: grain expected per labour-day, t. expected_take: share of the harvest that
    peasants expect to be taken. plan, delivered: grain of this agricultural year, t.
    experience: years of kolkhoz work behind the village, weighted by the share of its members.
    harvest: barn harvest of this agricultural year, t. distributed: grain given out to members
    this agricultural year, t. pressure: campaign pressure felt, 0-1.
    conceptions: live births due in 1, 2, ... 9 months, persons. kolkhoz_cash: roubles.
    heat: stock of grievances, 1 where all were forced into the kolkhoz in a month. conceded: share
    of the pressure that local officials have given up after a disturbance. taken_part: share of
    the village's grain taken by force this month. share_before: kolkhoz households over all
    households a month ago. struck: share of households deported or stripped of their farm this
    month. repressed: share of households hit by deportation or arrest lately, fading. removed:
    share of households deported so far. breeding_*: share of breeding females in the village's
    animals relative to a herd of 1 January in the 1920s. unwilling: share of members who came
    under pressure and have not settled in. threat_answered, drive_answered: threats of pooling, to
    households outside and to members, under which animals were kept so far.
    """

    kolkhoz_land: Float[Array, " village"]
    kolkhoz_winter_sown: Float[Array, " village"]
    kolkhoz_spring_sown: Float[Array, " village"]
    kolkhoz_horses: Float[Array, " village"]
    kolkhoz_cattle: Float[Array, " village"]
    kolkhoz_sheep_goats: Float[Array, " village"]
    kolkhoz_pigs: Float[Array, " village"]
    kolkhoz_implements: Float[Array, " village"]
    kolkhoz_grain: Float[Array, " village"]
    kolkhoz_seed: Float[Array, " village"]
    winter_delay: Float[Array, " village"]
    spring_delay: Float[Array, " village"]
    kolkhoz_winter_delay: Float[Array, " village"]
    kolkhoz_spring_delay: Float[Array, " village"]
    effort: Float[Array, " village"]
    expected_pay: Float[Array, " village"]
    expected_take: Float[Array, " village"]
    plan: Float[Array, " village"]
    delivered: Float[Array, " village"]
    harvest: Float[Array, " village"]
    distributed: Float[Array, " village"]
    experience: Float[Array, " village"]
    pressure: Float[Array, " village"]
    conceptions: Float[Array, "9 village"]
    kolkhoz_cash: Float[Array, " village"]
    heat: Float[Array, " village"]
    conceded: Float[Array, " village"]
    taken_part: Float[Array, " village"]
    share_before: Float[Array, " village"]
    struck: Float[Array, " village"]
    repressed: Float[Array, " village"]
    removed: Float[Array, " village"]
    breeding_horses: Float[Array, " village"]
    breeding_cattle: Float[Array, " village"]
    breeding_sheep_goats: Float[Array, " village"]
    breeding_pigs: Float[Array, " village"]
    unwilling: Float[Array, " village"]
    threat_answered: Float[Array, " village"]
    drive_answered: Float[Array, " village"]


class Regions(eqx.Module):
    """Regions: state grain, towns, and what the centre believes of each.

    granary: grain in state hands, t. town_grain: grain in town stores and shops, t.
    town_persons: town population by cell. town_body_reserve: kg a person.
    town_conceptions: live births due in 1..9 months.
    plan, delivered: procurement of this agricultural year, t; delivered_last_year likewise.
    harvest, reported_harvest: barn harvest and reported harvest of this agricultural year, t.
    believed_harvest: what the centre believes a normal harvest to be, t.
    tempo: pressure for collectivization that officials of the region apply, 0-1.
    tractors: units of 15 horsepower at work in agriculture.
    growing_weather: sum of the season's monthly weather so far, log yield points.
    town_cash: money held by town people, roubles. employed: town people in paid work, persons.
    goods_found: share of the goods that peasants wanted to buy and found, last month.
    state_farm_land, state_farm_sown: grain land of state farms and what stands on it, ha.
    state_farm_grain: grain in their stores, seed included, t.
    vacancies: unfilled posts in towns, persons. housing: living space of towns, m2.
    ration_reserve_gap: body reserve of families on the upper ration lists less that of the other
    town people, kg a person (`town_body_reserve` is the mean of both).
    infected: share of people ill with typhus or another infection of famine years.
    immune: share of people whom such an illness has left immune.
    disturbances: mass disturbances in the villages last month, events.
    settlers: deported people in special settlements by cell. settler_body_reserve: kg a person.
    settler_conceptions: live births due in 1..9 months. settlement_housing: settlers who have a
    dwelling, persons. settlement_grain: grain held for settlements and prisons, t.
    prisoners: people in prisons, colonies and camps by cell, booked where they were arrested.
    prisoner_body_reserve: kg a person. prison_places: prisoners for whom there is room.
    believed_hunger: mean share of body weight lost that the centre believes villagers have lost.
    paper_share: share of households outside that reports show as members.
    plan_cut: share of this year's plan that the centre has given up.
    leniency: what is left of the officials' leniency of 1926, 1 untouched to 0 none.
    officials_removed: share of raion chiefs removed as a punishment in the last year, fading.
    market_price: price of food on the free market, 1 as
    in 1926/27. private_sales: grain sold privately, roubles of 1926/27 a month, mean of a year.
    producer_capital, consumer_capital: capital at work in industry that makes producer goods and
    consumer goods; *_unfinished: money in unfinished building; roubles of 1926/27.
    skill: output of a worker relative to the trained worker of 1926.
    overcount: persons by which the running count of the population exceeds those alive.
    awaiting_deportation: families on the list who were not taken away yet.
    state_farm_cattle, state_farm_sheep_goats, state_farm_pigs: animals of state farms, head.
    fugitives: escaped settlers whom the police still look for, by cell (they live in towns).
    long_terms: prisoners sentenced to long terms, persons.
    """

    granary: Float[Array, " region"]
    town_grain: Float[Array, " region"]
    town_persons: Float[Array, "cell region"]
    town_body_reserve: Float[Array, " region"]
    town_conceptions: Float[Array, "9 region"]
    plan: Float[Array, " region"]
    delivered: Float[Array, " region"]
    delivered_last_year: Float[Array, " region"]
    harvest: Float[Array, " region"]
    reported_harvest: Float[Array, " region"]
    believed_harvest: Float[Array, " region"]
    tempo: Float[Array, " region"]
    tractors: Float[Array, " region"]
    growing_weather: Float[Array, " region"]
    town_cash: Float[Array, " region"]
    employed: Float[Array, " region"]
    goods_found: Float[Array, " region"]
    state_farm_land: Float[Array, " region"]
    state_farm_sown: Float[Array, " region"]
    state_farm_grain: Float[Array, " region"]
    vacancies: Float[Array, " region"]
    housing: Float[Array, " region"]
    ration_reserve_gap: Float[Array, " region"]
    infected: Float[Array, " region"]
    immune: Float[Array, " region"]
    disturbances: Float[Array, " region"]
    settlers: Float[Array, "cell region"]
    settler_body_reserve: Float[Array, " region"]
    settler_conceptions: Float[Array, "9 region"]
    settlement_housing: Float[Array, " region"]
    settlement_grain: Float[Array, " region"]
    prisoners: Float[Array, "cell region"]
    prisoner_body_reserve: Float[Array, " region"]
    prison_places: Float[Array, " region"]
    believed_hunger: Float[Array, " region"]
    paper_share: Float[Array, " region"]
    plan_cut: Float[Array, " region"]
    leniency: Float[Array, " region"]
    officials_removed: Float[Array, " region"]
    market_price: Float[Array, " region"]
    private_sales: Float[Array, " region"]
    producer_capital: Float[Array, " region"]
    consumer_capital: Float[Array, " region"]
    producer_unfinished: Float[Array, " region"]
    consumer_unfinished: Float[Array, " region"]
    skill: Float[Array, " region"]
    overcount: Float[Array, " region"]
    awaiting_deportation: Float[Array, " region"]
    state_farm_cattle: Float[Array, " region"]
    state_farm_sheep_goats: Float[Array, " region"]
    state_farm_pigs: Float[Array, " region"]
    fugitives: Float[Array, "cell region"]
    long_terms: Float[Array, " region"]


class Nation(eqx.Module):
    """What there is once in the country: single numbers, booked in the region of the capital.

    treasury: money of the budget and the State Bank, roubles. foreign_debt: gold roubles.
    wage: mean yearly wage in towns, roubles. investment: investment made last month, roubles of
    1926/27 a year. stretch: investment made over that ordered, last month. currency_gap: share of
    the wanted imports for which foreign currency was lacking, mean of the last months.
    alarm: how crises weigh on the leadership, in units of what it tolerates.
    moderation: voice of those in the leadership who want a slower pace, 1 as in 1926 to 0 none.
    currency_reserve: free foreign currency; machine_orders: machines ordered abroad and not yet
    delivered; receipts: from exports, mean of a year, gold roubles a year.
    materials_found: share of the wanted imported materials that came, mean of the last months.
    export_need: share of full export plans that imports and debts need, the same.
    grain_shipped: grain exported since July, t.
    """

    treasury: Float[Array, ""]
    foreign_debt: Float[Array, ""]
    wage: Float[Array, ""]
    investment: Float[Array, ""]
    stretch: Float[Array, ""]
    currency_gap: Float[Array, ""]
    alarm: Float[Array, ""]
    moderation: Float[Array, ""]
    currency_reserve: Float[Array, ""]
    machine_orders: Float[Array, ""]
    receipts: Float[Array, ""]
    materials_found: Float[Array, ""]
    export_need: Float[Array, ""]
    grain_shipped: Float[Array, ""]


class State(eqx.Module):
    """Everything that changes from month to month."""

    households: Households
    villages: Villages
    regions: Regions
    nation: Nation


class Geography(eqx.Module):
    """What does not change: where villages lie, what they weigh, what regions are like.

    Villages are ordered by raion, raions by region, and every raion has the same number of
    villages, so that a raion sum is a sum over an axis.
    weight: real villages that a sampled village of the region stands for. identity: number of the
    village in random keys (stable between runs of one scale). raion_region: index of a raion's
    region.
    raions_of_region: indices of a region's raions, filled up with the number of raions.
    nationality: shares by `NATIONALITIES`. normal_yield: barn yield of grain in a year of
    average weather, timely sowing and full effort, t/ha. winter_share: winter crops' share of
    grain area. grain_share: grain's share of sown area. garden_calories: food from potatoes,
    vegetables, fish and other non-grain crops, kcal a person and day at the 1926 level.
    fodder_cover: share of animals' feed need that pasture, hay and straw cover in a normal year.
    mortality, fertility: level relative to the USSR of 1926. steppe: share of the land that is
    left for state farms. port_access: share of a region's state grain within reach of grain ports.
    capital: position of the region of the capital, where accounts of the nation are kept.
    """

    weight: Float[Array, " region"]
    identity: Int[Array, " village"]
    nationality: Float[Array, "nationality village"]
    raion_region: Int[Array, " raion"]
    raions_of_region: Int[Array, "region most"]
    normal_yield: Float[Array, " region"]
    winter_share: Float[Array, " region"]
    grain_share: Float[Array, " region"]
    garden_calories: Float[Array, " region"]
    fodder_cover: Float[Array, " region"]
    mortality: Float[Array, " region"]
    fertility: Float[Array, " region"]
    steppe: Float[Array, " region"]
    port_access: Float[Array, " region"]
    capital: int = eqx.field(static=True, default=0)

    @property
    def village_weight(self) -> Float[np.ndarray, " village"]:
        """Real villages that each sampled village stands for."""
        raion_region = np.asarray(self.raion_region)
        weights = np.asarray(self.weight)[raion_region]
        return np.repeat(weights, self.identity.shape[0] // raion_region.shape[0])


class World(eqx.Module):
    """A synthetic country: its fixed geography and its state on the first simulated day."""

    geography: Geography
    state: State
    region_names: tuple[str, ...] = eqx.field(static=True)
    raion_names: tuple[str, ...] = eqx.field(static=True)
    seed: int = eqx.field(static=True)
