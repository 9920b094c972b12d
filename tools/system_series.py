"""The observed series that bear on each system, as globs; systems without any are absent."""

from __future__ import annotations

_PAIRS = """
S01 peasant_households_*|kulak_households*|kulak_share_*
S02 livestock_horses|working_horses|draught_animals_*|cows_per_household*
S03 rural_surplus_labour|peasant_households_sowing_*
S04 households_hiring_*|family_workers_per_household*
S06 collectivized_households_share|population_urban*
S07 otkhodniki
S09 state_grain_procurement_shortfall_on_previous_year
S10 sown_area_*|grain_harvest|grain_yield|winter_*|wheat_yield
S11 air_temperature_*|drought_severity
S12 grain_balance_*|grain_consumption_*|calories_per_head|bread_grain_consumption_*
S13 grain_marketed_*|grain_procurement_ratio_*
S14 state_coop_retail_turnover_*|consumer_goods_price_change
S15 *_price_market|rye_*_price|wheat_market_price|free_market_food_price_index
S16 state_grain_procurement|state_grain_procurement_to_date|five_day_grain_procurement
S17 state_grain_procurement_shortfall_*|grain_trade_arrests
S20 state_grain_procurement_plan*|*_procurement_plan
S23 meat_procurement_plan_*
S24 state_grain_stocks
S26 *_growth_plan|fyp1_target_*
S27 fyp1_*
S28 fyp1_target_*
S30 investment_*|agricultural_investment*|share_of_industrial_investment_*
S31 fixed_assets_commissioned|fixed_capital_total
S32 budget_*
S33 budget_revenue_agricultural_tax|agricultural_tax_*
S34 vodka_*
S35 budget_state_loans_*|state_loans_*
S36 currency_in_circulation|state_bank_notes_*|retail_price_index_*|state_retail_price_*
S37 industrial_*|steel_output|coal_output|pig_iron_output|oil_output|electricity_output
S38 cotton_cloth_output|leather_footwear_output|woollen_cloth_output|sugar_output
S40 absenteeism_*|industrial_labour_separations
S41 grain_exports*|exports_value*|imports_value*|world_real_price_index_*|machinery_imports_*
S42 foreign_debt*|trade_balance*
S45 collectivized_households_share_target|collectivization_declared_complete
S46 raions_with_collectivized_share_*|collectivized_households_share
S47 collectivized_households_share|kolkhoz_households
S49 collectivized_households_share
S51 collectivized_households_share
S52 collectivized_households_share|kolkhoz_number
S55 kolkhoz_indivisible_funds|kolkhoz_seed_fund_*
S56 labour_days_per_household|labour_day_minimum_*|kolkhozniks_below_*
S60 grain_per_labour_day|grain_distributed_*|kolkhoz_cash_*|cash_per_labour_day
S66 mts_*|tractors_mts*
S67 sovkhoz_*|grain_trust_*
S68 kolkhoz_sown_area*|spring_sowing_plan_*
S70 tractors_total*|tractor_*|combine*|mineral_fertiliser_*
S71 individual_*|private_plot_*
S73 dekulakization_quota_*|dekulakized_households|kulak_deportation_plan*
S74 deported_kulak_*|special_settlers_*
S77 self_dekulakized_households
S78 camp_*|colony_*|gulag_*|sentenced_*|death_sentences_*
S79 special_board_*|ogpu_arrests_*
S81 mass_disturbance*|peasant_terror_*|peasant_insurrections
S84 livestock_*|camels
S85 working_horses|livestock_horses|tractors_total_power
S86 ration_norm_*|persons_on_bread_ration|population_on_central_*|grain_supplied_to_towns
S87 average_*wage*|real_wage*|*_consumption_per_head*
S88 excess_deaths*|famine_*|deaths_total
S89 deaths_*|crude_death_rate|life_expectancy_*|infant_mortality|population_loss_total
S90 food_aid_*|seed_loan_*|grain_returned_*|fodder_aid_*
S92 net_rural_urban_migration|registered_unemployed|unemployed_*|urban_growth_*
S93 recruits_from_countryside*
S94 pupils_*|teachers_*|literacy_rate|enrolment_ratio_*
S95 smallpox_cases|electricity_output
S96 population_*|births_*|crude_birth_rate|birth_deficit
S97 party_members_and_candidates|party_full_members
S107 party_purge_*|party_expelled_*|party_net_loss
"""

SERIES = dict(line.split(" ", 1) for line in _PAIRS.strip().splitlines())
"""System -> globs of series joined by `|`."""
