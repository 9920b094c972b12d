"""Names, units and regions of the collected files, and what the package calls them.

A maintainer's table, used by `build_observations.py`; the package never imports it.
"""

from __future__ import annotations

import re

SERIES: dict[str, tuple[str, str]] = {}
"""Collected name -> (canonical name, reason)."""


def _same(canonical: str, names: str, reason: str = "same quantity under two names") -> None:
    for name in names.split():
        SERIES[name] = (canonical, reason)


for _kind in ("horses", "cattle", "sheep_goats", "pigs"):
    _same(f"livestock_{_kind}", _kind)
for _kind in ("cattle", "pigs", "sheep_goats"):
    _same(f"livestock_{_kind}_growth", f"livestock_growth_{_kind}")
_same("mass_disturbances", "peasant_mass_disturbances")
_same("mass_disturbance_participants", "peasant_disturbance_participants")
_CAUSES = (
    "church_closing",
    "collectivization",
    "dekulakization_arrests",
    "food_shortage",
    "goods_shortage",
    "grain_meat_procurement",
    "other",
    "sowing_harvest_campaigns",
    "taxation",
)
for _cause in _CAUSES:
    _same(f"mass_disturbances_cause_{_cause}", f"peasant_mass_disturbances_cause_{_cause}")

for _food, _old in (
    ("butter", "butter"),
    ("eggs", "eggs10"),
    ("meat", "meat"),
    ("milk", "milk"),
    ("potatoes", "potato"),
    ("rye_bread", "rye_bread"),
    ("wheat_bread", "wheat_bread"),
):
    _same(f"{_food}_price_market", f"{_old}_market_price {_food}_market_price")
    _same(f"{_food}_price_state", f"{_old}_state_price")
    _same(f"{_food}_price_ration", f"{_old}_ration_price")
_same("butter_price_state", "butter_ration_price", "same printed price in two files")

for _good in ["bread", "butter", "fish", "groats", "meat", "sugar", "vegetable_oil"]:
    for _list in ("list_1", "list_2", "list_3", "special_list"):
        _short = _list.replace("list_", "list") if _list != "special_list" else _list
        _joined = _list in ("list_2", "list_3")
        for _who, _old in (
            ("worker", "workers"),
            ("other_and_child" if _joined else "other", "other_workers_dependants"),
            ("other_and_child" if _joined else "child", "children"),
        ):
            _same(
                f"ration_norm_{_good}_{_short}_{_who}",
                f"{_good}_ration_{_list}_{_old}",
                "same table of norms collected twice",
            )

_same("calories_per_head", "calories_per_head_day")
_same("grain_per_labour_day", "collective_farm_grain_per_trudoden")
_same("collectivized_sown_area_share", "collectivized_peasant_sown_area_share")
_same("fodder_aid_oats", "fodder_aid_granted", "the grants are the same poods of oats")
_same("grain_share_of_currency_receipts", "grain_share_of_export_foreign_currency_receipts")
_same("export_share_grain", "grain_share_of_export_value")
_same("export_share_food", "food_share_of_export_value")
_same("grain_returned_to_agriculture", "grain_returned_to_agriculture_total")
_same("state_grain_stocks", "grain_stocks_state")
_same("grain_procurement_ratio_to_previous_year", "state_grain_procurement_ratio_to_previous_year")

_same("peasant_households", "rural_households")
_same("kolkhoz_households", "households_in_kolkhozes")
_same("kolkhoz_number", "kolkhozes_number")
_same("peasant_households_kulak", "kulak_households households_kulak")
_same("peasant_households_batrak", "households_labourer")
_same("peasant_households_middle", "households_middle")
_same("peasant_households_poor", "households_poor")
_same("peasant_households_well_off", "households_well_off")
_same("peasant_households_share_kulak", "peasant_share_kulak kulak_households_share")
_same("peasant_households_share_middle", "peasant_share_middle middle_households_share")
_same("peasant_households_share_poor", "peasant_share_poor poor_households_share")
_same("peasant_households_share_well_off", "well_off_households_share")
_same("kulak_share_of_sown_area", "kulak_share_sown_area kulak_sown_area_share")
_same("kulak_share_of_marketed_grain", "kulak_share_commercial_grain kulak_marketed_grain_share")
_same("kulak_share_of_grain_output", "kulak_share_grain_output")

