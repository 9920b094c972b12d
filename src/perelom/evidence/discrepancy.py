"""How far the model itself may be off: its own error, by group of observations.

Even with the best parameters a model misses what happened, since it is coarser than history. A fit
that knew only the errors of observation would take its misses for information about parameters.
The numbers stand in `discrepancy.csv`, elicited before any fit and never changed after one.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from perelom.errors import TableError
from perelom.evidence.rows import DiscrepancyRow
from perelom.evidence.splitting import split
from perelom.evidence.tables import FIRST_ROW, data_path, read_rows

DEFAULT = "*"
"""The row of the groups that have none of their own."""


@lru_cache(maxsize=8)
def discrepancies(path: Path | None = None) -> dict[str, DiscrepancyRow]:
    """Return the model's own error by group; `DEFAULT` stands for all other groups.

    Raises
    ------
    TableError
        A malformed cell, a group that the split does not know, one that occurs twice, or no
        default row.

    """
    path = path or data_path("discrepancy.csv")
    groups = {DEFAULT, *split()["group"]}
    found: dict[str, DiscrepancyRow] = {}
    for number, row in enumerate(read_rows(path, DiscrepancyRow), start=FIRST_ROW):
        if row.group in found:
            raise TableError(path.name, number, "group", row.group, "each group once")
        if row.group not in groups:
            raise TableError(
                path.name,
                number,
                "group",
                row.group,
                f"{DEFAULT} or a group of observation_split.csv",
            )
        found[row.group] = row
    if DEFAULT not in found:
        raise TableError(path.name, None, "group", "no default", f"a row with group {DEFAULT}")
    return found


def discrepancy(group: str) -> DiscrepancyRow:
    """Return the row of a group, or the default one."""
    table = discrepancies()
    return table.get(group, table[DEFAULT])
