import json
from pathlib import Path

import numpy as np
import pytest

from perelom.inference.workers import MemberRun
from perelom.results.errors import RunFolderError
from perelom.results.fit_folder import FitFolder, code_hash, identity

ASKED = {"members": 20, "seed": 7, "the observations": "a" * 64}


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    folder = FitFolder(tmp_path / "fit", ASKED)
    normal = np.random.default_rng(1).normal(size=(3, 2))
    folder.keep_ensemble(1, normal)
    folder.keep_member(1, MemberRun(2, np.array([1.0, np.nan]), "", 0.5))
    folder.keep_member(1, MemberRun(0, np.array([np.nan, np.nan]), "an account", 0.1))
    again = FitFolder(tmp_path / "fit", ASKED)
    kept = again.ensemble(1)
    assert kept is not None
    assert np.array_equal(kept, normal)
    members = again.members(1)
    assert sorted(members) == [0, 2]
    assert np.array_equal(members[2].simulated, [1.0, np.nan], equal_nan=True)
    assert members[0].error == "an account"
    assert again.ensemble(0) is None
    assert again.members(0) == {}


def test_a_damaged_member_is_run_again(tmp_path: Path) -> None:
    folder = FitFolder(tmp_path / "fit", ASKED)
    folder.keep_member(0, MemberRun(0, np.ones(3), "", 0.5))
    folder.keep_member(0, MemberRun(1, np.ones(3), "", 0.5))
    path = tmp_path / "fit" / "members" / "0_00001.npz"
    path.write_bytes(path.read_bytes()[:100])
    assert list(folder.members(0)) == [0]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("seed", 8, r"seed \(7, now 8\)"), ("the observations", "b" * 64, "the observations")],
)
def test_another_fit_is_refused_and_named(
    tmp_path: Path, name: str, value: object, said: str
) -> None:
    FitFolder(tmp_path / "fit", ASKED)
    with pytest.raises(RunFolderError, match=rf"differs in {said}"):
        FitFolder(tmp_path / "fit", ASKED | {name: value})


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(RunFolderError, match="not empty"):
        FitFolder(tmp_path, ASKED)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_damaged_description_is_one_clear_error(tmp_path: Path) -> None:
    FitFolder(tmp_path / "fit", ASKED)
    (tmp_path / "fit" / "fit.json").write_text("{", encoding="utf-8")
    with pytest.raises(RunFolderError, match="cannot be read"):
        FitFolder(tmp_path / "fit", ASKED)


def test_identity_names_settings_code_tables_and_scenario() -> None:
    found = identity({"members": 20})
    assert found["members"] == 20
    for name in ("the observations", "the split of the observations", "the scenario", "the code"):
        assert len(found[name]) >= 16
    assert found["the code"] == code_hash()
    json.dumps(found)
