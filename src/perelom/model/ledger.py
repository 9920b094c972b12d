"""The accounts: which stocks there are; flows, in `flows`, move between them.

Every flow leaves one stock and enters another (or the outside world, None), so each month and in
each region closing = opening + what came in - what went out, for every stock. A mechanism reports
its flows itself; none is computed as new minus old.
"""

from collections.abc import Callable

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.space import at_capital, measured, to_regions, total
from perelom.world.state import SPECIES, STATE_FARM_SPECIES, Geography, State


def _own(column: str) -> Callable[[Geography, State], Array]:
    def stock(geography: Geography, state: State) -> Array:
        return to_regions(geography, measured(getattr(state.households, column)))

    return stock


def _kolkhoz(column: str) -> Callable[[Geography, State], Array]:
    def stock(geography: Geography, state: State) -> Array:
        return to_regions(geography, getattr(state.villages, f"kolkhoz_{column}"))

    return stock


def _state_farm(column: str) -> Callable[[Geography, State], Array]:
    def stock(_: Geography, state: State) -> Array:
        herd: Array = getattr(state.regions, f"state_farm_{column}")
        return herd

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
    "foreign_debt": lambda geography, state: at_capital(geography, state.nation.foreign_debt),
    "currency_reserve": lambda geo, state: at_capital(geo, state.nation.currency_reserve),
    "machine_orders": lambda geo, state: at_capital(geo, state.nation.machine_orders),
    "producer_capital": lambda _, state: state.regions.producer_capital,
    "consumer_capital": lambda _, state: state.regions.consumer_capital,
    "producer_unfinished": lambda _, state: state.regions.producer_unfinished,
    "consumer_unfinished": lambda _, state: state.regions.consumer_unfinished,
    **{f"household_{species}": _own(species) for species in SPECIES},
    **{f"kolkhoz_{species}": _kolkhoz(species) for species in SPECIES},
    "town_housing": lambda _, state: state.regions.housing,
    "settlers": lambda _, state: state.regions.settlers.sum(axis=0),
    "prisoners": lambda _, state: state.regions.prisoners.sum(axis=0),
    "settlement_grain": lambda _, state: state.regions.settlement_grain,
    **{f"state_farm_{species}": _state_farm(species) for species in STATE_FARM_SPECIES},
}
"""Every stock by name: a function of geography and state that gives its size by region."""


def stocks(geography: Geography, state: State) -> Float[Array, "region stock"]:
    """Measure all stocks by region, in the order of `STOCKS`."""
    return jnp.stack([measure(geography, state) for measure in STOCKS.values()], axis=-1)
