"""Reading scenarios, by name or from a file, with errors that say where and what instead."""

import hashlib
import json
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from perelom.described import facts
from perelom.errors import ScenarioError
from perelom.evidence.tables import data_path
from perelom.scenario.levers import levers
from perelom.scenario.schema import Decision, ScenarioFile, Shock
from perelom.world.calendar import month_index


@dataclass(frozen=True)
class Scenario:
    """A scenario with everything its base brings along.

    decisions are in order of date; of two for the same lever and region the later in the list
    wins from its date on.
    """

    name: str
    title: str
    description: str
    assumptions: tuple[str, ...]
    decisions: tuple[Decision, ...]
    shocks: tuple[Shock, ...]

    @cached_property
    def hash(self) -> str:
        """A digest of what the scenario decides; titles and notes do not enter."""
        content = {
            "decisions": [d.model_dump(exclude={"note", "source"}) for d in self.decisions],
            "shocks": [s.model_dump(exclude={"source"}) for s in self.shocks],
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def _repr_html_(self) -> str:
        rows = [
            ("decisions", len(self.decisions)),
            ("shocks", len(self.shocks)),
            ("assumptions", len(self.assumptions)),
            ("hash", self.hash),
        ]
        return facts(f"Scenario {self.name}: {self.title}", rows, self.description)


def names() -> list[str]:
    """Return the names of the scenarios that ship with the package."""
    return sorted(path.stem for path in data_path("scenarios").glob("*.toml"))


def load(name_or_path: str | Path) -> Scenario:
    """Read a scenario that ships with the package, by name, or a TOML file, by path.

    Raises
    ------
    ScenarioError
        If there is no such scenario, or the file is malformed; the message names file, line,
        key, what is allowed, and the nearest known name.

    """
    path = _find(name_or_path)
    file = _parse(path)
    if file.base is None:
        decisions, assumptions = [], []
        shocks = [] if file.shocks_from is None else list(load(file.shocks_from).shocks)
    else:
        base = load(file.base)
        decisions = [d for d in base.decisions if not _dropped(d, file)]
        shocks, assumptions = list(base.shocks), list(base.assumptions)
    decisions = sorted([*decisions, *file.decisions], key=lambda d: d.date)
    return Scenario(
        name=path.stem,
        title=file.title,
        description=file.description,
        assumptions=(*assumptions, *file.assumptions),
        decisions=tuple(decisions),
        shocks=(*shocks, *file.shocks),
    )


def _dropped(decision: Decision, file: ScenarioFile) -> bool:
    since = file.drop.get(decision.lever)
    return since is not None and month_index(decision.date) >= month_index(since)


def _find(name_or_path: str | Path) -> Path:
    path = Path(name_or_path)
    if path.suffix == ".toml":
        if path.is_file():
            return path
        raise ScenarioError(f"{path}: no such scenario file")
    shipped = data_path("scenarios") / f"{path.name}.toml"
    if shipped.is_file():
        return shipped
    raise ScenarioError(
        f"scenario {str(name_or_path)!r} is not known{_nearest(str(name_or_path), names())}; "
        f"known: {', '.join(names())}; or give the path of a .toml file"
    )


def _parse(path: Path) -> ScenarioFile:
    try:
        text = path.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read: {error}") from None
    try:
        return ScenarioFile.model_validate(content)
    except ValidationError as error:
        # A misspelled key also leaves its right name missing: speak of the key that is there.
        first = min(error.errors(), key=lambda e: e["type"] != "extra_forbidden")
        raise ScenarioError(_explain(path, text, first)) from None


def _explain(path: Path, text: str, error: Any) -> str:
    """Say in one sentence where the file is wrong and what is allowed."""
    # What a whole file gets wrong has no place of its own: speak of where it says its origin.
    location = tuple(part for part in error["loc"] if part != "[key]") or ("base",)
    if " is outside " in error["msg"]:
        location = (*location, "value")
    line = _line_of(text, location)
    key = ".".join(str(part + 1 if isinstance(part, int) else part) for part in location)
    message = error["msg"].removeprefix("Value error, ")
    hint = ""
    if error["type"] == "extra_forbidden":
        parts: dict[str, type[BaseModel]] = {"decisions": Decision, "shocks": Shock}
        model = parts.get(str(location[0]), ScenarioFile)
        allowed = list(model.model_fields)
        message = f"unknown key; allowed: {', '.join(allowed)}"
        hint = _nearest(str(location[-1]), allowed)
    elif "unknown lever" in message:
        wrong = re.search(r"'(.*)'", message)
        hint = _nearest(wrong.group(1) if wrong else "", list(levers()))
        message += f"; allowed: {', '.join(levers())}"
    return f"{path}, line {line}, {key}: {message}{hint}"


def _nearest(wrong: str, known: list[str]) -> str:
    close = get_close_matches(wrong, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def _line_of(text: str, location: tuple[Any, ...]) -> int:
    """Return the line of a TOML text that a validation error speaks of."""
    lines = text.splitlines()
    start = 0
    if len(location) > 1 and isinstance(location[1], int):
        heads = [n for n, line in enumerate(lines) if line.strip() == f"[[{location[0]}]]"]
        start = heads[location[1]] if location[1] < len(heads) else 0
    for number in range(start, len(lines)):
        if re.match(rf"\s*{re.escape(str(location[-1]))}\s*=", lines[number]):
            return number + 1
    return start + 1
