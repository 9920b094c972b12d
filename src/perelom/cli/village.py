"""The command that shows the life of one village and of its households."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from perelom.cli.output import AsJson, Quiet, show_json
from perelom.cli.results import RunPath
from perelom.results.errors import RequestError

if TYPE_CHECKING:
    from perelom.results.village_life import VillageLife
    from perelom.results.village_rows import Stretch


def village(
    run: RunPath,
    number: Annotated[int, typer.Option("--id", metavar="V", help="The number of the village.")],
    household: Annotated[
        int | None,
        typer.Option(metavar="H", help="Show one household, by its birth number."),
    ] = None,
    households: Annotated[
        bool, typer.Option("--households", help="List the households of a followed village.")
    ] = False,
    months: Annotated[
        bool, typer.Option("--months", help="A row a month instead of an agricultural year.")
    ] = False,
    year: Annotated[
        int | None, typer.Option(metavar="YYYY", help="Only the months of this calendar year.")
    ] = None,
    orders: Annotated[
        bool, typer.Option("--orders", help="Name all orders that reached it, not the main ones.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Write a page for the browser and print its path.")
    ] = False,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where to write the page, not into the run folder."),
    ] = None,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Show the life of a village and its households, month by month."""
    from perelom.results.run import Run
    from perelom.results.village_life import village_life

    _check_one(household=household is not None, households=households)
    opened = Run.open(run)
    life = village_life(opened, number)
    stretches = _stretches(life, months=months, year=year)
    if page or out is not None:
        from perelom.results.village_page import write_village_page

        path = write_village_page(opened, life, out or run / f"village-{number}.html", household)
        typer.echo(path if quiet else f"Page: {path}")
    elif as_json:
        show_json(_everything(life, stretches, household, households=households))
    else:
        _show(life, stretches, household, households=households, orders=orders, quiet=quiet)


def _show(
    life: VillageLife,
    stretches: list[Stretch],
    household: int | None,
    *,
    households: bool,
    orders: bool,
    quiet: bool,
) -> None:
    from perelom.cli import village_tables

    if household is not None:
        village_tables.show_household(life, stretches, household, quiet=quiet)
    elif households:
        village_tables.show_households(life, quiet=quiet)
    else:
        village_tables.show_village(life, stretches, orders=orders, quiet=quiet)


def _stretches(life: VillageLife, *, months: bool, year: int | None) -> list[Stretch]:
    from perelom.results.village_rows import agricultural_years, single_months

    if year is None:
        return single_months(life.months) if months else agricultural_years(life.months)
    found = single_months(life.months, year)
    if not found:
        raise RequestError(
            what=f"the run has no month of {year}",
            where="--year",
            allowed=f"{life.months[0][:4]} to {life.months[-1][:4]}",
            remedy="choose one of these years",
        )
    return found


def _check_one(*, household: bool, households: bool) -> None:
    if household and households:
        raise RequestError(
            what="--household and --households exclude each other",
            where="perelom village",
            allowed="one of them",
            remedy="list with --households, then show one with --household",
        )


def _everything(
    life: VillageLife, stretches: list[Stretch], household: int | None, *, households: bool
) -> dict[str, Any]:
    from dataclasses import asdict

    from perelom.results.household_life import household_events, household_list, household_rows
    from perelom.results.village_orders import all_events
    from perelom.results.village_rows import EVERYTHING, rows

    shown = {name for _, part in stretches for name in life.months[part]}
    head = {"village": life.village, "place": life.place, "draws": life.draws}
    if household is not None:
        lived = household_rows(life, household)
        events = household_events(life, lived)
        return head | {
            "household": household,
            "months": [row for row in lived if row["month"] in shown],
            "events": [asdict(event) for event in events if event.month in shown],
        }
    kept = {one.key: {"unit": one.unit, "definition": one.definition} for one in EVERYTHING}
    whole: dict[str, Any] = {
        "measures": kept,
        "rows": rows(life, stretches),
        "events": [asdict(event) for event in all_events(life) if event.month in shown],
    }
    if households:
        whole["households"] = [
            row | {"events": [asdict(event) for event in row["events"]]}
            for row in household_list(life)
        ]
    return head | whole
