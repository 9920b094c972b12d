"""How an object shows itself in a notebook: a heading and a table of facts."""

from collections.abc import Iterable
from html import escape


def facts(heading: str, rows: Iterable[tuple[str, object]], note: str = "") -> str:
    """Return HTML of a heading, facts by name, and a note; everything is escaped."""
    cells = "".join(
        f'<tr><th style="text-align:left;font-weight:normal;opacity:.7">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(str(value))}</td></tr>'
        for name, value in rows
    )
    told = f"<p>{escape(note)}</p>" if note else ""
    return f"<div><strong>{escape(heading)}</strong><table>{cells}</table>{told}</div>"
