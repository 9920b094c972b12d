"""Every command of the app: a table within the terminal, JSON, quiet, help that says something.

A new command needs an example here; without --json, without --quiet or wider than the terminal it
fails.
"""

import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import typer

sys.path.insert(0, str(Path(__file__).parent.parent / "inference"))

import toy
from test_prior_check import ensemble_around

import perelom.engine.settings as real_settings
from perelom.cli.app import app
from perelom.cli.completion import FORMATS
from perelom.evidence.variables import variables
from perelom.experiments import paired
from perelom.inference import forward, prior_check
from perelom.inference.ensemble import Arm, Finished
from perelom.results import health

Call = Callable[..., tuple[int, str, str]]

EXAMPLES: dict[str, list[list[str]]] = {
    "run": [["--until", "1927-12", "--out", "new"]],
    "compare": [["historical", "nep", "--ensemble", "3", "--out", "new"]],
    "fit": [
        ["--check-prior"],
        ["--out", "new", "--ensemble", "30", "--iterations", "1", "--processes", "1"],
    ],
    "ablate": [["forced_procurement", "inheritance", "--ensemble", "3", "--markdown", "page.md"]],
    "score": [["before"]],
    "village": [["before", "--id", "1"]],
    "report": [["before"], ["before", "--out", "page.html"]],
    "export": [["before", "new.csv", "-f", name] for name in FORMATS],
    "codebook": [[], ["livestock_horses"], ["--out", "new.csv"]],
    "scenarios": [[]],
    "evidence": [[], ["grain_harvest"], ["collectivized_households_share"]],
    "systems": [[]],
    "claims": [[], ["famine"]],
    "conflicts": [[], ["K14"]],
    "doctor": [[], ["--clear-cache"]],
}
CASES = [[name, *rest] for name, all_of_one in EXAMPLES.items() for rest in all_of_one]
COMMANDS: dict[str, Any] = typer.main.get_command(app).commands  # type: ignore[attr-defined]


def made_up(arms: Sequence[Arm], *rest: Any) -> Iterator[Finished[Any]]:
    """Runs whose national values grow with the arm and the member; some are no number."""
    members = rest[1]
    months = np.arange("1926-12", "1941-01", dtype="datetime64[M]").astype("datetime64[D]")
    for number, _ in members:
        for arm in range(len(arms)):
            scale = 1e6 * (1 + number) * (1 + arm)
            national = {name: np.full(months.size, scale) for name in variables()}
            national["mass_disturbances"][:] = np.nan
            yield Finished(number, arm, (months, national), "", 0.1)
    yield Finished(len(members), 0, None, "an account does not close", 0.1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("finished") / "before"


@pytest.fixture
def ready(perelom: Call, monkeypatch: pytest.MonkeyPatch, finished: Path) -> Call:
    """The command line in a folder with a run, with toys in the place of simulations."""
    monkeypatch.setitem(sys.modules, "perelom.engine.settings", real_settings)
    problem = toy.problem()
    use = pl.when(pl.int_range(pl.len()) < 2).then(pl.lit("held_out")).otherwise(pl.lit("fit"))
    split = replace(problem, observations=problem.observations.with_columns(use=use))
    monkeypatch.setattr(forward, "historical_problem", lambda _settings: split)
    monkeypatch.setattr(prior_check, "run_ensemble", lambda *_: ensemble_around(0.4, 0.5))
    monkeypatch.setattr(paired, "run_arms", made_up)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(3, 1, 2 * 2**40))
    monkeypatch.setattr(health, "code_version", lambda: "0.1.0")
    monkeypatch.setenv("PERELOM_CACHE", "cache")
    if not finished.exists():
        assert perelom("run", "--until", "1928-12", "--out", finished, "-q")[0] == 0
    shutil.copytree(finished, "before")
    return perelom


def fresh(call: Call, *arguments: str) -> tuple[int, str, str]:
    """Call where no former call left anything."""
    for left in (Path("new"), Path("new.csv")):
        if left.is_dir():
            shutil.rmtree(left)
        left.unlink(missing_ok=True)
    return call(*arguments)


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_nothing_is_wider_than_the_terminal_and_nothing_is_cut(
    ready: Call, monkeypatch: pytest.MonkeyPatch, case: list[str]
) -> None:
    written = {}
    for width in (60, 80, 300):
        monkeypatch.setenv("COLUMNS", str(width))
        code, out, _ = fresh(ready, *case)
        assert code == 0, out
        assert max(map(len, out.splitlines())) <= width
        written[width] = Counter(re.sub(r"\s", "", out))
    assert written[60] == written[80] == written[300]


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_json_is_valid_with_iso_dates_and_without_what_is_no_number(
    ready: Call, case: list[str]
) -> None:
    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    code, out, _ = fresh(ready, *case, "--json")
    assert code == 0
    told = json.loads(out, parse_constant=refuse)
    assert isinstance(told, (list, dict))
    assert not re.search(r'"\d{4}-\d\d-\d\d \d\d:', out)


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_quiet_prints_no_remarks_and_nothing_on_standard_error(
    ready: Call, case: list[str]
) -> None:
    code, out, err = fresh(ready, *case, "--quiet")
    assert (code, err) == (0, "")
    for remark in ("Written:", "perelom claims", "perelom run", "Medians with", "root mean square"):
        assert remark not in out


@pytest.mark.parametrize("name", COMMANDS)
def test_help_fits_and_every_option_says_what_it_is(
    perelom: Call, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for width in ("60", "80"):
        monkeypatch.setenv("COLUMNS", width)
        code, out, _ = perelom(name, "--help")
        assert code == 0
        assert max(map(len, out.splitlines())) <= int(width)
    options = [option for parameter in COMMANDS[name].params for option in parameter.opts]
    assert {"--json", "--quiet"} <= set(options)
    for parameter in COMMANDS[name].params:
        assert len(parameter.help) > 10, parameter.name
        assert parameter.metavar or parameter.is_bool_flag, parameter.name


def test_an_option_has_one_value_name_in_all_commands() -> None:
    named: dict[str, set[str]] = {}
    for command in COMMANDS.values():
        for parameter in command.params:
            named.setdefault(parameter.name, set()).add(parameter.metavar)
    several = {name: values for name, values in named.items() if len(values) > 1}
    assert set(several) <= {"out"}, several


def test_the_list_of_commands_is_not_cut_and_says_how_to_complete(perelom: Call) -> None:
    code, out, _ = perelom("--help")
    assert code == 0
    assert "..." not in out.partition("Commands:")[2]
    assert "perelom --install-completion" in out
    assert perelom()[:2] == (0, out)
