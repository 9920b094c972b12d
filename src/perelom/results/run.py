"""A run as a historian uses it: labelled tables by name, score, report and export."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import polars as pl
import xarray as xr

from perelom.described import facts
from perelom.evidence.variables import NATION
from perelom.results.chunk import Chunk
from perelom.results.draws import Draws
from perelom.results.errors import RequestError
from perelom.results.manifest import Manifest
from perelom.results.national import with_nation
from perelom.results.run_folder import RunFolder

if TYPE_CHECKING:
    from perelom.results.chart import Chart


@runtime_checkable
class Holder(Protocol):
    """Where the tables of a run lie: a run folder, or memory."""

    @property
    def manifest(self) -> Manifest:
        """What was run and how far it came."""

    def monthly(self, layer: str) -> xr.Dataset:
        """Return one layer, `true` or `reported`."""

    def villages(self) -> xr.Dataset:
        """Return every simulated village by month."""

    def table(self, name: str) -> pl.DataFrame:
        """Return households, events, accounts or village_places."""

    def scenario(self) -> dict[str, Any]:
        """Return title, assumptions and decisions of the scenario."""


class Memory:
    """The tables of a run that was never written down."""

    def __init__(
        self, chunks: Iterable[Chunk], manifest: Manifest, scenario: dict[str, Any]
    ) -> None:
        held = list(chunks)
        true = xr.concat([chunk.monthly for chunk in held], "month", combine_attrs="override")
        said = xr.concat([chunk.reported for chunk in held], "month", combine_attrs="override")
        self._layers = {"true": with_nation(true), "reported": with_nation(said, true)}
        self._villages = xr.concat([chunk.villages for chunk in held], "month")
        self._tables: dict[str, pl.DataFrame] = {
            name: pl.concat([getattr(chunk, name) for chunk in held], how="vertical_relaxed")
            for name in ("households", "events", "accounts")
        }
        self._tables["village_places"] = held[0].village_places
        self._scenario = scenario
        self.manifest = manifest.having(
            status="complete", months_done=true.sizes["month"], last_month=held[-1].last_month
        )

    def monthly(self, layer: str) -> xr.Dataset:
        """Return one layer, `true` or `reported`."""
        return self._layers[layer]

    def villages(self) -> xr.Dataset:
        """Return every simulated village by month."""
        return self._villages

    def table(self, name: str) -> pl.DataFrame:
        """Return households, events, accounts or village_places."""
        return self._tables[name]

    def scenario(self) -> dict[str, Any]:
        """Return title, assumptions and decisions of the scenario."""
        return self._scenario


class Run:
    """One run, on disk or in memory.

    Examples
    --------
    >>> run = Run.open("runs/historical-19260101T000000Z")  # doctest: +SKIP
    >>> run.monthly["livestock_horses"].sel(region="USSR")  # doctest: +SKIP

    """

    def __init__(self, holder: Holder, path: Path | None = None) -> None:
        self._holder, self.path = holder, path

    @classmethod
    def open(cls, path: str | Path) -> Run:
        """Open a run folder; an incomplete one gives the months that it has."""
        return cls(RunFolder.open(Path(path)), Path(path))

    @classmethod
    def in_memory(
        cls, chunks: Iterable[Chunk], manifest: Manifest, scenario: dict[str, Any] | None = None
    ) -> Run:
        """Collect the chunks of a simulation without writing anything."""
        return cls(Memory(chunks, manifest, scenario or {}))

    @property
    def manifest(self) -> Manifest:
        """What was run, with what and how far it came."""
        return self._holder.manifest

    @cached_property
    def scenario(self) -> dict[str, Any]:
        """Title, assumptions and dated decisions of the scenario as it was run."""
        return self._holder.scenario()

    @cached_property
    def monthly(self) -> xr.Dataset:
        """What happened (true layer): dims (month, region), regions and the sum USSR."""
        return self._holder.monthly("true")

    @cached_property
    def reported(self) -> xr.Dataset:
        """What was reported: the same form, only variables that are reported."""
        return self._holder.monthly("reported")

    @cached_property
    def villages(self) -> xr.Dataset:
        """Every simulated village by month: dims (month, village)."""
        return self._holder.villages()

    @cached_property
    def village_places(self) -> pl.DataFrame:
        """Every simulated village: region, raion, weight, shares of nationalities."""
        return self._holder.table("village_places")

    @cached_property
    def households(self) -> pl.DataFrame:
        """All households of the followed villages by month."""
        return self._holder.table("households")

    @cached_property
    def events(self) -> pl.DataFrame:
        """Dated decisions and events by region."""
        return self._holder.table("events")

    @cached_property
    def accounts(self) -> pl.DataFrame:
        """Opening, inflow, outflow, closing and residual of every account."""
        return self._holder.table("accounts")

    @cached_property
    def ensemble(self) -> Draws | None:
        """The draws of the run, None where it has fewer than two."""
        return Draws.of(self.path, self.manifest.ensemble)

    @cached_property
    def comparison(self) -> pl.DataFrame:
        """Every observation held against the run, or against the median of its draws."""
        if self.ensemble is not None:
            from perelom.results.coverage import compare_draws

            return compare_draws(self.ensemble)
        from perelom.results.score import compare_run

        return compare_run(self.monthly, self.reported)

    def score(self) -> pl.DataFrame:
        """Return the scoreboard: one row a group of observations."""
        if self.ensemble is not None:
            from perelom.results import coverage

            return coverage.by_group(self.comparison)
        from perelom.results.score import by_group

        return by_group(self.comparison)

    def write_score(self, path: str | Path | None = None) -> Path:
        """Write the score, one row an observation, by default `score.csv` in the run folder."""
        from perelom.results.files import write_whole

        path = Path(path) if path else self._folder() / "score.csv"
        write_whole(path, self.comparison.write_csv().encode())
        return path

    def report(self, path: str | Path | None = None) -> Path:
        """Write the report as one HTML file, by default into the run folder."""
        from perelom.results.report import write_report

        return write_report(self, Path(path) if path else self._folder() / "report.html")

    def chart(self, variable: str, region: str = NATION) -> Chart:
        """Draw a variable in one region, with the observations that it is compared with."""
        from perelom.results.chart import chart

        return chart(self, variable, region)

    def export(
        self,
        format: str,  # noqa: A002
        path: str | Path,
        *,
        wide: bool = False,
        overwrite: bool = False,
    ) -> Path:
        """Write the values as csv, parquet, netcdf or stata; wide: one column a variable."""
        from perelom.results.export import export

        return export(self, format, Path(path), wide_form=wide, overwrite=overwrite)

    def _folder(self) -> Path:
        if self.path is None:
            raise RequestError(
                what="this run lies in memory and has no folder to write into",
                where="perelom.Run",
                allowed="a run with a folder, or a path to write to",
                remedy="give a path, or make the run with `perelom.run(..., out=FOLDER)`",
            )
        return self.path

    def citation(self) -> str:
        """Return how to cite the run: software, version, scenario, seed and date."""
        from perelom.results.provenance import citation

        return citation(self)

    def __repr__(self) -> str:
        rows = "".join(f"\n  {name:<9} {value}" for name, value in self._facts())
        return f"<perelom.Run {self._name()!r}, {self.manifest.status}>{rows}"

    def _repr_html_(self) -> str:
        note = (
            "One run: it carries no interval, and none of its numbers is an estimate."
            if self.ensemble is None
            else "Intervals are those of the draws; they do not contain the model's own error."
        )
        return facts(f"Run {self._name()}, {self.manifest.status}", self._facts(), note)

    def _name(self) -> str:
        return str(self.manifest.scenario.get("name", "?"))

    def _facts(self) -> list[tuple[str, str]]:
        manifest, settings = self.manifest, self.manifest.settings
        about = (
            f"{settings.get('villages', '?')}, seed {settings.get('seed', '?')}, "
            f"member {settings.get('member', 0)}, {settings.get('draws', '?')} draws"
        )
        ensemble = [("ensemble", f"{self.ensemble.count} draws")] if self.ensemble else []
        return [
            ("months", f"{manifest.months_done}, {manifest.first_month} to {manifest.last_month}"),
            ("villages", about),
            *ensemble,
            (
                "variables",
                f"{len(self.monthly.data_vars)} true, {len(self.reported.data_vars)} reported",
            ),
            ("folder", str(self.path or "in memory")),
        ]
