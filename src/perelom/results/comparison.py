"""A comparison of scenarios: the same draws and the same luck under each, difference by difference.

The folder holds `report.html`, `outcomes.csv` (medians and intervals), `draws.csv` (every draw),
`series.csv` (national values by month: 5%, median, 95% of each scenario and of the differences),
`parameters.csv` (of every draw) and `comparison.json` (what was run, with what).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from perelom.described import facts
from perelom.results.draws import standing
from perelom.results.errors import RequestError
from perelom.results.files import write_whole, writing
from perelom.results.manifest import Manifest
from perelom.results.series import band

if TYPE_CHECKING:
    from perelom.engine.settings import Settings
    from perelom.experiments.paired import Paired
    from perelom.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with the runs done and the runs planned."""


@dataclass(frozen=True)
class Comparison:
    """Scenarios run draw by draw on the same luck.

    scenarios: the base first. paired: the runs. parameters: of every draw, in their order.
    manifest: what was run, with what. standing: what the draws are, fitted or from the priors.
    """

    scenarios: tuple[Scenario, ...]
    paired: Paired
    parameters: tuple[dict[str, float], ...]
    manifest: Manifest
    standing: str

    @property
    def table(self) -> pl.DataFrame:
        """Outcomes: median and 90% interval of each scenario and of the paired difference."""
        return self.paired.table()

    @property
    def draws(self) -> pl.DataFrame:
        """Every draw's outcomes and their distance from the base."""
        return self.paired.draws()

    @property
    def not_simulated(self) -> list[str]:
        """Named outcomes that the runs do not have."""
        return self.paired.outcomes()[1]

    def series(self) -> pl.DataFrame:
        """Return national values by month: arm, variable, month, and six columns of intervals."""
        paired, frames = self.paired, []
        month = pl.Series("month", paired.months.astype("datetime64[D]"))
        for arm, national in zip(paired.arms, paired.national, strict=True):
            for name, values in national.items():
                own, less = band(values), band(values - paired.national[0][name])
                columns = {"p05": own[0], "p50": own[1], "p95": own[2]}
                columns |= {"less_base_p05": less[0], "less_base_p50": less[1]}
                columns |= {"less_base_p95": less[2]}
                keys = {"arm": [arm] * month.len(), "variable": [name] * month.len()}
                frames.append(pl.DataFrame(keys | {"month": month} | columns))
        return pl.concat(frames).fill_nan(None)

    def write(self, path: Path) -> Path:
        """Write the folder of the comparison and return the path of its report."""
        from perelom.results.comparison_report import render

        refuse_existing(path)
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
        numbers = pl.Series("member", range(len(self.parameters)), dtype=pl.Int64)
        parameters = pl.DataFrame([numbers]).hstack(pl.DataFrame(list(self.parameters)))
        tables = {
            "outcomes.csv": self.table,
            "draws.csv": self.draws,
            "series.csv": self.series(),
            "parameters.csv": parameters,
        }
        for name, rows in tables.items():
            write_whole(path / name, rows.write_csv(float_precision=6).encode())
        write_whole(path / "comparison.json", json.dumps(self._about(), indent=2).encode())
        report = path / "report.html"
        write_whole(report, render(self).encode())
        return report

    def _repr_html_(self) -> str:
        settings = self.manifest.settings
        rows = [
            ("base", self.scenarios[0].name),
            ("against it", ", ".join(one.name for one in self.scenarios[1:])),
            ("draws", f"{len(self.paired.members)} of {len(self.parameters)}"),
            ("villages", f"{settings['villages']}, until {settings['until']}"),
            ("outcomes", "`.table`: medians and 90% intervals of the paired differences"),
        ]
        return facts("Comparison of scenarios", rows, self.standing)

    def _about(self) -> dict[str, Any]:
        manifest = self.manifest
        return {
            "created": manifest.created,
            "code_version": manifest.code_version,
            "scenarios": [{"name": one.name, "hash": one.hash} for one in self.scenarios],
            "settings": manifest.settings,
            "draws_planned": len(self.parameters),
            "draws_through": list(self.paired.members),
            "failed": [list(one) for one in self.paired.failed],
            "stopped": self.paired.stopped,
            "standing": self.standing,
            "versions": manifest.versions,
            "machine": manifest.machine,
            "data_hashes": manifest.data_hashes,
        }


