"""From stocks, flows and notes to the variables that users see, in the units of observations.

A variable that is compared with an observation has the name of the observation's series. Shares
come with their numerator and denominator, so that sums of regions can be formed.
"""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from perelom.engine.sectors import (
    DEATHS,
    KG,
    MILLION,
    Table,
    industry,
    money,
    repression,
    share,
    towns_and_stations,
)
from perelom.model.flows import FLOWS
from perelom.model.ledger import STOCKS
from perelom.world.calendar import month_name
from perelom.world.state import SPECIES, STATE_FARM_SPECIES

_HORSEPOWER = 15.0
"""Horsepower of the conventional tractor that plans counted in, and the model with them."""


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
        f"livestock_{s}": (stocks[f"household_{s}"] + stocks[f"kolkhoz_{s}"]) / MILLION
        for s in SPECIES
    }
    herds |= {
        f"livestock_{s}": herds[f"livestock_{s}"] + stocks[f"state_farm_{s}"] / MILLION
        for s in STATE_FARM_SPECIES
    }
    plan, delivered = notes["procurement_plan"], notes["delivered_in_year"]
    collected = (
        "sold_to_state",
        "taken_own",
        "taken_kolkhoz",
        "seed_seized_kolkhoz",
        "delivered_state_farms",
        "mts_payment",
        "purchased_kolkhoz",
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
        "food_consumption_rural": share(notes["food_energy_rural"], rural),
        "food_consumption_urban": share(notes["food_energy_town"], town),
        "peasant_households": households / MILLION,
        "kolkhoz_households": members / MILLION,
        "collectivized_households_share": share(members, households),
        "sown_area_grain": standing / MILLION,
        "grain_harvest": harvest / MILLION,
        "state_grain_procurement": np.sum([flows[name] for name in collected], axis=0) / MILLION,
        "grain_exports": flows["exported"] / MILLION,
        "grain_to_towns": (
            flows["town_supply"] + flows["sold_privately"] + flows["sold_on_market_kolkhoz"]
        )
        / MILLION,
        "food_relief_grain": flows["relief"] / MILLION,
        "rural_grain_stock": (stocks["household_grain"] + stocks["kolkhoz_grain"]) / MILLION,
        "state_grain_stock": stocks["granary"] / MILLION,
        "seed_grain_stock": (stocks["household_seed"] + stocks["kolkhoz_seed"]) / MILLION,
        "labour_day_grain": flows["distributed"] * KG,
        "labour_days": notes["labour_days"],
        "grain_per_labour_day": share(flows["distributed"] * KG, notes["labour_days"]),
        "tractors_total_power": stocks["tractors"] * _HORSEPOWER / KG,
        "draught_power": herds["livestock_horses"] * fit_horses,
        "campaign_pressure": share(notes["pressure_households"], households),
        "pressure_households": notes["pressure_households"],
        "state_grain_procurement_plan": plan / MILLION,
        "state_grain_delivered": delivered / MILLION,
        "state_grain_plan_fulfilment": share(notes["delivered_in_year"], notes["procurement_plan"]),
        "paper_kolkhoz_households": notes["paper_share"] * (households - members) / MILLION,
        "lenient_households": notes["leniency"] * households,
        "official_leniency": notes["leniency"],
        "households_of_chiefs_removed": notes["officials_removed"] * households,
        "officials_removed": notes["officials_removed"],
        "weight_lost_rural": notes["weight_lost"] * rural,
        "mean_weight_lost_rural": notes["weight_lost"],
        "leadership_alarm": notes["alarm"],
        "leadership_moderation": notes["moderation"],
        "household_divisions": flows["divided_individual"] + flows["divided_kolkhoz"],
        "household_divisions_without_room": notes["divisions_without_room"],
        "wage_households_rural": notes["wage_families"] / MILLION,
        "population_of_new_towns": flows["made_urban"],
        **herds,
        **towns_and_stations(stocks, flows, notes),
        **repression(stocks, flows, notes),
        **money(stocks, flows, notes),
        **industry(stocks, flows, notes),
    }


_OUTPUT = (
    "industrial_gross_output",
    "industrial_gross_output_group_a",
    "industrial_gross_output_group_b",
)

_POPULATION = ("population_total", "population_rural", "population_urban")


def reported_layer(
    true: dict[str, NDArray[np.float64]], notes: Table
) -> dict[str, NDArray[np.float64]]:
    """Return what official statistics say of it.

    Harvests, kolkhoz membership, births and deaths pass through the model's reporting, and the
    population is the running count; counts of herds, areas, deliveries and exports are reported as
    they are.
    """
    households = true["peasant_households"]
    members = notes["reported_members"] / MILLION
    padded = notes["hidden_price_rise"].sum(axis=1, keepdims=True)
    printed = 1 + share(notes["overcount"], true["population_total"])
    as_they_are = (
        "peasant_households",
        "state_grain_procurement",
        "grain_exports",
        "labour_day_grain",
        "labour_days",
        "grain_per_labour_day",
        "tractors_total_power",
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
        **{name: true[name] * printed for name in _POPULATION},
        "births_total": true["births_total"] - notes["births_not_registered"],
        "deaths_total": true["deaths_total"] - notes["deaths_not_registered"],
        "kolkhoz_households": members,
        "collectivized_households_share": share(members, households),
        "grain_harvest": notes["reported_harvest"] / MILLION,
        "sown_area_grain": true["sown_area_grain"] + notes["sown_on_paper"] / MILLION,
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
