"""Compile `observations.csv` and `conversions.csv` from the collected files.

Usage: python tools/build_observations.py FOLDER

FOLDER holds agrarian.csv, demography.csv, macro.csv, reference.csv and regional.csv. Every row
is kept except the monthly temperatures of the compiled data. The result is sorted by series; an
id belongs to a place in the collected files, so that it survives a change of names.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import observation_names as names
from observation_sources import layer_of, source_key
from observation_traits import borders_of, calendar_of, count_of

from perelom.evidence.rows import ConversionRow, ObservationRow
from perelom.evidence.splitting import resolve
from perelom.evidence.tables import data_path

FILES = ("agrarian", "demography", "macro", "reference", "regional")
LEFT_OUT = {"air_temperature_monthly_mean": "long compiled series; only its anomalies are carried"}
KEEP_ADDRESS = re.compile(r"https?://(?:www\.)?((?:istmat\.org|marxists\.org)/[^ ;]+)")
END_OF_OLD_RSFSR = date(1936, 12, 5)
LOCAL_SOURCES = {
    "ogpu_1932": "ogpu_kulak_1932",
    "ogpu_1933": "ogpu_movement_ban",
    "ukrainian_health_institute": "partisan_books",
}
ADDED = [
    {
        "series": "state_grain_procurement_shortfall_on_previous_year",
        "region": "USSR",
        "period_start": "1927-07-01",
        "period_end": "1927-12-31",
        "value": "2.048",
        "unit": "Mt",
        "variant": "pood_of_16_kg",
        "low": "",
        "high": "",
        "source": "document D, claims D289-D290",
        "found_at": "",
        "confidence": "B",
        "note": "128 million poods counted as 16 kg each; the other row has 16.38 kg",
    }
] + [
    {
        "series": "prisoners_camps_colonies_prisons",
        "region": "USSR",
        "period_start": f"{year}-01-01",
        "period_end": f"{year}-01-01",
        "value": str(persons),
        "unit": "persons",
        "variant": "zemskov",
        "low": "",
        "high": "",
        "source": "sum of camps and of colonies with prisons in the two other series",
        "found_at": "from memory",
        "confidence": "C",
        "note": "colonies of 1935-38 include prisons",
    }
    for year, persons in ((1935, 965742), (1936, 1296494), (1937, 1196369), (1938, 1881570))
]

Changes = Counter[tuple[str, str, str, str, str]]


def main(folder: Path) -> None:
    """Write both tables into the package's data."""
    changes: Changes = Counter()
    rows = [
        compiled(record, origin, number, changes)
        for number, (record, origin) in enumerate(collected(folder, changes), start=1)
    ]
    mark_repeats(rows)
    rows.sort(key=lambda row: (row["series"], row["region"], row["period_start"], row["id"]))
    write(data_path("observations.csv"), list(ObservationRow.model_fields), rows)
    listed = [
        dict(zip(ConversionRow.model_fields, (*key[:4], count, key[4]), strict=True))
        for key, count in sorted(changes.items())
    ]
    write(data_path("conversions.csv"), list(ConversionRow.model_fields), listed)


def collected(folder: Path, changes: Changes) -> list[tuple[dict[str, str], str]]:
    """Return the rows of the collected files, each with the place where it stands."""
    found = []
    for name in FILES:
        with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            for line, record in enumerate(csv.DictReader(stream), start=2):
                if record["series"] in LEFT_OUT:
                    reason = LEFT_OUT[record["series"]]
                    changes["left_out", record["series"], "", "", reason] += 1
                else:
                    found.append((record, f"{name}:{line}"))
    return found + [(record, f"added:{place}") for place, record in enumerate(ADDED, start=1)]


