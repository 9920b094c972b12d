"""What the shell is offered: the names that exist, at once."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from perelom import evidence, scenario
from perelom.cli import completion
from perelom.experiments import ablation
from perelom.results import export, manifest

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def offered(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """Press Tab in bash after a line and return what is offered."""

    def press(line: str) -> list[str]:
        monkeypatch.setenv("_PERELOM_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(len(line.split(" ")) - 1))
        code, out, err = perelom()
        assert (code, err) == (0, "")
        return out.split()

    return press


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("perelom comp", ["compare"]),
        ("perelom run ", ["historical", "nep"]),
        ("perelom run his", ["historical"]),
        ("perelom compare historical n", ["nep"]),
        ("perelom run --branch 1929-11 --from a n", ["nep"]),
        ("perelom run --draws e", ["expected"]),
        ("perelom ablate forced_proc", ["forced_procurement"]),
        ("perelom evidence barley_ex", ["barley_export_plan"]),
        ("perelom export a b --format p", ["parquet"]),
        ("perelom conflicts K14", ["K14"]),
        ("perelom doctor --cl", ["--clear-cache"]),
        ("perelom run my-scen", []),
    ],
)
def test_names_are_completed(
    offered: Callable[[str], list[str]], line: str, names: list[str]
) -> None:
    assert offered(line) == names


def test_folders_of_runs_are_completed(offered: Callable[[str], list[str]]) -> None:
    for folder in ("runs/first", "runs/second", "here", "runs/no-run"):
        Path(folder).mkdir(parents=True)
        if folder != "runs/no-run":
            Path(folder, manifest.FILE_NAME).touch()
    assert offered("perelom score ") == ["here", "runs/first", "runs/second"]
    assert offered("perelom score runs/f") == ["runs/first"]
    assert offered("perelom report runs/") == ["runs/first", "runs/second"]
    assert offered("perelom run --resume he") == ["here"]
    assert offered("perelom score elsewhere/") == []


def test_what_is_offered_is_what_the_package_knows() -> None:
    assert completion.scenarios("") == scenario.names()
    assert set(completion.series("")) == set(evidence.observations()["series"])
    assert [name for name, _ in completion.mechanisms("")] == ablation.switches()
    assert completion.formats("") == list(export.FORMATS)
    assert set(completion.claims("")) == set(evidence.claims()["id"])
    assert set(completion.conflicts("")) == set(evidence.conflicts()["id"])
    assert completion.MANIFEST == manifest.FILE_NAME


@pytest.mark.parametrize("line", ["perelom run h", "perelom ablate f", "perelom evidence g"])
def test_a_key_press_loads_nothing_heavy(line: str) -> None:
    code = (
        "import os, sys; sys.argv = ['perelom']\n"
        "os.environ.update(_PERELOM_COMPLETE='complete_bash', COMP_CWORD='2')\n"
        f"os.environ['COMP_WORDS'] = {line!r}\n"
        "from perelom.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = ('jax', 'numpy', 'polars', 'pandas', 'xarray')\n"
        "assert not [name for name in heavy if name in sys.modules]"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_shell_gets_a_script(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("_PERELOM_COMPLETE", "source_bash")
    code, out, _ = perelom()
    assert code == 0
    assert "complete -o default -F" in out
    assert "_PERELOM_COMPLETE=complete_bash" in out
