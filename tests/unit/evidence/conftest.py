from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from perelom.evidence.tables import data_path


@pytest.fixture
def corrupted(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that copies a table of the package with one change."""

    def corrupt(
        name: str, row: int = 0, column: str = "", value: str = "", drop: str = "", keep: int = 50
    ) -> Path:
        with data_path(name).open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            columns = [field for field in reader.fieldnames or [] if field != drop]
            rows = list(reader)[:keep]
        if column:
            rows[row][column] = value
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return corrupt
