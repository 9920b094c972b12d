"""Running a scenario into a run folder: the one place where results meet the engine."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from perelom.results.chunk import Chunk, save_state
from perelom.results.draws_store import DrawsStore
from perelom.results.errors import RequestError, RunFolderError
from perelom.results.grid import month_after, months_between
from perelom.results.manifest import Manifest
from perelom.results.run import Run
from perelom.results.run_folder import RunFolder

if TYPE_CHECKING:
    from perelom.engine.settings import Settings
    from perelom.scenario import Scenario

Progress = Callable[[int, int], None]
"""Called with the months done and the months planned."""


def new(
    scenario: str | Scenario,
    settings: Settings,
    path: Path,
    progress: Progress,
    *,
    keep_states: bool = False,
    draws: Sequence[dict[str, float]] = (),
) -> Run:
    """Simulate a scenario from December 1926 on into a new run folder.

    keep_states keeps the saved state of every year, to branch from without simulating again. draws:
    parameter sets of an ensemble, which `resume_draws` then runs beside this central member.
    """
    from perelom.engine.run import country, simulate

    chosen = _chosen(scenario)
    manifest = _manifest(chosen, scenario, settings)
    manifest = manifest.having(keep_states=keep_states, ensemble=len(draws))
    folder = RunFolder.create(path, manifest, describe(chosen))
    try:
        if draws:
            DrawsStore.create(path, list(draws))
        world = country(settings)
    except BaseException:
        folder.abandon()
        raise
    return _fill(folder, simulate(chosen, settings, world=world), progress)


def resume_draws(path: Path, progress: Progress, processes: int | None = None) -> Run:
    """Run the draws that a run still lacks; a run without an ensemble is returned as it is."""
    from perelom.results.ensemble_run import run_draws

    manifest = Manifest.read(path)
    if not manifest.ensemble or not DrawsStore(path).left():
        return Run.open(path)
    settings = dataclasses.replace(_settings(manifest, None), follow=())
    return run_draws(path, _same_scenario(manifest, path), settings, progress, processes)


def in_memory(
    scenario: str | Scenario,
    settings: Settings,
    progress: Progress = lambda _done, _planned: None,
) -> Run:
    """Simulate a scenario from December 1926 on without writing anything."""
    from perelom.engine.run import simulate

    chosen = _chosen(scenario)
    manifest = _manifest(chosen, scenario, settings)
    planned = months_between(manifest.first_month, settings.until)

    def told() -> Iterator[Chunk]:
        progress(0, planned)
        for chunk in simulate(chosen, settings):
            progress(months_between(manifest.first_month, chunk.last_month), planned)
            yield chunk

    return Run.in_memory(told(), manifest, describe(chosen))


def resume(path: Path, until: str | None, progress: Progress) -> Run:
    """Continue a run from its last saved state, up to its own end or to `until`."""
    from perelom.engine.run import simulate

    folder = RunFolder.open(path)
    manifest = folder.manifest
    chosen = _same_scenario(manifest, path)
    if manifest.ensemble and until is not None:
        raise RequestError(
            what="a run with an ensemble keeps the end that it began with",
            where=str(path),
            allowed="--resume without --until",
            remedy="start a new run with the later end",
        )
    settings = _settings(manifest, until)
    if manifest.months_done >= months_between(manifest.first_month, settings.until):
        if manifest.ensemble and DrawsStore(path).left():
            return Run.open(path)
        if manifest.status != "complete" and until is None:
            folder.resume()
            folder.finish("complete")
            return Run.open(path)
        raise RequestError(
            what=f"the run is already done up to {manifest.last_month}",
            where=str(path),
            allowed="a run that is not finished, or a later --until",
            remedy="read it with `perelom score` or `perelom report`",
        )
    state = folder.resume(until)
    return _fill(folder, simulate(chosen, settings, resume=state), progress)


def branch(
    source: Path, month: str, scenario: str, until: str | None, path: Path, progress: Progress
) -> Run:
    """Start another scenario in `month` from a run; the months before are copied from it."""
    from perelom.engine.run import simulate
    from perelom.scenario import load

    trunk = RunFolder.open(source)
    manifest = trunk.manifest
    if not manifest.first_month < month <= month_after(manifest.last_month or "0001-01"):
        raise RequestError(
            what=f"the run cannot be branched in {month}",
            where=str(source),
            allowed=f"a month after {manifest.first_month}, at most the one after "
            f"{manifest.last_month}",
            remedy="choose such a month, or continue the run with --resume first",
        )
    base, chosen = load(str(manifest.scenario["source"])), load(scenario)
    settings = _settings(manifest, until)
    start = {"run": source.name, "scenario": base.name, "month": month}
    described = _manifest(chosen, scenario, settings, start)
    with TemporaryDirectory() as scratch:
        state = _state_before(trunk, base, settings, month, Path(scratch))
        folder = RunFolder.create(path, described, describe(chosen))
        folder.copy_before(trunk, month)
        return _fill(folder, simulate(chosen, settings, resume=state), progress)


def _same_scenario(manifest: Manifest, path: Path) -> Scenario:
    """Load the scenario of a run; refuse it where it decides something else by now."""
    from perelom.scenario import load

    chosen = load(str(manifest.scenario["source"]))
    if chosen.hash != manifest.scenario["hash"]:
        raise RunFolderError(
            what=f"scenario {chosen.name!r} decides something else than when the run began",
            where=str(path),
            allowed=f"the scenario with hash {manifest.scenario['hash']}",
            remedy="restore the scenario, or start a new run",
        )
    return chosen


def describe(scenario: Scenario) -> dict[str, Any]:
    """Return what a report must know of a scenario, as plain values."""
    from perelom.scenario import levers

    known = levers()
    return {
        "name": scenario.name,
        "title": scenario.title,
        "description": scenario.description,
        "assumptions": list(scenario.assumptions),
        "decisions": [
            {
                "date": decision.date,
                "lever": decision.lever,
                "value": decision.value,
                "unit": known[decision.lever].unit,
                "region": ", ".join(decision.regions) if decision.regions else "all",
                "source": decision.source,
                "text": decision.note,
            }
            for decision in scenario.decisions
        ],
        "shocks": [
            {
                "period": f"{shock.begin} to {shock.end}",
                "kind": shock.kind,
                "severity": shock.severity,
                "region": ", ".join(shock.regions) if shock.regions else "all",
                "source": shock.source,
            }
            for shock in scenario.shocks
        ],
    }


def _fill(folder: RunFolder, chunks: Iterator[Chunk], progress: Progress) -> Run:
    """Write chunks while the next ones are computed."""
    planned = months_between(folder.manifest.first_month, folder.manifest.settings["until"])
    progress(folder.manifest.months_done, planned)
    writing: Future[None] | None = None
    with ThreadPoolExecutor(max_workers=1) as writer:
        try:
            for chunk in chunks:
                if writing is not None:
                    writing.result()
                    progress(folder.manifest.months_done, planned)
                writing = writer.submit(folder.append, chunk)
            if writing is not None:
                writing.result()
        except BaseException:
            if writing is not None:
                wait([writing])
            folder.abandon()
            raise
    folder.finish("complete")
    return Run.open(folder.path)


def _state_before(
    trunk: RunFolder, base: Scenario, settings: Settings, month: str, scratch: Path
) -> Path:
    """Return a saved state of `base` at the start of `month`, simulating up to it if need be."""
    from perelom.engine.run import simulate

    start = trunk.saved_before(month)
    if start is not None and month_after(start.name) == month:
        return start
    shorter = dataclasses.replace(settings, until=month_after(month, -1))
    last = None
    for chunk in simulate(base, shorter, resume=start):
        last = chunk
    if last is None or last.checkpoint is None:
        raise RunFolderError(
            what=f"no state at the start of {month} could be made",
            where=str(trunk.path),
            allowed="a run whose engine saves its state",
            remedy="repeat the run",
        )
    path = scratch / last.last_month
    save_state(last.checkpoint, path)
    return path


def _chosen(scenario: str | Scenario) -> Scenario:
    from perelom.scenario import load

    return load(scenario) if isinstance(scenario, str) else scenario


def _manifest(
    scenario: Scenario,
    source: str | Scenario,
    settings: Settings,
    start: dict[str, str] | None = None,
) -> Manifest:
    source = source if isinstance(source, str) else source.name
    path = Path(source)
    return Manifest.new(
        {
            "name": scenario.name,
            "title": scenario.title,
            "hash": scenario.hash,
            "source": str(path.resolve()) if path.suffix == ".toml" else source,
        },
        _plain(settings),
        start,
    )


def _plain(settings: Settings) -> dict[str, Any]:
    values = {field.name: getattr(settings, field.name) for field in dataclasses.fields(settings)}
    return {
        name: sorted(value)
        if isinstance(value, frozenset)
        else list(value)
        if isinstance(value, tuple)
        else value
        for name, value in values.items()
    }


def _settings(manifest: Manifest, until: str | None) -> Settings:
    from perelom.engine.settings import Settings

    usual = Settings()
    values = {name: type(getattr(usual, name))(value) for name, value in manifest.settings.items()}
    return dataclasses.replace(usual, **(values | ({"until": until} if until else {})))
