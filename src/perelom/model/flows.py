"""The flows of the model: which stock each leaves and which it enters."""

from typing import NamedTuple

from perelom.world.state import SPECIES, STATE_FARM_SPECIES


class Flow(NamedTuple):
    """A movement from a stock (None: from outside) to a stock (None: to outside).

    Mechanisms report it by village or, for towns and state stores, by region.
    """

    source: str | None
    sink: str | None
    by_region: bool = False


RAIL = "rail"
"""Grain under way between regions: empty at every month's end for the USSR, not for a region."""

ROAD = "road"
"""People under way between regions: empty at every month's end for the USSR, not for a region."""

BANK = "bank"
"""Money under way between regions and the treasury: empty at every month's end for the USSR."""

ON_THE_WAY = (RAIL, ROAD, BANK)
"""Places between stocks."""

_GRAIN_FLOWS = {
    "harvest_own": Flow(None, "household_grain"),
    "harvest_kolkhoz": Flow(None, "kolkhoz_grain"),
    "winter_seed_own": Flow("household_grain", None),
    "winter_seed_kolkhoz": Flow("kolkhoz_grain", None),
    "spring_seed_own": Flow("household_seed", None),
    "spring_seed_kolkhoz": Flow("kolkhoz_seed", None),
    "seed_set_aside_own": Flow("household_grain", "household_seed"),
    "seed_set_aside_kolkhoz": Flow("kolkhoz_grain", "kolkhoz_seed"),
    "seed_collected": Flow("household_grain", "kolkhoz_seed"),
    "seed_pooled": Flow("household_seed", "kolkhoz_seed"),
    "seed_returned": Flow("kolkhoz_seed", "household_seed"),
    "seed_eaten": Flow("household_seed", "household_grain"),
    "fed_own": Flow("household_grain", None),
    "fed_kolkhoz": Flow("kolkhoz_grain", None),
    "sold_to_state": Flow("household_grain", "granary"),
    "sold_privately": Flow("household_grain", "town_grain"),
    "taken_own": Flow("household_grain", "granary"),
    "taken_kolkhoz": Flow("kolkhoz_grain", "granary"),
    "seed_seized_kolkhoz": Flow("kolkhoz_seed", "granary"),
    "distributed": Flow("kolkhoz_grain", "household_grain"),
    "eaten_rural": Flow("household_grain", None),
    "relief": Flow(RAIL, "household_grain"),
    "bought_by_villages": Flow(RAIL, "household_grain"),
    "bought_by_towns": Flow(RAIL, "town_grain", by_region=True),
    "rural_supply": Flow(RAIL, "household_grain"),
    "seed_loan": Flow(RAIL, "kolkhoz_seed"),
    "used_by_state": Flow("granary", None, by_region=True),
    "traded_out": Flow("town_grain", RAIL, by_region=True),
    "shipped_out": Flow("granary", RAIL, by_region=True),
    "town_supply": Flow(RAIL, "town_grain", by_region=True),
    "exported": Flow("granary", None, by_region=True),
    "eaten_town": Flow("town_grain", None, by_region=True),
    "used_in_towns": Flow("town_grain", None, by_region=True),
    "spoiled_granary": Flow("granary", None, by_region=True),
    "spoiled_town": Flow("town_grain", None, by_region=True),
}

_STATE_FARM_FLOWS = {
    "land_broken_state_farms": Flow(None, "state_farm_land", by_region=True),
    "land_given_up_state_farms": Flow("state_farm_land", None, by_region=True),
    "sown_state_farms": Flow(None, "standing_state_farms", by_region=True),
    "cut_state_farms": Flow("standing_state_farms", None, by_region=True),
    "harvest_state_farms": Flow(None, "state_farm_grain", by_region=True),
    "seed_lent_state_farms": Flow("granary", "state_farm_grain", by_region=True),
    "seed_state_farms": Flow("state_farm_grain", None, by_region=True),
    "fed_state_farms": Flow("state_farm_grain", None, by_region=True),
    "delivered_state_farms": Flow("state_farm_grain", "granary", by_region=True),
}

_PEOPLE_FLOWS = {
    "births_rural": Flow(None, "rural_persons"),
    "births_town": Flow(None, "town_persons", by_region=True),
    "deaths_rural": Flow("rural_persons", None),
    "deaths_town": Flow("town_persons", None, by_region=True),
    "moved_to_town": Flow("rural_persons", "town_persons"),
    "joined": Flow("individual_households", "kolkhoz_households"),
    "left": Flow("kolkhoz_households", "individual_households"),
    "died_out_individual": Flow("individual_households", None),
    "died_out_kolkhoz": Flow("kolkhoz_households", None),
}

