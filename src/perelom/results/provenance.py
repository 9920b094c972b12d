"""Where the numbers of a run come from: code, data, parameters with their standing, citation."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from perelom.evidence import parameters
from perelom.evidence.priors import Parameter
from perelom.inference.posterior import default_parameters
from perelom.results.page import made_with, number
from perelom.results.run import Run

GRADES = {
    "A": "seen in a primary or scholarly text",
    "B": "seen at second hand",
    "C": "recalled from the literature, unchecked",
    "E": "judgement",
}

STANDINGS = {
    "fitted": "moved from its prior by the fit to the observations",
    "assumed": "has a prior, and stands at the default of the table",
    "fixed": "has no prior: a definition, or a figure taken as known",
    "set by hand": "given for this run",
}
"""What a parameter of a run can be."""


def parameter_rows(run: Run) -> list[dict[str, Any]]:
    """Return every parameter of a run: value, unit, standing, prior range, grade, source."""
    used = run.manifest.settings.get("parameters") or {}
    fitted = default_parameters()
    return [
        {
            "name": one.name,
            "value": number(float(used.get(one.name, one.default))),
            "unit": one.unit,
            "standing": _standing(one, used, fitted),
            "prior": "–" if one.low is None else f"{number(one.low)} to {number(one.high)}",
            "grade": one.grade,
            "source": one.source,
            "description": one.description,
        }
        for one in parameters().values()
    ]


def _standing(one: Parameter, used: dict[str, float], fitted: dict[str, float]) -> str:
    if one.name in used:
        return "fitted" if fitted.get(one.name) == used[one.name] else "set by hand"
    return "fixed" if one.prior == "fixed" else "assumed"


def parameter_counts(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return how many parameters have each standing, in all and by grade."""
    counted = Counter((row["standing"], row["grade"]) for row in rows)
    found = []
    for standing, meaning in STANDINGS.items():
        by_grade = [counted[standing, grade] for grade in GRADES]
        if any(by_grade):
            found.append(
                {"standing": standing, "meaning": meaning, "all": sum(by_grade), "grades": by_grade}
            )
    return found


def observation_counts(run: Run) -> list[dict[str, Any]]:
    """Return how many observations the run was held against, by use and by grade."""
    uses = {"fit": "used in the fit", "held_out": "held out", "context": "context, not scored"}
    held = run.comparison.filter("comparable", pl.col("duplicate_of").is_null())
    counted = Counter(zip(held["use"].to_list(), held["grade"].to_list(), strict=True))
    found = []
    for use, meaning in uses.items():
        by_grade = [counted[use, grade] for grade in GRADES]
        found.append({"use": meaning, "all": sum(by_grade), "grades": by_grade})
    return found


def made_by(run: Run) -> list[tuple[str, str]]:
    """Return code, scenario, versions, machine and time of a run."""
    manifest = run.manifest
    return [
        ("Code", manifest.code_version),
        ("Scenario hash", str(manifest.scenario.get("hash", ""))),
        *made_with(manifest),
        ("Started", manifest.created),
        ("Simulated in", f"{manifest.wall_seconds:.1f} s"),
    ]


def citation(run: Run) -> str:
    """Return how to cite a run: software, version, scenario, seed and date."""
    manifest, settings = run.manifest, run.manifest.settings
    name, digest = manifest.scenario.get("name", ""), str(manifest.scenario.get("hash", ""))[:12]
    draws = run.ensemble.count if run.ensemble is not None else 0
    which = f"{draws} draws" if draws else f"member {settings.get('member', 0)}"
    return (
        f"Perelom, version {manifest.code_version}, scenario “{name}” (hash {digest}), "
        f"{settings.get('villages', '?')} villages, seed {settings.get('seed', '?')}, "
        f"{which}, run on {manifest.created[:10]}."
    )