def compiled(
    record: dict[str, str], origin: str, number: int, changes: Changes
) -> dict[str, object]:
    """Return one collected row under canonical names, in the unit of its series."""
    start = date.fromisoformat(record["period_start"])
    end = date.fromisoformat(record["period_end"])
    series, region, note = named(record, changes)
    region = bordered(region, record["variant"], start)
    unit, factor = converted(series, record["unit"], changes)
    key, usual = source_key(record["source"])
    if record["source"] == "same":
        key = LOCAL_SOURCES[record["variant"]]
    rule = resolve(series, region, start, end)
    origin += f"; {record['series']}" if record["series"] != series else ""
    origin += f"; {record['unit']}" if record["unit"] != unit else ""
    return {
        "id": f"o{number:05d}",
        "series": series,
        "region": region,
        "period_start": record["period_start"],
        "period_end": record["period_end"],
        **{name: scaled(record[name], factor) for name in ("value", "low", "high")},
        "unit": unit,
        "variant": record["variant"],
        "source": key,
        "source_detail": detail(record),
        "grade": record["confidence"],
        "layer": layer_of(series, record["variant"], usual),
        "calendar": calendar_of(start, end, record["unit"]),
        "count": count_of(series, record["variant"], start, end),
        "borders": borders_of(region, record["variant"], record["note"], end),
        "group": rule.group,
        "use": rule.use,
        "duplicate_of": "",
        "note": note,
        "origin": origin,
    }


def named(record: dict[str, str], changes: Changes) -> tuple[str, str, str]:
    """Return the canonical series and region of a row, and its note."""
    old, region, note = record["series"], record["region"], record["note"]
    series, reason = names.SERIES.get(old, (old, ""))
    if names.SPLIT_BY_CURRENCY.match(old):
        series = f"{old}_{names.CURRENCY_SUFFIX[record['unit']]}"
        reason = "a currency of another kind is another quantity"
    origin = names.PLANNED_FROM.match(old)
    if origin:
        series, reason = names.KULAK_PLAN, "the region is now the origin, the note has the other"
        note = f"to {names.REGIONS.get(region, region)}; {note}"
        region = names.ORIGINS[origin.group(1)]
    elif old.startswith("kulak_") and "deportation_plan" in old:
        is_proposal = record["period_start"].startswith("1932")
        series = names.KULAK_PROPOSAL_1932 if is_proposal else names.KULAK_PLAN
        reason = "the cancelled proposals of 1932 are kept apart from the plans of 1930-1931"
    if (series, record["variant"]) in names.VARIANTS and record["period_start"] < "1939":
        series, reason = names.VARIANTS[series, record["variant"]]
    if series != old:
        changes["series", old, series, "", reason] += 1
    canonical = names.REGIONS.get(region, region)
    if canonical != region:
        changes["region", region, canonical, "", names.REGION_REASON] += 1
    return series, canonical, note


def bordered(region: str, variant: str, start: date) -> str:
    """Return the region, with the RSFSR told apart before and after December 1936."""
    if region == "RSFSR" and (start >= END_OF_OLD_RSFSR or variant == "derived_from_adh_1998"):
        return "RSFSR (1936 borders)"
    return region


def converted(series: str, old: str, changes: Changes) -> tuple[str, float]:
    """Return the unit of a series and the factor from the unit of a collected row."""
    unit, factor, reason = names.UNITS.get(old, (old, 1.0, ""))
    unit, further, second = names.SERIES_UNITS.get((series, unit), (unit, 1.0, ""))
    factor *= further
    if unit != old:
        key = ("unit", f"{series}: {old}", unit, f"{factor:.10g}", second or reason)
        changes[key] += 1
    return unit, factor


def scaled(cell: str, factor: float) -> str:
    """Return a number in its new unit, with no digits that the conversion invents."""
    if not cell:
        return ""
    return cell if factor == 1 else f"{float(cell) * factor:.10g}"


def detail(record: dict[str, str]) -> str:
    """Return the source as printed, with an ordinary address, and whether it was recalled."""
    printed = re.sub(r"^001_\w+\.txt$", "document B", record["source"].strip())
    address = KEEP_ADDRESS.search(record["found_at"])
    if record["found_at"] == "from memory" and "recalled" not in printed:
        return f"{printed}; recalled"
    return f"{printed}; read at {address.group(1)}" if address else printed


def mark_repeats(rows: list[dict[str, object]]) -> None:
    """Point each row that repeats a figure (series, region, period, value) to the best one."""
    best: dict[tuple[object, ...], object] = {}
    for row in sorted(rows, key=lambda row: (str(row["grade"]), str(row["id"]))):
        period = tuple(str(row[name])[:7] for name in ("period_start", "period_end"))
        value = f"{float(str(row['value'])):.3g}"
        key = (row["series"], row["region"], *period, value, row["count"])
        row["duplicate_of"] = best.get(key, "")
        best.setdefault(key, row["id"])


def write(path: Path, columns: list[str], rows: list[dict[str, object]]) -> None:
    """Write a table of the package."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
