"""What a chart of a national series shows: simulated layers and the observations beside them."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from perelom.evidence.error_model import numbers
from perelom.evidence.operators import FOREIGN_BORDERS
from perelom.evidence.readings import READINGS
from perelom.evidence.variables import NATION, Variable, variables
from perelom.results.run import Run

ALIASES = {"state_grain_stock": ("state_grain_stocks",)}
"""Series of other names that are drawn beside a variable; they are compared by no operator."""

_JULY = 7
_FIRST_MONTH = {"july_june": 7, "october_september": 10}
_SCALES = {"persons": (1e-6, "million persons"), "share": (100.0, "per cent")}
YIELD = Variable(
    name="grain_yield",
    layers=("true", "reported"),
    kind="share",
    unit="t/ha",
    numerator="grain_harvest",
    denominator="sown_area_grain",
    long_name="Grain yield",
    definition="Grain harvested in the calendar year over the area that stood on 1 July",
    systems=("S10",),
)
"""Drawn from two output variables: it has no value by month."""

Taken = Literal["monthly", "july", "yearly", "harvest"]
YEAR_DAYS = (330, 400)
"""Length in days of the periods that a chart of yearly sums shows."""


@dataclass(frozen=True)
class Line:
    """A simulated layer: decimal years and values; a flow has one value a year.

    Of an ensemble the values are medians, low and high the 5% and 95% of the draws.
    """

    layer: str
    years: np.ndarray
    values: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None


@dataclass(frozen=True)
class Series:
    """One national series: simulated lines, observed points, and how to name them.

    points has the columns year, value, bottom, top, published, variant, use, layer, source,
    grade, period, simulated; values are in the unit of the chart.
    """

    variable: Variable
    unit: str
    taken: Taken
    first_month: int
    lines: tuple[Line, ...]
    points: pl.DataFrame
    variants: tuple[str, ...] = field(default=())

    @property
    def title(self) -> str:
        """The variable's name for a reader."""
        return self.variable.long_name

    @property
    def basis(self) -> str:
        """What one simulated value stands for."""
        if self.taken == "monthly":
            return "first day of each month"
        if self.taken == "july":
            return "first of July"
        if self.taken == "harvest":
            return "calendar years"
        names = {1: "calendar years", 7: "July to June", 10: "October to September"}
        whole = "ratio of yearly sums" if self.variable.kind == "share" else "yearly sums"
        return f"{whole}, {names[self.first_month]}"


def national_series(run: Run) -> list[Series]:
    """Return a series for every variable of the run that a reader can judge, in table order.

    A variable is drawn when it has national observations, when both layers exist, or when it
    counts deaths, food or grain in store.
    """
    observed = _observed(run, NATION)
    found = []
    for variable in (*variables().values(), YIELD):
        if variable.name not in run.monthly and variable is not YIELD:
            continue
        series = _series(run, variable, observed, NATION)
        if series.points.height or len(series.lines) > 1 or variable.name in _ALWAYS:
            found.append(series)
    return found


_ALWAYS = (
    "excess_deaths",
    "food_consumption_rural",
    "draught_power",
    "rural_grain_stock",
    "average_real_wage",
)


def series_of(run: Run, name: str, region: str = NATION) -> Series:
    """Return the series of one variable of the run in one of its regions."""
    return _series(run, variables()[name], _observed(run, region), region)


def _observed(run: Run, region: str) -> pl.DataFrame:
    return run.comparison.filter(
        pl.col("region") == region,
        pl.col("duplicate_of").is_null(),
        pl.col("period_end") >= pl.date(1926, 11, 1),
        pl.col("period_start").dt.year() <= 1941,
        ~pl.col("borders").is_in(FOREIGN_BORDERS),
    )


def _series(run: Run, variable: Variable, there: pl.DataFrame, region: str) -> Series:
    observed = there.filter(
        pl.col("series").is_in([variable.name, *ALIASES.get(variable.name, ())]),
        pl.col("unit") == variable.unit,
    )
    taken = how_taken(variable, [str(name) for name in run.monthly])
    yearly = taken == "yearly"
    days = (pl.col("period_end") - pl.col("period_start")).dt.total_days() + 1
    if yearly:
        observed = observed.filter(days.is_between(*YEAR_DAYS))
    first_month = _first_month(observed) if yearly else 1
    reported = _is_reported(run, variable)
    layers = ["true", *(["reported"] if reported else [])]
    scale, unit = shown_in(variable)
    points = _points(observed, scale)
    return Series(
        variable=variable,
        unit=unit,
        taken=taken,
        first_month=first_month,
        lines=tuple(
            _line(run, variable, layer, region, taken, scale, first_month) for layer in layers
        ),
        points=points,
        variants=tuple(
            points.group_by("variant")
            .len()
            .sort("len", "variant", descending=[True, False])["variant"]
        ),
    )


def _is_reported(run: Run, variable: Variable) -> bool:
    """Tell whether a variable was reported otherwise than it was."""
    names = (variable.numerator, variable.denominator) if variable is YIELD else (variable.name,)
    return all(name in run.reported for name in names) and not all(
        np.array_equal(run.reported[name].values, run.monthly[name].values, equal_nan=True)
        for name in names
    )


