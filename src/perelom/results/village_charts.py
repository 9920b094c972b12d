"""Charts of a village's life: what was reported or ordered beside what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from perelom.results.drawing import Frame, Stroke, extent, grid, limits, outlined, svg
from perelom.results.figures import VARIANTS, stroke_key
from perelom.results.page import number
from perelom.results.series import Line
from perelom.results.village_life import VillageLife
from perelom.results.village_rows import Stretch, agricultural_years

_SIZE = (374.0, 206.0)
_MONTHS = 12
_PLOT = (40.0, 6.0, 328.0, 174.0)
_TRUE, _SAID = Stroke("var(--true)"), Stroke("var(--reported)", 1.6, (6.4, 3.2))
_OTHERS = tuple(
    Stroke(colour, 1.8, dashes)
    for colour, dashes in zip(
        VARIANTS, ((), (6.4, 3.2), (2.0, 2.4), (9.0, 3.0, 2.0, 3.0)), strict=False
    )
)


@dataclass(frozen=True)
class Curve:
    """A line of a chart: its name, how it is drawn, its values by month or by agricultural year."""

    name: str
    stroke: Stroke
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Chart:
    """A chart: yearly curves hold one value a whole agricultural year, drawn by steps."""

    name: str
    title: str
    unit: str
    curves: tuple[Curve, ...]
    note: str = ""
    yearly: bool = False


def charts(life: VillageLife) -> list[Chart]:
    """Return the charts of a village, what was reported or ordered beside what happened."""
    own, true, said = life.columns, life.true, life.reported
    first, second, third, fourth = _OTHERS

    whole = whole_years(life.months)

    def yearly(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray([values[part].sum() for _, part in whole])

    def at_end(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray([values[part][-1] for _, part in whole])

    found = [
        Chart(
            "kolkhoz",
            "Households in the kolkhoz",
            "per cent, first of the month",
            (
                Curve("this village", first, own["kolkhoz_share"] * 100),
                Curve("region, in fact", _TRUE, true["share"] * 100),
                Curve("region, as reported", _SAID, said["share"] * 100),
            ),
            "In the model reports are made by region: a village has none of its own.",
        ),
        Chart(
            "grain",
            "Grain: harvest, plan, and what the state took",
            "tonnes an agricultural year, July to June",
            (
                Curve("harvest", _TRUE, yearly(own["harvest"])),
                Curve("plan on the village at the year's end", _SAID, at_end(own["plan"])),
                Curve("got by the state", first, yearly(own["taken"])),
            ),
            "Got by the state: sales, deliveries, purchases, seed taken for arrears, payment of "
            "the machine-tractor station.",
            yearly=True,
        ),
        Chart(
            "harvest",
            "Harvest of the region",
            "million tonnes an agricultural year",
            (
                Curve("in fact", _TRUE, yearly(true["harvest"])),
                Curve("as reported", _SAID, yearly(said["harvest"])),
            ),
            yearly=True,
        ),
        Chart(
            "hunger",
            "Body weight lost in the villages of the region",
            "per cent of normal weight",
            (
                Curve("in fact", _TRUE, true["weight_lost"] * 100),
                Curve("as the centre believes", _SAID, said["weight_lost"] * 100),
            ),
        ),
        Chart(
            "deaths",
            "Births and deaths in this village",
            "persons an agricultural year",
            (
                Curve("deaths", _TRUE, yearly(own["deaths_rural"])),
                Curve("of these beyond those without hunger", second, yearly(own["excess_deaths"])),
                Curve("births", third, yearly(own["births_rural"])),
            ),
            "Deaths beyond those without hunger are expected numbers, computed from hazards; all "
            "deaths and births are drawn. One village of one run is no estimate of either.",
            yearly=True,
        ),
        Chart(
            "persons",
            "People",
            "persons, first of the month",
            (Curve("persons", _TRUE, own["persons"]),),
        ),
        Chart(
            "land",
            "Arable land",
            "hectares, first of the month",
            (
                Curve("of households", _TRUE, own["own_land"]),
                Curve("of the kolkhoz", first, own["kolkhoz_land"]),
            ),
        ),
        Chart(
            "store",
            "Grain in store",
            "tonnes, first of the month",
            (
                Curve("of households", _TRUE, own["own_grain"]),
                Curve("of the kolkhoz", first, own["kolkhoz_grain"]),
            ),
        ),
        Chart(
            "animals",
            "Animals, own and of the kolkhoz",
            "per cent of the first month",
            tuple(
                Curve(label, stroke, own[name] / max(own[name][0], 1.0) * 100)
                for label, name, stroke in (
                    ("horses", "horses", first),
                    ("cattle", "cattle", second),
                    ("sheep and goats", "sheep_goats", third),
                    ("pigs", "pigs", fourth),
                )
                if own[name].max() >= 1
            ),
        ),
        Chart(
            "weight",
            "Body weight in this village",
            "kg a person above or below normal, mean",
            (Curve("body weight", _TRUE, own["body_reserve"]),),
        ),
    ]
    return [chart for chart in found if chart.curves and (whole or not chart.yearly)]


def whole_years(months: Sequence[str]) -> list[Stretch]:
    """Return the agricultural years of which no month is missing."""
    return [
        (name, part)
        for name, part in agricultural_years(months)
        if part.stop - part.start == _MONTHS
    ]


def drawn(chart: Chart, months: Sequence[str]) -> str:
    """Draw a chart of these months."""
    years = moments(months)
    if chart.yearly:
        years = np.asarray([years[part][0] for _, part in whole_years(months)])
    frame = Frame(*_PLOT, *limits(*extent(curve.values for curve in chart.curves)))
    lines = [
        outlined(frame, Line(curve.name, years, curve.values), curve.stroke, yearly=chart.yearly)
        for curve in chart.curves
    ]
    return svg(*_SIZE, [grid(frame), *lines])


def legend(chart: Chart) -> list[dict[str, str]]:
    """Return name and drawing of each curve."""
    return [{"svg": stroke_key(curve.stroke), "name": curve.name} for curve in chart.curves]


def spoken(chart: Chart, months: Sequence[str]) -> str:
    """Say what a chart shows to who cannot see it."""
    names = [name for name, _ in whole_years(months)] if chart.yearly else list(months)
    parts = [f"Chart: {chart.title.lower()}, {chart.unit}."]
    for curve in chart.curves:
        low, high = int(np.argmin(curve.values)), int(np.argmax(curve.values))
        parts.append(
            f"{curve.name.capitalize()}: lowest {number(float(curve.values[low]))} in "
            f"{names[low]}, highest {number(float(curve.values[high]))} in {names[high]}."
        )
    return " ".join(parts)


def moments(months: Sequence[str]) -> NDArray[np.float64]:
    """Return months as decimal years."""
    return np.asarray([int(month[:4]) + (int(month[5:]) - 1) / 12 for month in months])
