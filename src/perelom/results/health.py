"""Whether this machine is ready for runs: versions, devices, memory, cache, disk, each judged."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from perelom.results.manifest import code_version, machine, versions

Verdict = Literal["fine", "attention", "prevents runs"]

GIB = 2**30
OLDEST_PYTHON = (3, 11)
LEAST_MEMORY = 4.0
"""GiB: compiling for 2,000 villages takes about three."""
LEAST_DISK = 2.0
"""GiB: a run folder takes tens of megabytes, kept states and ensembles much more."""


@dataclass(frozen=True)
class Check:
    """One thing looked at: what it is, what was found, the raw value, and what to do about it."""

    part: str
    found: str
    value: Any
    verdict: Verdict = "fine"
    remedy: str = ""


def examine(folder: Path) -> list[Check]:
    """Look at everything that a run in `folder` needs."""
    threads = os.environ.get("NPROC")  # asked before the engine is imported, which sets its own
    return [
        *_versions(),
        *_devices(),
        _threads(threads),
        _memory(),
        *_cache(),
        _disk("Disk of this folder", folder),
    ]


def is_ready(checks: list[Check]) -> bool:
    """Tell whether nothing prevents runs."""
    return all(check.verdict != "prevents runs" for check in checks)


def _versions() -> list[Check]:
    found = {"perelom": code_version(), **versions()}
    checks = [_version(name, version) for name, version in found.items()]
    others = [name for name in _required() if name not in found]
    missing = [name for name in others if _installed(name) is None]
    value = {name: _installed(name) for name in others}
    if not missing:
        return [*checks, Check("Other packages", f"all {len(others)} installed", value)]
    return [
        *checks,
        Check(
            "Other packages",
            f"missing: {', '.join(missing)}",
            value,
            "prevents runs",
            "install perelom again, with what it needs",
        ),
    ]


def _version(name: str, version: str) -> Check:
    part = "Python" if name == "python" else name
    if name == "python" and sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        return Check(part, version, version, "prevents runs", f"use Python {wanted} or newer")
    if version == "not installed":
        remedy = "install perelom again, with what it needs"
        return Check(part, version, None, "prevents runs", remedy)
    return Check(part, version, version)


def _required() -> list[str]:
    """Return the names of the packages that perelom asks for."""
    wanted = metadata.requires("perelom") or []
    plain = [each.split(";")[0] for each in wanted if "extra ==" not in each]
    return sorted(
        "".join(c if c.isalnum() or c in "-_." else " " for c in p).split()[0] for p in plain
    )


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _devices() -> list[Check]:
    """Ask JAX for its devices and have the first one add two numbers."""
    try:
        import jax
        import jax.numpy as jnp

        devices = jax.devices()
        int(jnp.add(1, 1))
    # Whatever goes wrong here would go wrong in a run.
    except Exception as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        remedy = "install jax and jaxlib for this machine; JAX_PLATFORMS=cpu leaves a GPU out"
        return [Check("Devices", reason, None, "prevents runs", remedy)]
    return [_device(device) for device in devices]


def _device(device: Any) -> Check:
    stats = device.memory_stats() or {}
    limit = stats.get("bytes_limit")
    value = {"platform": device.platform, "kind": device.device_kind, "memory_bytes": limit}
    memory = f", {limit / GIB:.1f} GiB" if limit else ""
    return Check(f"Device {device.id}", f"{device.device_kind} ({device.platform}){memory}", value)


def _threads(asked: str | None) -> Check:
    cores = machine()["cores"]
    value = {"cores": cores, "NPROC": asked}
    if asked is None:
        return Check("Threads", f"{cores} cores; 1 a run, 2 from 1,000 villages on", value)
    if not asked.isdecimal() or int(asked) < 1:
        remedy = "set NPROC to a number of threads, or not at all"
        return Check("Threads", f"{cores} cores; NPROC={asked}", value, "attention", remedy)
    return Check("Threads", f"{cores} cores; {asked} a run, by NPROC", value)


def _memory() -> Check:
    total = machine().get("memory_gib")
    if total is None:
        return Check("Memory", "unknown", None)
    if total < LEAST_MEMORY:
        remedy = "run at most 2,000 villages, and ensembles with --processes 1"
        return Check("Memory", f"{total:.1f} GiB", total, "attention", remedy)
    return Check("Memory", f"{total:.1f} GiB", total)


def _cache() -> list[Check]:
    from perelom.engine.cache import cache_folder, kept_programs

    folder, programs = cache_folder(), kept_programs()
    size = sum(programs.values())
    count = f"{len(programs)} compiled program{'' if len(programs) == 1 else 's'}"
    value = {"folder": str(folder), "programs": len(programs), "bytes": size}
    kept = Check("Cache", f"{count}, {size / 2**20:,.0f} MiB", value)
    if _may_write(folder):
        return [
            kept,
            Check("Cache folder", str(folder), str(folder)),
            _disk("Disk of the cache", folder),
        ]
    remedy = "every run compiles anew, about a minute: set PERELOM_CACHE to a folder of yours"
    return [
        kept,
        Check("Cache folder", f"{folder}, not writable", str(folder), "attention", remedy),
    ]


def _disk(part: str, folder: Path) -> Check:
    there = _existing(folder)
    try:
        free = shutil.disk_usage(there).free
    except OSError as error:
        reason = error.strerror or str(error)
        return Check(part, reason, None, "attention", "choose another folder")
    found = f"{free / GIB:,.1f} GiB free"
    if not _may_write(folder):
        remedy = "give --out a folder that you may write to"
        return Check(part, f"{found}, not writable", free, "attention", remedy)
    if free < LEAST_DISK * GIB:
        remedy = "free some space; `perelom doctor --clear-cache` removes compiled programs"
        return Check(part, found, free, "attention", remedy)
    return Check(part, found, free)


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    folder = folder.absolute()
    return next((each for each in (folder, *folder.parents) if each.exists()), folder)


def _may_write(folder: Path) -> bool:
    there = _existing(folder)
    return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
