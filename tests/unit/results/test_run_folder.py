import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import xarray as xr
from synthetic_run import REGIONS, SCENARIO, SETTINGS, chunks, manifest

from perelom.errors import PerelomError
from perelom.evidence.variables import variables
from perelom.results import files
from perelom.results.errors import RunFolderError, WriteError
from perelom.results.manifest import Manifest
from perelom.results.run import Run
from perelom.results.run_folder import RunFolder


def written(path: Path, *, finish: bool = True) -> RunFolder:
    folder = RunFolder.create(path, manifest(), SCENARIO)
    for chunk in chunks():
        folder.append(chunk)
    if finish:
        folder.finish("complete")
    return folder


def test_what_was_written_is_read_back(tmp_path: Path) -> None:
    written(tmp_path / "run")
    run = Run.open(tmp_path / "run")
    assert run.manifest.status == "complete"
    assert run.manifest.months_done == 25
    expected = xr.concat([chunk.monthly for chunk in chunks()], "month")
    regional = run.monthly.sel(region=list(REGIONS))
    np.testing.assert_array_equal(regional["grain_harvest"], expected["grain_harvest"])
    np.testing.assert_array_equal(regional["month"], expected["month"])
    assert run.monthly["grain_harvest"].attrs["units"] == "Mt"
    assert run.monthly["grain_harvest"].attrs["long_name"] == "Grain harvest"
    assert set(run.reported.data_vars) == {
        name for name, variable in variables().items() if "reported" in variable.layers
    }
    assert run.villages["households"].dtype == np.float32
    assert run.households.height == 25
    assert run.accounts.height == 25 * len(REGIONS)
    assert run.events["source"].unique().to_list() == ["pravda_1930"]
    assert run.scenario["decisions"] == SCENARIO["decisions"]


def test_nation_is_the_sum_of_flows_and_the_weighted_ratio_of_shares(tmp_path: Path) -> None:
    written(tmp_path / "run")
    monthly = Run.open(tmp_path / "run").monthly
    regions = monthly.sel(region=list(REGIONS))
    nation = monthly.sel(region="USSR")
    np.testing.assert_allclose(nation["deaths_total"], regions["deaths_total"].sum("region"))
    ratio = regions["kolkhoz_households"].sum("region") / regions["peasant_households"].sum(
        "region"
    )
    np.testing.assert_allclose(nation["collectivized_households_share"], ratio)
    mean = regions["collectivized_households_share"].mean("region")
    assert not np.allclose(nation["collectivized_households_share"], mean)


