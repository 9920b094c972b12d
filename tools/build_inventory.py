"""Compile the tables of events, claims, conflicts, systems and targets.

Usage: python tools/build_inventory.py FOLDER

FOLDER holds TIMELINE.csv, claims.csv, CONFLICTS.md and SYSTEMS.md, our own inventory of what the
five documents state. Documents are named A to E.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path

from system_series import SERIES

from perelom.evidence import rows
from perelom.evidence.tables import Row, data_path

CLAIM = re.compile(r"\b([A-E])(\d{3})([a-z]?)(?:-([A-E])(\d{3})([a-z]?))?\b")
SYSTEM = re.compile(r"\bS(\d{2,3})\b")
LINES = re.compile(r"(00\d)_\w+\.txt lines ([\d, -]+)")
Cells = dict[str, object]


def main(folder: Path) -> None:
    """Write the five tables into the package's data."""
    with (folder / "claims.csv").open(encoding="utf-8", newline="") as stream:
        stated = list(csv.DictReader(stream))
    text = (folder / "SYSTEMS.md").read_text(encoding="utf-8")
    inventory = systems(text)
    used = defaultdict(list)
    for system in inventory:
        for claim in str(system["claims"]).split():
            used[claim].append(str(system["id"]))
    write("systems.csv", rows.SystemRow, inventory)
    write("claims.csv", rows.ClaimRow, [claim_row(claim, used) for claim in stated])
    write("targets.csv", rows.TargetRow, targets(text))
    conflicts_text = (folder / "CONFLICTS.md").read_text(encoding="utf-8")
    write("conflicts.csv", rows.ConflictRow, conflicts(conflicts_text))
    with (folder / "TIMELINE.csv").open(encoding="utf-8", newline="") as stream:
        events = [
            event(number, row, stated, used) for number, row in enumerate(csv.DictReader(stream), 1)
        ]
    write("timeline.csv", rows.EventRow, events)


def systems(text: str) -> list[Cells]:
    """Return the systems of the inventory: title, part, what to compute, how to check."""
    found: list[Cells] = []
    part = ""
    for line in text.splitlines():
        heading = re.match(r"^# [IVX]+\. (.+)", line)
        title = re.match(r"^## (S\d+) (.+)", line)
        entry = re.match(r"^- (Compute|Check|Claims): (.+)", line)
        if line.startswith("# ") and not heading:
            part = ""
        if heading:
            part = heading.group(1)
        elif title and part:
            identity = title.group(1)
            found.append({"id": identity, "title": title.group(2), "part": part})
            found[-1]["series"] = SERIES.get(identity, "")
        elif entry and part:
            name, value = entry.group(1).lower(), entry.group(2).strip()
            found[-1][name] = " ".join(expanded(value)) if name == "claims" else value
    return found


def targets(text: str) -> list[Cells]:
    """Return the acceptance targets of the inventory's last section."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.match(r"^T\d\d$", cells[0]):
            identity, title, value, claims, places, use = cells
            found.append(
                {
                    "id": identity,
                    "title": title,
                    "value": value,
                    "claims": " ".join(expanded(claims)),
                    "systems": " ".join(f"S{number}" for number in SYSTEM.findall(places)),
                    "use": use,
                }
            )
    return found


def conflicts(text: str) -> list[Cells]:
    """Return the conflicts of substance and those of numbers."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not re.match(r"^K\d\d$", cells[0]):
            continue
        is_substance = int(cells[0][1:]) <= 25
        identity, question, first, second, test = cells
        found.append(
            {
                "id": identity,
                "part": "substance" if is_substance else "numbers",
                "question": question,
                "one_side": first if is_substance else second,
                "other_side": second if is_substance else "",
                "deciding_test": test,
                "claims": " ".join(expanded(f"{first} {second}")),
            }
        )
    return found


def claim_row(claim: dict[str, str], used: dict[str, list[str]]) -> Cells:
    """Return a claim with the systems that it belongs to."""
    row: Cells = {name: claim.get(name, "") for name in rows.ClaimRow.model_fields}
    row["statement"] = claim["statement_en"]
    row["period"] = claim["date_or_period"]
    row["systems"] = " ".join(used.get(claim["id"], []))
    return row


def event(
    number: int, row: dict[str, str], stated: list[dict[str, str]], used: dict[str, list[str]]
) -> Cells:
    """Return a dated event with the claims that stand in the same lines of its document."""
    lines = line_numbers(row["lines"])
    claims = [
        claim["id"]
        for claim in stated
        if claim["document"] == row["document"]
        and claim["kind"] == "event"
        and lines & line_numbers(claim["lines"])
    ]
    places = sorted({place for claim in claims for place in used.get(claim, [])}, key=order)
    return {
        "id": f"E{number:03d}",
        "date": row["date"],
        "precision": row["precision"],
        "event": row["event"],
        "region": row["region"],
        "kind": row["kind"],
        "document": "ABCDE"[int(row["document"][:3])],
        "claims": " ".join(claims),
        "systems": " ".join(places),
    }


def line_numbers(text: str) -> set[int]:
    """Return the line numbers named by a list such as `85-87, 119`."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def expanded(text: str) -> list[str]:
    """Return the claim ids in a text, ranges such as `C015-C018` written out."""
    found: list[str] = []
    for letter, first, suffix, _, last, _ in CLAIM.findall(text):
        span = range(int(first), int(last or first) + 1)
        found += [f"{letter}{number:03d}{suffix if not last else ''}" for number in span]
    return list(dict.fromkeys(found))


def order(system: str) -> int:
    """Return the number of a system, to sort by."""
    return int(system[1:])


def write(name: str, model: type[Row], listed: list[Cells]) -> None:
    """Write a table of the package."""
    with data_path(name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(model.model_fields), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
