"""Long tables of a run: one Parquet part a chunk while it runs, one file when it is complete."""

import io
from pathlib import Path

import polars as pl

from perelom.results.errors import RunFolderError
from perelom.results.files import write_whole, writing

TABLES = ("households", "events", "accounts")
PLACES = "village_places"
"""A table that does not grow: where each simulated village lies."""


class Table:
    """One long table of a run folder.

    Parts lie in `parts/` under the last month that they hold; `gather` joins them into one file.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self.whole = folder / f"{name}.parquet"
        self.parts = folder / "parts"

    def append(self, rows: pl.DataFrame, last_month: str) -> None:
        """Write the rows of one chunk; writing the same chunk again replaces it."""
        if rows.width == 0:
            return
        with writing(self.parts):
            self.parts.mkdir(exist_ok=True)
        write_whole(self._part(last_month), _bytes(rows))

    def keep(self, rows: pl.DataFrame) -> None:
        """Write the one file of a table that does not grow, unless it is there."""
        if not self.whole.exists():
            write_whole(self.whole, _bytes(rows))

    def gather(self, last_month: str) -> None:
        """Join the parts up to `last_month` into one file."""
        parts = self._parts(last_month)
        if not parts:
            return
        write_whole(self.whole, _bytes(self.read(last_month)))
        for part in parts:
            part.unlink()

    def scatter(self, last_month: str) -> None:
        """Turn the one file back into a part, so that a run can go on."""
        if not self.whole.exists():
            return
        with writing(self.parts):
            self.parts.mkdir(exist_ok=True)
            for part in self.parts.glob(f"{self.name}-*.parquet"):
                part.unlink()
            self.whole.replace(self._part(last_month))

    def read(self, last_month: str) -> pl.DataFrame:
        """Read all rows up to `last_month`."""
        paths = [self.whole] if self.whole.exists() else self._parts(last_month)
        frames = [self._read_one(path) for path in paths]
        return pl.concat(frames, how="vertical_relaxed") if frames else pl.DataFrame()

    def _read_one(self, path: Path) -> pl.DataFrame:
        try:
            return pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise RunFolderError(
                what=f"the table of {self.name} cannot be read ({reason})",
                where=str(path),
                allowed="a whole Parquet file",
                remedy="restore the file from a copy, or repeat the run",
            ) from error

    def _part(self, last_month: str) -> Path:
        return self.parts / f"{self.name}-{last_month}.parquet"

    def _parts(self, last_month: str) -> list[Path]:
        if not self.parts.is_dir():
            return []
        limit = self._part(last_month).name
        return [p for p in sorted(self.parts.glob(f"{self.name}-*.parquet")) if p.name <= limit]


def _bytes(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()
