"""The state of regions and villages on 1 December 1926 (S14, S16, S96).

Five months of the agricultural year 1926/27 have passed: the harvest is in, winter grain
stands, the state has bought about half of what it will buy. Numbers come from the reconciled
margins; how a national number is spread over regions is said at each line.
"""

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from perelom.world.geography import region_index
from perelom.world.reconcile import Targets
from perelom.world.sampling import Design
from perelom.world.state import CELLS, NATIONALITIES, SPECIES, Geography, Nation, Regions
from perelom.world.villages import VillageTotals

Array = NDArray[np.float64]

MONTHS_CARRIED = 9
CAPITAL = "Moscow oblast"
INDUSTRY = ("producer_capital", "consumer_capital", "producer_unfinished", "consumer_unfinished")
_WOMEN = CELLS.index("female_working_age")


def geography(targets: Targets, design: Design, totals: VillageTotals) -> Geography:
    """Return the fixed geography of a sample."""
    assert totals.nationality.shape[0] == len(NATIONALITIES)
    return Geography(
        weight=jnp.asarray(design.weight),
        identity=jnp.arange(design.villages, dtype=jnp.int32),
        nationality=jnp.asarray(totals.nationality),
        raion_region=jnp.asarray(design.raion_region, dtype=jnp.int32),
        raions_of_region=jnp.asarray(_raions_of_region(design), dtype=jnp.int32),
        normal_yield=jnp.asarray(targets.normal_yield),
        winter_share=jnp.asarray(targets.winter_share),
        grain_share=jnp.asarray(targets.grain_share),
        garden_calories=jnp.asarray(targets.pattern["garden_calories"]),
        fodder_cover=jnp.asarray(targets.pattern["fodder_cover"]),
        mortality=jnp.asarray(targets.mortality),
        fertility=jnp.asarray(targets.fertility),
        steppe=jnp.asarray(steppe_share(targets)),
        port_access=jnp.asarray(targets.pattern["port_access"]),
        capital=region_index(CAPITAL),
    )


def _raions_of_region(design: Design) -> NDArray[np.int64]:
    """Return the raions of each region, [region, most], filled up with the number of raions."""
    counts = design.raions_by_region
    first = np.cumsum(counts) - counts
    place = np.arange(counts.max())
    return np.where(place < counts[:, None], first[:, None] + place, counts.sum())


def steppe_share(targets: Targets) -> Array:
    """Return each region's share of the land for state farms, [region].

    By grain land beyond the country's mean a rural person: where fields are wide, people are few
    and there is steppe left to break.
    """
    grain, persons = targets.land * targets.grain_share, targets.persons.sum(0)
    wide = np.maximum(grain - persons * (grain.sum() / persons.sum()), 0.0)
    return np.asarray(wide / wide.sum())


def regional_harvest(targets: Targets, total: float) -> Array:
    """Spread a harvest of 1926 over regions by grain area and normal yield, t [region]."""
    pattern = targets.land * targets.grain_share * targets.normal_yield
    return np.asarray(total * pattern / pattern.sum())


def regional_delivery(targets: Targets, total: float) -> Array:
    """Spread state procurement over regions by the pattern of the plan of 1930, t [region]."""
    pattern = targets.pattern["procurement"]
    return np.asarray(total * pattern / pattern.sum())


def births_due(persons: Array, rate: float, fertility: Array, women: Array) -> Array:
    """Return live births due in each of the next months, [9, place], without seasons.

    persons [cell, place]; rate, births per 1000 a year; fertility relative to the USSR and
    women of working age [place]: births follow women, with the region's level.
    """
    births = rate / 1000.0 * persons.sum() / 12.0
    share = women * fertility
    return np.tile(births * share / share.sum(), (MONTHS_CARRIED, 1))


