"""The fitted parameter sets that ship with the package, and what a run takes when none is given.

`posterior.csv` holds one draw a row and one parameter a column; `posterior.json` says how they
were made, which of them is the central one, and for which priors. Without these files runs keep
the defaults of the parameter table, and ensembles draw from the priors.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from perelom.errors import TableError
from perelom.evidence.priors import parameters
from perelom.evidence.tables import FIRST_ROW, data_path

DRAWS_FILE, ABOUT_FILE = "posterior.csv", "posterior.json"
PRIOR_SEED = 1926
"""The seed of the prior draws that stand in where no posterior is shipped."""


@dataclass(frozen=True)
class Posterior:
    """Fitted parameter sets: draws in the order of the file, and what is said about them."""

    draws: tuple[dict[str, float], ...]
    about: dict[str, Any]

    @property
    def central(self) -> dict[str, float]:
        """The draw nearest the mean in standard normal space."""
        return self.draws[int(self.about["central"])]


def posterior_draws(count: int) -> list[dict[str, float]]:
    """Return `count` fitted parameter sets, or prior draws where none are shipped.

    Beyond the number shipped the sets repeat: members then differ in their luck only. Each set
    names every free parameter of the current table.
    """
    found = shipped()
    if found is None:
        from perelom.inference.prior import draw_parameters

        return draw_parameters(count, PRIOR_SEED)
    return [_current(found.draws[n % len(found.draws)]) for n in range(count)]


def default_parameters() -> dict[str, float]:
    """Return what replaces the table's defaults in a run: the central draw, or nothing."""
    found = shipped()
    return {} if found is None else _current(found.central)


def central_draw() -> dict[str, float]:
    """Return the fitted set nearest the posterior mean; the defaults where none is shipped."""
    return _current({} if (found := shipped()) is None else found.central)


def remark() -> str | None:
    """Say once what a user should know of the shipped draws: fitted under other priors."""
    found = shipped()
    if found is None or found.about["priors"] == prior_hash():
        return None
    lacking = sum(name not in found.draws[0] for name in _free())
    return (
        "The fitted parameters were made under other priors than the table holds now; "
        f"{lacking} parameters take their defaults."
    )


def prior_hash() -> str:
    """Return the SHA-256 of the names and priors of all free parameters."""
    table = parameters()
    lines = [f"{n},{table[n].prior},{table[n].low},{table[n].high}" for n in sorted(_free())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


@lru_cache(maxsize=4)
def shipped(folder: Path | None = None) -> Posterior | None:
    """Return the draws that ship with the package, or None where their file is absent or empty.

    Raises
    ------
    TableError
        A table that holds no numbers, or a description that does not belong to it.

    """
    folder = folder or data_path(DRAWS_FILE).parent
    path = folder / DRAWS_FILE
    if not path.is_file():
        return None
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    if not rows:
        return None
    draws = tuple(_numbers(row, number) for number, row in enumerate(rows, start=FIRST_ROW))
    return Posterior(draws, _about(folder / ABOUT_FILE, len(draws)))


def _numbers(row: dict[str, Any], number: int) -> dict[str, float]:
    found = {}
    for name, text in row.items():
        if name == "draw":
            continue
        try:
            found[str(name)] = float(text)
        except (TypeError, ValueError):
            raise TableError(DRAWS_FILE, number, str(name), text, "a number") from None
    return found


def _about(path: Path, draws: int) -> dict[str, Any]:
    try:
        about = dict(json.loads(path.read_text(encoding="utf-8")))
        described = bool(about["priors"]) and 0 <= int(about["central"]) < draws
    except (OSError, ValueError, KeyError, TypeError):
        described = False
    if not described:
        allowed = f"JSON with 'priors' and 'central' (0 to {draws - 1}), as `perelom fit` writes it"
        raise TableError(path.name, None, None, "no description of the draws", allowed)
    return about


def _current(draw: dict[str, float]) -> dict[str, float]:
    """Keep what the current table holds free; what the draw lacks takes its default."""
    table = parameters()
    return {name: draw.get(name, table[name].default) for name in _free()}


def _free() -> list[str]:
    return [name for name, p in parameters().items() if p.prior != "fixed"]
