"""From settings, scenario and world to the arrays of a compiled run."""

import csv
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from perelom.engine.compiled import CHUNK_MONTHS, Drivers, Inputs
from perelom.engine.settings import Settings
from perelom.errors import SettingsError
from perelom.evidence import parameters
from perelom.evidence.tables import data_path
from perelom.model.context import Reference
from perelom.model.draws import run_key
from perelom.model.mechanisms import MECHANISMS
from perelom.scenario import Scenario
from perelom.scenario.tables import drought_table, lever_table
from perelom.world.calendar import calendar_month
from perelom.world.state import SPECIES, World


@lru_cache(maxsize=1)
def seasons() -> dict[str, NDArray[np.float64]]:
    """Return the seasons table: by name, the values of January to December."""
    with data_path("seasons.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    months = [f"m{month:02d}" for month in range(1, CHUNK_MONTHS + 1)]
    return {row["season"]: np.asarray([float(row[m]) for m in months]) for row in rows}


def reference(world: World) -> Reference:
    """Measure the country of December 1926 that later months are compared with."""
    geography, state = world.geography, world.state
    households, villages = state.households, state.villages
    cells = _by_region(world, np.stack([_over_slots(cell) for cell in households.persons]))
    persons = cells.sum(axis=0)
    own = np.stack([_over_slots(getattr(households, species)) for species in SPECIES])
    common = np.stack([np.asarray(getattr(villages, f"kolkhoz_{s}")) for s in SPECIES])
    land = _by_region(world, _over_slots(households.land) + np.asarray(villages.kolkhoz_land))
    sown = land * np.asarray(geography.grain_share)
    december = np.stack([seasons()[f"{species}_standing"][-1] for species in SPECIES])
    herd = _by_region(world, own + common) / persons
    take = _by_region(world, np.asarray(villages.expected_take))
    # NumPy to the last step: every operation of JAX outside the compiled months compiles by itself.
    measured = {
        "herd": herd,
        "january_herd": herd / december[:, None],
        "sown": sown / persons,
        "harvest": sown * np.asarray(geography.normal_yield),
        "rural_persons": cells,
        "take": take / _by_region(world, np.ones(geography.identity.shape[0])),
        "land": land,
    }
    return Reference(
        **jax.device_put(measured), investment=state.nation.investment, regions=state.regions
    )


def _over_slots(values: Any) -> NDArray[np.float64]:
    return np.asarray(values).sum(axis=-1, dtype=np.float64)


def _by_region(world: World, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sum village values over the real villages of each region."""
    weight = np.asarray(world.geography.village_weight)
    raion_region = np.asarray(world.geography.raion_region)
    region = np.repeat(raion_region, weight.size // raion_region.size)
    belongs = region[:, None] == np.arange(len(world.region_names))
    return (values * weight) @ belongs


def run_inputs(world: World, settings: Settings) -> Inputs:
    """Return what stays the same for a whole run."""
    values = {name: p.default for name, p in parameters().items()} | settings.parameters
    dtype = settings.dtype
    off = settings.off
    # Hundreds of small values go to the device in one transfer.
    return Inputs(
        geography=world.geography,
        reference=reference(world),
        parameters=jax.device_put({name: dtype(value) for name, value in values.items()}),
        switches=jax.device_put({name: dtype(name not in off) for name in MECHANISMS}),
        seasons=jax.device_put(seasons()),
        run=run_key(settings.seed, settings.member),
        followed=jnp.asarray(followed_villages(world, settings.follow)),
    )


def followed_villages(world: World, extra: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the villages whose households are recorded: the first of each region, then extras.

    Raises
    ------
    SettingsError
        If an extra village does not exist.

    """
    count = world.geography.identity.shape[0]
    for village in extra:
        if not 0 <= village < count:
            raise SettingsError(
                f"village {village} cannot be followed: the villages are 0 to {count - 1}"
            )
    raion_region = np.asarray(world.geography.raion_region)
    per_raion = count // raion_region.shape[0]
    first = [int(np.argmax(raion_region == r)) * per_raion for r in range(len(world.region_names))]
    return np.asarray([*first, *(v for v in extra if v not in first)], dtype=np.int64)


class DriverTable:
    """The scenario's levers and shocks of all months, cut into chunks."""

    def __init__(self, scenario: Scenario) -> None:
        self._levers = lever_table(scenario)
        self._drought = drought_table(scenario)

    def chunk(self, start: int, length: int = CHUNK_MONTHS) -> Drivers:
        """Return `length` months from `start`; months past the end repeat the last one."""
        last = self._drought.shape[0] - 1
        rows = np.minimum(np.arange(start, start + length), last)
        months = np.asarray([calendar_month(int(row)) for row in rows])
        levers = {name: table[rows] for name, table in self._levers.items()}
        # All small arrays go to the device in one transfer.
        return Drivers(*jax.device_put((rows, months, levers, self._drought[rows])))
