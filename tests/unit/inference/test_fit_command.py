import json
from pathlib import Path

import polars as pl
import pytest
from test_prior_check import ensemble_around
from typer.testing import CliRunner

from perelom.cli.app import app
from perelom.errors import PerelomError
from perelom.inference import prior_check


@pytest.fixture(autouse=True)
def without_simulating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(prior_check, "run_ensemble", lambda *_: ensemble_around(0.4, 0.5))


def test_tables_fit_eighty_columns_and_state_the_share() -> None:
    done = CliRunner().invoke(app, ["fit", "--check-prior"])
    assert done.exit_code == 0
    assert max(len(line.rstrip()) for line in done.output.splitlines()) <= 80
    assert "observations inside" in done.output
    assert "21 of 21 draws ran through" in done.output


def test_held_out_groups_are_not_shown() -> None:
    done = CliRunner().invoke(app, ["fit", "--check-prior"])
    assert "famine deaths" not in done.output
    assert "harvest and yield of 1936" not in done.output


def test_json_and_file_hold_every_point(tmp_path: Path) -> None:
    out = tmp_path / "points.csv"
    done = CliRunner().invoke(app, ["fit", "--check-prior", "--json", "--out", str(out)])
    told = json.loads(done.output)
    table = pl.read_csv(out)
    assert told["points"] == table.height
    assert told["contained"] == pytest.approx(table["contained"].mean())
    assert len(told["misses"]) == (~table["contained"]).sum()
    assert {"p05", "p95", "direction"} <= set(table.columns)


def test_without_the_check_there_is_one_clear_error() -> None:
    done = CliRunner().invoke(app, ["fit"])
    assert isinstance(done.exception, PerelomError)
    assert "no fit yet" in str(done.exception)
