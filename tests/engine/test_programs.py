"""Compiled programs on disk: found again, never outdated, and never in the way."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.stages import Compiled

from perelom.engine import programs
from perelom.engine.settings import Settings

ARRAYS = [jnp.asarray([1.0, 2.0, 3.0]), jnp.asarray(4)]
SETTINGS = Settings(villages=320)
NAME = programs.name_of_months(villages=320, precision=32, followed=0, expected=False)


def product() -> Compiled:
    return jax.jit(lambda arrays: {"product": arrays[0] * arrays[1]}).lower(ARRAYS).compile()


def never() -> Compiled:
    raise AssertionError("compiled again")


def kept(
    compiled: Callable[[], Compiled] = product, name: str = NAME, takes: str = "two arrays"
) -> np.ndarray:
    found = programs.kept(name, 1, takes, compiled)
    return np.asarray(found(ARRAYS)["product"])


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PERELOM_CACHE", str(tmp_path))
    return tmp_path


def test_a_program_is_compiled_once() -> None:
    np.testing.assert_array_equal(kept(), [4.0, 8.0, 12.0])
    np.testing.assert_array_equal(kept(never), [4.0, 8.0, 12.0])


def test_only_compiling_is_spoken_of(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="perelom"):
        kept()
        assert caplog.messages == [programs.COMPILING]
        kept(never)
    assert caplog.messages == [programs.COMPILING]


def test_a_program_loaded_ahead_is_the_one_that_is_used(folder: Path) -> None:
    kept()
    programs.load_ahead(SETTINGS)
    (ahead,) = programs._AHEAD.values()
    ahead.result()
    for path in folder.iterdir():
        path.unlink()
    np.testing.assert_array_equal(kept(never), [4.0, 8.0, 12.0])


def test_loading_ahead_what_was_never_compiled_changes_nothing() -> None:
    programs.load_ahead(replace(SETTINGS, draws="expected"))
    programs.load_ahead(SETTINGS)
    np.testing.assert_array_equal(kept(), [4.0, 8.0, 12.0])


def test_other_names_arrays_sources_and_threads_are_compiled_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept()
    with pytest.raises(AssertionError, match="compiled again"):
        kept(never, name="another")
    with pytest.raises(AssertionError, match="compiled again"):
        kept(never, takes="three arrays")
    with monkeypatch.context() as changed:
        changed.setenv("NPROC", "7")
        with pytest.raises(AssertionError, match="compiled again"):
            kept(never)
    monkeypatch.setattr(programs, "_source", lambda: "changed code")
    with pytest.raises(AssertionError, match="compiled again"):
        kept(never)


def test_caches_of_jax_stay_out_of_what_is_kept() -> None:
    """What JAX's cache returns lacks parts when it is serialized once more."""
    before = jax.config.jax_enable_compilation_cache
    seen: list[bool] = []

    def compiled() -> Compiled:
        seen.append(jax.config.jax_enable_compilation_cache)
        return product()

    kept(compiled)
    assert seen == [False]
    assert jax.config.jax_enable_compilation_cache == before


def test_a_damaged_file_is_replaced(folder: Path) -> None:
    kept()
    (path,) = folder.iterdir()
    whole = path.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"\x00" * 64):
        path.write_bytes(damaged)
        np.testing.assert_array_equal(kept(), [4.0, 8.0, 12.0])
        np.testing.assert_array_equal(kept(never), [4.0, 8.0, 12.0])


def test_a_folder_that_cannot_be_written_costs_time_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    monkeypatch.setenv("PERELOM_CACHE", str(blocked))
    np.testing.assert_array_equal(kept(), [4.0, 8.0, 12.0])


def test_programs_that_nobody_uses_make_way(folder: Path) -> None:
    kept(name="old")
    (old,) = folder.iterdir()
    long_ago = time.time() - programs.UNUSED - 60
    os.utime(old, (long_ago, long_ago))
    kept(never, name="old")
    kept(name="second")
    assert old.exists(), "a program that is used stays"
    os.utime(old, (long_ago, long_ago))
    kept(name="third")
    assert not old.exists()
    assert len(list(folder.iterdir())) == 2
