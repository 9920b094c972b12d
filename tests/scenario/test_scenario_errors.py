"""Scenario files that are wrong: the message names file, line, key and what is allowed."""

from pathlib import Path

import pytest

from perelom.errors import ScenarioError
from perelom.scenario import levers, load
from perelom.scenario.tables import lever_table

HEAD = 'title = "T"\ndescription = "D"\n\n'
GOOD = '[[decisions]]\ndate = "1930-03"\nlever = "exit_permitted"\nvalue = 1.0\nsource = "x"\n\n'


def _write(tmp_path: Path, *parts: str) -> Path:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + "".join(parts))
    return path


def _fails(path: Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        lever_table(load(path))
    return str(caught.value)


def test_a_misspelled_lever(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.replace("exit_permitted", "exit_permited")))
    assert "mine.toml, line 12, decisions.2.lever" in message
    assert "unknown lever 'exit_permited'" in message
    assert "did you mean 'exit_permitted'?" in message
    for lever in levers():
        assert lever in message


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("March 1930", "'March 1930': not a month; write 'YYYY-MM'"),
        ("1930-3", "'1930-3': not a month"),
        ("1930-13", "'1930-13': not a month"),
        ("1925-01", "outside the simulated time, 1926-12"),
        ("1951-01", "outside the simulated time"),
    ],
)
def test_an_impossible_date(tmp_path: Path, date: str, words: str) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.replace("1930-03", date)))
    assert "mine.toml" in message
    assert words in message


@pytest.mark.parametrize("date", ["March 1930", "1930-3", "1930-13", "1925-01", "1951-01"])
def test_the_line_of_an_impossible_date(tmp_path: Path, date: str) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.replace("1930-03", date)))
    assert "mine.toml, line 11, decisions.2.date" in message


def test_an_unknown_key_of_a_decision(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.replace("value", "valeu")))
    assert "mine.toml, line 13, decisions.2.valeu: unknown key; allowed: date, lever" in message
    assert "did you mean 'value'?" in message


def test_an_unknown_key_beside_the_right_ones(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.rstrip() + '\nregion = ["Kyiv oblast"]\n'))
    assert "mine.toml, line 15, decisions.2.region: unknown key; allowed: date, lever" in message
    assert "did you mean 'regions'?" in message


def test_an_unknown_key_of_the_file(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, 'bass = "historical"\n', GOOD))
    assert "mine.toml, line 4, bass: unknown key; allowed: title" in message
    assert "did you mean 'base'?" in message


@pytest.mark.parametrize("value", ["-0.1", "1.01", "57.0"])
def test_a_value_out_of_bounds(tmp_path: Path, value: str) -> None:
    message = _fails(_write(tmp_path, GOOD, GOOD.replace("1.0\n", f"{value}\n")))
    assert "mine.toml, line 13, decisions.2.value" in message
    assert f"exit_permitted = {value} is outside 0.0 to 1.0 share" in message


@pytest.mark.parametrize("value", ['"much"', "true", "nan"])
def test_a_value_that_is_no_number(tmp_path: Path, value: str) -> None:
    message = _fails(_write(tmp_path, GOOD.replace("1.0\n", f"{value}\n")))
    assert "mine.toml, line " in message
    assert "decisions.1" in message


def test_a_decision_without_a_source(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, GOOD.replace('source = "x"\n', "")))
    assert "decisions.1.source" in message


def test_an_unknown_region(tmp_path: Path) -> None:
    wrong = GOOD.rstrip() + '\nregions = ["Kiyv oblast"]\n'
    message = _fails(_write(tmp_path, wrong))
    assert "exit_permitted of 1930-03" in message
    assert "Kiyv oblast" in message


def test_an_unknown_stage(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, GOOD.rstrip() + '\nregions = ["stage 4"]\n'))
    assert "exit_permitted of 1930-03" in message
    assert "allowed: names or stage 1 to 3" in message


def test_regions_of_a_national_lever(tmp_path: Path) -> None:
    wrong = GOOD.replace("exit_permitted", "export_priority")
    message = _fails(_write(tmp_path, wrong.rstrip() + '\nregions = ["stage 1"]\n'))
    assert "export_priority is national and takes no regions" in message


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (('kind = "drought"', 'kind = "frost"'), "shocks.1.kind"),
        (("severity = 2.0", "severity = 4.0"), "less than or equal to 3"),
        (('end = "1931-06"', 'end = "1931-03"'), "ends (1931-03) before it begins (1931-05)"),
    ],
)
def test_impossible_shocks(tmp_path: Path, changed: tuple[str, str], words: str) -> None:
    shock = (
        '[[shocks]]\nkind = "drought"\nbegin = "1931-05"\nend = "1931-06"\nseverity = 2.0\n'
        'source = "x"\n'
    )
    message = _fails(_write(tmp_path, shock.replace(*changed)))
    assert "mine.toml, line " in message
    assert words in message


def test_not_toml_not_there_not_known(tmp_path: Path) -> None:
    assert "cannot be read" in _fails(_write(tmp_path, "[[decisions\n"))
    with pytest.raises(ScenarioError, match="no such scenario file"):
        load(tmp_path / "other.toml")
    with pytest.raises(ScenarioError, match="did you mean 'historical'"):
        load("historcal")


def test_an_unknown_base(tmp_path: Path) -> None:
    message = _fails(_write(tmp_path, 'base = "historcal"\n'))
    assert "did you mean 'historical'?" in message
