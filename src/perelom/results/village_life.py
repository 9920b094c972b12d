"""The life of one village: what a run keeps of it, of its region, and of the orders it got."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.results.errors import RequestError
from perelom.results.run import Run

Columns = dict[str, NDArray[np.float64]]
"""Monthly values by name."""

SUMS = {
    "land": ("own_land", "kolkhoz_land"),
    "harvest": ("harvest_own", "harvest_kolkhoz"),
    "grain": ("own_grain", "kolkhoz_grain"),
    "taken": (
        "sold_to_state",
        "taken_own",
        "taken_kolkhoz",
        "seed_seized_kolkhoz",
        "mts_payment",
        "purchased_kolkhoz",
    ),
    "to_towns": ("moved_to_town", "recruited", "self_liquidated_persons"),
}
"""Columns added up from those that a run keeps."""

KEPT = (
    "persons", "households", "peasant_households", "kolkhoz_households", "plan", "pressure",
    "body_reserve", "horses", "cattle", "sheep_goats", "pigs", "births_rural", "deaths_rural",
    "excess_deaths", "joined", "left", "moved_to_village", "relief", "distributed", "eaten_rural",
    "deported", "arrested_rural", "made_urban", "disturbances", "deported_households",
    "self_liquidated_households", "died_out_households", "moved_whole_households",
    "took_posts_households", "divided_households", "stripped_households",
    *(part for parts in SUMS.values() for part in parts),
)  # fmt: skip
"""Columns that a run must have kept of every village."""

REGIONAL = {
    "share": "collectivized_households_share",
    "harvest": "grain_harvest",
    "weight_lost": "mean_weight_lost_rural",
    "deaths": "deaths_total",
}
"""Variables of the region that reports speak of, in both layers."""

KG = 1000.0


@dataclass(frozen=True)
class VillageLife:
    """What is known of one village.

    place: region, raion, weight (villages of the country that it stands for) and nationalities.
    months: `YYYY-MM`. columns: the village's values by month; stocks are those of the first day.
    true, reported: what happened in its region and what was reported of it. removed: share of the
    region's raion chiefs removed within the last year. households: rows of its households, empty
    where they were not kept. followed: the villages whose households were kept.
    """

    village: int
    place: dict[str, Any]
    months: tuple[str, ...]
    columns: Columns
    true: Columns
    reported: Columns
    removed: NDArray[np.float64]
    decisions: tuple[dict[str, Any], ...]
    shocks: tuple[dict[str, Any], ...]
    households: pl.DataFrame
    followed: tuple[int, ...]
    draws: str = "sampled"

    @property
    def region(self) -> str:
        """The region that the village lies in."""
        return str(self.place["region"])


def village_life(run: Run, village: int) -> VillageLife:
    """Collect what a run keeps of a village.

    Raises
    ------
    RequestError
        If there is no such village, or the run does not keep what is needed.

    """
    place = _place(run, village)
    kept = run.villages.isel(village=village)
    columns = {name: kept[name].to_numpy().astype(np.float64) for name in KEPT}
    layers = [
        {key: layer[name].sel(region=place["region"]).to_numpy() for key, name in REGIONAL.items()}
        for layer in (run.monthly, run.reported)
    ]
    households = run.households
    return VillageLife(
        village=village,
        place=place,
        months=tuple(np.datetime_as_string(kept["month"].to_numpy(), unit="M").tolist()),
        columns=with_sums(columns),
        true=layers[0],
        reported=layers[1],
        removed=run.monthly["officials_removed"].sel(region=place["region"]).to_numpy(),
        decisions=tuple(run.scenario.get("decisions", ())),
        shocks=tuple(run.scenario.get("shocks", ())),
        households=households.filter(pl.col("village") == village).sort("month", "slot"),
        followed=tuple(households["village"].unique().sort().to_list()),
        draws=str(run.manifest.settings.get("draws", "sampled")),
    )


def with_sums(columns: Columns) -> Columns:
    """Add what is computed from the columns kept: sums, shares, grain eaten a person (kg)."""
    added = {name: sum_of(columns, parts) for name, parts in SUMS.items()}
    added["kolkhoz_share"] = share(columns["kolkhoz_households"], columns["peasant_households"])
    added["kolkhoz_land_share"] = share(columns["kolkhoz_land"], added["land"])
    added["eaten"] = share(columns["eaten_rural"] * KG, columns["persons"])
    added["wage_families"] = columns["households"] - columns["peasant_households"]
    return columns | added


def sum_of(columns: Columns, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return the sum of columns."""
    return np.sum([columns[name] for name in names], axis=0)


def share(part: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return part over whole, 0 where there is nothing."""
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _place(run: Run, village: int) -> dict[str, Any]:
    where = str(run.path or "the run")
    if run.manifest.months_done == 0:
        raise RequestError(
            what="the run has no month yet",
            where=where,
            allowed="a run with at least one year done",
            remedy="wait until a year is done, or continue it with `perelom run --resume`",
        )
    missing = [name for name in KEPT if name not in run.villages.data_vars]
    places = run.village_places
    if missing or not places.height:
        raise RequestError(
            what="the run does not keep what the life of a village needs"
            + (f" ({', '.join(missing[:3])}, ...)" if missing else " (where villages lie)"),
            where=where,
            allowed="a run made by this version of perelom",
            remedy="repeat the run",
        )
    if not 0 <= village < places.height:
        raise RequestError(
            what=f"there is no village {village}",
            where=where,
            allowed=f"the numbers 0 to {places.height - 1}",
            remedy="choose one of these; village_places.parquet in the run folder lists regions",
        )
    return dict(places.row(by_predicate=pl.col("village") == village, named=True))
