"""Traced programs on disk: found again, never outdated, and never in the way."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from perelom.engine import programs

SHAPES = [jax.ShapeDtypeStruct((3,), jnp.float64), jax.ShapeDtypeStruct((), jnp.int64)]
ARRAYS = [jnp.asarray([1.0, 2.0, 3.0]), jnp.asarray(4)]


def program(arrays: list[jax.Array]) -> dict[str, jax.Array]:
    return {"product": arrays[0] * arrays[1]}


def never(_arrays: list[jax.Array]) -> dict[str, jax.Array]:
    raise AssertionError("traced again")


def test_a_program_is_traced_once(tmp_path: Path) -> None:
    first = programs.traced(program, SHAPES, "a", tmp_path)
    again = programs.traced(never, SHAPES, "a", tmp_path)
    expected = {"product": np.asarray([4.0, 8.0, 12.0])}
    for found in (first, again):
        np.testing.assert_array_equal(jax.jit(found)(ARRAYS)["product"], expected["product"])


def test_other_names_shapes_and_sources_are_traced_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs.traced(program, SHAPES, "a", tmp_path)
    longer = [jax.ShapeDtypeStruct((4,), jnp.float64), SHAPES[1]]
    for shapes, name in ((SHAPES, "b"), (longer, "a")):
        with pytest.raises(AssertionError, match="traced again"):
            programs.traced(never, shapes, name, tmp_path)
    monkeypatch.setattr(programs, "_source", lambda: "changed code")
    with pytest.raises(AssertionError, match="traced again"):
        programs.traced(never, SHAPES, "a", tmp_path)


def test_a_damaged_file_is_replaced(tmp_path: Path) -> None:
    programs.traced(program, SHAPES, "a", tmp_path)
    (kept,) = tmp_path.iterdir()
    whole = kept.read_bytes()
    for damaged in (b"", whole[: len(whole) // 2], b"\x00" * 64):
        kept.write_bytes(damaged)
        found = programs.traced(program, SHAPES, "a", tmp_path)
        np.testing.assert_array_equal(jax.jit(found)(ARRAYS)["product"], [4.0, 8.0, 12.0])
        assert kept.read_bytes() == whole


def test_a_folder_that_cannot_be_written_costs_time_only(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    found = programs.traced(program, SHAPES, "a", blocked)
    np.testing.assert_array_equal(jax.jit(found)(ARRAYS)["product"], [4.0, 8.0, 12.0])
