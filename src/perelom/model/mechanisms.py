"""The register of mechanisms: every line of the month and every switch inside one."""

from typing import NamedTuple


class Mechanism(NamedTuple):
    """A part of the model that can be switched off.

    line: the line of the month it belongs to. systems, ids: S and M identifiers. note: what it
    does, in one sentence. active: False for lines that are not built yet.
    """

    line: str
    systems: str
    ids: str
    note: str
    active: bool = True


_LINES = {
    "decisions": Mechanism("decisions", "S45 S104", "M46", "Decisions become the month's levers"),
    "weather": Mechanism("weather", "S11", "M25", "Weather of the growing season, drought shocks"),
    "field": Mechanism("field", "S10 S25 S67 S68 S69", "M21 M22 M26 M27", "Sowing and harvest"),
    "herds": Mechanism("herds", "S84 S85", "M12 M23 M24", "Feed, births, deaths, slaughter"),
    "market": Mechanism("market", "S13 S14 S15", "M1 M3 M64", "What peasants sell and to whom"),
    "procurement": Mechanism("procurement", "S16 S17 S20", "M4 M31 M36", "Grain collected"),
    "campaign": Mechanism("campaign", "S45 S46 S47 S51 S52", "M7 M8 M9 M10 M11", "Kolkhoz entry"),
    "resistance": Mechanism(
        "resistance", "S73 S77 S78 S81", "M6 M13 M14 M15 M54", "Protest, repression"
    ),
    "kolkhoz": Mechanism("kolkhoz", "S56 S60", "M16 M19", "Labour-days, effort, distribution"),
    "food": Mechanism("food", "S12 S86 S88", "M47 M49", "Diets and body reserves"),
    "people": Mechanism("people", "S89 S92 S96", "M49 M50 M51 M55 M65", "Births, deaths, moves"),
    "industry": Mechanism(
        "industry", "S24 S31 S32 S36 S37 S41 S86", "M41 M57 M59 M60", "Industry, money, trade"
    ),
    "reports": Mechanism("reports", "S26 S91 S97", "M8 M32 M34 M43", "Reports, belief, next plan"),
    "leadership": Mechanism("leadership", "S104 S107", "M46", "Crisis signals and factions"),
    "accounts": Mechanism("accounts", "S12 S96", "M65", "Flows against stocks"),
}

