"""The code of the tutorial runs, so that the page cannot rot."""

import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial.md"
CELL = re.compile(r'^```python exec="1"[^\n]*session="tutorial"\n(.*?)^```$', re.DOTALL | re.M)


@pytest.fixture(scope="module")
def ran() -> tuple[str, dict[str, Any]]:
    """What the cells print, and the names that they leave; all share them, as on the page."""
    names: dict[str, Any] = {"__name__": "tutorial"}
    outputs = []
    for code in CELL.findall(PAGE.read_text(encoding="utf-8")):
        with redirect_stdout(io.StringIO()) as printed:
            exec(compile(code, str(PAGE), "exec"), names)
        outputs.append(printed.getvalue())
    return "\n".join(outputs), names


def test_every_python_block_is_run() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert len(CELL.findall(text)) == text.count("```python") >= 10


def test_cells_show_what_the_text_speaks_of(ran: tuple[str, dict[str, Any]]) -> None:
    shown, names = ran
    assert shown.count("<figure") == 2
    assert "none of its numbers is an estimate" in shown
    assert "Horses of all owners" in shown
    assert "run.codebook.csv" in shown
    assert "scenario “historical”" in shown
    exports = names["table"].loc["grain_exports"]
    assert exports["historical"] > 1
    assert exports["no exports"] == pytest.approx(0, abs=1e-6)


def test_what_is_shown_is_what_stands_above_it() -> None:
    """A cell's hidden last line shows the expression of the line before it."""
    for code in CELL.findall(PAGE.read_text(encoding="utf-8"))[1:]:
        *_, before, last = code.rstrip().splitlines()
        if "markdown-exec: hide" in last:
            assert last == f"show({before})  # markdown-exec: hide"
