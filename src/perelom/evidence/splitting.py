"""The split of the observations: fitted, held out, or context.

The rules are ordered and the first that matches wins. They were committed before the first
comparison of a simulated value with an observation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fnmatch import translate
from functools import cache, lru_cache
from pathlib import Path

import polars as pl

from perelom.evidence.rows import SplitRow
from perelom.evidence.tables import read_frame


@dataclass(frozen=True)
class Rule:
    """One rule: globs on series and region, a period that must be touched, and the verdict."""

    group: str
    use: str
    matches_series: Callable[[str], bool]
    matches_region: Callable[[str], bool]
    start: date
    end: date


@lru_cache(maxsize=8)
def split(path: Path | None = None) -> pl.DataFrame:
    """Return the ordered rules that give every observation a group and a use."""
    return read_frame("observation_split.csv", SplitRow, path)


@lru_cache(maxsize=8)
def rules(path: Path | None = None) -> tuple[Rule, ...]:
    """Return the rules of the split, ready to be applied."""
    return tuple(
        Rule(
            group=row["group"],
            use=row["use"],
            matches_series=_matcher(row["series"]),
            matches_region=_matcher(row["region"]),
            start=row["period_start"] or date.min,
            end=row["period_end"] or date.max,
        )
        for row in split(path).iter_rows(named=True)
    )


def resolve(series: str, region: str, start: date, end: date) -> Rule:
    """Return the first rule that matches an observation (the last rule matches all)."""
    return next(
        rule for rule in _rules_for(series, region) if rule.start <= end and start <= rule.end
    )


@cache
def _rules_for(series: str, region: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in _rules_for_series(series) if rule.matches_region(region))


@cache
def _rules_for_series(series: str) -> tuple[Rule, ...]:
    return tuple(rule for rule in rules() if rule.matches_series(series))


def _matcher(globs: str) -> Callable[[str], bool]:
    pattern = re.compile("|".join(translate(part) for part in globs.split("|")))
    return lru_cache(maxsize=None)(lambda text: pattern.match(text) is not None)
