"""Traced programs kept on disk: a second run need not trace and lower the model again."""

import contextlib
import hashlib
import os
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jax
import jax.export
from jaxtyping import Array

Program = Callable[[list[Array]], Any]
"""From a list of arrays to tuples, lists and dicts of arrays."""

_DIGEST = hashlib.sha256().digest_size


def traced(
    program: Program, arrays: list[jax.ShapeDtypeStruct], name: str, folder: Path
) -> Program:
    """Return the program, traced for arrays of these shapes, from the folder if it is there.

    name: tells programs apart that are traced from the same shapes; the source of the package and
    the version of JAX are part of the file's name, so that an outdated trace is never found. A
    folder that cannot be written, or a file that cannot be read, costs time only.
    """
    path = folder / f"traced-{_fingerprint(arrays, name)}"
    kept = _read(path)
    if kept is None:
        kept = bytes(jax.export.export(jax.jit(program))(arrays).serialize())
        _write(path, kept)
    call: Program = jax.export.deserialize(bytearray(kept)).call
    return call


def _fingerprint(arrays: list[jax.ShapeDtypeStruct], name: str) -> str:
    shapes = ",".join(f"{a.dtype}{a.shape}{a.sharding}" for a in arrays)
    text = f"{name} {jax.__version__} {jax.default_backend()} {_source()} {shapes}"
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=1)
def _source() -> str:
    """Digest all that tracing depends on: the code of the package."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(files("perelom"))).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> bytes | None:
    """Return a program that was kept, or None where there is none or the file is damaged."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    digest, program = content[:_DIGEST], content[_DIGEST:]
    return program if hashlib.sha256(program).digest() == digest else None


def _write(path: Path, program: bytes) -> None:
    """Write whole or not at all: several processes may write the same program at once."""
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(hashlib.sha256(program).digest() + program)
        part.replace(path)
