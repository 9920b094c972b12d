"""The table of output variables: what each one is, in which unit, and how it is summed."""

import csv
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from perelom.evidence.tables import data_path

Kind = Literal["stock", "flow", "share"]
Layer = Literal["true", "reported"]

NATION = "USSR"
"""Name of the row that sums all regions."""


@dataclass(frozen=True)
class Variable:
    """One output variable.

    A flow is the sum of a month, a stock is that of the month's first day. A share is a ratio:
    its national value weights the regions by `denominator`, so that it equals the ratio of the
    national sums.
    """

    name: str
    layers: tuple[Layer, ...]
    kind: Kind
    unit: str
    numerator: str
    denominator: str
    long_name: str
    definition: str
    systems: tuple[str, ...]


@cache
def variables() -> dict[str, Variable]:
    """All output variables by name, in the order of the table."""
    text = data_path("variables.csv").read_text(encoding="utf-8")
    return {row["name"]: _variable(row) for row in csv.DictReader(text.splitlines())}


def _variable(row: dict[str, str]) -> Variable:
    return Variable(
        name=row["name"],
        layers=cast(tuple[Layer, ...], tuple(row["layers"].split(";"))),
        kind=cast(Kind, row["kind"]),
        unit=row["unit"],
        numerator=row["numerator"],
        denominator=row["denominator"],
        long_name=row["long_name"],
        definition=row["definition"],
        systems=tuple(row["systems"].split()),
    )
