import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import toy
from test_prior_check import ensemble_around
from typer.testing import CliRunner

from perelom.cli.app import app
from perelom.errors import PerelomError
from perelom.inference import forward, prior_check
from perelom.inference.posterior import shipped
from perelom.inference.workers import MemberRun
from perelom.results.fit_folder import FitFolder


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


def test_a_fit_without_a_folder_is_one_clear_error() -> None:
    done = CliRunner().invoke(app, ["fit"])
    assert isinstance(done.exception, PerelomError)
    assert "needs a folder" in str(done.exception)


@pytest.fixture
def with_a_toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a toy in the place of the model; two of its observations are held out."""
    problem = toy.problem()
    use = pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("held_out")).otherwise(pl.lit("fit"))
    split = replace(problem, observations=problem.observations.with_columns(use=use))
    monkeypatch.setattr(forward, "historical_problem", lambda _settings: split)


def command(folder: Path, *more: str) -> list[str]:
    size = ["--members", "30", "--iterations", "2", "--processes", "1"]
    return ["fit", "--out", str(folder), *size, *more]


@pytest.mark.usefixtures("with_a_toy")
def test_a_fit_prints_eighty_columns_and_the_acceptance_line(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, command(tmp_path / "fit"))
    assert done.exit_code == 0, done.output
    lines = [line.rstrip() for line in done.output.splitlines() if not line.startswith("Folder:")]
    assert max(map(len, lines)) <= 80
    assert "28 fitted points inside" in done.output
    assert "70% are wanted: reached" in done.output
    assert "Groups held out" in done.output
    assert "of 2 points inside" in done.output
    assert "Parameters that moved most" in done.output


@pytest.mark.usefixtures("with_a_toy")
def test_files_hold_every_point_parameter_and_draw(tmp_path: Path) -> None:
    folder = tmp_path / "fit"
    told = json.loads(CliRunner().invoke(app, command(folder, "--json")).output)
    assert told == json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    points = pl.read_csv(folder / "observations.csv")
    assert points.height == toy.POINTS
    assert points["fitted"].sum() == told["fitted_points"] == toy.POINTS - 2
    fitted = points.filter("fitted")
    assert fitted["posterior_inside"].mean() == pytest.approx(told["inside"]["fit"]["posterior"])
    assert (fitted["posterior_low"] <= fitted["posterior_p05"]).all()
    assert (fitted["width"] < 1).mean() > 0.8
    posterior = pl.read_csv(folder / "posterior.csv")
    assert posterior.height == 30
    assert posterior.columns == ["member", *toy.free()]
    assert {row["name"] for row in told["parameters"]} == set(toy.free())
    shifts = [abs(row["shift"]) for row in told["parameters"]]
    assert shifts == sorted(shifts, reverse=True)


@pytest.mark.usefixtures("with_a_toy")
def test_the_shipped_draws_are_read_back(tmp_path: Path) -> None:
    CliRunner().invoke(app, command(tmp_path / "fit"))
    found = shipped(tmp_path / "fit" / "shipped")
    assert found is not None
    assert len(found.draws) == 30
    assert set(found.central) == set(toy.free())
    assert found.about["seed"] == 1926
    ranges = pl.read_csv(tmp_path / "fit" / "shipped" / "fit_observations.csv")
    assert ranges.columns == ["id", "prior_p05", "prior_p95"]
    assert ranges.height == toy.POINTS


@pytest.mark.usefixtures("with_a_toy")
def test_the_same_command_again_runs_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fit"
    first = CliRunner().invoke(app, command(folder))
    monkeypatch.setattr(toy, "respond", None)
    second = CliRunner().invoke(app, command(folder))
    assert second.exit_code == 0, second.output
    assert second.output == first.output


@pytest.mark.usefixtures("with_a_toy")
def test_another_fit_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "fit"
    CliRunner().invoke(app, command(folder))
    done = CliRunner().invoke(app, command(folder, "--seed", "3"))
    assert isinstance(done.exception, PerelomError)
    assert "seed (1926, now 3)" in str(done.exception)


@pytest.mark.usefixtures("with_a_toy")
def test_stopping_keeps_the_members_and_says_how_to_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "fit"
    whole = CliRunner().invoke(app, command(tmp_path / "whole", "--json")).output
    keep, kept = FitFolder.keep_member, []

    def stop(self: FitFolder, iteration: int, run: MemberRun) -> None:
        keep(self, iteration, run)
        kept.append(run.number)
        if len(kept) == 40:
            raise KeyboardInterrupt

    monkeypatch.setattr(FitFolder, "keep_member", stop)
    done = CliRunner().invoke(app, command(folder))
    assert done.exit_code == 130
    assert "same" in done.output
    assert len(list((folder / "members").iterdir())) == 40
    again = json.loads(CliRunner().invoke(app, command(folder, "--json")).output)
    before = json.loads(whole)
    for part in ("inside", "groups", "parameters", "misfit_by_iteration"):
        assert again[part] == before[part]
