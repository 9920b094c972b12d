"""Rural classes by three yardsticks: written rules, officials' working label, sown area (S01, S02).

Pure functions of arrays of any shape; they take NumPy and JAX arrays alike. Classes are coded
by their place in `LABELS`: batrak, poor, middle, kulak. The written rules give no middle class
(it is what remains) and leave gaps; how each is filled is said in `written_class`. Words of the
persecutors are used as historical terms: a label is not an economic class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.world.draws import normals, uniforms
from perelom.world.state import LABELS

Array = NDArray[np.float64]
Indices = NDArray[np.int64]

HECTARES_PER_DESIATINA = 1.0925
BATRAK, POOR, MIDDLE, KULAK = range(len(LABELS))


@dataclass(frozen=True)
class Traits:
    """What the rules look at, arrays of one shape.

    capital: means of production, roubles. hired_days: days hired a year. rents_out: rents out
    means of production. sold_days: days sold a year. draught: draught animals, head. cows, head.
    sown: ha. disenfranchised: without a vote, whatever the farm.
    """

    capital: Any
    hired_days: Any
    rents_out: Any
    sold_days: Any
    draught: Any
    cows: Any
    sown: Any
    disenfranchised: Any


def capital_value(
    horses: Any,
    cattle: Any,
    sheep_goats: Any,
    pigs: Any,
    implements: Any,
    buildings: Any,
    settings: Mapping[str, float],
) -> Any:
    """Return the value of a farm's means of production, roubles; land had no price."""
    return (
        horses * settings["horse_price"]
        + cattle * settings["cattle_price"]
        + sheep_goats * settings["sheep_price"]
        + pigs * settings["pig_price"]
        + implements
        + buildings
    )


def hire_need(land: Any, workers: Any, usual_land: Any, shock: Any, base: float) -> Any:
    """Return the days of labour a farm hires in a year (imputed).

    Land a worker above what is usual in the region, as a ratio, times `base` days and a draw;
    half a worker is added for children, old people and the exchange of help.
    """
    shortage = land / ((workers + 0.5) * usual_land) - 1.0
    return base * shortage * (shortage > 0.0) * shock


def written_class(traits: Traits, rules: Mapping[str, float], fill_gaps: bool = True) -> Any:
    """Class a farm by the written rules (thresholds T01-T03).

    Kulak: capital over 1600 roubles with renting out or over 50 hired days, or capital over 800
    with over 75 hired days. Poor: no draught animal and 4 to 6 desiatinas sown, or one animal
    and 1 desiatina. With `fill_gaps` the poor bounds are read as upper bounds (up to 6, up to 1),
    and a farm that sells many days and sows next to nothing is a wage worker's; without it the
    poor rule holds only inside 4 to 6 and no one is a wage worker. Capital without hire, and all
    else, is middle.
    """
    kulak = (traits.capital > rules["kulak_capital_high"]) & (
        traits.rents_out | (traits.hired_days > rules["kulak_days_high"])
    ) | (traits.capital > rules["kulak_capital_low"]) & (
        traits.hired_days > rules["kulak_days_low"]
    )
    desiatinas = traits.sown / HECTARES_PER_DESIATINA
    none, one = traits.draught < 0.5, (traits.draught >= 0.5) & (traits.draught < 1.5)
    lower = 0.0 if fill_gaps else rules["poor_sown_low"]
    poor = (none & (desiatinas >= lower) & (desiatinas <= rules["poor_sown_high"])) | (
        one & (desiatinas <= rules["poor_sown_one_animal"])
    )
    batrak = (
        none
        & (traits.sown <= rules["batrak_land"])
        & (traits.sold_days > rules["batrak_days"])
        & fill_gaps
    )
    return _code(batrak, poor, kulak)


def working_class(traits: Traits, rules: Mapping[str, float]) -> Any:
    """Class a farm as working officials could: two horses and two cows, or no vote, is kulak.

    The rest is as in the written rules, gaps filled.
    """
    suspect = (
        (traits.draught >= rules["working_horses"]) & (traits.cows >= rules["working_cows"])
    ) | traits.disenfranchised
    written = written_class(traits, rules)
    written = written * (written != KULAK) + MIDDLE * (written == KULAK)
    return KULAK * suspect + written * ~suspect