_LAND_FLOWS = {
    "land_pooled": Flow("household_land", "kolkhoz_land"),
    "land_returned": Flow("kolkhoz_land", "household_land"),
    "sown_own": Flow(None, "standing_own"),
    "sown_kolkhoz": Flow(None, "standing_kolkhoz"),
    "cut_own": Flow("standing_own", None),
    "cut_kolkhoz": Flow("standing_kolkhoz", None),
    "standing_pooled": Flow("standing_own", "standing_kolkhoz"),
    "standing_returned": Flow("standing_kolkhoz", "standing_own"),
    "tractors_delivered": Flow(None, "tractors", by_region=True),
    "tractors_scrapped": Flow("tractors", None, by_region=True),
    "implements_pooled": Flow("household_implements", "kolkhoz_implements"),
    "implements_returned": Flow("kolkhoz_implements", "household_implements"),
}


_MONEY_FLOWS = {
    "grain_paid_own": Flow(BANK, "household_roubles"),
    "grain_paid_kolkhoz": Flow(BANK, "kolkhoz_roubles"),
    "private_grain_paid": Flow(BANK, "household_roubles"),
    "products_paid_own": Flow(BANK, "household_roubles"),
    "products_paid_kolkhoz": Flow(BANK, "kolkhoz_roubles"),
    "market_products_paid_own": Flow(BANK, "household_roubles"),
    "market_products_paid_kolkhoz": Flow(BANK, "kolkhoz_roubles"),
    "crafts_paid": Flow(BANK, "household_roubles"),
    "wages_rural": Flow(BANK, "household_roubles"),
    "wages_town": Flow(BANK, "town_roubles", by_region=True),
    "towns_paid": Flow("town_roubles", BANK, by_region=True),
    "villages_paid_trade": Flow("household_roubles", "town_roubles"),
    "bread_paid_rural": Flow("household_roubles", BANK),
    "bread_paid_town": Flow("town_roubles", BANK, by_region=True),
    "kolkhoz_money_given_out": Flow("kolkhoz_roubles", "household_roubles"),
    "kolkhoz_bought": Flow("kolkhoz_roubles", BANK),
    "tax_own": Flow("household_roubles", BANK),
    "tax_kolkhoz": Flow("kolkhoz_roubles", BANK),
    "loans_town": Flow("town_roubles", BANK, by_region=True),
    "goods_bought_rural": Flow("household_roubles", BANK),
    "goods_bought_town": Flow("town_roubles", BANK, by_region=True),
    "treasury_paid": Flow("treasury_roubles", BANK, by_region=True),
    "treasury_received": Flow(BANK, "treasury_roubles", by_region=True),
    "currency_issued": Flow(None, "treasury_roubles", by_region=True),
    "currency_withdrawn": Flow("treasury_roubles", None, by_region=True),
    "incomes_beyond_wages": Flow(BANK, "town_roubles", by_region=True),
    "spirits_bought_rural": Flow("household_roubles", BANK),
    "spirits_bought_town": Flow("town_roubles", BANK, by_region=True),
}

_INDUSTRY_FLOWS = {
    "invested_producer": Flow(None, "producer_unfinished", by_region=True),
    "invested_consumer": Flow(None, "consumer_unfinished", by_region=True),
    "completed_producer": Flow("producer_unfinished", "producer_capital", by_region=True),
    "completed_consumer": Flow("consumer_unfinished", "consumer_capital", by_region=True),
    "worn_producer": Flow("producer_capital", None, by_region=True),
    "worn_consumer": Flow("consumer_capital", None, by_region=True),
    "credit_drawn": Flow(None, "foreign_debt", by_region=True),
    "credit_repaid": Flow("foreign_debt", None, by_region=True),
    "debt_devalued": Flow("foreign_debt", None, by_region=True),
    "currency_earned": Flow(None, "currency_reserve", by_region=True),
    "currency_spent": Flow("currency_reserve", None, by_region=True),
    "machines_ordered": Flow(None, "machine_orders", by_region=True),
    "machines_received": Flow("machine_orders", None, by_region=True),
}


def _herd_flows(species: str) -> dict[str, Flow]:
    own, kolkhoz = f"household_{species}", f"kolkhoz_{species}"
    return {
        f"{species}_born_own": Flow(None, own),
        f"{species}_born_kolkhoz": Flow(None, kolkhoz),
        f"{species}_died_own": Flow(own, None),
        f"{species}_died_kolkhoz": Flow(kolkhoz, None),
        f"{species}_slaughtered_own": Flow(own, None),
        f"{species}_slaughtered_from_fear": Flow(own, None),
        f"{species}_slaughtered_from_hunger": Flow(own, None),
        f"{species}_slaughtered_kolkhoz": Flow(kolkhoz, None),
        f"{species}_pooled": Flow(own, kolkhoz),
        f"{species}_returned": Flow(kolkhoz, own),
    }


_HERD_FLOWS = {name: flow for species in SPECIES for name, flow in _herd_flows(species).items()}


def _state_herd_flows(species: str) -> dict[str, Flow]:
    herd = f"state_farm_{species}"
    return {
        f"{species}_bought_by_state_farms": Flow(f"household_{species}", herd),
        f"{species}_born_state_farms": Flow(None, herd, by_region=True),
        f"{species}_died_state_farms": Flow(herd, None, by_region=True),
        f"{species}_slaughtered_state_farms": Flow(herd, None, by_region=True),
    }


