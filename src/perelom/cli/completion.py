"""What the shell offers when Tab is pressed: names that ship with the package, folders of runs.

A key press is answered at once, or it is of no use: tables are read without the libraries that
check them, and nothing of the model is imported but its register of mechanisms.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from pathlib import Path

from perelom.cli.requests import DRAWS

MANIFEST = "manifest.json"
FORMATS = ("csv", "parquet", "netcdf", "stata")


def scenarios(incomplete: str) -> list[str]:
    """Return the scenarios that ship with the package; files are offered where none fits."""
    return [name for name in _stems("scenarios") if name.startswith(incomplete)]


def mechanisms(incomplete: str) -> list[tuple[str, str]]:
    """Return the mechanisms that can be left out, each with what it does."""
    from perelom.model.mechanisms import MECHANISMS

    return [
        (name, mechanism.note)
        for name, mechanism in MECHANISMS.items()
        if mechanism.line != name and name.startswith(incomplete)
    ]


def series(incomplete: str) -> list[str]:
    """Return the series of observations."""
    return [name for name in _column("observations.csv", "series") if name.startswith(incomplete)]


def variables(incomplete: str) -> list[str]:
    """Return the names of output variables."""
    return [name for name in _column("variables.csv", "name") if name.startswith(incomplete)]


def claims(incomplete: str) -> list[str]:
    """Return the ids of statements of the documents."""
    return [name for name in _column("claims.csv", "id") if name.startswith(incomplete)]


def conflicts(incomplete: str) -> list[str]:
    """Return the ids of disagreements between the documents."""
    return [name for name in _column("conflicts.csv", "id") if name.startswith(incomplete)]


def formats(incomplete: str) -> list[str]:
    """Return the formats of an export."""
    return [name for name in FORMATS if name.startswith(incomplete)]


def draws(incomplete: str) -> list[str]:
    """Return the kinds of draws."""
    return [name for name in DRAWS if name.startswith(incomplete)]


def runs(incomplete: str) -> list[str]:
    """Return the run folders beside what is typed, and those in `runs` where nothing is."""
    typed = Path(incomplete or ".")
    beside = typed if incomplete.endswith("/") or not incomplete else typed.parent
    places = [beside, Path("runs")] if not incomplete else [beside]
    found = [path.parent for place in places for path in place.glob(f"*/{MANIFEST}")]
    return sorted(str(path) for path in found if str(path).startswith(incomplete))


def _data(name: str) -> Path:
    return Path(str(files("perelom"))) / "data" / name


def _stems(folder: str) -> list[str]:
    return sorted(path.stem for path in _data(folder).glob("*.toml"))


def _column(table: str, name: str) -> list[str]:
    with _data(table).open(encoding="utf-8", newline="") as stream:
        return sorted({row[name] for row in csv.DictReader(stream)})
