"""What reached a village from above, in words: dated decisions, drought, reports of its region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from perelom.results.page import number
from perelom.results.village_events import Event, village_events
from perelom.results.village_life import VillageLife
from perelom.results.village_rows import agricultural_years
from perelom.scenario.levers import levers
from perelom.scenario.tables import region_mask
from perelom.world.geography import region_index

ORDERS = (
    "procurement_plan", "procurement_force", "seed_seizure", "regional_plan", "delivery_norm",
    "norm_of_served", "norm_of_individuals", "norm_by_arable", "delivery_exemption",
    "failure_exemption", "purchase_price", "grain_price", "private_trade", "bazaars",
    "kolkhoz_market", "collectivization_pressure", "animals_pooled", "exit_permitted",
    "members_animals_pooled", "tax_on_individuals", "agricultural_tax", "kulak_levy",
    "church_closing", "sowing_order", "land_extension", "mts_payment", "political_departments",
    "piece_rates", "private_plot", "fodder_fund", "young_stock_kept", "dekulakization_quota",
    "expropriation_quota", "first_category_quota", "arrest_quota", "grain_law",
    "listed_families_moved", "deportation_transport", "movement_ban", "organised_recruitment",
    "abortion_ban", "sanctions_on_officials", "blame_for_excesses", "honest_reports",
    "report_checks", "relief_food", "seed_loan", "calves_for_cowless",
)  # fmt: skip
"""Levers that bear on life in a village; the others move towns, industry and trade."""

MAIN = (
    "procurement_force", "seed_seizure", "collectivization_pressure", "exit_permitted",
    "dekulakization_quota", "expropriation_quota", "first_category_quota", "arrest_quota",
    "grain_law", "movement_ban", "relief_food",
)  # fmt: skip
"""Orders that a short list names: force, campaign, repression, movement and relief."""

GAP = 0.05
"""How far a report must be from what happened to be told: points of a share, part of an amount."""
UNREGISTERED = 0.2
"""Part of the deaths of a year that must be missing from the registers to be told."""
WEIGHT = 0.02
"""Share of body weight lost in the region from which on its report is told."""
REMOVED = 0.2
"""Share of raion chiefs removed within a year from which on it is told."""


def all_events(life: VillageLife) -> list[Event]:
    """Return orders, reports, punishments and what happened in the village, by month."""
    found = [
        *_decisions(life),
        *_droughts(life),
        *_reports(life),
        *_chiefs(life),
        *village_events(life),
    ]
    return sorted(found, key=lambda event: event.month)


def _reached(named: str, life: VillageLife) -> bool:
    regions = None if named == "all" else named.split(", ")
    return bool(region_mask(regions, "decision")[region_index(life.region)])


def _decisions(life: VillageLife) -> Iterator[Event]:
    """Tell the decisions that changed something here; those of one month and note as one."""
    known, last = levers(), life.months[-1]
    winning: dict[tuple[str, str], dict[str, Any]] = {}
    for decision in life.decisions:
        inside = life.months[0] <= decision["date"] <= last
        if inside and decision["lever"] in ORDERS and _reached(decision["region"], life):
            winning[decision["date"], decision["lever"]] = decision
    now: dict[str, float] = {}
    told: dict[tuple[str, str], list[tuple[str, dict[str, Any]]]] = {}
    for (date, name), decision in winning.items():
        lever = known[name]
        before, now[name] = now.get(name, lever.default), decision["value"]
        if before != now[name]:
            unit = "" if lever.unit in _PLAIN else f" {lever.unit}"
            step = f"{name.replace('_', ' ')} {before:g} to {now[name]:g}{unit}"
            told.setdefault((date, decision["text"]), []).append((step, decision))
    for (date, note), steps in told.items():
        changed = "; ".join(step for step, _ in steps)
        first = steps[0][1]
        level = "centre, whole country" if first["region"] == "all" else "centre"
        words = f"{note[:1].upper()}{note[1:]} [{changed}]" if note else changed
        sources = ", ".join(dict.fromkeys(decision["source"] for _, decision in steps))
        minor = not any(decision["lever"] in MAIN for _, decision in steps)
        yield Event(date, "order", f"{words}.", level, sources, minor)


_PLAIN = ("share", "ratio", "intensity", "weight")
"""Units that a reader need not be told with every value."""


def _droughts(life: VillageLife) -> Iterator[Event]:
    for shock in life.shocks:
        begin, end = shock["period"].split(" to ")
        if begin in life.months and _reached(shock["region"], life):
            told = f"Drought in the region, {shock['severity']:g} on a scale to 3 (until {end})."
            yield Event(begin, "weather", told, "region", shock["source"])


def _reports(life: VillageLife) -> Iterator[Event]:
    own, true, said = life.columns, life.true, life.reported
    for name, months in agricultural_years(life.months):
        gap = said["share"][months] - true["share"][months]
        n = months.start + int(np.argmax(gap))
        if gap.max() >= GAP:
            told = (
                f"The region reports {said['share'][n]:.0%} of households in kolkhozes; in fact "
                f"{true['share'][n]:.0%}, in this village {own['kolkhoz_share'][n]:.0%}."
            )
            yield Event(life.months[n], "report", told, "region")
        if months.stop - months.start < 12:
            continue
        last = life.months[months.stop - 1]
        harvest, reported = true["harvest"][months].sum(), said["harvest"][months].sum()
        if harvest > 0 and abs(reported / harvest - 1) >= GAP:
            told = (
                f"Harvest of {name[:4]} in the region: reported {number(reported)} Mt, in fact "
                f"{number(harvest)} Mt ({reported / harvest - 1:+.0%})."
            )
            yield Event(last, "report", told, "region", minor=True)
        deaths, registered = true["deaths"][months].sum(), said["deaths"][months].sum()
        if deaths > 0 and 1 - registered / deaths >= UNREGISTERED:
            told = (
                f"Deaths in the region in {name}, towns included: {number(registered / 1000)} "
                f"thousand registered, {number(deaths / 1000)} thousand in fact."
            )
            yield Event(last, "report", told, "region")
        lost = true["weight_lost"][months]
        n = months.start + int(np.argmax(lost))
        if lost.max() >= WEIGHT:
            told = (
                f"Villagers of the region have lost {lost.max():.1%} of their body weight; the "
                f"centre believes {said['weight_lost'][n]:.1%}."
            )
            yield Event(life.months[n], "report", told, "region")


def _chiefs(life: VillageLife) -> Iterator[Event]:
    for _, months in agricultural_years(life.months):
        removed = life.removed[months]
        if removed.max() >= REMOVED:
            n = months.start + int(np.argmax(removed))
            told = f"{removed.max():.0%} of the region's raion chiefs were removed within a year."
            yield Event(life.months[n], "punishment", told, "region")
