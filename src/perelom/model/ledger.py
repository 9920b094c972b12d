"""The accounts: which stocks there are and which flows move between them.

Every flow leaves one stock and enters another (or the outside world, None), so each month and in
each region closing = opening + what came in - what went out, for every stock. A mechanism reports
its flows itself; none is computed as new minus old.
"""

from collections.abc import Callable
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.space import at_capital, measured, to_regions, total
from perelom.world.state import SPECIES, Geography, State


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

ON_THE_WAY = (RAIL, ROAD)
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

_TOWN_FLOWS = {
    "recruited": Flow("rural_persons", ROAD),
    "recruits_arrived": Flow(ROAD, "town_persons", by_region=True),
    "moved_to_village": Flow("town_persons", "rural_persons"),
    "housing_built": Flow(None, "town_housing", by_region=True),
    "housing_worn": Flow("town_housing", None, by_region=True),
    "mts_payment": Flow("kolkhoz_grain", "granary"),
}

FLOWS: dict[str, Flow] = {
    **_GRAIN_FLOWS,
    **_STATE_FARM_FLOWS,
    **_PEOPLE_FLOWS,
    **_LAND_FLOWS,
    **_HERD_FLOWS,
    **_TOWN_FLOWS,
}
"""Every flow of the model by name."""


def _own(column: str) -> Callable[[Geography, State], Array]:
    def stock(geography: Geography, state: State) -> Array:
        return to_regions(geography, measured(getattr(state.households, column)))

    return stock


def _kolkhoz(column: str) -> Callable[[Geography, State], Array]:
    def stock(geography: Geography, state: State) -> Array:
        return to_regions(geography, getattr(state.villages, f"kolkhoz_{column}"))

    return stock


def _standing_own(geography: Geography, state: State) -> Array:
    fields = state.households.winter_sown, state.households.spring_sown
    return to_regions(geography, measured(fields[0]) + measured(fields[1]))


def _standing_kolkhoz(geography: Geography, state: State) -> Array:
    villages = state.villages
    return to_regions(geography, villages.kolkhoz_winter_sown + villages.kolkhoz_spring_sown)


def _kolkhoz_households(geography: Geography, state: State) -> Array:
    households = state.households
    return to_regions(geography, measured(households.present * households.member))


def _individual_households(geography: Geography, state: State) -> Array:
    households = state.households
    return to_regions(geography, measured(households.present * households.outside))


def _rural_persons(geography: Geography, state: State) -> Array:
    return to_regions(geography, measured(total(state.households.persons)))


STOCKS: dict[str, Callable[[Geography, State], Float[Array, " region"]]] = {
    "household_grain": _own("grain"),
    "household_seed": _own("seed"),
    "kolkhoz_grain": _kolkhoz("grain"),
    "kolkhoz_seed": _kolkhoz("seed"),
    "granary": lambda _, state: state.regions.granary,
    "town_grain": lambda _, state: state.regions.town_grain,
    "rural_persons": _rural_persons,
    "town_persons": lambda _, state: state.regions.town_persons.sum(axis=0),
    "individual_households": _individual_households,
    "kolkhoz_households": _kolkhoz_households,
    "household_land": _own("land"),
    "kolkhoz_land": _kolkhoz("land"),
    "standing_own": _standing_own,
    "standing_kolkhoz": _standing_kolkhoz,
    "tractors": lambda _, state: state.regions.tractors,
    "state_farm_land": lambda _, state: state.regions.state_farm_land,
    "standing_state_farms": lambda _, state: state.regions.state_farm_sown,
    "state_farm_grain": lambda _, state: state.regions.state_farm_grain,
    "household_implements": _own("implements"),
    "kolkhoz_implements": _kolkhoz("implements"),
    "household_roubles": _own("cash"),
    "kolkhoz_roubles": _kolkhoz("cash"),
    "town_roubles": lambda _, state: state.regions.town_cash,
    "treasury_roubles": lambda geography, state: at_capital(geography, state.nation.treasury),
    **{f"household_{species}": _own(species) for species in SPECIES},
    **{f"kolkhoz_{species}": _kolkhoz(species) for species in SPECIES},
    "town_housing": lambda _, state: state.regions.housing,
}
"""Every stock by name: a function of geography and state that gives its size by region."""


def stocks(geography: Geography, state: State) -> Float[Array, "region stock"]:
    """Measure all stocks by region, in the order of `STOCKS`."""
    return jnp.stack([measure(geography, state) for measure in STOCKS.values()], axis=-1)
