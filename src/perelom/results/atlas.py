"""The maps' data, embedded once: whole numbers of a step each, which the page turns into values."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np

from perelom.evidence.shapes import VIEW, WEST, region_shapes
from perelom.evidence.variables import NATION
from perelom.results.measures import Values
from perelom.results.regional import Layer, Regional, regional
from perelom.results.run import Run

_MISSING, _LARGEST = -32768, 32000
"""What stands for no value, and the largest whole number that a value is stored as."""


def atlas(run: Run) -> str:
    """Return shapes, measures by month and region, and observations, as JSON for the page."""
    names = [str(name) for name in run.monthly["region"].values if name != NATION]
    shapes = region_shapes()
    text = json.dumps(
        {
            "first": run.manifest.first_month,
            "months": run.manifest.months_done,
            "draws": run.ensemble.count if run.ensemble is not None else 0,
            "view": VIEW,
            "west": WEST,
            "regions": [
                {
                    "name": name,
                    "path": shapes[name].path,
                    "centre": [round(x, 1) for x in shapes[name].centre],
                    "approximate": shapes[name].approximate,
                }
                for name in names
            ],
            "measures": [_measure(one, names) for one in regional(run)],
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )
    # Inside a script element no text may look like the end of it.
    return text.replace("<", "\\u003c")


def _measure(found: Regional, names: list[str]) -> dict[str, Any]:
    measure = found.measure
    return {
        "name": measure.name,
        "title": measure.title,
        "unit": measure.unit,
        "observed_unit": measure.observed_unit,
        "when": measure.when,
        "definition": measure.definition,
        "classes": measure.classes,
        "layers": {name: _layer(layer) for name, layer in found.layers.items()},
        "observed": [
            {"region": names.index(row["region"])}
            | {name: str(row[f"period_{name}"]) for name in ("start", "end")}
            | {name: _short(row[name]) for name in ("value", "low", "high", "simulated")}
            | {name: row[name] for name in ("layer", "variant", "source", "grade", "use")}
            for row in found.observed.to_dicts()
            if row["region"] in names
        ],
    }


def _layer(layer: Layer) -> dict[str, Any]:
    arrays = {"middle": layer.middle, "low": layer.low, "high": layer.high}
    known = {name: values for name, values in arrays.items() if values is not None}
    size = max(float(np.nanmax(np.abs(values), initial=0.0)) for values in known.values())
    step = size / _LARGEST or 1.0
    return {"step": step} | {name: _packed(values, step) for name, values in known.items()}


def _packed(values: Values, step: float) -> str:
    """Return [month, region] as base64 of little-endian 16-bit whole numbers of `step`."""
    whole = np.where(np.isfinite(values), np.round(values / step), _MISSING)
    return base64.b64encode(whole.astype("<i2").tobytes()).decode()


def _short(value: float | None) -> float | None:
    return None if value is None or not np.isfinite(value) else float(f"{value:.4g}")
