"""The report: one self-contained HTML file that reads in a browser and on paper."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from perelom.engine.accounts import FLOW_TOLERANCE, STOCK_TOLERANCE
from perelom.evidence import shapes
from perelom.inference.posterior import default_parameters
from perelom.model.mechanisms import MECHANISMS
from perelom.results import figures, provenance, timeline
from perelom.results.accounts import closing
from perelom.results.atlas import atlas
from perelom.results.draws import Draws, standing
from perelom.results.files import write_whole
from perelom.results.page import caution, decimals, number, template
from perelom.results.run import Run
from perelom.results.score_rows import scoreboard, verdict
from perelom.results.series import Series, national_series

LISTED = 12
"""How many parameters set by hand are named."""

_ASSUMPTIONS = (
    "The scenario fixes dated decisions of the centre. Membership, harvests, deliveries, herds, "
    "births and deaths come out of the model.",
    "Villages are a weighted sample; results of a small sample scatter, most of all by region.",
    "Decisions follow what officials believe; the reported layer is kept apart from what happened.",
    "Systems of the period that are not in the model yet are listed by “perelom systems”.",
)


def write_report(run: Run, path: Path) -> Path:
    """Write the report of `run` to `path`."""
    write_whole(path, render(run).encode())
    return path


def render(run: Run) -> str:
    """Return the report of `run` as one HTML document."""
    manifest, settings = run.manifest, run.manifest.settings
    series = national_series(run)
    board = run.score().to_dicts()
    decisions = timeline.decision_rows(run)
    parameter_rows = provenance.parameter_rows(run)
    return template("report.html.jinja").render(
        title=manifest.scenario.get("title") or manifest.scenario.get("name", "Run"),
        status=manifest.status,
        last_month=manifest.last_month,
        member=settings.get("member", 0),
        draws=run.ensemble.count if run.ensemble is not None else 0,
        headlines=_headlines(run),
        standing=standing(),
        facts=_facts(run),
        assumptions=[*_ASSUMPTIONS, *_left_out(run), *run.scenario.get("assumptions", [])],
        verdict=verdict(board),
        scoreboards=[
            scoreboard(caption, [row for row in board if row["use"] == use])
            for use, caption in (
                ("fit", "Groups used in the fit"),
                ("held_out", "Groups held out"),
            )
        ],
        keys={
            "true": figures.line_key("true"),
            "reported": figures.line_key("reported"),
            **{
                use: figures.key("circle", figures.VARIANTS[0], use)
                for use in ("fit", "held_out", "context")
            },
        },
        charts=[_chart(one, banded=run.ensemble is not None) for one in series],
        atlas=atlas(run),
        shapes_note=shapes.provenance(),
        shocks=run.scenario.get("shocks", []),
        decisions=decisions,
        timeline=timeline.drawn(decisions),
        accounts=[_account(row) for row in closing(run.accounts).to_dicts()],
        stock_limit=STOCK_TOLERANCE,
        flow_limit=FLOW_TOLERANCE,
        provenance=provenance.made_by(run),
        grades=provenance.GRADES,
        parameters=parameter_rows,
        parameter_counts=provenance.parameter_counts(parameter_rows),
        observation_counts=provenance.observation_counts(run),
        hashes=sorted(manifest.data_hashes.items()),
        citation=provenance.citation(run),
    )


def _facts(run: Run) -> list[tuple[str, str]]:
    manifest, settings = run.manifest, run.manifest.settings
    draws = {
        "sampled": "sampled: a household joins or does not",
        "expected": "expected: shares of households, every transition its expected flow",
    }
    kept = str(settings.get("draws", ""))
    return [
        ("Scenario", str(manifest.scenario.get("name", ""))),
        ("Months", f"{manifest.months_done}, {manifest.first_month} to {manifest.last_month}"),
        ("Villages simulated", f"{settings.get('villages', '?'):,}"),
        ("Draws", draws.get(kept, kept)),
        ("Seed", str(settings.get("seed", ""))),
        *([("Ensemble", _members(run.ensemble))] if run.ensemble is not None else []),
        *([("Branched", f"{manifest.branch}")] if manifest.branch else []),
    ]


def _members(draws: Draws) -> str:
    failed = draws.members.height - draws.count
    return f"{draws.count} of {draws.planned} draws of the parameters, each with its own luck" + (
        f"; {failed} failed" if failed else ""
    )


def _left_out(run: Run) -> list[str]:
    silent = [name for name, one in MECHANISMS.items() if not one.active and one.line == name]
    sentences = []
    if silent:
        sentences.append(f"Lines of the month that are not in the model yet: {', '.join(silent)}.")
    off = run.manifest.settings.get("off") or []
    if off:
        sentences.append(f"Switched off in this run: {', '.join(off)}.")
    changed = run.manifest.settings.get("parameters") or {}
    fitted = default_parameters()
    by_hand = {name: value for name, value in changed.items() if fitted.get(name) != value}
    if fitted and len(by_hand) < len(changed):
        sentences.append("Parameters: the central one of the fitted sets of the package.")
    if by_hand:
        listed = ", ".join(f"{name} = {value:g}" for name, value in islice(by_hand.items(), LISTED))
        more = f" and {len(by_hand) - LISTED} more" if len(by_hand) > LISTED else ""
        sentences.append(f"Parameters set by hand: {listed}{more}.")
    return sentences


def _headlines(run: Run) -> list[dict[str, str]]:
    rows = run.ensemble.headlines() if run.ensemble is not None else []
    shown = []
    for row in rows:
        digits = decimals(row["median"], row["high"])
        shown.append(
            {name: row[name] for name in ("outcome", "unit", "definition")}
            | {name: number(row[name], digits) for name in ("median", "low", "high")}
        )
    return shown


def _chart(series: Series, *, banded: bool) -> dict[str, Any]:
    variable = series.variable
    return {
        "name": variable.name,
        "title": series.title,
        "unit": series.unit,
        "basis": series.basis,
        "svg": figures.chart(series),
        "spoken": _spoken(series),
        "legend": [
            {"svg": figures.key(shape, colour), "variant": variant}
            for variant, (shape, colour) in figures.marks(series).items()
        ],
        "definition": variable.definition.rstrip(".") + ".",
        "caution": caution(variable.name, banded=banded),
        "rows": [_point(row) for row in series.points.to_dicts()],
    }


def _spoken(series: Series) -> str:
    parts = [f"Chart of {series.title.lower()}, {series.unit}."]
    for line in series.lines:
        if np.isfinite(line.values).any():
            low, high = np.nanargmin(line.values), np.nanargmax(line.values)
            parts.append(
                f"Simulated, {line.layer} layer: lowest {number(line.values[low])} in "
                f"{int(line.years[low])}, highest {number(line.values[high])} in "
                f"{int(line.years[high])}."
            )
    parts.append(f"{series.points.height} observations, listed below the chart.")
    return " ".join(parts)


def _point(row: dict[str, Any]) -> dict[str, Any]:
    use = {"fit": "fitted", "held_out": "held out", "context": "context"}
    span = f"{number(row['bottom'])} to {number(row['top'])}" if row["published"] else "–"
    return row | {
        "value": number(row["value"]),
        "range": span,
        "simulated": number(row["simulated"]),
        "use": use[row["use"]],
    }


def _account(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "cells": f"{row['cells']:,}",
        "of_stock": f"{row['of_stock']:.1e}" if row["of_stock"] is not None else "–",
        "of_flow": f"{row['of_flow']:.1e}" if row["of_flow"] is not None else "–",
        "closes": "yes" if row["closes"] else "no",
    }
