"""Output variables by sector: money, industry, towns and stations, repression."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Table = Mapping[str, NDArray[np.float64]]
"""Values by name, each [month, region]."""

MILLION = 1e6
BILLION = 1e9
KG = 1e3
_ROUBLES_A_GOLD_ROUBLE = 4.38
"""The rate of 1936, at which the customs statistics of 1939 restate trade."""
_BUDGET = ("revenue", "expenditure", "turnover_tax", "defence", "investment", "profit", "grants")


def share(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide, giving nothing where there is nothing to divide by."""
    empty = np.full_like(numerator, np.nan)
    return np.divide(numerator, denominator, out=empty, where=denominator > 0)


def money(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return wages, prices, currency, budget and the trade of town and village."""
    rural, town = stocks["rural_persons"], stocks["town_persons"]
    money = ("household_roubles", "kolkhoz_roubles", "town_roubles", "treasury_roubles")
    market = (
        "private_grain_paid",
        "market_products_paid_own",
        "market_products_paid_kolkhoz",
        "market_grain_paid_kolkhoz",
    )
    spirits = flows["spirits_bought_rural"] + flows["spirits_bought_town"]
    shops = ("goods_bought_rural", "goods_bought_town", "bread_paid_rural", "bread_paid_town")
    market_sales = sum((flows[name] for name in market), 0 * town)
    free, ordered = share(notes["free_price"], town), share(notes["shop_price"], town)
    in_shops = flows["goods_bought_town"] + flows["bread_paid_town"]
    bought = share(in_shops, ordered) + share(market_sales, free)
    real_wages = notes["wages_paid"] * 12 * share(bought, in_shops + market_sales)
    budget = {name: notes[f"budget_{name}"] / BILLION for name in _BUDGET}
    return {
        "workers_and_employees": notes["workers"],
        "wages_paid": notes["wages_paid"],
        "yearly_wages": notes["wages_paid"] * 12,
        "average_annual_wage": share(notes["wages_paid"] * 12, notes["workers"]),
        "real_yearly_wages": real_wages,
        "average_real_wage": share(real_wages, notes["workers"]),
        "registered_unemployed": notes["unemployed"],
        "vacancies": notes["vacancies"],
        "spare_hands": notes["spare_hands"],
        "spare_hands_share": share(notes["spare_hands"], rural),
        "earned_outside_farms": notes["earned_outside"] / MILLION,
        "currency_in_circulation": sum((stocks[name] for name in money), 0 * town) / MILLION,
        "currency_issued": flows["currency_issued"] / MILLION,
        "village_money": (stocks["household_roubles"] + stocks["kolkhoz_roubles"]) / MILLION,
        "goods_found_persons": notes["goods_found"],
        "goods_found": share(notes["goods_found"], rural),
        "shop_sales": (sum((flows[name] for name in shops), 0 * town) + spirits) / BILLION,
        "kolkhoz_market_turnover": market_sales / BILLION,
        "free_price_persons": notes["free_price"],
        "free_market_price": free,
        "shop_price_persons": notes["shop_price"],
        "shop_price": ordered,
        "budget_revenue_total": budget["revenue"],
        "budget_expenditure_total": budget["expenditure"],
        "budget_revenue_turnover_tax": budget["turnover_tax"],
        "budget_expenditure_defence": budget["defence"],
        "budget_revenue_agricultural_tax": (flows["tax_own"] + flows["tax_kolkhoz"]) / MILLION,
        "budget_revenue_state_loans": flows["loans_town"] / MILLION,
        "investment_socialised_total": budget["investment"],
        "spirits_sales": spirits / BILLION,
        "incomes_beyond_wages": flows["incomes_beyond_wages"] / BILLION,
        "profit_of_producer_goods": budget["profit"] * KG,
        "budget_grants_to_enterprises": budget["grants"],
    }


def industry(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return output, capital and unfinished building of industry, tractors and trade abroad."""
    producer, consumer = notes["producer_output"], notes["consumer_output"]
    exports, imports = notes["exports_value"], notes["machine_imports"] + notes["other_imports"]
    invested = flows["invested_producer"] + flows["invested_consumer"]
    return {
        "industrial_gross_output": (producer + consumer) / BILLION,
        "industrial_gross_output_group_a": producer / BILLION,
        "industrial_gross_output_group_b": consumer / BILLION,
        "industrial_capital": (stocks["producer_capital"] + stocks["consumer_capital"]) / BILLION,
        "industrial_investment": invested / BILLION,
        "unfinished_construction": (stocks["producer_unfinished"] + stocks["consumer_unfinished"])
        / BILLION,
        "tractor_output": notes["tractors_built"] / KG,
        "tractor_deliveries": flows["tractors_delivered"] / KG,
        "foreign_debt": notes["foreign_obligations"] / MILLION,
        "foreign_debt_for_deliveries": stocks["foreign_debt"] / MILLION,
        "exports_value_gold_roubles": exports / MILLION,
        "imports_value_gold_roubles": imports / MILLION,
        "machinery_imports": notes["machine_imports"] / MILLION,
        "machinery_imports_value": notes["machine_imports"] * _ROUBLES_A_GOLD_ROUBLE / MILLION,
        "foreign_credit_drawn": flows["credit_drawn"] / MILLION,
        "exports_value_roubles_4_38_rate": notes["exports_value"]
        * _ROUBLES_A_GOLD_ROUBLE
        / MILLION,
        "imports_value_roubles_4_38_rate": imports * _ROUBLES_A_GOLD_ROUBLE / MILLION,
        "foreign_currency_reserve": stocks["currency_reserve"] / MILLION,
        "machine_orders_abroad": stocks["machine_orders"] / MILLION,
    }


def towns_and_stations(stocks: Table, flows: Table, notes: Table) -> Table:
    """Return moves between villages and towns, homes, bread cards, infection and stations."""
    come = flows["moved_to_town"] + flows["recruits_arrived"] + flows["self_liquidated_persons"]
    town, land = stocks["town_persons"], stocks["kolkhoz_land"]
    return {
        "net_rural_urban_migration": come - flows["moved_to_village"],
        "moves_to_villages": flows["moved_to_village"],
        "recruits_by_contract": flows["recruited"],
        "population_on_central_bread_supply": notes["on_central_supply"],
        "living_space_urban": stocks["town_housing"],
        "living_space_per_person": share(stocks["town_housing"], town),
        "infection_cases": notes["infection_cases"],
        "infection_deaths": notes["infection_deaths_rural"] + notes["infection_deaths_town"],
        "kolkhoz_land": land,
        "kolkhoz_land_served": notes["kolkhoz_land_served"],
        "mts_served_share_of_kolkhoz_sown_area": share(notes["kolkhoz_land_served"], land),
        "mts_payment_in_kind": flows["mts_payment"] / MILLION,
    }


DEATHS = (
    "deaths_rural",
    "deaths_town",
    "deaths_on_the_way",
    "deaths_settlers",
    "deaths_prison",
    "executed",
)
"""Flows of persons who die, wherever they are."""


def repression(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return protest, deportation, settlements and prisons, [month, region]."""
    families = flows["deported_individual"] + flows["deported_kolkhoz"]
    fled = flows["self_liquidated_individual"] + flows["self_liquidated_kolkhoz"]
    return {
        "mass_disturbances": notes["disturbances"],
        "peasant_terror_acts": notes["terror_acts"],
        "deported_kulak_families": families,
        "deported_kulak_persons": flows["deported"],
        "deported_kulak_families_beyond_region": notes["deported_far"],
        "deported_without_criteria": notes["deported_without_label"],
        "dekulakized_households": (families + notes["stripped_households"]) / MILLION,
        "self_dekulakized_households": fled,
        "special_settlers_stock": stocks["settlers"],
        "special_settlers_arrived": flows["settled"] + flows["settled_from_prison"],
        "special_settlers_births": flows["births_settlers"],
        "special_settlers_deaths": flows["deaths_settlers"],
        "special_settlers_escaped": flows["escaped"],
        "special_settlers_recaptured": flows["recaptured"],
        "special_settlers_released": flows["released_settlers"],
        "deaths_on_the_way": flows["deaths_on_the_way"],
        "arrested_persons": notes["arrested"] + notes["first_category"],
        "prisoners_camps_colonies_prisons": stocks["prisoners"],
        "gulag_inmates": stocks["prisoners"],
        "gulag_deaths": flows["deaths_prison"],
        "executions_by_quota": flows["executed"],
    }
