"""`perelom doctor`: what is judged, the exit code, and that only files of ours are removed."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import pytest

from perelom.results import health

Call = Callable[..., tuple[int, str, str]]
OURS = ("program-" + "0" * 64, "program-" + "f" * 64 + ".4711")
NOT_OURS = (
    "program-notes.txt",
    "program-" + "0" * 63,
    "thesis.txt",
    "program-" + "0" * 64 + ".bak",
)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "cache"
    folder.mkdir()
    monkeypatch.setenv("PERELOM_CACHE", str(folder))
    return folder


def checks(perelom: Call, code: int = 0) -> dict[str, dict[str, Any]]:
    found, out, err = perelom("doctor", "--json")
    assert (found, err) == (code, "")
    told = json.loads(out)
    assert told["ready"] == (code == 0)
    return {check["part"]: check for check in told["checks"]}


def test_a_machine_on_which_tests_run_is_ready(perelom: Call) -> None:
    found = checks(perelom)
    for part in ("perelom", "Python", "jax", "jaxlib", "numpy", "xarray", "polars", "Device 0"):
        assert found[part]["verdict"] == "fine"
    assert found["Device 0"]["value"]["platform"] == jax.devices()[0].platform
    assert found["Cache"]["value"]["programs"] == 0
    assert {"Threads", "Memory", "Disk of the cache", "Disk of this folder"} <= set(found)
    code, out, _ = perelom("doctor")
    assert code == 0
    assert "Ready for runs." in out


def test_what_prevents_runs_is_exit_code_1(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(health, "_installed", lambda name: None if name == "rich" else "1.0")
        found = checks(perelom, 1)
        assert found["Other packages"]["found"] == "missing: rich"
        assert found["Other packages"]["verdict"] == "prevents runs"

    def fails() -> None:
        raise RuntimeError("Unable to initialize backend 'cuda'\nand a long story")

    monkeypatch.setattr(jax, "devices", fails)
    device = checks(perelom, 1)["Devices"]
    assert device["found"] == "Unable to initialize backend 'cuda'"
    assert device["remedy"]
    code, out, _ = perelom("doctor")
    assert code == 1
    assert "Runs cannot start" in out


@pytest.mark.parametrize(
    ("variable", "value", "part"),
    [("NPROC", "many", "Threads"), ("PERELOM_CACHE", "a_file/cache", "Cache folder")],
)
def test_what_only_costs_time_asks_for_attention(
    perelom: Call, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, part: str
) -> None:
    Path("a_file").touch()
    monkeypatch.setenv(variable, value)
    check = checks(perelom)[part]
    assert check["verdict"] == "attention"
    assert check["remedy"]


def test_a_full_disk_asks_for_attention(perelom: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 2**20))
    found = checks(perelom)
    assert found["Disk of this folder"]["verdict"] == "attention"
    assert "--clear-cache" in found["Disk of the cache"]["remedy"]


def test_only_kept_programs_are_removed(perelom: Call, cache: Path) -> None:
    for name in (*OURS, *NOT_OURS):
        (cache / name).write_bytes(b"x" * 2**20)
    (cache / ("program-" + "a" * 64)).mkdir()
    assert checks(perelom)["Cache"]["value"]["programs"] == 2
    code, out, _ = perelom("doctor", "--clear-cache")
    assert (code, out) == (0, f"Removed 2 compiled programs, 2 MiB, from {cache}\n")
    left = {path.name for path in cache.iterdir()}
    assert left == {*NOT_OURS, "program-" + "a" * 64}
    code, out, _ = perelom("doctor", "--clear-cache", "--json")
    assert json.loads(out) == {"folder": str(cache), "programs": 0, "bytes": 0}


def test_without_a_cache_folder_there_is_nothing_to_remove(perelom: Call, cache: Path) -> None:
    cache.rmdir()
    assert perelom("doctor", "--clear-cache")[0] == 0
    assert not cache.exists()
