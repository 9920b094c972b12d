import re
from pathlib import Path

from perelom.model.mechanisms import MECHANISMS
from perelom.model.month import LINES

ROOT = Path(__file__).parents[3]


def test_model_page_lists_every_line_with_its_state() -> None:
    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| (\w+) \|.*\| ([\w ]+) \|$", page, re.MULTILINE)
    expected = [
        (line.name, "active" if MECHANISMS[line.name].active else "not yet") for line in LINES
    ]
    assert rows == expected


def test_commands_of_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make (\w+)(?=[ `])", readme):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_documents_fetch_nothing() -> None:
    pages = [*(ROOT / "docs").glob("*.md"), ROOT / "README.md", ROOT / "mkdocs.yml"]
    for page in pages:
        assert "http://" not in page.read_text(encoding="utf-8")
        assert "https://" not in page.read_text(encoding="utf-8")
