import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from perelom.evidence import parameters
from perelom.inference import posterior
from perelom.inference.posterior import Posterior, prior_hash
from perelom.results import chunk
from perelom.results.errors import WriteError
from perelom.results.run import Run

Call = Callable[..., tuple[int, str, str]]


def test_run_prints_scoreboard_and_paths_last(perelom: Call) -> None:
    code, out, _ = perelom("run", "historical", "--out", "a", "--villages", "3")
    assert code == 0
    lines = out.rstrip().splitlines()
    assert lines[-2:] == ["Run folder: a", "Report:     a/report.html"]
    assert max(len(line) for line in lines) <= 80
    assert out.index("Groups used in the fit") < out.index("Groups held out")
    assert Path("a/score.csv").is_file()
    assert Run.open("a").manifest.status == "complete"


@pytest.mark.parametrize("priors", [prior_hash(), "of another table"])
def test_a_run_takes_the_central_fitted_set_unless_told_otherwise(
    perelom: Call,
    engine,
    monkeypatch: pytest.MonkeyPatch,
    priors: str,  # type: ignore[no-untyped-def]
) -> None:
    names = [name for name, p in parameters().items() if p.prior != "fixed"]
    sets = tuple(dict.fromkeys(names, value) for value in (0.25, 0.5))
    fitted = Posterior(sets, {"central": 1, "priors": priors})
    monkeypatch.setattr(posterior, "shipped", lambda: fitted)
    _, _, said = perelom("run", "--out", "a")
    assert engine.calls[-1][1].parameters == sets[1]
    assert ("other priors" in said) == (priors != prior_hash())
    assert "central one of the fitted sets" in Path("a/report.html").read_text(encoding="utf-8")
    _, _, said = perelom("run", "--out", "b", "--prior-defaults")
    assert engine.calls[-1][1].parameters == {}
    assert said == ""


def test_default_folder_is_named_after_scenario_and_time(perelom: Call) -> None:
    code, _, _ = perelom("run", "-q")
    assert code == 0
    (folder,) = Path("runs").iterdir()
    assert folder.name.startswith("historical-")


def test_quiet_and_json(perelom: Call) -> None:
    code, out, err = perelom("run", "--out", "a", "--quiet")
    assert (code, out.count("\n"), err) == (0, 2, "")
    code, out, _ = perelom("run", "--out", "b", "--json")
    assert code == 0
    assert json.loads(out)["run"] == "b"
    code, out, _ = perelom("score", "a", "--json")
    assert {row["use"] for row in json.loads(out)} == {"fit", "held_out"}


def test_stopped_run_is_kept_and_continued(perelom: Call, engine) -> None:  # type: ignore[no-untyped-def]
    engine.stop_after = "1927-12"
    code, _, err = perelom("run", "--out", "a")
    assert code == 130
    assert "perelom run --resume a" in err
    assert Run.open("a").manifest.status == "interrupted"
    engine.stop_after = None
    code, _, _ = perelom("run", "--resume", "a", "-q")
    assert code == 0
    perelom("run", "--out", "whole", "-q")
    resumed, whole = Run.open("a"), Run.open("whole")
    assert resumed.manifest.status == "complete"
    xr.testing.assert_identical(resumed.monthly.load(), whole.monthly.load())


def test_run_stopped_at_once_leaves_nothing(perelom: Call, engine) -> None:  # type: ignore[no-untyped-def]
    def simulate(*_: object, **__: object) -> object:
        raise KeyboardInterrupt
        yield

    engine.simulate = simulate
    code, _, err = perelom("run", "--out", "a")
    assert code == 130
    assert "nothing is kept" in err
    assert not Path("a").exists()


