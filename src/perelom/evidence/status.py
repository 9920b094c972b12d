"""Where each system of the inventory stands: code, test and observations."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from fnmatch import translate
from importlib.resources import files
from pathlib import Path

import polars as pl

from perelom.evidence.observed import observations
from perelom.evidence.records import systems

FOLDERS = ("scenario", "world", "model", "engine", "inference", "experiments", "evidence")
"""Where the code of a system can live."""
NOT_YET = "not yet"
NO_TESTS = "tests are not part of this installation"

_SYSTEMS = re.compile(r"\bS(\d{2,3})(?:-S(\d{2,3}))?\b")
_TEST = re.compile(r"s(\d{2,3})")


def systems_status(package: Path | None = None, tests: Path | None = None) -> pl.DataFrame:
    """Return, for each system, the code that names it, its test and its observations.

    Parameters
    ----------
    package, tests
        Folder of the package and of `tests/systems`; by default those of this checkout.

    Returns
    -------
    polars.DataFrame
        id, title, part, code (modules, or "not yet"), test (files, "not yet", or that the tests
        are not part of this installation), fit, held_out, context (observations by use).

    """
    package = package or Path(str(files("perelom")))
    tests = tests or package.parent.parent / "tests" / "systems"
    code, tested = _code(package), _tests(tests)
    uses = observations().group_by("series", "use").len()
    rows = []
    for row in systems().iter_rows(named=True):
        counts = _counts(uses, row["series"])
        test = ", ".join(tested.get(row["id"], [])) or NOT_YET
        rows.append(
            {
                "id": row["id"],
                "title": row["title"],
                "part": row["part"],
                "code": ", ".join(code.get(row["id"], [])) or NOT_YET,
                "test": test if tests.is_dir() else NO_TESTS,
                **{use: counts.get(use, 0) for use in ("fit", "held_out", "context")},
            }
        )
    return pl.DataFrame(rows)


def _code(package: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for folder in FOLDERS:
        for path in sorted((package / folder).glob("**/*.py")):
            module = ".".join(("perelom", *path.relative_to(package).with_suffix("").parts))
            for system in _named(path):
                found[system].append(module)
    return found


def _named(path: Path) -> list[str]:
    """Return the systems that the docstrings of a source file name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.Module, ast.FunctionDef, ast.ClassDef)
    texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds)]
    numbers: set[int] = set()
    for first, last in _SYSTEMS.findall("\n".join(texts)):
        numbers.update(range(int(first), int(last or first) + 1))
    return [f"S{number:02d}" for number in sorted(numbers)]


def _tests(folder: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.glob("test_s*.py")):
        for number in _TEST.findall(path.stem.removeprefix("test_")):
            found[f"S{int(number):02d}"].append(path.name)
    return found


def _counts(uses: pl.DataFrame, globs: str | None) -> dict[str, int]:
    if globs is None:
        return {}
    pattern = re.compile("|".join(translate(glob) for glob in globs.split("|")))
    matched = uses.filter(pl.Series([bool(pattern.match(name)) for name in uses["series"]]))
    return dict(matched.group_by("use").agg(pl.col("len").sum()).iter_rows())