def initial_regions(targets: Targets) -> Regions:
    """Return towns, state grain and beliefs on the first day; what is not named starts at zero."""
    national = targets.national
    delivered = regional_delivery(targets, national["delivered_to_date"])
    reported = regional_harvest(targets, national["harvest_official_1926"])
    town = targets.town_persons.sum(0) / targets.town_persons.sum()
    near_towns = national["granary_town_share"]
    granary = near_towns * town + (1.0 - near_towns) * delivered / delivered.sum()
    steppe = steppe_share(targets)
    values = {name: np.zeros(len(town)) for name in Regions.__dataclass_fields__}
    values |= _prisons_and_settlements(targets, town)
    values |= {
        "granary": national["granary"] * granary,
        "town_grain": national["town_grain"] * town,
        # The census counted prisoners with the town in which they were held.
        "town_persons": targets.town_persons - values["prisoners"],
        "town_conceptions": births_due(
            targets.town_persons,
            national["birth_rate_urban"],
            targets.fertility,
            targets.town_persons[_WOMEN],
        ),
        "delivered": delivered,
        "delivered_last_year": regional_delivery(targets, national["delivered_last_year"]),
        "harvest": regional_harvest(targets, national["harvest_1926"]),
        "reported_harvest": reported,
        "believed_harvest": reported,
        "town_cash": national["town_cash"] * town,
        "employed": national["employed"] * town,
        "goods_found": np.ones(len(town)),
        "state_farm_land": national["state_farm_land"] * steppe,
        "state_farm_grain": national["state_farm_grain"] * steppe,
        "housing": national["living_space"] * (targets.town_persons - values["prisoners"]).sum(0),
        "leniency": np.ones(len(town)),
        "market_price": np.ones(len(town)),
        "skill": np.ones(len(town)),
        # Grain that private trade buys goes with what the state buys; industry with the towns.
        "private_sales": national["private_sales"] * delivered / delivered.sum() / 12.0,
        **{name: national[name] * town for name in INDUSTRY},
    }
    return Regions(**{name: jnp.asarray(value) for name, value in values.items()})


def _prisons_and_settlements(targets: Targets, town: Array) -> dict[str, Array]:
    """Return prisoners of December 1926, spread as towns are and in full prisons; no settlers. S78.

    town: each region's share of town people. Prisoners are of working age.
    """
    held = targets.national["prisoners"] * town
    women = targets.national["women_among_prisoners"]
    prisoners = np.zeros((len(CELLS), len(town)))
    prisoners[CELLS.index("male_working_age")] = (1.0 - women) * held
    prisoners[_WOMEN] = women * held
    return {
        "prisoners": prisoners,
        "prison_places": held,
        "settlement_grain": targets.national["prison_grain"] * town,
        "settlers": np.zeros((len(CELLS), len(town))),
        "fugitives": np.zeros((len(CELLS), len(town))),
        "settler_conceptions": np.zeros((MONTHS_CARRIED, len(town))),
    }


def initial_nation(targets: Targets) -> Nation:
    """Return what there is once in the country on the first day."""
    money = ("treasury", "foreign_debt", "wage", "investment")
    names = (*money, "currency_reserve", "machine_orders", "grain_shipped")
    return Nation(
        **{name: jnp.asarray(targets.national[name], jnp.float64) for name in names},
        stretch=jnp.asarray(1.0, jnp.float64),
        currency_gap=jnp.asarray(0.0, jnp.float64),
        alarm=jnp.asarray(0.0, jnp.float64),
        moderation=jnp.asarray(1.0, jnp.float64),
        receipts=jnp.asarray(targets.national["currency_receipts"], jnp.float64),
        materials_found=jnp.asarray(1.0, jnp.float64),
        export_need=jnp.asarray(1.0, jnp.float64),
    )


def village_flows(targets: Targets, design: Design, totals: VillageTotals) -> dict[str, Array]:
    """Return deliveries, harvest, expectations and births due of each sampled village.

    Harvest follows the village's land; deliveries follow its harvest; the share that peasants
    expect to be taken is that of the whole year 1926/27 in their region. Births due
    [9, village] follow women of working age.
    """
    region = design.village_region
    national = targets.national
    harvest = regional_harvest(targets, national["harvest_1926"])
    delivered = regional_delivery(targets, national["delivered_to_date"])
    take = regional_delivery(targets, national["procurement_1926"]) / harvest
    village_harvest = totals.land * (harvest / targets.land)[region]
    women = (totals.persons + totals.persons_rest)[_WOMEN]
    per_woman = (
        births_due(
            targets.persons,
            national["birth_rate_rural"],
            targets.fertility,
            targets.persons[_WOMEN],
        )
        / targets.persons[_WOMEN]
    )
    return {
        "harvest": village_harvest,
        "delivered": village_harvest * (delivered / harvest)[region],
        "expected_take": take[region],
        "expected_pay": np.full(len(region), national["expected_pay"]),
        "conceptions": per_woman[:, region] * women[None, :],
        # With the young of the year still there, breeding females are a smaller part.
        **{
            f"breeding_{species}": np.full(len(region), 1.0 / national[f"{species}_december"])
            for species in SPECIES
        },
    }