def economic_class(sown: Any, rules: Mapping[str, float]) -> Any:
    """Class a farm by area sown alone, ha: the economists' rough yardstick."""
    return _code(
        sown < rules["economic_batrak"],
        sown < rules["economic_poor"],
        sown > rules["economic_kulak"],
    )


def official_label(
    traits: Traits, rules: Mapping[str, float], capital_error: Any, days_error: Any
) -> Any:
    """Label a farm as officials did in 1926: the written rules seen through misjudgement.

    The errors are standard normal draws; their size is `label_error`.
    """
    size = rules["label_error"]
    seen = Traits(
        **{
            **traits.__dict__,
            "capital": traits.capital * np.exp(size * capital_error),
            "hired_days": traits.hired_days * np.exp(size * days_error),
        }
    )
    return written_class(seen, rules)


def household_traits(
    households: Mapping[str, Any],
    usual_land: Any,
    oxen_share: Any,
    settings: Mapping[str, float],
    seed: int,
    identity: Indices,
    number: Indices,
) -> Traits:
    """Compute the traits of households [village, slot] from endowments and fixed draws.

    `households` has land, workers, the four kinds of animals, implements and landless;
    usual_land, ha a worker, and oxen_share of cattle are [village, 1]. The draws depend on seed,
    village and birth number only, so that traits can be computed again at any later date.
    """

    def uniform(stream: str) -> Array:
        return uniforms(seed, stream, identity, number)

    def normal(stream: str) -> Array:
        return normals(seed, stream, identity, number)

    land, tools = households["land"], households["implements"]
    occupied = households["workers"] + land > 0.0
    number_here = np.maximum(occupied.sum(1, keepdims=True), 1)
    usual_tools = tools.sum(1, keepdims=True) / number_here
    usual_farm = np.maximum(land.sum(1, keepdims=True) / number_here, 1e-9)
    buildings = settings["building_value"] * np.sqrt(land / usual_farm)
    buildings = buildings * np.exp(settings["building_spread"] * normal("buildings"))
    shock = np.exp(settings["hire_spread"] * normal("hired days"))
    hired = hire_need(land, households["workers"], usual_land, shock, settings["hire_base"])
    chance = settings["rent_out_share"] * tools / np.maximum(usual_tools, 1e-9)
    sold = (
        settings["hire_out_days"]
        * np.exp(settings["sold_days_spread"] * normal("sold days"))
        * households["landless"]
    )
    return Traits(
        capital=capital_value(
            households["horses"],
            households["cattle"],
            households["sheep_goats"],
            households["pigs"],
            tools,
            buildings,
            settings,
        )
        * occupied,
        hired_days=hired * occupied,
        rents_out=(tools > usual_tools) & (uniform("renting out") < chance),
        sold_days=sold * occupied,
        draught=households["horses"] + oxen_share * households["cattle"],
        cows=np.round(settings["cow_share"] * households["cattle"]),
        sown=land,
        disenfranchised=(uniform("no vote") < settings["disenfranchised_share"]) & occupied,
    )


def class_shares(classes: Any, weight: Any) -> dict[str, float]:
    """Return the weighted share of each class; weight 0 leaves a slot out."""
    total = float(weight.sum())
    return {
        name: float((weight * (classes == code)).sum()) / total for code, name in enumerate(LABELS)
    }


def confusion_matrix(written: Any, working: Any, weight: Any) -> pl.DataFrame:
    """Cross two yardsticks: shares of households, a row a class of the first."""
    total = float(weight.sum())
    rows: list[dict[str, str | float]] = []
    for code, name in enumerate(LABELS):
        row: dict[str, str | float] = {"class": name}
        for other, label in enumerate(LABELS):
            both = (written == code) & (working == other)
            row[label] = float((weight * both).sum()) / total
        rows.append(row)
    return pl.DataFrame(rows)


def _code(batrak: Any, poor: Any, kulak: Any) -> Any:
    """Turn conditions into class codes: kulak goes before batrak, batrak before poor."""
    rest = MIDDLE + (POOR - MIDDLE) * poor
    rest = rest * ~batrak + BATRAK * batrak
    return rest * ~kulak + KULAK * kulak
