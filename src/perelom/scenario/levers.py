"""The levers: the closed list of what a scenario can decide, with units and bounds."""

from functools import lru_cache
from typing import Literal

from perelom.evidence.tables import Row, data_path, read_rows


class Lever(Row):
    """One thing that the centre can decide.

    least and greatest bound its value; default holds where nothing is decided. A national lever
    has the same value in every region.
    """

    lever: str
    unit: str
    least: float
    greatest: float
    default: float
    scope: Literal["national", "regional"]
    systems: str
    description: str


@lru_cache(maxsize=1)
def levers() -> dict[str, Lever]:
    """Return all levers by name, in the order of their table."""
    return {row.lever: row for row in read_rows(data_path("levers.csv"), Lever)}
