import json
from collections.abc import Callable
from pathlib import Path

Call = Callable[..., tuple[int, str, str]]


def test_codebook_lists_shows_one_and_writes(perelom: Call) -> None:
    code, out, err = perelom("codebook")
    assert (code, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 80
    code, out, _ = perelom("codebook", "livestock_horses")
    assert code == 0
    for word in ("Horses of all owners", "million_head", "feed_deaths", "tsunkhu_livestock_1938"):
        assert word in out
    assert json.loads(perelom("codebook", "livestock_horses", "--json")[1])["kind"] == "stock"
    for ending in (".csv", ".json", ".md"):
        assert perelom("codebook", "--out", f"a{ending}", "-q") == (0, "", "")
        assert "excess_deaths" in Path(f"a{ending}").read_text(encoding="utf-8")


def test_wrong_names_and_endings_are_refused(perelom: Call) -> None:
    code, _, err = perelom("codebook", "livestock_horse")
    assert code == 2
    assert "did you mean livestock_horses" in err
    code, _, err = perelom("codebook", "--out", "a.xls")
    assert code == 2
    assert ".csv, .json, .md" in err
