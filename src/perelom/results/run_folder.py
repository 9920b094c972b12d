"""The run folder: made when a run starts, filled chunk by chunk, readable at any moment.

The order of writing makes a folder trustworthy: first the saved state and the values of a chunk,
last the manifest's count of months. A run that is killed in between leaves values that no
reader looks at and that a resumed run writes again.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import polars as pl
import xarray as xr

from perelom.results.chunk import Chunk, save_state
from perelom.results.errors import RunFolderError, WriteError
from perelom.results.files import write_whole, writing
from perelom.results.grid import Grid, month_after, months_between
from perelom.results.manifest import FILE_NAME, Manifest, Status, now
from perelom.results.national import with_nation
from perelom.results.tables import TABLES, Table

SCENARIO = "scenario.json"
CHECKPOINTS = "checkpoint"


def default_path(scenario: str) -> Path:
    """Return the folder of a run that was given none: `runs/<scenario>-<UTC timestamp>`."""
    return Path("runs") / f"{scenario}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


class RunFolder:
    """A run folder on disk: reading and, while a run goes, writing."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self.path, self.manifest = path, manifest
        self._lock: IO[bytes] | None = None
        self._layers = {layer: Grid(path / "monthly.zarr", layer) for layer in ("true", "reported")}
        self._villages = Grid(path / "villages.zarr")
        self._started = time.monotonic()
        self._seconds_before = manifest.wall_seconds
        self._found: Manifest | None = None

    @classmethod
    def create(cls, path: Path, manifest: Manifest, scenario: dict[str, Any]) -> RunFolder:
        """Make a new run folder.

        Parameters
        ----------
        path
            Must not exist, or be an empty folder.
        manifest
            What is going to be run.
        scenario
            Title, assumptions and decisions, kept for the report.

        """
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            is_run = (path / FILE_NAME).is_file()
            raise RunFolderError(
                what="a run is already here" if is_run else "the path is already in use",
                where=str(path),
                allowed="a path that does not exist yet, or an empty folder",
                remedy="choose another --out"
                + (", or continue this run with --resume" if is_run else ""),
            )
        was_there = path.exists()
        folder = cls(path, manifest)
        try:
            with writing(path):
                path.mkdir(parents=True, exist_ok=True)
                (path / CHECKPOINTS).mkdir()
            folder._take_lock()
            write_whole(path / SCENARIO, json.dumps(scenario, ensure_ascii=False).encode())
            manifest.write(path)
        except Exception:
            folder._drop_lock()
            _remove(path, keep=was_there)
            raise
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open an existing run folder for reading."""
        return cls(path, Manifest.read(path))

    def resume(self, until: str | None = None) -> Path:
        """Take the folder up again and return the path of its saved state."""
        self._take_lock()
        self.manifest = self._found = Manifest.read(self.path)
        state = self.path / CHECKPOINTS / self.manifest.checkpoint
        if not self.manifest.checkpoint or not state.exists():
            self._drop_lock()
            raise RunFolderError(
                what="no saved state to continue from",
                where=str(self.path / CHECKPOINTS),
                allowed="a run that finished at least one chunk of months",
                remedy="start the run anew",
            )
        for name in TABLES:
            Table(self.path, name).scatter(self.manifest.last_month)
        settings = self.manifest.settings | ({"until": until} if until else {})
        self._update(status="running", finished="", settings=settings)
        return state

    def append(self, chunk: Chunk) -> None:
        """Write one chunk; only when all of it is written does the manifest count its months."""
        done, first = self.manifest.months_done, self.manifest.first_month
        planned = max(months_between(first, str(self.manifest.settings["until"])), done)
        stop = months_between(first, chunk.last_month)
        if chunk.monthly.sizes["month"] != stop - done:
            raise ValueError(f"chunk to {chunk.last_month} does not follow {done} months")
        if chunk.checkpoint is not None:
            save_state(chunk.checkpoint, self.path / CHECKPOINTS / chunk.last_month)
        place: dict[str, Any] = {"first": first, "start": done, "planned": planned}
        self._layers["true"].write(with_nation(chunk.monthly), **place)
        reported = with_nation(chunk.reported, chunk.monthly)
        self._layers["reported"].write(reported, **place)
        self._villages.write(chunk.villages, **place)
        for name in TABLES:
            Table(self.path, name).append(getattr(chunk, name), chunk.last_month)
        checkpoint = chunk.last_month if chunk.checkpoint is not None else self.manifest.checkpoint
        self._update(months_done=stop, last_month=chunk.last_month, checkpoint=checkpoint)
        if not self.manifest.keep_states:
            self._drop_states(but=checkpoint)

    def finish(self, status: Status) -> None:
        """Close a run; a complete one gets its long tables as one file each."""
        if status == "complete":
            for name in TABLES:
                Table(self.path, name).gather(self.manifest.last_month)
            shutil.rmtree(self.path / "parts", ignore_errors=True)
        self._update(status=status, finished=now())
        self._drop_lock()

    def reopen(self) -> None:
        """Take up again a folder whose central member is complete, to add draws."""
        self._take_lock()
        self._update(status="running", finished="")

    def close(self, status: Status) -> None:
        """Say how the work on the draws ended."""
        self._update(status=status, finished=now())
        self._drop_lock()

    def abandon(self) -> None:
        """Close a run that was stopped: keep what is done, or leave nothing if nothing is.

        A run that was taken up again and got no further is left as it was found.
        """
        if self.manifest.months_done == 0:
            self._drop_lock()
            shutil.rmtree(self.path, ignore_errors=True)
            return
        found = self._found
        try:
            if found is None or found.status != "complete" or self._went_on(found):
                self.finish("interrupted")
            else:
                self.finish("complete")
                found.write(self.path)
                self.manifest = found
        except WriteError:
            self._drop_lock()

    def _went_on(self, found: Manifest) -> bool:
        return self.manifest.months_done > found.months_done

    def copy_before(self, trunk: RunFolder, month: str) -> None:
        """Take over the months of another run that lie before `month`."""
        count = months_between(self.manifest.first_month, month) - 1
        place: dict[str, Any] = {
            "first": self.manifest.first_month,
            "start": 0,
            "planned": months_between(
                self.manifest.first_month, str(self.manifest.settings["until"])
            ),
        }
        for layer in ("true", "reported"):
            self._layers[layer].write(trunk.monthly(layer).isel(month=slice(count)), **place)
        self._villages.write(trunk.villages().isel(month=slice(count)), **place)
        last = month_after(month, -1)
        for name in TABLES:
            rows = trunk.table(name)
            if rows.width:
                before = pl.col("month") < pl.lit(f"{month}-01").str.to_date()
                Table(self.path, name).append(rows.filter(before), last)
        self._update(months_done=count, last_month=last)

    def saved_before(self, month: str) -> Path | None:
        """Return the latest saved state from which `month` is still to come."""
        states = sorted(path for path in (self.path / CHECKPOINTS).glob("[0-9]*"))
        usable = [path for path in states if path.name < month]
        return usable[-1] if usable else None

    def monthly(self, layer: str) -> xr.Dataset:
        """Return the months done of one layer, `true` or `reported`, with the row USSR."""
        return self._layers[layer].read(self.manifest.months_done)

    def villages(self) -> xr.Dataset:
        """Return the months done of every simulated village."""
        return self._villages.read(self.manifest.months_done)

    def table(self, name: str) -> pl.DataFrame:
        """Return one of the long tables: households, events or accounts."""
        return Table(self.path, name).read(self.manifest.last_month)

    def scenario(self) -> dict[str, Any]:
        """Return title, assumptions and decisions of the scenario as it was run."""
        path = self.path / SCENARIO
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def _drop_states(self, *, but: str) -> None:
        for state in (self.path / CHECKPOINTS).iterdir():
            if state.name == but:
                continue
            if state.is_dir():
                shutil.rmtree(state, ignore_errors=True)
            else:
                state.unlink(missing_ok=True)

    def _update(self, **changes: Any) -> None:
        seconds = self._seconds_before + time.monotonic() - self._started
        changed = self.manifest.having(wall_seconds=round(seconds, 2), **changes)
        changed.write(self.path)
        self.manifest = changed

    def _take_lock(self) -> None:
        with writing(self.path):
            lock = (self.path / ".lock").open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise RunFolderError(
                what="another process is writing to this run",
                where=str(self.path),
                allowed="one writer at a time",
                remedy="wait for it to finish, or stop it",
            ) from error
        self._lock = lock

    def _drop_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _remove(path: Path, *, keep: bool) -> None:
    if not path.is_dir():
        return
    for name in (FILE_NAME, SCENARIO, ".lock"):
        (path / name).unlink(missing_ok=True)
    shutil.rmtree(path / CHECKPOINTS, ignore_errors=True)
    if not keep and not any(path.iterdir()):
        path.rmdir()
