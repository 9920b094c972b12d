"""Compiled programs kept on disk: a second run neither traces nor compiles the model again."""

import contextlib
import hashlib
import logging
import os
import pickle
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import jax
import jaxlib.version
from jax.experimental import serialize_executable
from jax.experimental.compilation_cache.compilation_cache import reset_cache
from jax.stages import Compiled
from jaxlib import xla_client

from perelom.engine.cache import cache_folder
from perelom.engine.settings import Settings

UNUSED = 30 * 24 * 3600
"""Seconds after which a program that nobody used makes way when another one is kept."""

COMPILING = "Compiling the model for this many villages: once, about a minute."
"""Said as an INFO record of the logger `perelom`, where nothing else would tell of the wait."""

_LOG = logging.getLogger("perelom")
_DIGEST = hashlib.sha256().digest_size


class _Kept(NamedTuple):
    """A program and a description of the arrays that it takes."""

    takes: str
    program: Compiled


_AHEAD: dict[Path, Future[_Kept | None]] = {}


def name_of_months(*, villages: int, precision: int, followed: int, expected: bool) -> str:
    """Return the name of the program that moves such a country through months.

    followed: villages whose households are recorded besides one a region.
    """
    return f"months {villages=} {precision=} {followed=} {expected=}"


def load_ahead(settings: Settings) -> None:
    """Begin to load the program of such a run in the background, for `kept` to find."""
    name = name_of_months(
        villages=settings.villages,
        precision=settings.precision,
        followed=len(settings.follow),
        expected=settings.draws == "expected",
    )
    path = _path(name, settings.devices)
    pool = ThreadPoolExecutor(max_workers=1)
    _AHEAD[path] = pool.submit(_load, path, settings.devices)
    pool.shutdown(wait=False)


def kept(name: str, devices: int, takes: str, compiled: Callable[[], Compiled]) -> Compiled:
    """Return the program of that name as the cache folder holds it, else compile and keep it.

    takes: describes the arrays; a kept program that takes others is compiled anew. The source of
    the package, the version of JAX and the machine are part of the file's name, so that an
    outdated program is never found. A folder that cannot be written, or a file that cannot be
    read, costs time only.
    """
    path = _path(name, devices)
    found = _AHEAD.pop(path).result() if path in _AHEAD else _load(path, devices)
    if found is None or found.takes != takes:
        # Without the lines that they came from programs take a third of the time to load.
        jax.config.update("jax_traceback_in_locations_limit", 0)
        _LOG.info(COMPILING)
        with _compiling_anew():
            found = _Kept(takes, compiled())
        _save(path, found)
    return found.program


@contextlib.contextmanager
def _compiling_anew() -> Iterator[None]:
    """Keep JAX's own cache of compiled code out: what it returns lacks parts once it is kept."""
    before = jax.config.jax_enable_compilation_cache  # type: ignore[attr-defined]
    jax.config.update("jax_enable_compilation_cache", False)
    reset_cache()
    try:
        yield
    finally:
        jax.config.update("jax_enable_compilation_cache", before)
        reset_cache()


def _path(name: str, devices: int) -> Path:
    first = jax.devices()[0]
    surroundings = (
        jax.__version__,
        jaxlib.version.__version__,
        first.client.platform_version,
        xla_client.get_topology_for_devices([first]).fingerprint(),
        *(os.environ.get(key) for key in ("NPROC", "XLA_FLAGS")),
        _source(),
    )
    key = hashlib.sha256(f"{name} {devices} {surroundings}".encode()).hexdigest()
    return cache_folder() / f"program-{key}"


@lru_cache(maxsize=1)
def _source() -> str:
    """Digest all that compiling depends on: the code of the package."""
    digest = hashlib.sha256()
    for path in sorted(Path(str(files("perelom"))).rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _load(path: Path, devices: int) -> _Kept | None:
    """Return a program that was kept, or None where there is none or the file is damaged."""
    try:
        content = path.read_bytes()
        os.utime(path)
    except OSError:
        return None
    digest, rest = content[:_DIGEST], memoryview(content)[_DIGEST:]
    if hashlib.sha256(rest).digest() != digest:
        return None
    takes, payload, given, returned = pickle.loads(rest)
    with contextlib.suppress(jax.errors.JaxRuntimeError):
        program = serialize_executable.deserialize_and_load(
            payload, given, returned, execution_devices=jax.devices()[:devices]
        )
        return _Kept(takes, program)
    return None


def _save(path: Path, made: _Kept) -> None:
    """Write whole or not at all: several processes may write the same program at once."""
    content = pickle.dumps((made.takes, *serialize_executable.serialize(made.program)))
    part = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(hashlib.sha256(content).digest() + content)
        part.replace(path)
        for other in path.parent.glob("program-*"):
            if other.stat().st_mtime < time.time() - UNUSED:
                other.unlink()