_same("dekulakization_quota_category_1", "kulak_category1_quota")
_same("dekulakization_quota_category_2", "kulak_category2_quota")
_same("deported_kulak_families", "kulak_families_deported deported_kulak_families_by_origin")
_same("deported_kulak_persons", "kulak_persons_deported deported_kulaks_persons kulaks_deported")
_same("kulak_households_not_deported", "undeported_kulak_households")
_same("kulak_households_with_ablebodied_heads", "kulak_households_registered")

_same("population_urban", "urban_population")
_same("population_rural", "rural_population")
_same("population_urban_share", "urban_population_share")
_same("persons_on_bread_ration", "population_on_rations")
_same("urban_growth_1926_1939_from_rural_arrivals", "urban_population_increase_migration")
_same("urban_growth_1926_1939_from_natural_increase", "urban_population_increase_natural_increase")
_same("urban_growth_1926_1939_from_reclassification", "urban_population_increase_reclassification")
_same("urban_growth_1926_1939_total", "urban_population_increase_total")
_same("special_settlers_stock", "special_settlers")
_same("special_settlers_arrived", "special_settlers_arrivals special_settlers_new_arrivals")
_same(
    "special_settlers_released_to_dependants",
    "special_settlers_passed_to_dependants special_settlers_to_relatives",
)
_same("special_settlers_released_as_wrongly_deported", "special_settlers_released_wrongly_exiled")
_same(
    "special_settlers_transferred_to_organisations",
    "special_settlers_transferred_to_organizations",
)
_same("special_settlers_left_other_causes", "special_settlers_lost_other_causes")

_same("industrial_output_growth_rate", "industrial_output_growth_actual")
_same("peasant_terms_of_trade_index", "peasant_terms_of_trade_1928_100")
_same("realised_farm_price_change", "farm_price_index_realised_1928_100")
_same("mineral_fertiliser_output", "mineral_fertilizer_output", "one spelling")

KULAK_PROPOSAL_1932 = "kulak_households_planned_for_deportation"
KULAK_PLAN = "kulak_deportation_plan"
PLANNED_FROM = re.compile(r"^planned_kulak_families_from_(.+)$")

CURRENCY_SUFFIX = {
    "million_gold_roubles": "gold_roubles",
    "million_roubles_1950_rate": "roubles_1950_rate",
    "million_1950_rate_roubles": "roubles_1950_rate",
    "million_roubles_4_38_rate": "roubles_4_38_rate",
    "million_usd": "usd_1936_rate",
    "million_usd_current": "usd_current",
    "1990_gk_dollars": "1990_dollars",
    "million_1990_gk_dollars": "1990_dollars",
    "2011_international_dollars": "2011_dollars",
    "million_2011_international_dollars": "2011_dollars",
    "bn_new_roubles_comparable_prices": "new_roubles",
    "bn_roubles_plan_prices": "plan_prices",
    "bn_roubles_current": "current_roubles",
}
SPLIT_BY_CURRENCY = re.compile(
    r"^(exports_value|imports_value|gdp_per_head|gdp_total|investment_total|fyp1_investment_.+)$"
)

