"""Build the synthetic USSR of 1 December 1926 at any scale (S01, S02, S96).

Regional margins are reconciled, a sample of raions and villages is designed, margins are dealt
out to villages and then to households. Households are drawn in blocks of villages, so that
memory stays near that of the result; blocks do not change a bit of it.
"""

from typing import Any

import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from perelom.world import initial, kolkhozes, strata
from perelom.world.draws import normals
from perelom.world.geography import REGION_NAMES, name_raions
from perelom.world.households import Endowments, draw_endowments
from perelom.world.reconcile import Targets, targets
from perelom.world.sampling import Design, design_sample
from perelom.world.state import (
    CELLS,
    SLOTS,
    SPECIES,
    Households,
    State,
    Villages,
    World,
)
from perelom.world.villages import VillageTotals, village_totals

BLOCK = 250
"""Villages drawn at a time."""

Columns = dict[str, NDArray[Any]]


def build(
    villages: int = 2000, seed: int = 1926, dtype: Any = np.float32, block: int = BLOCK
) -> World:
    """Build the country with about `villages` sampled villages.

    Parameters
    ----------
    villages
        320 to 400,000 (or, for gradient tests, a multiple of 40 below 320). The number built
        differs by less than two raions; 290,000 are the USSR at 1:1.
    seed
        Seed of all draws: equal seeds give equal countries.
    dtype
        Type of household arrays; villages and above are double precision.
    block
        Villages drawn at a time; changes memory and time only.

    Raises
    ------
    WorldSizeError
        If no sample of that size is possible.

    """
    margins = targets()
    design = design_sample(villages, margins.villages)
    totals = village_totals(margins, design, seed)
    has_kolkhoz = kolkhozes.kolkhoz_villages(margins, design, seed)
    columns = _empty_columns(design.villages, dtype)
    kolkhoz = {
        name: np.zeros(design.villages)
        for name in (*kolkhozes.POOLED_WHOLE, *kolkhozes.POOLED_IN_PART)
    }
    for start in range(0, design.villages, block):
        part = slice(start, min(start + block, design.villages))
        drawn, pooled = _draw_block(margins, design, totals, has_kolkhoz, part, seed)
        for name, values in drawn.items():
            columns[name][..., part, :] = values
        for name, values in pooled.items():
            kolkhoz[name][part] = values
    state = State(
        households=_move(columns),
        villages=_villages(initial.village_flows(margins, design, totals), kolkhoz),
        regions=initial.initial_regions(margins),
        nation=initial.initial_nation(margins),
    )
    return World(
        geography=initial.geography(margins, design, totals),
        state=state,
        region_names=REGION_NAMES,
        raion_names=name_raions(design.raions_by_region),
        seed=seed,
    )


def traits_of(
    margins: Targets, design: Design, endowments: Endowments, part: slice, seed: int
) -> strata.Traits:
    """Compute what the class rules look at for a block of households, before pooling."""
    region = design.village_region[part]
    workers = margins.persons[CELLS.index("male_working_age")]
    workers = workers + margins.persons[CELLS.index("female_working_age")]
    columns = {
        name: getattr(endowments, name)
        for name in ("land", "workers", *SPECIES, "implements", "landless")
    }
    return strata.household_traits(
        columns,
        (margins.land / workers)[region][:, None],
        margins.pattern["draught_oxen_share"][region][:, None],
        margins.national,
        seed,
        np.arange(part.start, part.stop),
        np.arange(SLOTS),
    )


def _draw_block(
    margins: Targets,
    design: Design,
    totals: VillageTotals,
    has_kolkhoz: NDArray[np.bool_],
    part: slice,
    seed: int,
) -> tuple[Columns, Columns]:
    """Draw all household columns of a block; return them and what its kolkhozes hold."""
    national = margins.national
    identity, slot = np.arange(part.start, part.stop), np.arange(SLOTS)
    region = design.village_region[part]
    drawn = draw_endowments(margins, totals, design.village_region, part, seed)
    traits = traits_of(margins, design, drawn, part, seed)
    label = strata.official_label(
        traits,
        national,
        normals(seed, "error in capital", identity, slot),
        normals(seed, "error in days", identity, slot),
    )
    disposition = normals(seed, "disposition", identity, slot)
    members = kolkhozes.choose_members(
        has_kolkhoz[part], drawn.occupied, disposition, round(national["kolkhoz_size"])
    )
    grain_share = margins.grain_share[region][:, None]
    winter = grain_share * margins.winter_share[region][:, None]
    columns: Columns = {
        "present": drawn.occupied,
        "birth_number": np.where(drawn.occupied, slot, -1),
        "disposition": disposition * drawn.occupied,
        "label": label * drawn.occupied,
        "persons": drawn.persons,
        "land": drawn.land,
        "winter_sown": drawn.land * winter,
        **{kind: getattr(drawn, kind) for kind in SPECIES},
        "implements": drawn.implements,
        "grain": drawn.grain,
        # Money is spread as grain is: half by mouths, half by land and wealth.
        "cash": drawn.grain * (national["rural_cash"] / margins.grain_stock.sum()),
        "seed": _spring_seed(drawn.land * (grain_share - winter), label, national),
        "member": members,
        "outside": drawn.occupied * (1.0 - members),
    }
    pooled = kolkhozes.pool(columns, members, national["pooled_share"])
    return columns, pooled


def _spring_seed(
    area: NDArray[np.float64], label: NDArray[np.int64], national: dict[str, float]
) -> NDArray[np.float64]:
    """Return seed set aside for spring grain, t: the poor lack part, the village as a whole none.

    area [village, slot], ha; what the poor lack is with the other households of the village.
    """
    need = area * national["seed_rate"]
    cover = np.where(label <= strata.POOR, national["seed_cover_poor"], 1.0)
    held = need * cover
    scale = need.sum(1) / np.maximum(held.sum(1), 1e-12)
    return np.asarray(held * scale[:, None])


def _empty_columns(villages: int, dtype: Any) -> Columns:
    """Allocate the household columns, all slots empty."""
    columns: Columns = {}
    for name in Households.__dataclass_fields__:
        shape = (len(CELLS), villages, SLOTS) if name == "persons" else (villages, SLOTS)
        kind = np.int32 if name in ("birth_number", "label") else dtype
        columns[name] = np.zeros(shape, dtype=kind)
    return columns


def _move(columns: Columns) -> Households:
    """Hand the columns to JAX one by one, freeing each as it goes."""
    persons = columns.pop("persons")
    moved: dict[str, Any] = {
        "persons": tuple(jnp.array(persons[cell], copy=True) for cell in range(len(CELLS)))
    }
    del persons
    for name in list(columns):
        moved[name] = jnp.array(columns.pop(name), copy=True).block_until_ready()
    return Households(**moved)


def _villages(flows: Columns, kolkhoz: Columns) -> Villages:
    """Assemble the villages: kolkhozes hold what was pooled, no campaign has begun."""
    zeros = np.zeros(len(flows["harvest"]))
    values: Columns = {
        name: zeros for name in Villages.__dataclass_fields__ if name != "conceptions"
    }
    values |= {f"kolkhoz_{name}": amount for name, amount in kolkhoz.items()}
    values |= {**flows, "effort": np.ones(len(zeros))}
    return Villages(**{name: jnp.array(value) for name, value in values.items()})
