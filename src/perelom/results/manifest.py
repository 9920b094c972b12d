"""The manifest of a run folder: what was run, with what, where and how far it came."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any, Literal

from perelom.results.errors import RunFolderError
from perelom.results.files import write_whole

FORMAT_VERSION = 1
FILE_NAME = "manifest.json"
Status = Literal["running", "complete", "interrupted"]

_PACKAGES = ("jax", "jaxlib", "numpy", "polars", "xarray", "zarr")


@dataclass(frozen=True)
class Manifest:
    """What a run folder says of itself.

    months_done is the only word on how much of the tables may be trusted: it is written after
    the months themselves. scenario holds name, title, source and hash; settings hold villages,
    seed, member, draws, until and the followed villages. keep_states: whether the saved state
    of every chunk is kept, or only the last. ensemble: how many draws of the parameters are run
    beside the central member.
    """

    scenario: dict[str, Any]
    settings: dict[str, Any]
    format_version: int = FORMAT_VERSION
    status: Status = "running"
    first_month: str = "1926-12"
    months_done: int = 0
    last_month: str = ""
    checkpoint: str = ""
    keep_states: bool = False
    ensemble: int = 0
    created: str = ""
    finished: str = ""
    wall_seconds: float = 0.0
    code_version: str = ""
    data_hashes: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    machine: dict[str, Any] = field(default_factory=dict)
    branch: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new(
        cls,
        scenario: dict[str, Any],
        settings: dict[str, Any],
        branch: dict[str, str] | None = None,
    ) -> Manifest:
        """Describe a run that starts now on this machine."""
        return cls(
            scenario=scenario,
            settings=settings,
            created=now(),
            code_version=code_version(),
            data_hashes=data_hashes(),
            versions=versions(),
            machine=machine(),
            branch=branch or {},
        )

    def having(self, **changes: Any) -> Manifest:
        """Return the same manifest with some fields changed."""
        return replace(self, **changes)

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`, whole or not at all."""
        text = json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"
        write_whole(folder / FILE_NAME, text.encode())

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """Read the manifest of `folder`; refuse what is no run folder of this version."""
        path = folder / FILE_NAME
        content = _content(path, folder)
        version = content.get("format_version") if isinstance(content, dict) else None
        if version != FORMAT_VERSION:
            raise RunFolderError(
                what=f"run folder of format version {version}",
                where=str(path),
                allowed=f"format version {FORMAT_VERSION}",
                remedy="read it with the version of perelom that wrote it "
                f"({content.get('code_version', 'unknown') if isinstance(content, dict) else '?'})"
                ", or repeat the run",
            )
        try:
            return cls(**content)
        except TypeError as error:
            raise _damaged(path, str(error)) from error


def _content(path: Path, folder: Path) -> Any:
    if not folder.is_dir() or not path.is_file():
        raise RunFolderError(
            what="no run folder here" if folder.exists() else "no such folder",
            where=str(folder),
            allowed=f"a folder made by `perelom run`, with a {FILE_NAME} in it",
            remedy="give the path that `perelom run` printed last",
        )
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, reason: str) -> RunFolderError:
    return RunFolderError(
        what=f"the manifest cannot be read ({reason})",
        where=str(path),
        allowed="the JSON object that `perelom run` writes",
        remedy="restore the file from a copy, or repeat the run",
    )


def now() -> str:
    """Return the present moment in UTC to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that a result depends on."""
    found = {"python": platform.python_version()}
    for name in _PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, Any]:
    """Describe the machine without naming it."""
    described: dict[str, Any] = {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else None,
        "platform": f"{platform.system()} {platform.machine()}",
    }
    described["cores"] = described["cores"] or os.cpu_count()
    if "SC_PHYS_PAGES" in getattr(os, "sysconf_names", {}):
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        described["memory_gib"] = round(memory / 2**30, 1)
    return described


@cache
def code_version() -> str:
    """Return the package version, with the commit where the package lies in a checkout."""
    version = metadata.version("perelom")
    here = Path(__file__).resolve().parent
    if not (here.parents[2] / ".git").exists():
        return version
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=here,
        capture_output=True,
        text=True,
        check=False,
    )
    commit = described.stdout.strip()
    return f"{version}+{commit}" if described.returncode == 0 and commit else version


@cache
def data_hashes() -> dict[str, str]:
    """Return the SHA-256 of every table that ships with the package."""
    hashes = {}
    for entry in sorted(
        resources.files("perelom").joinpath("data").iterdir(), key=lambda e: e.name
    ):
        if entry.is_file():
            hashes[entry.name] = hashlib.sha256(entry.read_bytes()).hexdigest()
    return hashes
