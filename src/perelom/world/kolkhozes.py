"""The few collective farms of December 1926: 0.8 per cent of households, about 13 in each (S45).

Kolkhozes are small and lie in few villages: a village has one or none. Most were TOZ, which
worked the land in common; the simplest consistent choice is made for all: members' arable land,
its standing grain and seed, and (by `pooled_share`) horses and implements belong to the kolkhoz,
all else stays with the household.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from perelom.world.draws import uniforms
from perelom.world.reconcile import Targets
from perelom.world.sampling import Design

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

POOLED_WHOLE = ("land", "winter_sown", "seed")
POOLED_IN_PART = ("horses", "implements")


def kolkhoz_villages(targets: Targets, design: Design, seed: int) -> NDArray[np.bool_]:
    """Choose the villages that have a kolkhoz, [village].

    The number in a region is its members over the size of a kolkhoz, rounded; what rounding
    leaves, in real households, is carried to the next region, so the national share holds to
    half a sampled kolkhoz.
    """
    size = round(targets.national["kolkhoz_size"])
    order = uniforms(seed, "kolkhoz village", np.arange(design.villages))
    chosen = np.zeros(design.villages, dtype=np.bool_)
    carried = 0.0
    for number, part in enumerate(design.slices()):
        carried += targets.kolkhoz_share[number] * targets.households[number]
        one = size * design.weight[number]
        count = int(np.clip(np.round(carried / one), 0, part.stop - part.start))
        chosen[part.start + np.argsort(order[part])[:count]] = True
        carried -= count * one
    return chosen


def choose_members(
    has_kolkhoz: NDArray[np.bool_],
    occupied: NDArray[np.bool_],
    disposition: Array,
    size: int,
) -> NDArray[np.bool_]:
    """Choose the member households [village, slot]: those most inclined in each such village."""
    rank = np.where(occupied, disposition, -np.inf)
    edge = -np.sort(-rank, axis=1)[:, size - 1 : size]
    members: NDArray[np.bool_] = (rank >= edge) & occupied & has_kolkhoz[:, None]
    return members


def pool(
    columns: dict[str, NDArray[Any]], members: NDArray[np.bool_], pooled_share: float
) -> dict[str, NDArray[Any]]:
    """Move members' means to the kolkhoz: changes `columns`, returns village totals [village]."""
    pooled = {}
    for name in (*POOLED_WHOLE, *POOLED_IN_PART):
        share = pooled_share if name in POOLED_IN_PART else 1.0
        part = columns[name] * members * share
        columns[name] = columns[name] - part
        pooled[name] = part.sum(1)
    return pooled