def how_taken(variable: Variable, known: Container[str]) -> Taken:
    """Tell how a variable is drawn: by month, at the first of July, or by year."""
    reading = READINGS.get(variable.name)
    if reading is not None and reading.top.taken == "standing":
        return "july"
    if variable is YIELD:
        return "harvest"
    table = variables()
    parts = [table.get(name) for name in (variable.numerator, variable.denominator)]
    of_flows = all(part and part.kind == "flow" and part.name in known for part in parts)
    return "yearly" if variable.kind == "flow" or of_flows else "monthly"


def shown_in(variable: Variable) -> tuple[float, str]:
    """Return the factor and the name of the unit that a chart shows a variable in."""
    scale, unit = _SCALES.get(variable.unit, (1.0, variable.unit.replace("_", " ")))
    return scale, unit + (" a year" if variable.kind == "flow" else "")


def _first_month(observed: pl.DataFrame) -> int:
    if observed.is_empty():
        return 1
    usual = observed["calendar"].mode().sort()[0] if "calendar" in observed.columns else ""
    return _FIRST_MONTH.get(str(usual), 1)


def _points(observed: pl.DataFrame, scale: float) -> pl.DataFrame:
    margin = pl.col("sigma") * numbers()["range_to_sigma"]
    published = pl.col("low").is_not_null() & pl.col("high").is_not_null()
    middle = pl.col("period_start") + (pl.col("period_end") - pl.col("period_start")) / 2
    single_day = pl.col("period_start") == pl.col("period_end")
    return observed.select(
        year=middle.dt.year() + (middle.dt.ordinal_day() - 1) / 365.25,
        value=pl.col("value") * scale,
        bottom=pl.when(published).then("low").otherwise(pl.col("value") - margin) * scale,
        top=pl.when(published).then("high").otherwise(pl.col("value") + margin) * scale,
        published=published,
        variant=pl.col("variant").fill_null("unnamed").str.replace_all("_", " "),
        use="use",
        layer="layer",
        source="source",
        grade="grade",
        period=pl.when(single_day)
        .then(pl.col("period_start").dt.to_string())
        .otherwise(pl.format("{} to {}", "period_start", "period_end")),
        simulated=pl.col("simulated") * scale,
        z="z",
        reason="reason",
    ).sort("year", "variant")


def _line(
    run: Run,
    variable: Variable,
    layer: str,
    region: str,
    taken: Taken,
    scale: float,
    first_month: int,
) -> Line:
    drawn = run.ensemble.layer(layer) if run.ensemble is not None else None
    dataset = run.monthly if layer == "true" else run.reported
    source = dataset if drawn is None else drawn
    months = source["month"].to_numpy()

    def shown(name: str, taken: Taken = taken) -> tuple[np.ndarray, np.ndarray]:
        return along(months, source[name].sel(region=region).to_numpy(), taken, first_month)

    if taken == "harvest":
        years, harvest = shown(variable.numerator, "yearly")
        standing = shown(variable.denominator, "july")[1]
        values = harvest / standing[..., : harvest.shape[-1]]
    else:
        years, values = shown(variable.name)
    if taken == "yearly" and variable.kind == "share":
        top, bottom = shown(variable.numerator)[1], shown(variable.denominator)[1]
        values = np.full_like(top, np.nan)
        np.divide(top, bottom, out=values, where=bottom > 0)
    values = values * scale
    if drawn is None:
        return Line(layer, years, values)
    low, middle, high = band(values)
    return Line(layer, years, middle, low, high)


def along(
    months: np.ndarray, amounts: np.ndarray, taken: Taken, first_month: int = 1
) -> tuple[np.ndarray, np.ndarray]:
    """Return decimal years and the values shown there; months are the last axis of the amounts."""
    month = months.astype("datetime64[M]").astype(np.int64)
    values = amounts.astype(np.float64)
    if taken == "yearly":
        return _yearly(month, values, first_month)
    shown = month % 12 == _JULY - 1 if taken == "july" else np.full(month.shape, True)
    return month[shown] / 12 + 1970, values[..., shown]


def band(values: np.ndarray) -> np.ndarray:
    """Return 5%, median and 95% over the draws, the first axis; empty where no draw has a value."""
    found = np.full((3, *values.shape[1:]), np.nan)
    known = np.isfinite(values)
    whole, heard = known.all(axis=0), known.any(axis=0)
    found[:, whole] = np.quantile(values[:, whole], (0.05, 0.5, 0.95), axis=0)
    partly = heard & ~whole
    if partly.any():
        # Much slower than the quantile of whole columns.
        found[:, partly] = np.nanquantile(values[:, partly], (0.05, 0.5, 0.95), axis=0)
    return found


def _yearly(
    months: np.ndarray, amounts: np.ndarray, first_month: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the starts and the sums of the whole years that begin in `first_month`."""
    year = (months - (first_month - 1)) // 12
    whole = [one for one in np.unique(year) if (year == one).sum() == 12]
    starts = np.array([one + 1970 + (first_month - 1) / 12 for one in whole])
    sums = [amounts[..., year == one].sum(axis=-1) for one in whole]
    shape = (*amounts.shape[:-1], 0)
    return starts, np.stack(sums, axis=-1) if sums else np.zeros(shape)
