"""`perelom run --ensemble`: draws beside the central member, kept and continued."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from perelom.results.draws_store import DrawsStore
from perelom.results.run import Run

Call = Callable[..., tuple[int, str, str]]
SMALL = ("--villages", 320, "--draws", "expected", "--until", "1927-12", "--processes", 1)


@pytest.fixture
def stop_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Press Ctrl-C once so many draws are written."""

    def arm(count: int) -> None:
        written = DrawsStore.append

        def append(store: DrawsStore, *rest: object) -> None:
            written(store, *rest)  # type: ignore[arg-type]
            if store.members().height == count:
                raise KeyboardInterrupt

        monkeypatch.setattr(DrawsStore, "append", append)

    return arm


def test_ctrl_c_leaves_a_folder_that_goes_on_to_the_same_end(
    perelom: Call, stop_after: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after(1)
    code, _, err = perelom("run", *SMALL, "--ensemble", 3, "--out", "a")
    assert code == 130
    assert "perelom run --resume a" in err
    manifest = json.loads(Path("a/manifest.json").read_text())
    assert (manifest["status"], manifest["ensemble"]) == ("interrupted", 3)
    assert DrawsStore(Path("a")).left() == [1, 2]
    assert Run.open("a").ensemble is None
    here = Path.cwd()
    monkeypatch.undo()
    monkeypatch.chdir(here)
    monkeypatch.setenv("COLUMNS", "80")
    code, out, err = perelom("run", "--resume", "a", "--processes", 1)
    assert code == 0, err
    assert max(len(line) for line in out.splitlines()) <= 80
    assert "3 of 3 draws ran through" in out
    run = Run.open("a")
    assert run.manifest.status == "complete"
    draws = run.ensemble
    assert draws is not None
    assert draws.layer("true").sizes["draw"] == 3
    assert draws.layer("true")["livestock_horses"].dtype == np.float32

    code, _, err = perelom("run", "--resume", "a")
    assert (code, "already done" in err) == (2, True)
    perelom("run", *SMALL, "--ensemble", 3, "--out", "whole", "-q")
    whole = Run.open("whole").ensemble
    assert whole is not None
    for layer in ("true", "reported"):
        for name, values in whole.layer(layer).data_vars.items():
            np.testing.assert_array_equal(draws.layer(layer)[name], values, err_msg=str(name))

    code, out, _ = perelom("score", "a", "--json")
    rows = [row for row in json.loads(out) if row["points"]]
    assert code == 0
    assert all(0 <= row["cover"] <= 1 and row["width"] >= 0 for row in rows)
    assert {"points", "off", "lean", "cover", "width", "of_prior"} <= set(rows[0])
    page = Path("a/report.html").read_text()
    assert "Lines are medians of 3 draws" in page
    assert "This is a single run with" not in page
    assert 'fill-opacity="0.16"' in page

    members = pl.read_csv("a/members.csv").to_dicts()
    assert [row["status"] for row in members] == ["complete"] * 3
    parameters = pl.read_csv("a/draws.csv")
    assert parameters.height == 3
    assert parameters.width > 50
    shutil.rmtree("whole")


def test_a_run_without_ensemble_scores_as_one_run(perelom: Call) -> None:
    perelom("run", *SMALL[:-2], "--out", "b", "-q")
    code, out, _ = perelom("score", "b")
    assert code == 0
    assert "One run carries no interval" in out
    assert "Cover" not in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "--ensemble", "1"), "--ensemble"),
        (("run", "--ensemble", "3", "--resume", "nothing"), "belongs to a new run"),
        (("run", "--ensemble", "3", "--branch", "1928-01", "--from", "x"), "new run"),
        (("run", "histrical", "--ensemble", "3"), "historical"),
    ],
)
def test_bad_requests(perelom: Call, arguments: tuple[str, ...], words: str) -> None:
    code, out, err = perelom(*arguments)
    assert (code, out) == (2, "")
    assert words in err
    assert not list(Path().iterdir())