def compare(
    scenarios: Sequence[str | Scenario],
    settings: Settings,
    ensemble: int,
    progress: Progress | None = None,
    processes: int | None = None,
) -> Comparison:
    """Run scenarios under the same draws and the same luck; the first is the base.

    Parameters
    ----------
    scenarios
        Two or more, by name, path or loaded.
    settings
        What all runs share; the number of a draw fixes its luck.
    ensemble
        How many draws of the fitted parameters, at least 2.
    progress
        Called before the first and after each run.
    processes
        How many runs at once; left out, as many as pay off here.

    Raises
    ------
    PerelomError
        Fewer than two scenarios or draws, an unknown scenario, or too few runs that went through.

    """
    from perelom.experiments.paired import run_paired
    from perelom.inference.ensemble import Arm
    from perelom.inference.pool import processes_for
    from perelom.inference.posterior import posterior_draws

    chosen = checked(scenarios, ensemble)
    names = _names(chosen)
    arms = [Arm(name, one) for name, one in zip(names, chosen, strict=True)]
    draws = posterior_draws(ensemble)
    at_once = processes or processes_for(len(arms) * ensemble, settings.villages)
    paired = run_paired(arms, settings, draws, progress, at_once)
    manifest = Manifest.new(
        {"name": " against ".join(reversed(names)), "hash": " ".join(one.hash for one in chosen)},
        {
            "villages": settings.villages,
            "seed": settings.seed,
            "draws": settings.draws,
            "until": settings.until,
            "ensemble": ensemble,
        },
    )
    return Comparison(tuple(chosen), paired, tuple(draws), manifest, standing())


def checked(scenarios: Sequence[str | Scenario], ensemble: int) -> list[Scenario]:
    """Load the scenarios; refuse fewer than two, and fewer than two draws."""
    from perelom.scenario import load

    if len(scenarios) < 2:
        raise RequestError(
            what=f"{len(scenarios)} scenario given",
            where="perelom compare",
            allowed="two or more scenarios, the base first",
            remedy="for example `perelom compare historical nep`",
        )
    if ensemble < 2:
        raise RequestError(
            what=f"{ensemble} draw makes no interval",
            where="--ensemble",
            allowed="2 or more",
            remedy="20 give a first impression, 100 a steady interval",
        )
    return [load(one) if isinstance(one, str) else one for one in scenarios]


def refuse_existing(path: Path) -> None:
    """Raise where a folder of a comparison cannot be made."""
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise RequestError(
            what="the path is already in use",
            where=str(path),
            allowed="a path that does not exist yet, or an empty folder",
            remedy="choose another --out",
        )


def default_folder(names: Sequence[str]) -> Path:
    """Return the folder of a comparison that was given none."""
    return Path("comparisons") / f"{'-'.join(names)}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"


def differing_levers(base: Scenario, other: Scenario) -> list[dict[str, Any]]:
    """Return the levers that two scenarios set differently: where first, and the yearly means."""
    from perelom.scenario import levers
    from perelom.scenario.tables import lever_table
    from perelom.world.calendar import month_index, month_name

    ours, theirs = lever_table(base), lever_table(other)
    window = slice(month_index("1930-01"), month_index("1932-12") + 1)
    rows = []
    for name, lever in levers().items():
        months = np.flatnonzero((ours[name] != theirs[name]).any(axis=1))
        if months.size:
            rows.append(
                {
                    "lever": name,
                    "description": lever.description,
                    "unit": lever.unit,
                    "since": month_name(int(months[0])),
                    "base": float(ours[name][window].mean()),
                    "other": float(theirs[name][window].mean()),
                }
            )
    return rows


def _names(scenarios: Sequence[Scenario]) -> list[str]:
    """Name the arms after the scenarios; one that comes again gets a number."""
    names: list[str] = []
    for one in scenarios:
        again = sum(name.split(" ")[0] == one.name for name in names)
        names.append(one.name if not again else f"{one.name} {again + 1}")
    return names
