"""From settings, scenario and world to the arrays of a compiled run."""

import csv
from functools import lru_cache
from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from perelom.engine.compiled import CHUNK_MONTHS, Drivers, Inputs
from perelom.engine.settings import Settings
from perelom.evidence import parameters
from perelom.evidence.tables import data_path
from perelom.model.context import Reference
from perelom.model.draws import run_key
from perelom.model.mechanisms import MECHANISMS
from perelom.model.space import over_slots, to_regions
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
    cells = jnp.stack([over_slots(cell) for cell in households.persons])
    by_cell = to_regions(geography, cells)
    persons = by_cell.sum(axis=0)
    herds = jnp.stack(
        [
            to_regions(
                geography,
                over_slots(getattr(households, species)) + getattr(villages, f"kolkhoz_{species}"),
            )
            for species in SPECIES
        ]
    )
    land = to_regions(geography, over_slots(households.land) + villages.kolkhoz_land)
    sown = land * geography.grain_share
    one_each = jnp.ones_like(geography.weight)
    return Reference(
        herd=herds / persons,
        sown=sown / persons,
        harvest=sown * geography.normal_yield,
        rural_persons=by_cell,
        take=to_regions(geography, villages.expected_take) / to_regions(geography, one_each),
    )


def run_inputs(world: World, settings: Settings) -> Inputs:
    """Return what stays the same for a whole run."""
    values = {name: p.default for name, p in parameters().items()} | settings.parameters
    dtype = settings.dtype
    off = settings.off
    return Inputs(
        geography=world.geography,
        reference=reference(world),
        parameters={name: jnp.asarray(value, dtype) for name, value in values.items()},
        switches={name: jnp.asarray(float(name not in off), dtype) for name in MECHANISMS},
        seasons={name: jnp.asarray(values) for name, values in seasons().items()},
        run=run_key(settings.seed, settings.member),
        followed=jnp.asarray(followed_villages(world, settings.follow)),
    )


def followed_villages(world: World, extra: tuple[int, ...]) -> NDArray[np.int64]:
    """Return the villages whose households are recorded: the first of each region, then extras."""
    raion_region = np.asarray(world.geography.raion_region)
    per_raion = world.geography.weight.shape[0] // raion_region.shape[0]
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
        return Drivers(
            month=jnp.asarray(rows),
            calendar_month=jnp.asarray([calendar_month(int(row)) for row in rows]),
            levers={name: jnp.asarray(table[rows]) for name, table in self._levers.items()},
            drought=jnp.asarray(self._drought[rows]),
        )


def to_host(tree: Any) -> Any:
    """Copy arrays to the host as NumPy arrays."""
    import jax

    return jax.tree.map(np.asarray, tree)