@pytest.mark.parametrize(("option", "state"), [("--keep-states", "1927-12"), ("-q", None)])
def test_branch_takes_over_the_months_before(  # type: ignore[no-untyped-def]
    perelom: Call, engine, option: str, state: str | None
) -> None:
    perelom("run", "--out", "a", "-q", option)
    engine.calls.clear()
    code, _, _ = perelom("run", "--branch", "1928-06", "--from", "a", "--out", "b", "-q")
    assert code == 0
    first, second = engine.calls
    assert (first[1].until, first[2] and first[2].name) == ("1928-05", state)
    assert second[2].name == "1928-05"
    run = Run.open("b")
    assert run.manifest.branch["month"] == "1928-06"
    assert run.monthly.sizes["month"] == 25
    np.testing.assert_allclose(run.monthly["births_total"], Run.open("a").monthly["births_total"])
    assert run.accounts.height == Run.open("a").accounts.height


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "histrical"), "historical"),
        (("run", "--until", "1929-13"), "not a month"),
        (("run", "--draws", "guessed"), "sampled, expected"),
        (("run", "--branch", "1929-11"), "belong together"),
        (("run", "--resume", "nothing"), "no such folder"),
        (("run", "--branch", "1929-11", "--from", "nothing"), "no such folder"),
        (("score", "nothing"), "no such folder"),
        (("report", "nothing"), "no such folder"),
        (("export", "nothing", "a.csv"), "no such folder"),
        (("evidence", "grain_harvst"), "grain_harvest"),
        (("claims", "zzzzzz"), "nothing found"),
    ],
)
def test_errors_are_one_message_and_exit_code_2(
    perelom: Call, arguments: tuple[str, ...], words: str
) -> None:
    code, out, err = perelom(*arguments)
    assert code == 2
    assert out == ""
    assert err.startswith("perelom: error: ")
    assert words in err
    assert "Traceback" not in err
    assert not list(Path().iterdir())


def test_full_disk_says_how_to_go_on(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, _: bytes) -> None:
        raise WriteError(what="cannot write", where=str(path), allowed="space", remedy="free some")

    with monkeypatch.context() as patch:
        patch.setattr(chunk, "write_whole", full)
        code, _, err = perelom("run", "--out", "a")
    assert code == 2
    assert "cannot write" in err
    assert not Path("a").exists()

    written = chunk.write_whole

    def full_later(path: Path, content: bytes) -> None:
        (full if path.name == "1928-12" else written)(path, content)

    with monkeypatch.context() as patch:
        patch.setattr(chunk, "write_whole", full_later)
        code, _, err = perelom("run", "--out", "a")
    assert code == 2
    assert "perelom run --resume a" in err
    assert perelom("run", "--resume", "a", "-q")[0] == 0


def test_existing_folder_is_refused(perelom: Call) -> None:
    perelom("run", "--out", "a", "-q")
    before = Path("a/manifest.json").read_bytes()
    code, _, err = perelom("run", "--out", "a")
    assert code == 2
    assert "remedy:" in err
    assert Path("a/manifest.json").read_bytes() == before


def test_finished_run_cannot_be_continued(perelom: Call) -> None:
    perelom("run", "--out", "a", "-q")
    code, _, err = perelom("run", "--resume", "a")
    assert code == 2
    assert "already done" in err


def test_unknown_format_is_refused(perelom: Call) -> None:
    perelom("run", "--out", "a", "-q")
    code, _, err = perelom("export", "a", "a.xyz", "--format", "excel")
    assert code == 2
    assert "csv, parquet, netcdf, stata" in err
    code, out, _ = perelom("export", "a", "a.csv")
    assert (code, out) == (0, "Written: a.csv and a.codebook.csv\n")
    for ending, start in ((".nc", b"\x89HDF"), (".parquet", b"PAR1"), (".dta", b"<stata_dta>")):
        assert perelom("export", "a", f"a{ending}", "-q")[0] == 0
        assert Path(f"a{ending}").read_bytes().startswith(start)
    assert perelom("export", "a", "wide.csv", "--wide")[0] == 0
    assert Path("wide.csv").read_text().startswith("month,region,layer,population_total,")


def test_unknown_option_has_exit_code_2(perelom: Call) -> None:
    assert perelom("run", "--vilages", "3")[0] == 2
