"""`perelom compare` from end to end, in four simulated months."""

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl
import pytest

import perelom
from perelom.engine.run import Chunk, Settings, simulate
from perelom.experiments import outcomes
from perelom.experiments.outcomes import Outcome
from perelom.inference import ensemble
from perelom.results import comparison_report
from perelom.scenario import Scenario
from perelom.world.state import World

Call = Callable[..., tuple[int, str, str]]
SHORT = ("--ensemble", 2, "--until", "1927-03")
EARLY = (
    Outcome("horses", ("livestock_horses",), "1927-03", "1927-03", "horses of all", "at", "mn"),
    Outcome("deaths", ("excess_deaths",), "1926-12", "1927-03", "excess deaths", "sum", "persons"),
    Outcome("wage", ("real_wage_index",), "1927-01", "1927-02", "a wage not simulated yet"),
)


@pytest.fixture(autouse=True)
def early(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read outcomes off the first months, so that short runs have some."""
    monkeypatch.setattr(outcomes, "OUTCOMES", EARLY)


def test_table_folder_and_report(perelom: Call) -> None:
    code, out, _ = perelom("compare", "historical", "nep", *SHORT, "--out", "c")
    assert code == 0
    lines = out.rstrip().splitlines()
    assert lines[-2:] == ["Folder: c", "Report: c/report.html"]
    assert max(len(line) for line in lines) <= 80
    assert "nep against historical, 2 draws" in out
    assert "Not simulated: wage." in out
    assert "moral" in out
    assert {p.name for p in Path("c").iterdir()} == {
        "report.html",
        "outcomes.csv",
        "draws.csv",
        "series.csv",
        "parameters.csv",
        "comparison.json",
    }
    draws = pl.read_csv("c/draws.csv")
    assert set(draws["arm"]) == {"historical", "nep"}
    assert draws.height == 2 * 2 * 2
    about = json.loads(Path("c/comparison.json").read_text())
    assert (about["draws_through"], about["stopped"]) == ([0, 1], False)

    page = Path("c/report.html").read_text()
    assert not re.search(r"""(?:src|href)\s*=\s*["'](?!#)""", page.replace("xlink:", ""))
    assert not re.search(r"url\((?!#)", page)
    for absent in ("@import", "<script", "http://", "https://"):
        assert absent not in page.replace("http://www.w3.org/", "")
    for phrase in (
        "Each of 2 draws",
        "no measure of intent, guilt or",
        "A thought experiment, not a forecast",
        "Intensities of pressure",
        "excess deaths from hunger by the model",
        "same persons would have had",
        "Not simulated in these runs: wage",
        "grain_price",
        "To cite this comparison",
    ):
        assert re.sub(r"\s+", " ", phrase) in re.sub(r"\s+", " ", page), phrase
    assert 6 <= page.count("<figure") <= 8


def test_three_scenarios_in_json(perelom: Call) -> None:
    code, out, _ = perelom(
        "compare", "historical", "nep", "historical", *SHORT, "--out", "c", "--json"
    )
    assert code == 0
    told = json.loads(out)
    assert told["base"] == "historical"
    rows = {(row["arm"], row["outcome"]): row for row in told["outcomes"]}
    assert set(rows) == {(a, o) for a in ("nep", "historical 2") for o in ("horses", "deaths")}
    again = rows["historical 2", "horses"]
    assert (again["difference_low"], again["difference_high"], again["equal"]) == (0, 0, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("historical", "nip"), "nep"),
        (("historical",), "two or more scenarios"),
        (("historical", "nep", "--ensemble", "1"), "2 or more"),
        (("historical", "nep", "--until", "1927"), "not a month"),
        (("historical", "nep", "--until", "1955-01"), "outside the simulated time"),
        (("historical", "nep", "--draws", "guessed"), "sampled, expected"),
        (("historical", "nep", "--villages", "7", "--processes", "1"), "villages"),
        (("historical", "nep", "--villages", "7", "--processes", "2"), "villages"),
        (("historical", "nep", "--out", "taken"), "already in use"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(
    perelom: Call, arguments: tuple[str, ...], words: str
) -> None:
    Path("taken").write_text("")
    code, out, err = perelom("compare", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("perelom: error: ")
    assert words in err
    assert [p.name for p in Path().iterdir()] == ["taken"]


def test_ctrl_c_reports_what_is_done(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(scenario: Scenario, settings: Settings, world: World) -> Iterator[Chunk]:
        if settings.member == 2:
            raise KeyboardInterrupt
        return simulate(scenario, settings, world=world)

    monkeypatch.setattr(ensemble, "simulate", stops)
    short = ("--ensemble", 3, "--until", "1926-12", "--processes", 1)
    monkeypatch.setattr(
        outcomes, "OUTCOMES", (Outcome("h", ("livestock_horses",), "1926-12", "1926-12", "d"),)
    )
    code, out, _ = perelom("compare", "historical", "nep", *short, "--out", "c")
    assert code == 130
    assert "Stopped early" in out
    assert "2 of 3 draws were done" in Path("c/report.html").read_text()


def test_in_python() -> None:
    found = perelom.compare("historical", "nep", ensemble=2, until="1927-01")
    assert found.table["outcome"].to_list() == []
    assert set(found.not_simulated) == {"horses", "deaths", "wage"}


def test_numbers_of_a_row_share_their_decimals() -> None:
    row = {f"base{end}": 0.04 for end in ("", "_low", "_high")}
    row |= {f"other{end}": 12.3 for end in ("", "_low", "_high")}
    row |= {"difference": 12.26, "difference_low": -0.04, "difference_high": 12.9}
    assert comparison_report.shown(row, "base") == ("0.0", "0.0 to 0.0")
    assert comparison_report.shown(row, "difference", sign=True) == ("+12.3", "-0.0 to +12.9")


def test_a_difference_without_values_is_a_dash() -> None:
    nothing = {"members": 0, "above": float("nan"), "equal": float("nan")}
    assert comparison_report.above(nothing) == "–"
    assert comparison_report.above({"members": 4, "above": 0.75, "equal": 0.0}) == "3 of 4"
