"""Reconciliation: regional margins scaled to national ones, and a record of what was done (S02).

Sources disagree: regional households add to 26 million against about 25, census regions cut
across later oblasts. National and republic margins are kept, regional figures are patterns.
Every step is a row of `reconciliation()`, stored as `data/reconciliation.csv`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.world.geography import REPUBLICS, members
from perelom.world.margins import Margins, load_margins
from perelom.world.state import CELLS, NATIONALITIES, SPECIES

Array = NDArray[np.float64]
_CHILDREN = np.array(["children" in cell for cell in CELLS])
_LARGEST_SHARE = 0.98


@dataclass(frozen=True)
class Targets:
    """Reconciled margins on 1 December 1926, arrays over [region] unless said otherwise.

    persons and town_persons [cell, region]; nationality shares of rural persons
    [nationality, region]; animals [species, region], head; land, ha; grain_stock, t; household
    and village numbers; the rest as in `Geography`, with the table's other patterns in
    `pattern` and national numbers in `national`.
    """

    persons: Array
    town_persons: Array
    nationality: Array
    households: Array
    villages: Array
    land: Array
    grain_share: Array
    winter_share: Array
    animals: Array
    normal_yield: Array
    grain_stock: Array
    mortality: Array
    fertility: Array
    kolkhoz_share: Array
    pattern: dict[str, Array]
    national: dict[str, float]


@dataclass
class _Record:
    """Rows of the reconciliation table, in the order of the work."""

    rows: list[dict[str, str | float]] = field(default_factory=list)

    def add(self, quantity: str, total: float, margin: float, reason: str, source: str) -> float:
        self.rows.append(
            {
                "quantity": quantity,
                "sum_of_regions": total,
                "national_margin": margin,
                "factor": margin / total,
                "reason": reason,
                "source": source,
            }
        )
        return margin / total


def rake(
    table: Array, rows: Array, columns: Array, tolerance: float = 1e-12, sweeps: int = 1000
) -> Array:
    """Scale a non-negative table [row, column] until its margins hold (iterative raking).

    Row and column totals must have the same sum. Zeros stay zero.

    Examples
    --------
    >>> rake(np.ones((2, 2)), np.array([1.0, 3.0]), np.array([2.0, 2.0])).tolist()
    [[0.5, 0.5], [1.5, 1.5]]

    """
    table = table.astype(float)
    for _ in range(sweeps):
        table = table * _ratio(rows, table.sum(1))[:, None]
        table = table * _ratio(columns, table.sum(0))[None, :]
        if np.abs(table.sum(1) - rows).max() <= tolerance * rows.max():
            break
    return table


def _ratio(wanted: Array, found: Array) -> Array:
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)


@cache
def targets() -> Targets:
    """Return the reconciled margins."""
    return _reconcile()[0]


def reconciliation() -> pl.DataFrame:
    """Return what was scaled to what, one row a step, with the reason and the source."""
    return _reconcile()[1]


@cache
def _reconcile() -> tuple[Targets, pl.DataFrame]:
    margins, record = load_margins(), _Record()
    regional, national = margins.regional, margins.national
    rural = _population(margins, record, "rural_population")
    urban = _population(margins, record, "urban_population")
    weight = {"rural": rural / rural.sum()}

    def scaled(quantity: str, reason: str) -> Array:
        raw = regional[quantity]
        source = margins.sources[quantity]
        return raw * record.add(quantity, raw.sum(), national[quantity], reason, source)

    households = scaled("peasant_households", "regional figures are rural population over five")
    villages = households / regional["village_households"]
    villages *= record.add(
        "villages",
        villages.sum(),
        national["villages"],
        "households over the usual village size of each region",
        margins.sources["villages"],
    )
    land = scaled("sown_area_total", "regional figures are recalled for 1928-29")
    grain_share = _share_to_total(
        regional["grain_share"], land, national["sown_area_grain"], record, margins
    )
    grain_area = land * grain_share
    winter_share = regional["winter_share"] * record.add(
        "winter_share",
        float(np.average(regional["winter_share"], weights=grain_area)),
        national["winter_share"],
        "mean weighted by grain area",
        margins.sources["winter_share"],
    )
    normal_yield = regional["normal_yield"] * record.add(
        "normal_yield",
        float(np.average(regional["normal_yield"], weights=grain_area)),
        national["normal_yield"],
        "yields printed for 1928-30 lie above the scholars' barn harvests of 1925-28",
        margins.sources["normal_yield"],
    )
    animals = np.array(
        [scaled(kind, "regional herds are by judgement, at different dates") for kind in SPECIES]
    )
    # Herds were counted on 1 January 1927: in December the young of the year were still there.
    animals *= np.array(
        [
            record.add(
                f"{kind} on 1 December",
                herd.sum(),
                herd.sum() * national[f"{kind}_december"],
                "carried back from 1 January 1927 by the turnover of December",
                margins.sources[f"{kind}_december"],
            )
            for kind, herd in zip(SPECIES, animals, strict=True)
        ]
    )[:, None]
    grain_stock = scaled("grain_stock", "the regional balances leave rounding and floors")
    kolkhoz_share = regional["kolkhoz_share"] * record.add(
        "kolkhoz_share",
        float(np.average(regional["kolkhoz_share"], weights=households)),
        national["kolkhoz_share"],
        "mean weighted by households",
        margins.sources["kolkhoz_share"],
    )
    relative = {}
    for quantity in ("mortality", "fertility"):
        mean = float(np.average(regional[quantity], weights=weight["rural"]))
        relative[quantity] = regional[quantity] * record.add(
            quantity, mean, 1.0, "relative to the USSR, weighted by rural population", "definition"
        )
    persons, town_persons = _age_and_sex(rural, urban, relative["fertility"], national, record)
    shares = np.array([regional[f"share_{name}"] for name in NATIONALITIES])
    result = Targets(
        persons=persons,
        town_persons=town_persons,
        nationality=shares / shares.sum(0),
        households=households,
        villages=villages,
        land=land,
        grain_share=grain_share,
        winter_share=winter_share,
        animals=animals,
        normal_yield=normal_yield,
        grain_stock=grain_stock,
        mortality=relative["mortality"],
        fertility=relative["fertility"],
        kolkhoz_share=kolkhoz_share,
        pattern=dict(regional),
        national=dict(national),
    )
    return result, pl.DataFrame(record.rows)


def _population(margins: Margins, record: _Record, quantity: str) -> Array:
    """Scale regional population to the census of each republic, carried back to 1 December."""
    result = margins.regional[quantity].copy()
    for republic in REPUBLICS:
        where = members(republic)
        result[where] *= record.add(
            f"{quantity}: {republic}",
            float(result[where].sum()),
            margins.republic[republic, quantity],
            "borders of 1930-33 and approximate town populations against the census",
            margins.sources[quantity],
        )
    total = float(result.sum())
    earlier = margins.national[quantity] * (1.0 - margins.national["half_month_growth"])
    earlier *= margins.national["census_correction"]
    return result * record.add(
        quantity,
        total,
        earlier,
        "census of 17 December 1926 carried back to the first",
        margins.sources["half_month_growth"],
    )


def _share_to_total(
    share: Array, land: Array, total: float, record: _Record, margins: Margins
) -> Array:
    """Scale grain shares until they give the national grain area; none above its ceiling."""
    factor = record.add(
        "sown_area_grain",
        float((share * land).sum()),
        total,
        "grain shares of regions against the national grain area",
        margins.sources["sown_area_grain"],
    )
    scaled = np.minimum(share * factor, _LARGEST_SHARE)
    for _ in range(100):
        scaled = np.minimum(scaled * total / (scaled * land).sum(), _LARGEST_SHARE)
    return scaled


def _age_and_sex(
    rural: Array, urban: Array, fertility: Array, numbers: Mapping[str, float], record: _Record
) -> tuple[Array, Array]:
    """Split population by cell: towns by their own shares, the countryside as the remainder."""
    whole = np.array([numbers[f"share_{cell}"] for cell in CELLS])
    town = np.array([numbers[f"urban_share_{cell}"] for cell in CELLS])
    record.add(
        "age and sex shares, USSR", float(whole.sum()), 1.0, "rounding of printed shares", "sum"
    )
    record.add("age and sex shares, towns", float(town.sum()), 1.0, "rounding", "sum")
    whole, town = whole / whole.sum(), town / town.sum()
    town_persons = town[:, None] * urban[None, :]
    of_country = whole * (rural.sum() + urban.sum()) - town_persons.sum(1)
    tilt = np.where(_CHILDREN[:, None], fertility[None, :] ** numbers["fertility_tilt"], 1.0)
    seed = of_country[:, None] / rural.sum() * rural[None, :] * tilt
    return rake(seed, of_country, rural), town_persons
