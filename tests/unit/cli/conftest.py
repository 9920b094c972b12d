import dataclasses
import sys
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "results"))

import fake_evidence
import synthetic_run

from perelom.engine import programs
from perelom.results import score
from perelom.results.grid import month_after


@dataclasses.dataclass(frozen=True)
class Settings:
    villages: int = 2000
    seed: int = 1926
    member: int = 0
    draws: str = "sampled"
    until: str = "1928-12"
    follow: tuple[int, ...] = ()
    parameters: dict[str, float] = dataclasses.field(default_factory=dict)


class FakeEngine(types.ModuleType):
    """Stands in for the engine: hands over made-up chunks after a saved state."""

    Settings = Settings

    def __init__(self) -> None:
        super().__init__("perelom.engine.run")
        self.stop_after: str | None = None
        self.calls: list[tuple[str, Settings, Path | None]] = []

    def country(self, settings: Settings) -> None:
        """Chunks are made up without a country."""

    def simulate(
        self, scenario: Any, settings: Settings, *, resume: Path | None = None, **_: None
    ) -> Iterator[synthetic_run.FakeChunk]:
        self.calls.append((scenario.name, settings, resume))
        first = month_after(resume.name) if resume else "1926-12"
        for chunk in synthetic_run.chunks(settings.until, first=first):
            yield chunk
            if chunk.last_month == self.stop_after:
                raise KeyboardInterrupt


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeEngine:
    fake = FakeEngine()
    monkeypatch.setitem(sys.modules, "perelom.engine.run", fake)
    monkeypatch.setitem(sys.modules, "perelom.engine.settings", fake)
    monkeypatch.setattr(programs, "load_ahead", lambda _settings: None)
    monkeypatch.setattr(score, "compare_run", fake_evidence.comparison)
    return fake


@pytest.fixture
def perelom(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Callable[..., tuple[int, str, str]]:
    """Call the command line in an empty folder; returns exit code, output and errors."""
    from perelom.cli import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["perelom", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        written = capsys.readouterr()
        return code, written.out, written.err

    return call