_SWITCHES = {
    "sowing_response": Mechanism("field", "S10 S80", "M4", "Less is sown where much is taken"),
    "sowing_delay": Mechanism("field", "S85", "M21 M22", "Late sowing costs yield"),
    "seed_collection": Mechanism("field", "S68", "M27", "Kolkhozes collect seed from members"),
    "food_to_work": Mechanism("field", "S88", "M28", "Hungry people work less"),
    "harvest_losses": Mechanism("field", "S25 S69", "M26", "Losses rise with haste and neglect"),
    "state_farms": Mechanism("field", "S67", "M63", "State farms sow and deliver"),
    "report_bias": Mechanism("field", "S91", "M34", "Local harvest reports are too high"),
    "feed_deaths": Mechanism("herds", "S84", "M23", "Animals without feed die"),
    "common_herd_neglect": Mechanism("herds", "S59", "M24", "Common herds are neglected"),
    "slaughter_before_joining": Mechanism("herds", "S80", "M12", "Slaughter from fear of pooling"),
    "grain_withholding": Mechanism("market", "S13", "M1", "Less is sold at a poor price"),
    "goods_famine": Mechanism("market", "S14", "M3", "Less is sold where shops are empty"),
    "village_exchange": Mechanism("market", "S04", "M47", "Neighbours sell bread to the short"),
    "procurement_plan": Mechanism("procurement", "S20", "M30 M31", "Plans for every village"),
    "forced_procurement": Mechanism("procurement", "S17", "M4", "Grain taken by force"),
    "tightening": Mechanism("procurement", "S17", "M36", "Force grows with arrears"),
    "crop_reports": Mechanism("procurement", "S20 S91", "M37 M43", "Plans heed reports of failure"),
    "counter_plans": Mechanism("procurement", "S26", "M33", "Plans grow on the way down"),
    "hiding": Mechanism("procurement", "S80", "M35", "Households hide grain"),
    "peers": Mechanism("campaign", "S53", "M9", "Villages join together"),
    "campaign_pressure": Mechanism("campaign", "S49", "M7", "Pressure makes households join"),
    "grain_take_joining": Mechanism("campaign", "S47", "M7", "Fear of losing grain as a reason"),
    "race_between_regions": Mechanism("campaign", "S46", "M8", "Officials copy the leader"),
    "leaving": Mechanism("campaign", "S51", "M10", "Members leave"),
    "kolkhoz_effort": Mechanism("kolkhoz", "S60", "M16", "Effort answers to pay"),
    "slaughter_for_food": Mechanism("food", "S88", "M53", "Animals are eaten in hunger"),
    "hunger_mortality": Mechanism("people", "S88 S89", "M49", "Hunger kills"),
    "hunger_fertility": Mechanism("people", "S96", "M51", "Hunger lowers conceptions"),
    "migration": Mechanism("people", "S92", "M55", "People move to towns"),
    "grain_exports": Mechanism("industry", "S41", "M42", "Grain is exported"),
    "tractors": Mechanism("industry", "S66 S70 S85", "M63", "Tractors add to draught power"),
    "reserve_release": Mechanism("industry", "S24", "M42", "Spare state grain is sold in villages"),
    "relief": Mechanism("industry", "S90", "M41", "Food relief is given"),
    "protest": Mechanism("resistance", "S81 S82", "M13", "Grievances become disturbances"),
    "local_concession": Mechanism("resistance", "S81 S83", "M13", "Officials yield after protest"),
    "protest_repression": Mechanism("resistance", "S79 S81", "M14", "Repression answers protest"),
    "dekulakization": Mechanism("resistance", "S73 S74 S75", "M15", "Deportation by quota"),
    "dekulakization_overshoot": Mechanism("resistance", "S73 S76", "M15", "Quotas are exceeded"),
    "fear_of_deportation": Mechanism("campaign", "S47 S73", "M7", "Deportations make others join"),
    "skill_loss": Mechanism("kolkhoz", "S73", "M15", "Those deported are missed at work"),
    "self_liquidation": Mechanism("resistance", "S77", "M6", "Threatened farms sell out and leave"),
    "settler_hardship": Mechanism("resistance", "S74", "M54", "Settlers without houses die more"),
    "arrests": Mechanism("resistance", "S78 S79", "M14 M40", "People are arrested"),
    "paper_kolkhozes": Mechanism("reports", "S46 S91", "M8", "Membership on paper"),
    "ration_lists": Mechanism("food", "S86", "M56", "Bread in towns goes by ration lists"),
    "town_jobs": Mechanism("people", "S92", "M55", "Vacancies draw, joblessness sends back"),
    "housing": Mechanism("people", "S39 S92", "M55", "Crowded towns draw fewer people"),
    "recruitment": Mechanism("people", "S93", "M55", "Recruiters send people to any region"),
    "infection": Mechanism("people", "S95", "M52", "Typhus spreads among the hungry"),
    "inheritance": Mechanism("people", "S01 S96", "M65", "Property of the dead goes to relatives"),
    "mts": Mechanism("field", "S66 S70", "M63", "Stations serve kolkhoz land and are paid in kind"),
    "political_departments": Mechanism("kolkhoz", "S66", "M45", "Departments of stations press"),
    "levelling": Mechanism("kolkhoz", "S60", "M19", "Pay by eaters does not reward work"),
    "closed_exit": Mechanism("kolkhoz", "S51 S60", "M17", "Without a way out members shirk"),
    "piece_rates": Mechanism("kolkhoz", "S57 S58", "M18 M19", "Brigades are paid by the piece"),
    "private_plot": Mechanism("food", "S55 S60", "M20", "Members turn to their plots"),
    "paper_inertia": Mechanism("reports", "S46 S91", "M8", "Paper members stay on the lists"),
    "bad_news_filter": Mechanism("reports", "S91 S97", "M43", "Bad news is held back and late"),
    "ratchet": Mechanism("reports", "S26", "M32", "Plans rise with success, hardly fall"),
    "official_leniency": Mechanism("reports", "S97 S100", "M44", "Leniency falls and comes back"),
    "sanctions_on_officials": Mechanism("reports", "S99 S102", "M44", "Laggards are removed"),
    "faction_voice": Mechanism("campaign", "S104", "M46", "Two voices slow new orders"),
    "leadership_rule": Mechanism("decisions", "S104", "M46", "A crisis makes leaders concede"),
    "state_payments": Mechanism("market", "S13 S36", "M59", "The state pays for grain"),
    "market_price_response": Mechanism("market", "S15", "M64", "Grain goes where it is dear"),
    "village_hire": Mechanism("industry", "S04", "M5", "Neighbours hire each other"),
    "crafts": Mechanism("industry", "S03 S07", "M6", "Villages earn outside their farms"),
    "farm_sales": Mechanism("industry", "S15 S38", "M59", "Animal products and crops are sold"),
    "agricultural_tax": Mechanism("industry", "S33", "M60", "Villages are taxed"),
    "state_loans": Mechanism("industry", "S35", "M60", "Loans are sold against wages"),
    "retail_trade": Mechanism("industry", "S14 S38", "M3 M59", "Goods are sold in shops"),
    "free_market_price": Mechanism("industry", "S15 S36", "M59", "The free price follows money"),
    "wage_drift": Mechanism("industry", "S36 S37", "M58", "Managers outbid each other for hands"),
    "skill_dilution": Mechanism("industry", "S40", "M58", "Newcomers work less well"),
    "raw_materials": Mechanism("industry", "S38", "M57", "Consumer goods need farm materials"),
    "investment": Mechanism("industry", "S31 S37", "M57 M66", "Capital is built and wears out"),
    "foreign_trade": Mechanism("industry", "S41 S42 S43", "M62", "Imports, credit and debt"),
    "import_cuts": Mechanism("industry", "S42", "M62", "Debt makes the centre cut imports"),
    "export_push": Mechanism("industry", "S41", "M42 M62", "Want of currency raises exports"),
    "registration": Mechanism("people", "S91 S96", "M34", "Not all births and deaths are booked"),
    "household_division": Mechanism("people", "S01 S05 S96", "M5", "Households divide"),
    "export_supply": Mechanism("industry", "S41", "M62", "Only goods that are made are exported"),
    "export_squeeze": Mechanism("industry", "S38 S41", "M62", "Strained payments strip home shops"),
    "port_hinterland": Mechanism("industry", "S41", "M42", "Exports come from stores near ports"),
    "order_delay": Mechanism("industry", "S41 S42", "M62", "Ordered machines come after months"),
    "imported_materials": Mechanism("industry", "S38", "M57 M62", "Mills need cotton from abroad"),
    "herd_structure": Mechanism("herds", "S84", "M23", "Breeding females decide how many are born"),
    "meat_at_home": Mechanism("food", "S12 S84", "M47 M53", "Households eat what they slaughter"),
    "common_farms": Mechanism("herds", "S55 S84", "M12", "Members' animals go into common herds"),
    "help_to_cowless": Mechanism("herds", "S55 S84", "M20", "Members without a cow get heifers"),
    "state_herds": Mechanism("herds", "S67 S84", "M12 M24", "State farms buy and keep animals"),
    "wage_overrun": Mechanism("industry", "S29 S36", "M58", "Wage funds overrun as orders do"),
    "incomes_beyond_wages": Mechanism("industry", "S36", "M59", "Towns get money beside wages"),
    "spirits": Mechanism("industry", "S34", "M61", "The state sells spirits"),
    "new_prices": Mechanism("industry", "S36 S37", "M34", "New products come in at dearer prices"),
    "tractor_supply": Mechanism("industry", "S70", "M63", "Industry limits tractor deliveries"),
    "assembly_check": Mechanism("resistance", "S74 S76", "M15", "Police send some families back"),
    "deportation_halt": Mechanism("resistance", "S74", "M54", "The centre halts deportation"),
    "deportation_trains": Mechanism("resistance", "S74", "M54", "Trains limit deportation"),
    "delivery_norms": Mechanism("procurement", "S16 S20", "M30", "Deliveries owed by hectare"),
    "assessed_payment": Mechanism("field", "S66", "M63", "Stations are paid by assessed yields"),
    "kolkhoz_purchases": Mechanism("procurement", "S13 S16", "M1 M64", "Kolkhozes sell the rest"),
    "feed_outlook": Mechanism("herds", "S84", "M2", "Fewer animals are kept where feed is short"),
    "young_stock_kept": Mechanism("herds", "S84", "M24", "Common farms may not kill young stock"),
    "land_extension": Mechanism("field", "S10 S68", "M21", "New land is taken in by order"),
}

MECHANISMS: dict[str, Mechanism] = {**_LINES, **_SWITCHES}
"""Every mechanism by the name of its switch."""
