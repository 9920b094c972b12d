"""Synthetic households of December 1926 with endowments that hang together (S02, S96).

Vectorised over [village, slot]: every number is a function of seed, village and birth number,
so any cut into blocks gives the same households. Village totals of persons and animals are
dealt out to households in proportion to an expectation (family, then land, then wealth), by
running totals rounded down with a random start: whole numbers that add to the village's total.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perelom.world.draws import normals, uniforms
from perelom.world.reconcile import Targets
from perelom.world.state import CELLS, SLOTS, SPECIES
from perelom.world.villages import VillageTotals

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

_POWERS = {
    "horses": "horse_land_power",
    "cattle": "cattle_land_power",
    "sheep_goats": "sheep_land_power",
    "pigs": "pig_land_power",
}
_SMALL_LAND = 0.05  # of the village mean: keeps powers of land finite
_LIMIT = 3.0  # of standard normal draws: no household of fifty
_MEN = CELLS.index("male_working_age")
_WOMEN = CELLS.index("female_working_age")


@dataclass(frozen=True)
class Endowments:
    """Households of a block of villages before classification, [village, slot].

    occupied: whether the slot holds a household. persons [cell, village, slot]. land, ha;
    animals, head; implements, roubles; grain, t. landless: lives mainly by hire (imputed).
    """

    occupied: NDArray[np.bool_]
    persons: Array
    land: Array
    horses: Array
    cattle: Array
    sheep_goats: Array
    pigs: Array
    implements: Array
    grain: Array
    landless: NDArray[np.bool_]

    @property
    def workers(self) -> Array:
        """Persons of working age."""
        workers: Array = self.persons[_MEN] + self.persons[_WOMEN]
        return workers


def draw_endowments(
    targets: Targets, totals: VillageTotals, region: Indices, block: slice, seed: int
) -> Endowments:
    """Draw the households of a block of villages; `region` is [village] for the whole sample."""
    settings = targets.national
    identity = np.arange(block.start, block.stop)
    slot = np.arange(SLOTS)
    occupied = slot[None, :] < totals.households[block, None]

    def normal(stream: str) -> Array:
        return normals(seed, stream, identity, slot)

    def uniform(stream: str) -> Array:
        return uniforms(seed, stream, identity, slot)

    def shock(spread: str, stream: str) -> Array:
        return np.exp(settings[spread] * np.clip(normal(stream), -_LIMIT, _LIMIT))

    def deal(expected: Array, counts: Indices, rest: Array, stream: str) -> Array:
        return _deal(expected * occupied, counts, rest, uniforms(seed, stream, identity))

    extra = shock("family_spread", "extra adults")
    man = uniform("household without man") >= settings["household_without_man"]
    stage = uniform("stage of life")
    persons = np.empty((len(CELLS), *occupied.shape))
    for index, cell in enumerate(CELLS):
        counts, rest = totals.persons[index, block], totals.persons_rest[index, block]
        if index in (_MEN, _WOMEN):
            head = (man if index == _MEN else np.ones_like(man)) & occupied
            expected = _one_and_extra(head, extra * occupied, counts)
        elif "children" in cell:
            young = 1.5 - stage if "small" in cell else 0.5 + np.sin(np.pi * stage)
            expected = np.sqrt(extra) * young * shock("children_spread", cell)
        else:
            expected = stage * extra * shock("old_spread", cell)
        persons[index] = deal(expected, counts, rest, f"household {cell}")

    mouths = persons.sum(0) * occupied
    family = 0.5 * mouths + persons[_MEN] + persons[_WOMEN]
    landless = (uniform("landless") < settings["landless_share"]) & occupied
    land = np.maximum(family, 0.5) ** settings["land_family_power"]
    land = land * shock("land_spread", "land") * occupied
    land = np.where(landless, settings["landless_land_factor"] * land, land)
    land = _scale(land, totals.land[block])

    relative = land / np.maximum(land.sum(1), 1e-9)[:, None] * totals.households[block, None]
    relative = np.maximum(relative, _SMALL_LAND)
    wealth = shock("wealth_spread", "wealth")
    herds = {}
    for index, kind in enumerate(SPECIES):
        expected = (
            relative ** settings[_POWERS[kind]]
            * wealth
            * np.exp(settings["herd_spread"] * normal(kind))
        )
        if kind in ("horses", "cattle"):
            expected = np.where(landless, settings["landless_herd_factor"] * expected, expected)
        counts, rest = totals.animals[index, block], totals.animals_rest[index, block]
        herds[kind] = deal(expected, counts, rest, f"household {kind}")

    value = targets.pattern["implements"][region[block]] * totals.households[block]
    tools = (
        relative ** settings["implement_land_power"]
        * wealth
        * (settings["tools_without_horse"] + herds["horses"])
    )
    implements = _scale(tools * shock("implement_spread", "implements") * occupied, value)
    by_mouths = settings["grain_person_share"] * _scale(mouths, np.ones(len(identity)))
    surplus = relative * wealth * shock("grain_spread", "grain") * occupied
    by_land = (1.0 - settings["grain_person_share"]) * _scale(surplus, np.ones(len(identity)))
    grain = (by_mouths + by_land) * totals.grain[block, None]
    return Endowments(
        occupied, persons, land, **herds, implements=implements, grain=grain, landless=landless
    )


def _one_and_extra(head: NDArray[np.bool_], extra: Array, counts: Indices) -> Array:
    """Expect one adult where there is a head, the rest in proportion to `extra`, [village, slot].

    Where adults are fewer than heads all heads share them alike.
    """
    heads = head.sum(1)
    spare = np.maximum(counts - heads, 0)
    share = spare / np.maximum((extra * head).sum(1), 1e-9)
    return np.asarray(head + extra * head * share[:, None])


def _scale(values: Array, totals: Array) -> Array:
    """Scale the slots of each village to the village's total."""
    scaled: Array = values * (totals / np.maximum(values.sum(1), 1e-12))[:, None]
    return scaled


def _deal(expected: Array, counts: Indices, rest: Array, start: Array) -> Array:
    """Deal a village's whole units out to its slots; the fraction goes to the first slot."""
    running = np.cumsum(expected, axis=1)
    share = running / np.maximum(running[:, -1:], 1e-12)
    steps = np.floor(share * counts[:, None] + start[:, None])
    dealt = np.diff(steps, axis=1, prepend=0.0)
    dealt[:, 0] += rest
    return np.asarray(dealt)
