"""Saved states: round trip, and one clear error for each way in which one cannot be used."""

import json
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from country import Country
from perelom.engine.checkpoint import FORMAT, Checkpoint, read
from perelom.engine.settings import Settings
from perelom.errors import CheckpointError
from perelom.world.state import State

SETTINGS = Settings(villages=40, draws="expected", precision=64)


@pytest.fixture
def path(tmp_path: Path, state: State) -> Path:
    path = tmp_path / "state.npz"
    Checkpoint(state, 37, SETTINGS).save(path)
    return path


def _rewrite(path: Path, **changes: Any) -> None:
    with np.load(path) as archive:
        content = dict(archive)
    header = json.loads(str(content["header"])) | changes
    with path.open("wb") as stream:
        np.savez(stream, **(content | {"header": np.asarray(json.dumps(header))}))


def test_what_is_read_is_what_was_saved(path: Path, state: State) -> None:
    back, month = read(path, SETTINGS, state)
    assert month == 37
    for ours, theirs in zip(jax.tree.leaves(back), jax.tree.leaves(state), strict=True):
        assert ours.dtype == theirs.dtype
        np.testing.assert_array_equal(np.asarray(ours), np.asarray(theirs))


def test_other_parameters_may_go_on(path: Path, state: State) -> None:
    other = Settings(villages=40, draws="expected", precision=64, parameters={"seed_rate": 0.13})
    assert read(path, other, state)[1] == 37


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.999])
def test_a_truncated_file(path: Path, state: State, kept: float) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])
    with pytest.raises(CheckpointError, match=r"state\.npz.*damaged or cut short.*earlier one"):
        read(path, SETTINGS, state)


def test_damaged_inside(path: Path, state: State) -> None:
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = bytes(64)
    content[middle + 8] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match="damaged or cut short"):
        read(path, SETTINGS, state)


def test_a_file_of_another_kind(tmp_path: Path, state: State) -> None:
    path = tmp_path / "state.npz"
    path.write_text("month,region,value\n")
    with pytest.raises(CheckpointError, match="damaged or cut short"):
        read(path, SETTINGS, state)


def test_no_file(tmp_path: Path, state: State) -> None:
    with pytest.raises(CheckpointError, match="no such saved state"):
        read(tmp_path / "state.npz", SETTINGS, state)


def test_another_format(path: Path, state: State) -> None:
    _rewrite(path, format=FORMAT + 1)
    with pytest.raises(CheckpointError, match=f"saved in format {FORMAT + 1}, this version reads"):
        read(path, SETTINGS, state)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"seed": 1}, "saved with seed = 1926, the run asks for 1"),
        ({"member": 2}, "saved with member = 0, the run asks for 2"),
        ({"villages": 80}, "saved with villages = 40"),
        ({"draws": "sampled"}, "saved with draws = 'expected'"),
        ({"precision": 32}, "saved with precision = 64"),
    ],
)
def test_a_state_of_another_run(
    path: Path, state: State, changed: dict[str, Any], words: str
) -> None:
    given = {"villages": 40, "draws": "expected", "precision": 64} | changed
    with pytest.raises(CheckpointError, match=words):
        read(path, Settings(**given), state)


def test_other_columns(path: Path, sampled_country: Country) -> None:
    with pytest.raises(CheckpointError, match="other columns than this version"):
        read(path, SETTINGS, sampled_country.world.state)
