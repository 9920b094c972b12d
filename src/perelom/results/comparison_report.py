"""The report of a comparison: one self-contained HTML page that reads in a browser and on paper."""

from __future__ import annotations

from typing import Any

from perelom.experiments.outcomes import EXCESS_DEATHS
from perelom.results.comparison import Comparison, differing_levers
from perelom.results.comparison_charts import charts, keys
from perelom.results.page import decimals, made_with, number, template

MONTHS_OF_MEANS = "1930 to 1932"


def render(comparison: Comparison) -> str:
    """Return the report of a comparison as one HTML document."""
    paired, manifest = comparison.paired, comparison.manifest
    base = comparison.scenarios[0]
    return template("comparison.html.jinja").render(
        title=title(comparison),
        arms=paired.arms,
        base=paired.arms[0],
        count=len(paired.members),
        standing=comparison.standing,
        planned=len(comparison.parameters),
        stopped=paired.stopped,
        failed=paired.failed,
        settings=manifest.settings,
        sections=[
            {
                "arm": arm,
                "rows": [_row(row) for row in comparison.table.to_dicts() if row["arm"] == arm],
                "levers": [
                    row | {name: number(row[name], 2) for name in ("base", "other")}
                    for row in differing_levers(base, scenario)
                ],
            }
            for arm, scenario in zip(paired.arms[1:], comparison.scenarios[1:], strict=True)
        ],
        definitions=[(one.name, one.definition) for one in paired.outcomes()[0]],
        excess_deaths=EXCESS_DEATHS,
        missing=comparison.not_simulated,
        means=MONTHS_OF_MEANS,
        scenarios=list(zip(paired.arms, comparison.scenarios, strict=True)),
        keys=keys(paired),
        charts=charts(paired),
        provenance=_provenance(comparison),
        citation=citation(comparison),
    )


def title(comparison: Comparison) -> str:
    """Name the comparison: the other scenarios against the base."""
    base, *others = comparison.paired.arms
    return f"{' and '.join(others)} against {base}"


def citation(comparison: Comparison) -> str:
    """Return how to cite a comparison."""
    manifest, settings = comparison.manifest, comparison.manifest.settings
    hashes = ", ".join(f"“{one.name}” (hash {one.hash})" for one in comparison.scenarios)
    return (
        f"Perelom, version {manifest.code_version}, scenarios {hashes}, "
        f"{len(comparison.paired.members)} draws, {settings['villages']} villages, "
        f"seed {settings['seed']}, run on {manifest.created[:10]}."
    )


def shown(row: dict[str, Any], name: str, *, sign: bool = False) -> tuple[str, str]:
    """Write a median and its 90% interval with the decimals that suit the whole row."""
    ends = ("base", "base_low", "base_high", "other", "other_low", "other_high")
    digits = decimals(*(row[end] for end in ends))
    middle, low, high = (
        number(row[name + end] + 0.0, digits, sign=sign) for end in ("", "_low", "_high")
    )
    return middle, f"{low} to {high}"


def above(row: dict[str, Any]) -> str:
    """Say in how many draws the difference is above zero, or that there is none to speak of."""
    if not row["members"]:
        return "–"
    if row["equal"] == 1:
        return "no difference"
    return f"{round(row['above'] * row['members'])} of {row['members']}"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "outcome": row["outcome"],
        "unit": row["unit"],
        "base": shown(row, "base"),
        "other": shown(row, "other"),
        "difference": shown(row, "difference", sign=True),
        "above": above(row),
        "deaths": "deaths" in row["outcome"],
    }


def _provenance(comparison: Comparison) -> list[tuple[str, str]]:
    manifest, settings = comparison.manifest, comparison.manifest.settings
    return [
        ("Code", manifest.code_version),
        ("Villages simulated", f"{settings['villages']:,}"),
        ("Seed", str(settings["seed"])),
        ("Draws of households", str(settings["draws"])),
        ("Last month", str(settings["until"])),
        *made_with(manifest),
        ("Made", manifest.created),
    ]
