"""The classes of a built country by every yardstick, side by side (S01).

Endowments are read from the state, the fixed draws are computed again from the keys, so this
works for the first day and for any later state. A member's household counts with an equal share
of what its kolkhoz pooled.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.world import strata
from perelom.world.draws import uniforms
from perelom.world.reconcile import targets
from perelom.world.state import CELLS, LABELS, SPECIES, World

_WORKING_AGE = [CELLS.index(f"{sex}_working_age") for sex in ("male", "female")]
_POOLED = ("land", *SPECIES, "implements")


@dataclass(frozen=True)
class Classes:
    """Class codes (places in `LABELS`) by yardstick, [village, slot], and household weights.

    weight: real households that a slot stands for, 0 if empty. strict: the written rules with
    their gaps left open. label: what officials have written down.
    """

    weight: NDArray[np.float64]
    traits: strata.Traits
    written: NDArray[np.int64]
    strict: NDArray[np.int64]
    working: NDArray[np.int64]
    economic: NDArray[np.int64]
    label: NDArray[np.int64]


def classify(world: World) -> Classes:
    """Class every household of a country by the written, the working and the economic yardstick."""
    margins, rules = targets(), targets().national
    households, villages = world.state.households, world.state.villages
    present = np.asarray(households.present, dtype=float)
    number = np.asarray(households.birth_number, dtype=np.int64)
    identity = np.asarray(world.geography.identity, dtype=np.int64)
    region = np.repeat(
        np.asarray(world.geography.raion_region),
        len(identity) // len(world.geography.raion_region),
    )
    member = np.asarray(households.member, dtype=float)
    part = member / np.maximum(member.sum(1, keepdims=True), 1e-9)
    columns = {
        name: np.asarray(getattr(households, name), dtype=float)
        + part * np.asarray(getattr(villages, f"kolkhoz_{name}"))[:, None]
        for name in _POOLED
    }
    persons = np.asarray(households.persons, dtype=float)
    columns["workers"] = persons[_WORKING_AGE].sum(0)
    drawn = uniforms(world.seed, "landless", identity, number)
    columns["landless"] = (drawn < rules["landless_share"]) & (number >= 0)
    usual_land = margins.land / margins.persons[_WORKING_AGE].sum(0)
    traits = strata.household_traits(
        columns,
        usual_land[region][:, None],
        margins.pattern["draught_oxen_share"][region][:, None],
        rules,
        world.seed,
        identity,
        number,
    )
    return Classes(
        weight=present * np.asarray(world.geography.village_weight)[:, None],
        traits=traits,
        written=strata.written_class(traits, rules),
        strict=strata.written_class(traits, rules, fill_gaps=False),
        working=strata.working_class(traits, rules),
        economic=strata.economic_class(traits.sown, rules),
        label=np.asarray(households.label, dtype=np.int64),
    )


def yardsticks(classes: Classes) -> pl.DataFrame:
    """Return the share of households in each class: a row a class, a column a yardstick."""
    columns: dict[str, list[str] | list[float]] = {"class": list(LABELS)}
    for name in ("written", "strict", "working", "economic", "label"):
        shares = strata.class_shares(getattr(classes, name), classes.weight)
        columns[name] = [shares[label] for label in LABELS]
    return pl.DataFrame(columns)


def confusion(classes: Classes, first: str = "written", second: str = "working") -> pl.DataFrame:
    """Cross two yardsticks by name: shares of all households, a row a class of the first."""
    return strata.confusion_matrix(
        getattr(classes, first), getattr(classes, second), classes.weight
    )