_STATE_HERD_FLOWS = {
    "fed_state_herds": Flow("granary", None, by_region=True),
    "calves_to_cowless": Flow("kolkhoz_cattle", "household_cattle"),
    **{
        name: flow
        for species in STATE_FARM_SPECIES
        for name, flow in _state_herd_flows(species).items()
    },
}

_TOWN_FLOWS = {
    "recruited": Flow("rural_persons", ROAD),
    "recruits_arrived": Flow(ROAD, "town_persons", by_region=True),
    "moved_to_village": Flow("town_persons", "rural_persons"),
    "housing_built": Flow(None, "town_housing", by_region=True),
    "housing_worn": Flow("town_housing", None, by_region=True),
    "mts_payment": Flow("kolkhoz_grain", "granary"),
}

_REPRESSION_FLOWS = {
    "deported_individual": Flow("individual_households", None),
    "deported_kolkhoz": Flow("kolkhoz_households", None),
    "deported": Flow("rural_persons", ROAD),
    "deaths_on_the_way": Flow(ROAD, None, by_region=True),
    "settled": Flow(ROAD, "settlers", by_region=True),
    "births_settlers": Flow(None, "settlers", by_region=True),
    "deaths_settlers": Flow("settlers", None, by_region=True),
    "escaped": Flow("settlers", "town_persons", by_region=True),
    "recaptured": Flow("town_persons", "settlers", by_region=True),
    "released_settlers": Flow("settlers", "town_persons", by_region=True),
    "self_liquidated_individual": Flow("individual_households", None),
    "self_liquidated_kolkhoz": Flow("kolkhoz_households", None),
    "self_liquidated_persons": Flow("rural_persons", "town_persons"),
    "arrested_rural": Flow("rural_persons", "prisoners"),
    "arrested_town": Flow("town_persons", "prisoners", by_region=True),
    "deaths_prison": Flow("prisoners", None, by_region=True),
    "executed": Flow("prisoners", None, by_region=True),
    "released_prisoners": Flow("prisoners", "town_persons", by_region=True),
    "land_confiscated": Flow("household_land", "kolkhoz_land"),
    "standing_confiscated": Flow("standing_own", "standing_kolkhoz"),
    "implements_confiscated": Flow("household_implements", "kolkhoz_implements"),
    "grain_confiscated": Flow("household_grain", "kolkhoz_grain"),
    "seed_confiscated": Flow("household_seed", "kolkhoz_seed"),
    "roubles_confiscated": Flow("household_roubles", "kolkhoz_roubles"),
    "roubles_carried_away": Flow("household_roubles", "town_roubles"),
    "grain_taken_along": Flow("household_grain", RAIL),
    "grain_brought": Flow(RAIL, "settlement_grain", by_region=True),
    "settlement_supply": Flow(RAIL, "settlement_grain", by_region=True),
    "eaten_behind_wire": Flow("settlement_grain", None, by_region=True),
    "sent_to_settlements": Flow("prisoners", ROAD, by_region=True),
    "settled_from_prison": Flow(ROAD, "settlers", by_region=True),
    **{f"{s}_confiscated": Flow(f"household_{s}", f"kolkhoz_{s}") for s in SPECIES},
    **{f"{s}_slaughtered_on_leaving": Flow(f"household_{s}", None) for s in SPECIES},
}

_DIVISION_FLOWS = {
    "divided_individual": Flow(None, "individual_households"),
    "divided_kolkhoz": Flow(None, "kolkhoz_households"),
    "plots_allotted": Flow("kolkhoz_land", "household_land"),
}

_FIELD_FLOWS = {
    "land_opened_own": Flow(None, "household_land"),
    "land_opened_kolkhoz": Flow(None, "kolkhoz_land"),
    "purchased_kolkhoz": Flow("kolkhoz_grain", "granary"),
    "sold_on_market_kolkhoz": Flow("kolkhoz_grain", "town_grain"),
    "market_grain_paid_kolkhoz": Flow(BANK, "kolkhoz_roubles"),
}

_RURAL_POST_FLOWS = {
    "moved_whole_individual": Flow("individual_households", None),
    "moved_whole_kolkhoz": Flow("kolkhoz_households", None),
    "took_posts_individual": Flow("individual_households", None),
    "took_posts_kolkhoz": Flow("kolkhoz_households", None),
    "made_urban": Flow("rural_persons", "town_persons"),
    "housing_made_urban": Flow(None, "town_housing", by_region=True),
}

FLOWS: dict[str, Flow] = {
    **_GRAIN_FLOWS,
    **_STATE_FARM_FLOWS,
    **_PEOPLE_FLOWS,
    **_LAND_FLOWS,
    **_HERD_FLOWS,
    **_TOWN_FLOWS,
    **_REPRESSION_FLOWS,
    **_MONEY_FLOWS,
    **_INDUSTRY_FLOWS,
    **_DIVISION_FLOWS,
    **_FIELD_FLOWS,
    **_STATE_HERD_FLOWS,
    **_RURAL_POST_FLOWS,
}
"""Every flow of the model by name."""
