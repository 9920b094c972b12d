import json
from collections.abc import Callable
from pathlib import Path

import pytest

from perelom.results.run import Run

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(perelom: Call) -> str:
    perelom("run", "historical", "--out", "a", "--villages", "3", "-q")
    return "a"


@pytest.mark.parametrize(
    "extra",
    [
        (),
        ("--months",),
        ("--year", "1927", "--orders"),
        ("--household", 0),
        ("--household", 0, "--year", "1928"),
        ("--households",),
        ("--quiet",),
    ],
)
def test_tables_fit_eighty_columns(perelom: Call, run: str, extra: tuple[object, ...]) -> None:
    code, out, err = perelom("village", run, "--id", 1, *extra)
    assert (code, err) == (0, "")
    assert max(len(line) for line in out.splitlines()) <= 80


def test_head_and_rows(perelom: Call, run: str) -> None:
    _, out, _ = perelom("village", run, "--id", 1)
    assert "Village 1, Kyiv oblast, raion 01\nStands for 200 villages of the region." in out
    assert "1927/28" in out
    assert "no village that existed" in " ".join(out.split())
    _, out, _ = perelom("village", run, "--id", 1, "--year", 1927, "-q")
    assert "1927-12" in out
    assert "1928-01" not in out
    assert "no village that existed" not in " ".join(out.split())


def test_json_has_the_same_rows(perelom: Call, run: str) -> None:
    _, out, _ = perelom("village", run, "--id", 1, "--months", "--households", "--json")
    found = json.loads(out)
    assert [row["period"] for row in found["rows"]][:2] == ["1926-12", "1927-01"]
    assert found["rows"][0]["persons"] == 400
    assert found["place"]["region"] == "Kyiv oblast"
    assert [row["household"] for row in found["households"]] == [0]
    _, out, _ = perelom("village", run, "--id", 1, "--household", 0, "--year", 1928, "--json")
    assert {row["month"][:4] for row in json.loads(out)["months"]} == {"1928"}


def test_page_lies_in_the_run_folder_or_where_asked(perelom: Call, run: str) -> None:
    assert perelom("village", run, "--id", 2, "--page", "-q")[1] == "a/village-2.html\n"
    assert Path("a/village-2.html").is_file()
    assert perelom("village", run, "--id", 2, "--out", "x.html")[1] == "Page: x.html\n"
    assert Path("x.html").read_bytes() == Path("a/village-2.html").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--id", 3), "the numbers 0 to 2"),
        (("--id", -1), "the numbers 0 to 2"),
        (("--id", 2, "--household", 0), "perelom run --follow 2"),
        (("--id", 2, "--households"), "perelom run --follow 2"),
        (("--id", 2, "--household", 0, "--page"), "perelom run --follow 2"),
        (("--id", 1, "--household", 4), "no household 4"),
        (("--id", 1, "--household", 0, "--households"), "exclude each other"),
        (("--id", 1, "--year", 1950), "1926 to 1928"),
    ],
)
def test_mistakes_give_one_message_and_write_nothing(
    perelom: Call, run: str, arguments: tuple[object, ...], words: str
) -> None:
    before = sorted(Path().rglob("*"))
    code, out, err = perelom("village", run, *arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert err.count("perelom: error:") == 1
    assert sorted(Path().rglob("*")) == before


def test_a_run_that_is_not_there_or_too_old_says_so(perelom: Call, run: str) -> None:
    code, _, err = perelom("village", "nothing", "--id", 1)
    assert code == 2
    assert "no such folder" in err
    (Path(run) / "village_places.parquet").unlink()
    code, _, err = perelom("village", run, "--id", 1)
    assert code == 2
    assert "repeat the run" in err


def test_places_survive_a_branch(perelom: Call, run: str) -> None:
    perelom("run", "--branch", "1928-06", "--from", run, "--out", "b", "-q")
    assert Run.open("b").village_places.equals(Run.open(run).village_places)
    assert perelom("village", "b", "--id", 1)[0] == 0
