"""The tables that are read and checked as they stand: sources, events, claims, systems."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import polars as pl

from perelom.evidence import rows
from perelom.evidence.tables import RowType, check_unique, read_frame


def _keyed(name: str, model: type[RowType], key: str, path: Path | None) -> pl.DataFrame:
    table = read_frame(name, model, path)
    check_unique(table, key, (path or Path(name)).name)
    return table


@lru_cache(maxsize=8)
def sources(path: Path | None = None) -> pl.DataFrame:
    """Return the works and documents that figures were taken from."""
    return _keyed("sources.csv", rows.SourceRow, "key", path)


@lru_cache(maxsize=8)
def timeline(path: Path | None = None) -> pl.DataFrame:
    """Return the dated events named by the documents, each with its precision."""
    return _keyed("timeline.csv", rows.EventRow, "id", path)


@lru_cache(maxsize=8)
def claims(path: Path | None = None) -> pl.DataFrame:
    """Return the statements of the documents and how each can be tested."""
    return _keyed("claims.csv", rows.ClaimRow, "id", path)


@lru_cache(maxsize=8)
def conflicts(path: Path | None = None) -> pl.DataFrame:
    """Return the disagreements of the documents and what would decide them."""
    return _keyed("conflicts.csv", rows.ConflictRow, "id", path)


@lru_cache(maxsize=8)
def systems(path: Path | None = None) -> pl.DataFrame:
    """Return the systems that must work, each with its check."""
    return _keyed("systems.csv", rows.SystemRow, "id", path)


@lru_cache(maxsize=8)
def targets(path: Path | None = None) -> pl.DataFrame:
    """Return the acceptance targets of the documents."""
    return _keyed("targets.csv", rows.TargetRow, "id", path)


@lru_cache(maxsize=8)
def conversions(path: Path | None = None) -> pl.DataFrame:
    """Return what was renamed, converted or left out when the observations were compiled."""
    return read_frame("conversions.csv", rows.ConversionRow, path)
