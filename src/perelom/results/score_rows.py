"""The scoreboard of a run in words and figures for a reader."""

from typing import Any

from perelom.results.page import number
from perelom.results.score import in_words

FAR = 2.0
"""From how many times the sources' uncertainty a group counts as off."""
NAMED = 4
"""How many of the groups that are farthest off are named."""


def verdict(board: list[dict[str, Any]]) -> str:
    """Say in one or two sentences how the run stands against the observations."""
    sentences = []
    for use, name in (("fit", "groups used in the fit"), ("held_out", "held-out groups")):
        rows = [row for row in board if row["use"] == use and row["error"] is not None]
        near = sum(row["error"] <= FAR for row in rows)
        silent = sum(row["use"] == use and row["error"] is None for row in board)
        sentences.append(
            f"Of {len(rows)} {name} that can be compared, the run comes within twice the "
            f"uncertainty of the sources in {near} and not in {len(rows) - near}"
            + (f"; {silent} more cannot be compared yet." if silent else ".")
        )
        far = sorted((row for row in rows if row["error"] > FAR), key=lambda row: -row["error"])
        if far:
            sentences.append(f"Farthest off: {', '.join(row['group'] for row in far[:NAMED])}.")
    return " ".join(sentences)


def scoreboard(caption: str, rows: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]], str]:
    """Return a caption, the rows of groups that can be compared, and the names of the others."""
    shown = [_score_row(row) for row in rows if row["points"]]
    return caption, shown, ", ".join(row["group"] for row in rows if not row["points"])


def _score_row(row: dict[str, Any]) -> dict[str, Any]:
    unit = " pp" if row.get("in_points") else "%"
    of_draws = {
        name: f"{100 * row[name]:{sign}.0f}{mark}"
        for name, sign, mark in (
            ("off", "", unit),
            ("lean", "+", unit),
            ("width", "", unit),
            ("cover", "", "%"),
        )
        if row.get(name) is not None
    }
    return of_draws | {
        "of_prior": number(row.get("of_prior"), 2),
        "group": row["group"],
        "points": row["points"],
        "of": row["of"],
        "error": number(row["error"], 1),
        "bias": number(row["bias"], 1, sign=True),
        "within": "–" if row["within"] is None else f"{row['within']:.0%}",
        "words": in_words(row["error"]),
    }