REGIONS: dict[str, str] = {
    "Ural oblast": "Urals oblast",
    "Kirgiz ASSR": "Kirghiz ASSR",
    "Kirgiz SSR": "Kirghiz ASSR",
    "Kazakh SSR": "Kazakh ASSR",
    "Nizhegorod (Gorky) krai": "Nizhny Novgorod krai",
    "Transcaucasus SFSR": "Transcaucasian SFSR",
    "Siberia krai": "Siberian krai",
    "Ivanovo oblast": "Ivanovo Industrial oblast",
    "Central Asia (Uzbek, Turkmen, Tajik SSRs)": "Central Asia",
    "Northeast region (North krai)": "Northeast region",
    "Kuban (North Caucasus krai)": "Kuban okrug",
    "Kuban okrug, North Caucasus krai": "Kuban okrug",
    "Kuban (later Krasnodar krai territory)": "Kuban (territory of Krasnodar krai)",
    "Kazakh ASSR (Turgai raion)": "Turgai raion, Kazakh ASSR",
    "North Kazakhstan": "Northern Kazakhstan, Kazakh ASSR",
    "Leningrad": "Leningrad city",
    "Moscow": "Moscow city",
    "Kuznetsk okrug, Siberian krai": "Kuznetsk okrug",
    "Narym (West Siberia krai)": "Narym, West Siberia krai",
    "Narym commandantures, West Siberia krai": "Narym, West Siberia krai",
    "drought regions of the USSR": "USSR drought regions",
    "other regions": "regions not named",
    "general": "no territory",
    "laboratory": "no territory",
}
REGION_REASON = "one spelling for one territory"

UNITS: dict[str, tuple[str, float, str]] = {}
"""Collected unit -> (canonical unit, factor, reason)."""


def _unit(canonical: str, factor: float, names: str, reason: str = "one spelling") -> None:
    for name in names.split():
        UNITS[name] = (canonical, factor, reason)


_unit("Mt", 1, "Mt/yr", "a mean per year: the calendar says annual_mean")
_unit("Mt", 1, "Mt/month", "the period is a month's need")
_unit("persons", 1e6, "million_persons", "one unit for persons")
_unit("persons", 1e3, "thousand_persons", "one unit for persons")
_unit("households", 1e3, "thousand_households", "one unit for households")
_unit("households", 1, "families", "a family is a household here")
_unit("million_households_per_year", 1, "million_households/yr")
_unit("kolkhozes", 1, "kolkhozy")
_unit("million_litres", 1, "million_l")
_unit("million_litres", 10, "million_dal", "a decalitre is 10 litres")
_unit("million_litres", 12.299, "million_vedro", "a vedro is 12.299 litres")
_unit("litres", 1, "l")
_unit("million_metres", 1, "million_m")
_unit("million_metres", 1e3, "billion_m", "one unit for cloth")
_unit("billion_units", 1, "bn")
_unit("billion_roubles_current", 1, "bn_roubles_current")
_unit("billion_roubles_1926_27", 1, "bn_roubles_1926_27")
_unit("billion_roubles_1925_26", 1, "bn_roubles_1925_26")
_unit("billion_roubles_1937_factor_cost", 1, "bn_roubles_1937_factor_cost")
_unit("billion_roubles_plan_prices", 1, "bn_roubles_plan_prices")
_unit("billion_new_roubles_comparable_prices", 1, "bn_new_roubles_comparable_prices")
_unit("billion_roubles_per_year", 1, "billion_roubles/yr")
_unit("roubles_per_ha_per_year", 1, "roubles/ha/yr")
_unit("million_roubles_1950_rate", 1, "million_1950_rate_roubles")
_unit("roubles_current_per_kg", 1, "roubles_current/kg roubles_per_kg")
_unit("roubles_current_per_litre", 1, "roubles_current/litre roubles_per_l")
_unit("roubles_current_per_ten", 1, "roubles_current/ten roubles_per_10")
_unit("roubles_current_per_t", 1, "roubles_current/t")
_unit("roubles_current_per_year", 1, "roubles_current/yr")
_unit("kcal_per_day", 1, "kcal")
_unit("kg", 1, "kg/trudoden", "per labour-day, as the name says")
_unit("kg_per_person", 1, "kg/person")
_unit("t_per_person", 1, "t/person")
_unit("ha_per_person", 1, "ha/person")
_unit("labour_days_per_year", 1, "labour_days/yr")
_unit("index_1928_100", 100, "ratio_to_1928", "1928 = 100")

SERIES_UNITS: dict[tuple[str, str], tuple[str, float, str]] = {}
"""(Canonical series, unit after `UNITS`) -> (unit of the series, factor, reason)."""


