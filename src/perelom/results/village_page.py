"""The page of a village: one self-contained HTML file, in the form of the report."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from perelom.results.files import write_whole
from perelom.results.household_life import household_events, household_list, household_rows
from perelom.results.page import number, template
from perelom.results.provenance import citation, made_by
from perelom.results.run import Run
from perelom.results.village_charts import charts, drawn, legend, spoken
from perelom.results.village_events import some
from perelom.results.village_life import VillageLife
from perelom.results.village_orders import all_events
from perelom.results.village_rows import (
    EVERYTHING,
    TABLES,
    Measure,
    Stretch,
    agricultural_years,
    rows,
    single_months,
    written,
)
from perelom.world.state import NATIONALITIES

_HOUSEHOLD = (
    ("persons", "Persons", 0), ("land", "Land, ha", 1), ("horses", "Horses", 0),
    ("cattle", "Cattle", 0), ("sheep_goats", "Sheep, goats", 0), ("pigs", "Pigs", 0),
    ("implements", "Implements, roubles", 0), ("grain", "Grain, t", 2), ("seed", "Seed, t", 2),
    ("member", "Kolkhoz", 0), ("labour_days", "Labour-days", 0),
    ("body_reserve", "Body weight, kg", 1),
)  # fmt: skip


def write_village_page(
    run: Run, life: VillageLife, path: Path, household: int | None = None
) -> Path:
    """Write the page of a village to `path`; with a household, its months come along."""
    write_whole(path, render(run, life, household).encode())
    return path


def render(run: Run, life: VillageLife, household: int | None = None) -> str:
    """Return the page of a village as one HTML document.

    Raises
    ------
    RequestError
        If a household is asked for that was not kept.

    """
    one = _household(life, household) if household is not None else None
    months = single_months(life.months)
    years = agricultural_years(life.months)
    manifest = run.manifest
    return template("village.html.jinja").render(
        title=f"Village {life.village}, {life.place['raion']}",
        scenario=manifest.scenario.get("title") or manifest.scenario.get("name", "Run"),
        status=manifest.status,
        last_month=manifest.last_month,
        expected=life.draws == "expected",
        draws=run.ensemble.count if run.ensemble is not None else 0,
        facts=_facts(life),
        charts=[
            {
                "name": chart.name,
                "title": chart.title,
                "unit": chart.unit,
                "note": chart.note,
                "svg": drawn(chart, life.months),
                "legend": legend(chart),
                "spoken": spoken(chart, life.months),
            }
            for chart in charts(life)
        ],
        tables=[_table(life, name, measures, years) for name, measures in TABLES.items()],
        every_month=_table(life, "Every month", EVERYTHING, months),
        events=all_events(life),
        households=household_list(life) if life.households.height else [],
        household=one,
        number=number,
        village=life.village,
        citation=citation(run),
        provenance=made_by(run),
    )


def _facts(life: VillageLife) -> list[tuple[str, str]]:
    place, columns = life.place, life.columns
    shares = sorted(((float(place[name]), name) for name in NATIONALITIES), reverse=True)
    mix = ", ".join(f"{name.capitalize()} {share:.0%}" for share, name in shares if share >= 0.005)

    def at(n: int) -> str:
        return (
            f"{some(columns['households'][n], 'household')}, "
            f"{some(columns['persons'][n], 'person')}, {number(columns['land'][n], 0)} ha, "
            f"{number(columns['horses'][n], 0)} horses, {number(columns['cattle'][n], 0)} cattle"
        )

    return [
        ("Region", life.region),
        ("Raion", str(place["raion"])),
        ("Stands for", f"{place['weight']:,.0f} villages of the region"),
        ("Nationalities", mix),
        (life.months[0], at(0)),
        (life.months[-1], at(-1)),
    ]


def _table(
    life: VillageLife, name: str, measures: Sequence[Measure], stretches: Sequence[Stretch]
) -> dict[str, Any]:
    return {
        "name": name,
        "measures": measures,
        "rows": [
            {"period": row["period"]}
            | {one.key: written(float(row[one.key]), one.digits) for one in measures}
            for row in rows(life, stretches, measures)
        ],
    }


def _household(life: VillageLife, household: int) -> dict[str, Any]:
    lived = household_rows(life, household)
    return {
        "number": household,
        "label": lived[0]["label"],
        "events": household_events(life, lived),
        "headings": [heading for _, heading, _ in _HOUSEHOLD],
        "rows": [
            [row["month"], *(written(float(row[key]), digits) for key, _, digits in _HOUSEHOLD)]
            for row in lived
        ],
    }
