"""The folder of a fit: what was asked for, every finished member, and the results.

A member is one small file, written whole or not at all, so that a fit that was stopped at any
moment goes on where it was. The manifest says what the members belong to; a fit of something else
is refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perelom.inference.workers import MemberRun
from perelom.results.errors import RunFolderError
from perelom.results.files import write_whole, writing
from perelom.results.manifest import code_version, data_hashes, machine, now, versions
from perelom.scenario import load

FORMAT_VERSION = 1
FILE_NAME = "fit.json"

TABLES = {
    "the parameters and their priors": "parameters.csv",
    "the observations": "observations.csv",
    "the split of the observations": "observation_split.csv",
    "the error model": "error_model.csv",
    "the model's own error": "discrepancy.csv",
}
"""Tables whose change makes another fit; all other tables count as one."""

IGNORED = (
    "posterior.csv",
    "posterior.json",
    "fit_observations.csv",
    "claims.csv",
    "conflicts.csv",
    "timeline.csv",
)
"""Tables that no fit depends on."""


def identity(settings: dict[str, Any]) -> dict[str, Any]:
    """Return what a fit depends on: settings, code and tables, each as a hash or a value."""
    hashes = {name: value for name, value in data_hashes().items() if name not in IGNORED}
    named = {what: hashes.pop(table, "absent") for what, table in TABLES.items()}
    return {
        "format version": FORMAT_VERSION,
        **settings,
        "the code": code_hash(),
        **named,
        "the other tables": _hash(json.dumps(hashes, sort_keys=True).encode()),
        "the scenario": load("historical").hash,
    }


def code_hash() -> str:
    """Return the SHA-256 of the package's modules that a simulated value depends on."""
    parts = ("evidence", "scenario", "world", "model", "engine", "inference")
    files = [path for part in parts for path in _below(part, "*.py")]
    return _hash(*(path.read_bytes() for path in files))


class FitFolder:
    """Members of a fit on disk; a `Store` for `perelom.inference.fitting.fit`."""

    def __init__(self, path: Path, asked: dict[str, Any]) -> None:
        """Open the folder of this fit, or begin it.

        Raises
        ------
        RunFolderError
            The folder holds something else, or a fit of something else.

        """
        self.path = path
        manifest = path / FILE_NAME
        if manifest.is_file():
            _check_same(path, _read(manifest), asked)
            return
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RunFolderError(
                what="this is no folder of a fit, and it is not empty",
                where=str(path),
                allowed="a new or empty folder, or one made by `perelom fit`",
                remedy="choose another --out",
            )
        with writing(path):
            (path / "members").mkdir(parents=True, exist_ok=True)
        about = {
            "fit": asked,
            "created": now(),
            "code_version": code_version(),
            "versions": versions(),
            "machine": machine(),
        }
        self.write(FILE_NAME, json.dumps(about, indent=2) + "\n")

    def write(self, name: str, text: str) -> Path:
        """Write a text file into the folder, whole or not at all."""
        path = self.path / name
        with writing(path):
            path.parent.mkdir(exist_ok=True)
        write_whole(path, text.encode())
        return path

    def ensemble(self, iteration: int) -> NDArray[np.float64] | None:
        """Return the parameters of an iteration as standard normal numbers, if kept."""
        kept = _load(self.path / f"ensemble_{iteration}.npz")
        return None if kept is None else kept["normal"]

    def keep_ensemble(self, iteration: int, normal: NDArray[np.float64]) -> None:
        """Keep the parameters of an iteration."""
        write_whole(self.path / f"ensemble_{iteration}.npz", _packed(normal=normal))

    def members(self, iteration: int) -> dict[int, MemberRun]:
        """Return the finished runs of an iteration by number; unreadable ones are run again."""
        found = {}
        for path in sorted((self.path / "members").glob(f"{iteration}_*.npz")):
            kept = _load(path)
            if kept is None:
                continue
            number = int(path.stem.split("_")[1])
            found[number] = MemberRun(
                number, kept["simulated"], str(kept["error"]), float(kept["seconds"])
            )
        return found

    def keep_member(self, iteration: int, run: MemberRun) -> None:
        """Keep a finished run."""
        content = _packed(
            simulated=run.simulated, error=np.asarray(run.error), seconds=np.asarray(run.seconds)
        )
        write_whole(self.path / "members" / f"{iteration}_{run.number:05d}.npz", content)


def _check_same(path: Path, kept: dict[str, Any], asked: dict[str, Any]) -> None:
    other = [name for name in asked if kept.get(name) != asked[name]]
    if not other:
        return
    shown = [
        f"{name} ({kept.get(name)}, now {asked[name]})"
        if isinstance(asked[name], int) or len(str(asked[name])) < 20
        else name
        for name in other
    ]
    raise RunFolderError(
        what=f"another fit began here; it differs in {', '.join(shown)}",
        where=str(path),
        allowed="the same settings, code, parameters, observations and split as when it began",
        remedy="go on with those, or choose another --out",
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["fit"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RunFolderError(
            what=f"the description of the fit cannot be read ({error})",
            where=str(path),
            allowed="the JSON object that `perelom fit` writes",
            remedy="restore the file from a copy, or choose another --out",
        ) from error


def _packed(**arrays: NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def _load(path: Path) -> dict[str, NDArray[Any]] | None:
    try:
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return None


def _below(part: str, pattern: str) -> list[Path]:
    return sorted((Path(__file__).resolve().parents[1] / part).rglob(pattern))


def _hash(*contents: bytes) -> str:
    found = hashlib.sha256()
    for content in contents:
        found.update(content)
    return found.hexdigest()
