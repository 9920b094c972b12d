"""The dated decisions of a scenario: a drawing over time, and rows with their sources."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

from perelom.evidence import systems
from perelom.results.drawing import Frame, mark, svg, text
from perelom.results.run import Run
from perelom.scenario.levers import levers

_WIDTH, _LEFT, _ROW, _TOP = 1000.0, 190.0, 24.0, 22.0
_RADIUS = 3.2


def decision_rows(run: Run) -> list[dict[str, Any]]:
    """Return the decisions in order of time: date, theme, lever, value, region, text, source."""
    names = ("date", "lever", "value", "unit", "region", "source", "text")
    rows = [
        {name: row.get(name, "") for name in names} for row in run.scenario.get("decisions", [])
    ]
    themes = _themes()
    known = [row | {"theme": themes.get(str(row["lever"]), "Other")} for row in rows]
    return sorted(known, key=lambda row: str(row["date"]))


@cache
def _themes() -> dict[str, str]:
    """Return the part of the subject that each lever belongs to: that of its first system."""
    parts = dict(systems().select("id", "part").iter_rows())
    return {name: parts[lever.systems.split()[0]] for name, lever in levers().items()}


def drawn(rows: list[dict[str, Any]]) -> str:
    """Draw decisions over time, one row a theme; a mark tells its decisions when pointed at."""
    themes = list(dict.fromkeys(row["theme"] for row in rows))
    height = _TOP + _ROW * len(themes) + 6
    frame = Frame(_LEFT, _TOP, _WIDTH - _LEFT - 8, height - _TOP, 0.0, 1.0)
    parts = []
    for year in range(1927, 1942):
        x = float(frame.x(float(year)))
        parts.append(f'<path d="M{x:.1f} {_TOP - 6}V{height:.1f}" stroke="var(--rule)"/>')
        if year < 1941:
            parts.append(text(x + 3, _TOP - 9, str(year)))
    for number, name in enumerate(themes):
        y = _TOP + _ROW * (number + 0.5)
        parts.append(text(_LEFT - 10, y + 3.5, name, anchor="end"))
        parts += _marks(frame, y, [row for row in rows if row["theme"] == name])
    return svg(_WIDTH, height, parts)


def _marks(frame: Frame, y: float, rows: list[dict[str, Any]]) -> list[str]:
    by_month: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_month.setdefault(str(row["date"])[:7], []).append(row)
    found = []
    for month, same in by_month.items():
        x = float(frame.x(int(month[:4]) + (int(month[5:7]) - 1) / 12))
        told = "\n".join(_told(row) for row in same)
        drawn_mark = mark(x, y, "circle", "var(--variant-1)", radius=_RADIUS, hollow=False)
        found.append(f'<g opacity="0.8"><title>{escape(told)}</title>{drawn_mark}</g>')
    return found


def _told(row: dict[str, Any]) -> str:
    where = "" if row["region"] in ("all", "") else f", {row['region']}"
    return f"{row['date']}: {row['text'] or row['lever']}{where} ({row['source']})"
