"""From stocks, flows and notes to the variables that users see, in the units of observations.

A variable that is compared with an observation has the name of the observation's series. Shares
come with their numerator and denominator, so that sums of regions can be formed.
"""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from perelom.model.ledger import FLOWS, STOCKS
from perelom.world.calendar import month_name
from perelom.world.state import SPECIES

Table = Mapping[str, NDArray[np.float64]]
"""Values by name, each [month, region]."""

_MILLION = 1e6
_BILLION = 1e9
_ROUBLES_A_GOLD_ROUBLE = 4.38
"""The rate of 1936, at which the customs statistics of 1939 restate trade."""
_BUDGET = ("revenue", "expenditure", "turnover_tax", "defence", "investment")
_KG = 1e3


def by_name(values: NDArray[np.float64], names: list[str]) -> dict[str, NDArray[np.float64]]:
    """Split [month, region, name] by the last axis."""
    return {name: values[:, :, index] for index, name in enumerate(names)}


def true_layer(
    opening: NDArray[np.float64], flow: NDArray[np.float64], notes: Table, fit_horses: float
) -> dict[str, NDArray[np.float64]]:
    """Return what happened: every output variable of the true layer, [month, region].

    opening, flow: [month, region, stock or flow]. fit_horses: share of horses that can work.
    """
    stocks, flows = by_name(opening, list(STOCKS)), by_name(flow, list(FLOWS))
    rural, town = stocks["rural_persons"], stocks["town_persons"]
    members = stocks["kolkhoz_households"]
    households = members + stocks["individual_households"]
    herds = {
        f"livestock_{s}": (stocks[f"household_{s}"] + stocks[f"kolkhoz_{s}"]) / _MILLION
        for s in SPECIES
    }
    plan, delivered = notes["procurement_plan"], notes["delivered_in_year"]
    collected = (
        "sold_to_state",
        "taken_own",
        "taken_kolkhoz",
        "seed_seized_kolkhoz",
        "delivered_state_farms",
        "mts_payment",
    )
    standing = stocks["standing_own"] + stocks["standing_kolkhoz"] + stocks["standing_state_farms"]
    harvest = flows["harvest_own"] + flows["harvest_kolkhoz"] + flows["harvest_state_farms"]
    return {
        "population_total": rural + town + stocks["settlers"] + stocks["prisoners"],
        "population_rural": rural,
        "population_urban": town,
        "births_total": flows["births_rural"] + flows["births_town"] + flows["births_settlers"],
        "deaths_total": np.sum([flows[name] for name in DEATHS], axis=0),
        "excess_deaths": notes["excess_deaths_rural"] + notes["excess_deaths_town"],
        "moves_to_towns": flows["moved_to_town"] + flows["recruited"],
        "food_energy_rural": notes["food_energy_rural"],
        "food_energy_urban": notes["food_energy_town"],
        "food_consumption_rural": _share(notes["food_energy_rural"], rural),
        "food_consumption_urban": _share(notes["food_energy_town"], town),
        "peasant_households": households / _MILLION,
        "kolkhoz_households": members / _MILLION,
        "collectivized_households_share": _share(members, households),
        "sown_area_grain": standing / _MILLION,
        "grain_harvest": harvest / _MILLION,
        "state_grain_procurement": np.sum([flows[name] for name in collected], axis=0) / _MILLION,
        "grain_exports": flows["exported"] / _MILLION,
        "grain_to_towns": (flows["town_supply"] + flows["sold_privately"]) / _MILLION,
        "food_relief_grain": flows["relief"] / _MILLION,
        "rural_grain_stock": (stocks["household_grain"] + stocks["kolkhoz_grain"]) / _MILLION,
        "state_grain_stock": stocks["granary"] / _MILLION,
        "seed_grain_stock": (stocks["household_seed"] + stocks["kolkhoz_seed"]) / _MILLION,
        "labour_day_grain": flows["distributed"] * _KG,
        "labour_days": notes["labour_days"],
        "grain_per_labour_day": _share(flows["distributed"] * _KG, notes["labour_days"]),
        "tractors_total": stocks["tractors"] / _KG,
        "draught_power": herds["livestock_horses"] * fit_horses,
        "campaign_pressure": _share(notes["pressure_households"], households),
        "pressure_households": notes["pressure_households"],
        "state_grain_procurement_plan": plan / _MILLION,
        "state_grain_delivered": delivered / _MILLION,
        "state_grain_plan_fulfilment": _share(
            notes["delivered_in_year"], notes["procurement_plan"]
        ),
        "paper_kolkhoz_households": notes["paper_share"] * (households - members) / _MILLION,
        "lenient_households": notes["leniency"] * households,
        "official_leniency": notes["leniency"],
        "households_of_chiefs_removed": notes["officials_removed"] * households,
        "officials_removed": notes["officials_removed"],
        "weight_lost_rural": notes["weight_lost"] * rural,
        "mean_weight_lost_rural": notes["weight_lost"],
        "leadership_alarm": notes["alarm"],
        "leadership_moderation": notes["moderation"],
        **herds,
        **_towns_and_stations(stocks, flows, notes),
        **_repression(stocks, flows, notes),
        **_money(stocks, flows, notes),
        **_industry(stocks, flows, notes),
    }