def _series_unit(unit: str, factor: float, old: str, names: str, reason: str = "") -> None:
    for name in names.split():
        SERIES_UNITS[name, old] = (unit, factor, reason or f"one unit for {name}")


_series_unit(
    "Mt",
    1e-3,
    "kt",
    "grain_harvest state_grain_procurement grain_exports state_grain_procurement_plan "
    "state_grain_procurement_to_date milling_levy_plan seed_food_loan_repayment_plan "
    "sovkhoz_grain_delivery_plan state_grain_stocks obligatory_grain_delivery_plan",
)
_series_unit(
    "million_head", 1e-6, "head", "livestock_horses livestock_cattle livestock_sheep_goats"
)
_series_unit("million_head", 1e-6, "head", "camels")
_series_unit(
    "thousand_units",
    1,
    "thousand_head",
    "combines lorries_agriculture tractors_mts tractors_serving_kolkhozy tractors_sovkhoz "
    "tractors_total",
    "machines are counted in units",
)
_series_unit("kolkhozes", 1e3, "thousand", "kolkhoz_number")
_series_unit("Mha", 1e-3, "thousand_ha", "sown_area_total")
_series_unit("Mha", 1e-6, "ha", "sown_area_total")
_series_unit("thousand_ha", 1e-3, "ha", "millet_sown_area")
_series_unit(
    "million_households",
    1e-6,
    "households",
    "peasant_households kolkhoz_households peasant_households_kulak peasant_households_batrak "
    "peasant_households_middle peasant_households_poor",
)
_series_unit(
    "billion_roubles_current",
    1e-3,
    "million_roubles_current",
    "budget_revenue_total budget_revenue_turnover_tax budget_revenue_profit_deductions "
    "investment_industry",
)
_series_unit("million_gold_roubles", 1, "million_roubles", "grain_exports_value", "gold by size")
_series_unit("share_per_year", 1, "share", "industrial_output_growth_rate")
_series_unit("share_per_year", 1, "share", "urban_population_growth_rate")
_series_unit("index_1928_100", 1, "index", "peasant_terms_of_trade_index")
_series_unit("ratio", 1e-2, "index", "realised_farm_price_change", "600 against 100 is 6 times")

ORIGINS = {
    "bashkir_assr": "Bashkir ASSR",
    "belorussian_ssr": "Belorussian SSR",
    "central_black_earth_oblast": "Central Black Earth oblast",
    "leningrad_oblast": "Leningrad oblast",
    "lower_volga_krai": "Lower Volga krai",
    "middle_volga_krai": "Middle Volga krai",
    "moscow_oblast": "Moscow oblast",
    "nizhegorod_gorky_krai": "Nizhny Novgorod krai",
    "north_caucasus_krai": "North Caucasus krai",
    "other_npo_in_the_transcript": "regions not named",
    "tatar_assr": "Tatar ASSR",
    "ukrainian_ssr": "Ukrainian SSR",
}
"""Origin in the names of the series on planned resettlement -> canonical region."""


VARIANTS: dict[tuple[str, str], tuple[str, str]] = {}
"""Rows of one variant that count another quantity than their series: (series, variant) to both."""

_MOVES_INSIDE = "counts moves of the third category inside a region too: another quantity"
for _variant in ("central_registry", "central_registration", "central_register"):
    for _counted in ("families", "persons"):
        _name = f"deported_kulak_{_counted}"
        VARIANTS[_name, f"ogpu_{_variant}"] = (
            f"{_name}_with_moves_inside_regions",
            _MOVES_INSIDE,
        )
VARIANTS["deported_kulak_families", "secondary"] = (
    "deported_kulak_families_beyond_region",
    "second category to remote regions only: families that left their region",
)
VARIANTS["deported_kulak_families", "soviet_official_history"] = (
    "deported_kulak_families_from_collectivized_districts",
    "total of the party history for districts of complete collectivization: another territory",
)
VARIANTS["gulag_inmates", "gulag_museum"] = (
    "gulag_inmates_stock_or_intake",
    "the source does not say whether it counts a stock or an intake",
)