def test_kill_between_chunks_leaves_a_recognisable_folder(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    folder.append(next(chunks()))
    run = Run.open(tmp_path / "run")
    assert run.manifest.status == "running"
    assert run.monthly.sizes["month"] == run.manifest.months_done == 1
    assert run.accounts.height == len(REGIONS)


def test_kill_inside_a_chunk_loses_only_that_chunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    pieces = list(chunks())
    folder.append(pieces[0])

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(RunFolder, "_update", killed)
        with pytest.raises(KeyboardInterrupt):
            folder.append(pieces[1])
    assert Run.open(tmp_path / "run").accounts.height == len(REGIONS)
    folder._drop_lock()

    again = RunFolder.open(tmp_path / "run")
    state = again.resume()
    assert state.name == "1926-12"
    for piece in pieces[1:]:
        again.append(piece)
    again.finish("complete")
    run, whole = Run.open(tmp_path / "run"), written(tmp_path / "whole")
    xr.testing.assert_identical(run.monthly.load(), whole.monthly("true").load())
    assert run.accounts.equals(whole.table("accounts"))


def test_complete_run_can_be_prolonged(tmp_path: Path) -> None:
    written(tmp_path / "run")
    folder = RunFolder.open(tmp_path / "run")
    folder.resume(until="1929-12")
    for piece in list(chunks("1929-12"))[3:]:
        folder.append(piece)
    folder.finish("complete")
    run = Run.open(tmp_path / "run")
    assert run.monthly.sizes["month"] == 37
    assert str(run.monthly["month"].values[-1])[:7] == "1929-12"
    assert run.monthly["grain_harvest"].notnull().all()
    assert run.households.height == 37


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_disk_that_refuses_gives_one_error_and_no_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(files.os, "fsync", refuse(number))
    with pytest.raises(WriteError, match=r"cannot write.*remedy"):
        RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    assert not (tmp_path / "run").exists()


def test_full_disk_keeps_what_was_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    pieces = list(chunks())
    folder.append(pieces[0])
    with monkeypatch.context() as patch:
        patch.setattr(files.os, "fsync", refuse(errno.ENOSPC))
        with pytest.raises(WriteError, match="no space is left"):
            folder.append(pieces[1])
    assert not list((tmp_path / "run").rglob("*.part"))
    run = Run.open(tmp_path / "run")
    assert run.manifest.months_done == 1
    assert run.monthly.sizes["month"] == 1


def refuse(number: int) -> Callable[[int], None]:
    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


def test_other_format_version_is_named(tmp_path: Path) -> None:
    written(tmp_path / "run")
    path = tmp_path / "run" / "manifest.json"
    content = json.loads(path.read_text()) | {"format_version": 99}
    path.write_text(json.dumps(content))
    with pytest.raises(RunFolderError, match=r"format version 99; allowed: format version 1"):
        Run.open(tmp_path / "run")


@pytest.mark.parametrize("text", ["{", "[]", '{"format_version": 1, "strange": 2}'])
def test_damaged_manifest_is_one_error(tmp_path: Path, text: str) -> None:
    written(tmp_path / "run")
    (tmp_path / "run" / "manifest.json").write_text(text)
    with pytest.raises(RunFolderError):
        Run.open(tmp_path / "run")


def test_missing_and_foreign_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no such folder"):
        Run.open(tmp_path / "nothing")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("kept")
    with pytest.raises(RunFolderError, match="no run folder"):
        Run.open(tmp_path / "letters")
    with pytest.raises(RunFolderError, match="already in use"):
        RunFolder.create(tmp_path / "letters", manifest(), SCENARIO)
    assert (tmp_path / "letters" / "a.txt").read_text() == "kept"


def test_existing_run_is_not_overwritten(tmp_path: Path) -> None:
    written(tmp_path / "run")
    before = (tmp_path / "run" / "manifest.json").read_bytes()
    with pytest.raises(RunFolderError, match="--resume"):
        RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    assert (tmp_path / "run" / "manifest.json").read_bytes() == before


def test_truncated_table_is_one_error(tmp_path: Path) -> None:
    written(tmp_path / "run")
    path = tmp_path / "run" / "accounts.parquet"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(RunFolderError, match=r"accounts\.parquet"):
        _ = Run.open(tmp_path / "run").accounts


def test_truncated_grid_is_one_error(tmp_path: Path) -> None:
    written(tmp_path / "run")
    store = tmp_path / "run" / "monthly.zarr" / "true"
    (store / "month" / "zarr.json").write_text("{")
    with pytest.raises(RunFolderError, match=r"monthly\.zarr"):
        _ = Run.open(tmp_path / "run").monthly


def test_missing_saved_state_is_one_error(tmp_path: Path) -> None:
    written(tmp_path / "run")
    for state in (tmp_path / "run" / "checkpoint").iterdir():
        state.unlink()
    with pytest.raises(RunFolderError, match="no saved state"):
        RunFolder.open(tmp_path / "run").resume()


def test_complete_run_that_could_not_go_on_stays_complete(tmp_path: Path) -> None:
    written(tmp_path / "run")
    before = Manifest.read(tmp_path / "run")
    folder = RunFolder.open(tmp_path / "run")
    folder.resume(until="1929-12")
    folder.abandon()
    assert Manifest.read(tmp_path / "run") == before
    assert Run.open(tmp_path / "run").accounts.height == 25 * len(REGIONS)


def test_two_writers_are_refused(tmp_path: Path) -> None:
    writer = written(tmp_path / "run", finish=False)
    with pytest.raises(RunFolderError, match="another process"):
        RunFolder.open(tmp_path / "run").resume()
    writer.finish("interrupted")
    assert RunFolder.open(tmp_path / "run").resume().name == "1928-12"


def test_memory_and_disk_agree(tmp_path: Path) -> None:
    written(tmp_path / "run")
    disk = Run.open(tmp_path / "run")
    memory = Run.in_memory(chunks(), manifest(), SCENARIO)
    xr.testing.assert_allclose(disk.monthly.load(), memory.monthly)
    assert disk.accounts.equals(memory.accounts)
    assert "25, 1926-12 to 1928-12" in repr(memory)


def test_manifest_names_no_host(tmp_path: Path) -> None:
    written(tmp_path / "run")
    text = (tmp_path / "run" / "manifest.json").read_text()
    assert os.uname().nodename not in text
    content = Manifest.read(tmp_path / "run")
    assert content.settings == SETTINGS
    assert content.machine["cores"] >= 1
    assert set(content.versions) >= {"python", "jax", "numpy"}
    assert "variables.csv" in content.data_hashes


def test_errors_are_perelom_errors() -> None:
    assert issubclass(RunFolderError, PerelomError)
    assert issubclass(WriteError, PerelomError)


def test_households_without_rows_are_an_empty_table(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", manifest(), SCENARIO)
    assert folder.table("households").equals(pl.DataFrame())