def _money(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return wages, prices, currency, budget and the trade of town and village."""
    rural, town = stocks["rural_persons"], stocks["town_persons"]
    money = ("household_roubles", "kolkhoz_roubles", "town_roubles", "treasury_roubles")
    market = ("private_grain_paid", "market_products_paid_own", "market_products_paid_kolkhoz")
    shops = ("goods_bought_rural", "goods_bought_town", "bread_paid_rural", "bread_paid_town")
    budget = {name: notes[f"budget_{name}"] / _BILLION for name in _BUDGET}
    return {
        "workers_and_employees": notes["workers"],
        "wages_paid": notes["wages_paid"],
        "yearly_wages": notes["wages_paid"] * 12,
        "average_annual_wage": _share(notes["wages_paid"] * 12, notes["workers"]),
        "registered_unemployed": notes["unemployed"],
        "vacancies": notes["vacancies"],
        "spare_hands": notes["spare_hands"],
        "spare_hands_share": _share(notes["spare_hands"], rural),
        "earned_outside_farms": notes["earned_outside"] / _MILLION,
        "currency_in_circulation": sum((stocks[name] for name in money), 0 * town) / _MILLION,
        "currency_issued": flows["currency_issued"] / _MILLION,
        "village_money": (stocks["household_roubles"] + stocks["kolkhoz_roubles"]) / _MILLION,
        "goods_found_persons": notes["goods_found"],
        "goods_found": _share(notes["goods_found"], rural),
        "shop_sales": sum((flows[name] for name in shops), 0 * town) / _BILLION,
        "kolkhoz_market_turnover": sum((flows[name] for name in market), 0 * town) / _BILLION,
        "free_price_persons": notes["free_price"],
        "free_market_price": _share(notes["free_price"], town),
        "shop_price_persons": notes["shop_price"],
        "shop_price": _share(notes["shop_price"], town),
        "budget_revenue_total": budget["revenue"],
        "budget_expenditure_total": budget["expenditure"],
        "budget_revenue_turnover_tax": budget["turnover_tax"],
        "budget_expenditure_defence": budget["defence"],
        "budget_revenue_agricultural_tax": (flows["tax_own"] + flows["tax_kolkhoz"]) / _MILLION,
        "budget_revenue_state_loans": flows["loans_town"] / _MILLION,
        "investment_socialised_total": budget["investment"],
    }


def _industry(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return output, capital and unfinished building of industry, tractors and trade abroad."""
    producer, consumer = notes["producer_output"], notes["consumer_output"]
    imports = notes["machine_imports"] + notes["other_imports"]
    invested = flows["invested_producer"] + flows["invested_consumer"]
    return {
        "industrial_gross_output": (producer + consumer) / _BILLION,
        "industrial_gross_output_group_a": producer / _BILLION,
        "industrial_gross_output_group_b": consumer / _BILLION,
        "industrial_capital": (stocks["producer_capital"] + stocks["consumer_capital"]) / _BILLION,
        "industrial_investment": invested / _BILLION,
        "unfinished_construction": (stocks["producer_unfinished"] + stocks["consumer_unfinished"])
        / _BILLION,
        "tractor_output": notes["tractors_built"] / _KG,
        "tractor_deliveries": flows["tractors_delivered"] / _KG,
        "foreign_debt": stocks["foreign_debt"] / _MILLION,
        "exports_value_gold_roubles": notes["exports_value"] / _MILLION,
        "imports_value_gold_roubles": imports / _MILLION,
        "machinery_imports": notes["machine_imports"] / _MILLION,
        "machinery_imports_value": notes["machine_imports"] * _ROUBLES_A_GOLD_ROUBLE / _MILLION,
        "foreign_credit_drawn": flows["credit_drawn"] / _MILLION,
    }


def _towns_and_stations(stocks: Table, flows: Table, notes: Table) -> Table:
    """Return moves between villages and towns, homes, bread cards, infection and stations."""
    come = flows["moved_to_town"] + flows["recruits_arrived"]
    town, land = stocks["town_persons"], stocks["kolkhoz_land"]
    return {
        "net_rural_urban_migration": come - flows["moved_to_village"],
        "moves_to_villages": flows["moved_to_village"],
        "recruits_by_contract": flows["recruited"],
        "population_on_central_bread_supply": notes["on_central_supply"],
        "living_space_urban": stocks["town_housing"],
        "living_space_per_person": _share(stocks["town_housing"], town),
        "infection_cases": notes["infection_cases"],
        "infection_deaths": notes["infection_deaths_rural"] + notes["infection_deaths_town"],
        "kolkhoz_land": land,
        "kolkhoz_land_served": notes["kolkhoz_land_served"],
        "mts_served_share_of_kolkhoz_sown_area": _share(notes["kolkhoz_land_served"], land),
        "mts_payment_in_kind": flows["mts_payment"] / _MILLION,
    }


_OUTPUT = (
    "industrial_gross_output",
    "industrial_gross_output_group_a",
    "industrial_gross_output_group_b",
)

DEATHS = (
    "deaths_rural",
    "deaths_town",
    "deaths_on_the_way",
    "deaths_settlers",
    "deaths_prison",
    "executed",
)
"""Flows of persons who die, wherever they are."""


def _repression(stocks: Table, flows: Table, notes: Table) -> dict[str, NDArray[np.float64]]:
    """Return protest, deportation, settlements and prisons, [month, region]."""
    families = flows["deported_individual"] + flows["deported_kolkhoz"]
    fled = flows["self_liquidated_individual"] + flows["self_liquidated_kolkhoz"]
    return {
        "mass_disturbances": notes["disturbances"],
        "peasant_terror_acts": notes["terror_acts"],
        "deported_kulak_families": families,
        "deported_kulak_persons": flows["deported"],
        "deported_without_criteria": notes["deported_without_label"],
        "dekulakized_households": (families + notes["stripped_households"]) / _MILLION,
        "self_dekulakized_households": fled,
        "special_settlers_stock": stocks["settlers"],
        "special_settlers_arrived": flows["settled"],
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


def reported_layer(
    true: dict[str, NDArray[np.float64]], notes: Table
) -> dict[str, NDArray[np.float64]]:
    """Return what official statistics say of it.

    Harvests and kolkhoz membership pass through the model's reporting; counts of herds, areas,
    deliveries, exports and people are reported as they are.
    """
    households = true["peasant_households"]
    members = notes["reported_members"] / _MILLION
    padded = notes["hidden_price_rise"].sum(axis=1, keepdims=True)
    as_they_are = (
        "population_total",
        "population_rural",
        "population_urban",
        "births_total",
        "deaths_total",
        "peasant_households",
        "state_grain_procurement",
        "grain_exports",
        "labour_day_grain",
        "labour_days",
        "grain_per_labour_day",
        "tractors_total",
        "net_rural_urban_migration",
        "population_on_central_bread_supply",
        "kolkhoz_land",
        "kolkhoz_land_served",
        "mts_served_share_of_kolkhoz_sown_area",
        "mts_payment_in_kind",
        "special_settlers_stock",
        "gulag_deaths",
        "state_grain_procurement_plan",
        "state_grain_delivered",
        "state_grain_plan_fulfilment",
        *(f"livestock_{species}" for species in SPECIES),
    )
    return {name: true[name] for name in as_they_are} | {
        "kolkhoz_households": members,
        "collectivized_households_share": _share(members, households),
        "grain_harvest": notes["reported_harvest"] / _MILLION,
        "sown_area_grain": notes["reported_sown"] / _MILLION,
        **{name: true[name] * padded for name in _OUTPUT},
        "mass_disturbances": notes["registered_disturbances"],
        "peasant_terror_acts": notes["registered_terror_acts"],
        "weight_lost_rural": notes["believed_hunger"] * true["population_rural"],
        "mean_weight_lost_rural": notes["believed_hunger"],
    }


def dataset(
    values: Mapping[str, NDArray[np.float64]], first_month: int, regions: tuple[str, ...]
) -> xr.Dataset:
    """Label values, [month, region], with months and regions."""
    months = next(iter(values.values())).shape[0]
    dates = np.asarray([month_name(first_month + m) for m in range(months)], "datetime64[ns]")
    return xr.Dataset(
        {name: (("month", "region"), array) for name, array in values.items()},
        coords={"month": dates, "region": list(regions)},
    )


def _share(numerator: NDArray[np.float64], denominator: NDArray[np.float64]) -> NDArray[np.float64]:
    empty = np.full_like(numerator, np.nan)
    return np.divide(numerator, denominator, out=empty, where=denominator > 0)
