"""The codebook: what every output variable is, what makes it, and what it is compared with."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import polars as pl

from perelom.evidence import observations
from perelom.evidence.operators import FOREIGN_BORDERS
from perelom.evidence.readings import reading_of
from perelom.evidence.tables import data_path
from perelom.evidence.variables import Variable, variables
from perelom.model.mechanisms import MECHANISMS
from perelom.model.month import LINES

STATA_NAME = 32
"""Most characters of a name in Stata."""

MOMENTS = {
    "flow": "sum of the month",
    "stock": "first day of the month",
    "share": "first day of the month, ratio",
}
_WITHIN = {"stock": "within the month, see the definition", "share": "of the month, ratio"}


@dataclass(frozen=True)
class Compared:
    """A series of observations that a variable is held against.

    figures: how many, each once. first, last: years. uses, grades, layers: with how many figures
    each. sources: keys of `sources.csv`.
    """

    series: str
    figures: int
    first: int
    last: int
    uses: dict[str, int]
    grades: dict[str, int]
    layers: dict[str, int]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One output variable.

    moment: what a monthly value stands for. numerator, denominator: of a share. lines: of the
    month that move or count it. mechanisms: switches that act on it within those lines.
    """

    name: str
    stata_name: str
    long_name: str
    unit: str
    kind: str
    moment: str
    layers: tuple[str, ...]
    definition: str
    numerator: str
    denominator: str
    lines: tuple[str, ...]
    mechanisms: tuple[str, ...]
    systems: tuple[str, ...]
    compared: tuple[Compared, ...]

    @property
    def at_first_day(self) -> bool:
        """Whether it is measured on the first day of the month."""
        return self.moment in (MOMENTS["stock"], MOMENTS["share"])


@cache
def codebook() -> dict[str, Entry]:
    """Return an entry for every output variable by name, in the order of their table."""
    made, compared = _origins(), _compared()
    return {
        name: Entry(
            name=name,
            stata_name=name[:STATA_NAME],
            long_name=variable.long_name,
            unit=variable.unit,
            kind=variable.kind,
            moment=_moment(variable, made[name]),
            layers=variable.layers,
            definition=variable.definition,
            numerator=variable.numerator,
            denominator=variable.denominator,
            lines=_joined(made[name], "lines", [line.name for line in LINES]),
            mechanisms=_joined(made[name], "mechanisms", list(MECHANISMS)),
            systems=variable.systems,
            compared=tuple(compared.get(name, ())),
        )
        for name, variable in variables().items()
    }


def table(names: Iterable[str] | None = None) -> pl.DataFrame:
    """Return one row a variable, everything as text; by default of all variables.

    Lists are separated by spaces, counts are written `A:12 B:3`, series are separated by `; `.
    """
    chosen = codebook() if names is None else {name: codebook()[name] for name in names}
    return pl.DataFrame([_row(one) for one in chosen.values()])


def as_csv(names: Iterable[str] | None = None) -> bytes:
    """Return the table as CSV: UTF-8, RFC 4180."""
    return table(names).write_csv(line_terminator="\r\n").encode()


def as_json(names: Iterable[str] | None = None) -> str:
    """Return the entries as JSON, a list of objects."""
    chosen = codebook() if names is None else {name: codebook()[name] for name in names}
    return json.dumps([asdict(one) for one in chosen.values()], ensure_ascii=False, indent=2)


def _row(one: Entry) -> dict[str, str]:
    row: dict[str, Any] = asdict(one)
    compared = row.pop("compared")
    texts = {
        name: value if isinstance(value, str) else " ".join(value) for name, value in row.items()
    }
    return texts | {
        "series": "; ".join(series["series"] for series in compared),
        "figures": "; ".join(str(series["figures"]) for series in compared),
        "years": "; ".join(f"{series['first']}-{series['last']}" for series in compared),
        "uses": "; ".join(counts(series["uses"]) for series in compared),
        "grades": "; ".join(counts(series["grades"]) for series in compared),
        "sources": "; ".join(" ".join(series["sources"]) for series in compared),
    }


def counts(numbers: dict[str, int]) -> str:
    """Write counts as `A:12 B:3`."""
    return " ".join(f"{name}:{number}" for name, number in numbers.items())


def _origins() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    text = data_path("variable_origins.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        rows[row["variable"]].append(row)
    return rows


def _moment(variable: Variable, made: list[dict[str, str]]) -> str:
    first_day = all(row["first_day"] == "yes" for row in made)
    return MOMENTS[variable.kind] if first_day else _WITHIN.get(variable.kind, MOMENTS["flow"])


def _joined(made: list[dict[str, str]], column: str, order: list[str]) -> tuple[str, ...]:
    """Return what the layers of a variable come from together."""
    named = {name for row in made for name in row[column].split()}
    return tuple(name for name in order if name in named)


def _compared() -> dict[str, list[Compared]]:
    """Return the series by variable: those of its name, and those that it is a part of."""
    kinds = {name: variable.kind for name, variable in variables().items()}
    figures = observations().filter(
        ~pl.col("borders").is_in(FOREIGN_BORDERS), pl.col("duplicate_of").is_null()
    )
    found: dict[str, list[Compared]] = defaultdict(list)
    for (series,), rows in figures.sort("series").group_by("series", maintain_order=True):
        reading = reading_of(str(series), kinds)
        if reading is None:
            continue
        parts = [reading.top] + ([reading.bottom] if reading.bottom is not None else [])
        names = [str(series)] if series in kinds else [part.variable for part in parts]
        for name in dict.fromkeys(names):
            found[name].append(_summed(str(series), rows))
    return found


def _summed(series: str, rows: pl.DataFrame) -> Compared:
    def count(column: str) -> dict[str, int]:
        return dict(rows.group_by(column).len().sort(column).iter_rows())

    return Compared(
        series=series,
        figures=rows.height,
        first=rows["period_start"].dt.year().min(),  # type: ignore[arg-type]
        last=rows["period_end"].dt.year().max(),  # type: ignore[arg-type]
        uses=count("use"),
        grades=count("grade"),
        layers=count("layer"),
        sources=tuple(rows["source"].unique().sort()),
    )
