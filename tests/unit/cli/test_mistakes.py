"""Plausible mistakes: one clear error each, exit code 2, nothing half-written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from perelom.inference import forward, prior_check

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """Files that are in the way; whoever simulates after a mistake fails."""
    for module, name in ((prior_check, "run_ensemble"), (forward, "historical_problem")):
        monkeypatch.setattr(module, name, None)
    monkeypatch.chdir(tmp_path)
    Path("a_file").write_text("")
    Path("folder").mkdir()
    Path("folder/other").write_text("")
    Path("broken").mkdir()
    Path("broken/manifest.json").write_text('{"format_version": 1')
    Path("unreadable.toml").write_text('title = "x\n')
    Path("binary.toml").write_bytes(b"\xff\xfe\x00")
    return set(Path().rglob("*"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("rn", "did you mean 'run'"),
        ("run histrical", "did you mean 'historical'"),
        ("run unreadable.toml", "unreadable.toml: cannot be read"),
        ("run binary.toml", "binary.toml: cannot be read"),
        ("run missing.toml", "no such scenario file"),
        ("run folder", "known: historical, nep"),
        ("run --vilages 320", "--villages"),
        ("run --villages", "requires an argument"),
        ("run --villages many", "valid integer"),
        ("run --until 1929-13", "not a month"),
        ("run --until November", "not a month"),
        ("run --processes 0", "--processes"),
        ("run --out a_file", "already in use"),
        ("run --out a_file/deeper", "part of the path is a file"),
        ("run --out folder", "already in use"),
        ("run --resume folder", "no run folder here"),
        ("run --resume broken", "cannot be read"),
        ("run --resume broken --villages 320", "--villages belongs to a new run"),
        ("run --resume broken --seed 0 --draws sampled", "--seed, --draws belong to a new run"),
        ("run nep --resume broken", "SCENARIO belongs to a new run"),
        ("run nep --branch 1929-11 --from broken --member 0", "--member belongs to a new run"),
        ("score a_file", "no run folder here"),
        ("score", "missing argument 'RUN'"),
        ("score broken folder", "unexpected extra argument"),
        ("report broken --out none/page.html", "does not exist"),
        ("report broken --out folder", "a folder is already there"),
        ("compare", "missing argument 'SCENARIO'"),
        ("ablate forced_procurment", "did you mean 'forced_procurement'"),
        ("ablate --all inheritance", "exclude each other"),
        ("ablate inheritance --markdown none/page.md", "does not exist"),
        ("fit", "needs a folder"),
        ("fit --out a_file", "not empty"),
        ("fit --out new --ensemble 5", "10 or more"),
        ("fit --check-prior --out none/points.csv", "does not exist"),
        ("evidence grain_harvst", "grain_harvest"),
        ("conflicts zzzz", "nothing found"),
        ("scenarios nep", "unexpected extra argument"),
    ],
)
def test_a_mistake_is_one_message_and_changes_nothing(
    perelom: Call, in_the_way: set[Path], line: str, words: str
) -> None:
    code, out, err = perelom(*line.split())
    assert (code, out) == (2, "")
    assert err.startswith("perelom: error: ")
    assert words.lower() in err.lower()
    for heading in ("Traceback", "Usage:", "Try "):
        assert heading not in err
    assert set(Path().rglob("*")) == in_the_way


def test_on_a_terminal_long_errors_are_wrapped(
    perelom: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perelom.cli.output.is_terminal", lambda: True)
    _, _, err = perelom("ablate", "forced_procurment")
    assert max(map(len, err.splitlines())) <= 80
    assert "\n           " in err, "lines go on beside their heading"


def test_a_country_that_cannot_be_built_leaves_nothing(
    perelom: Call, engine, monkeypatch: pytest.MonkeyPatch, in_the_way: set[Path]
) -> None:  # type: ignore[no-untyped-def]
    def stop(_settings: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "country", stop)
    code, _, err = perelom("run", "--out", "new")
    assert code == 130
    assert "nothing is kept" in err
    assert set(Path().rglob("*")) == in_the_way
