"""What each sampled village holds, so that the margins of every region are met exactly (S02).

Regional totals divided by the weight of a village are dealt out to villages in proportion to
an expectation with a documented spread. Persons and animals are whole: running totals are
rounded down with one random start a region, so the rounding error never piles up. The part of
a regional total below one person or head is given to the region's last village as a fraction.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perelom.world.draws import normals, uniforms
from perelom.world.reconcile import Targets, rake
from perelom.world.sampling import Design
from perelom.world.state import CELLS, NATIONALITIES, SLOTS, SPECIES

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

FULLEST_VILLAGE = SLOTS * 9 // 10
"""Most households of a village at the start: a tenth of the slots stays free for division."""
_SPREAD_LIMIT = 2.5


@dataclass(frozen=True)
class VillageTotals:
    """Totals of one sampled village each; persons and animals whole but for `*_rest`.

    households [village]; persons, persons_rest [cell, village]; nationality
    [nationality, village], shares; land, ha, and grain, t [village]; animals, animals_rest
    [species, village], head.
    """

    households: Indices
    persons: Indices
    persons_rest: Array
    nationality: Array
    land: Array
    grain: Array
    animals: Indices
    animals_rest: Array


def village_totals(targets: Targets, design: Design, seed: int) -> VillageTotals:
    """Deal regional margins out to the sampled villages."""
    settings = targets.national
    identity = np.arange(design.villages)
    slices = design.slices()

    def spread(stream: str, size: float) -> Array:
        drawn = normals(seed, stream, identity)
        return np.exp(size * np.clip(drawn, -_SPREAD_LIMIT, _SPREAD_LIMIT))

    households = _households(targets, design, slices, seed)
    family = spread("village family", settings["village_family_spread"])
    persons = np.zeros((len(CELLS), design.villages), dtype=np.int64)
    persons_rest = np.zeros(persons.shape)
    for index, cell in enumerate(CELLS):
        expected = households * family
        start = uniforms(seed, f"village {cell}", np.arange(len(slices)))
        totals = targets.persons[index] / design.weight
        persons[index], persons_rest[index] = _deal(expected, totals, slices, start)
    heads = (persons + persons_rest).sum(0)
    nationality = _nationality(targets, design, slices, heads, seed)
    kazakh = nationality[NATIONALITIES.index("kazakh")]
    tatar = nationality[NATIONALITIES.index("tatar")]

    land = households * spread("village land", settings["village_land_spread"])
    land *= 1.0 + kazakh * (settings["kazakh_land_factor"] - 1.0)
    land = _share_out(land, targets.land / design.weight, slices)
    by_mouths = settings["grain_person_share"]
    reasons = by_mouths * heads / heads.mean() + (1.0 - by_mouths) * land / land.mean()
    grain = _share_out(reasons, targets.grain_stock / design.weight, slices)

    factor = {
        "horses": 1.0 + kazakh * (settings["kazakh_horse_factor"] - 1.0),
        "cattle": 1.0 + kazakh * (settings["kazakh_cattle_factor"] - 1.0),
        "sheep_goats": 1.0 + kazakh * (settings["kazakh_sheep_factor"] - 1.0),
        "pigs": 1.0 + (kazakh + tatar) * (settings["muslim_pig_factor"] - 1.0),
    }
    animals = np.zeros((len(SPECIES), design.villages), dtype=np.int64)
    animals_rest = np.zeros(animals.shape)
    herd_spread = settings["village_herd_spread"]
    for index, kind in enumerate(SPECIES):
        herd = households * factor[kind] * spread(f"village {kind}", herd_spread)
        start = uniforms(seed, f"village {kind} start", np.arange(len(slices)))
        totals = targets.animals[index] / design.weight
        animals[index], animals_rest[index] = _deal(herd, totals, slices, start)
    return VillageTotals(
        households, persons, persons_rest, nationality, land, grain, animals, animals_rest
    )


def _households(targets: Targets, design: Design, slices: list[slice], seed: int) -> Indices:
    """Draw the number of households of each village, at most `FULLEST_VILLAGE`."""
    mean = (targets.households / targets.villages)[design.village_region]
    drawn = normals(seed, "village size", np.arange(design.villages))
    size = targets.national["village_size_spread"]
    expected = mean * (1.0 + size * np.clip(drawn, -_SPREAD_LIMIT, _SPREAD_LIMIT))
    totals = np.round(targets.households / design.weight)
    counts = np.zeros(design.villages, dtype=np.int64)
    for _ in range(4):  # the ceiling bites rarely: rescale what lies below it
        expected = np.minimum(_share_out(expected, totals, slices), FULLEST_VILLAGE - 1)
    expected = _share_out(expected, totals, slices)
    counts, _rest = _deal(expected, totals, slices, np.full(len(slices), 0.5))
    return np.minimum(counts, FULLEST_VILLAGE)


def _share_out(expected: Array, totals: Array, slices: list[slice]) -> Array:
    """Scale [village] expectations to [region] totals."""
    result = np.empty(len(expected))
    for part, total in zip(slices, totals, strict=True):
        result[part] = expected[part] * (total / expected[part].sum())
    return result


def _deal(
    expected: Array, totals: Array, slices: list[slice], start: Array
) -> tuple[Indices, Array]:
    """Deal whole units out to villages; return counts and the fraction of the last village."""
    counts = np.zeros(len(expected), dtype=np.int64)
    rest = np.zeros(len(expected))
    for part, total, place in zip(slices, totals, start, strict=True):
        whole = np.floor(total + 1e-9)
        running = np.cumsum(expected[part])
        steps = np.floor(running / running[-1] * whole + place)
        counts[part] = np.diff(steps, prepend=0.0).astype(np.int64)
        rest[part.stop - 1] = max(total - whole, 0.0)
    return counts, rest


def _nationality(
    targets: Targets, design: Design, slices: list[slice], heads: Array, seed: int
) -> Array:
    """Give each village its mix: mostly one nationality, raked to the shares of its region."""
    mixing = targets.national["nationality_mixing"]
    result = np.zeros((len(NATIONALITIES), design.villages))
    order = uniforms(seed, "village nationality", np.arange(design.villages))
    for number, part in enumerate(slices):
        share = targets.nationality[:, number]
        count = part.stop - part.start
        place = np.empty(count)
        place[np.argsort(order[part])] = (np.arange(count) + 0.5) / count
        main = np.minimum(np.searchsorted(np.cumsum(share), place), len(share) - 1)
        mix = mixing * share[None, :] + (1.0 - mixing) * (main[:, None] == np.arange(len(share)))
        people = heads[part]
        raked = rake(mix * people[:, None], people, share * people.sum())
        result[:, part] = (raked / people[:, None]).T
    return result
