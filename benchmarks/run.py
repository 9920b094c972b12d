"""What a run costs: time and memory by number of villages, and where the time goes.

    python benchmarks/run.py                    # the usual table
    python benchmarks/run.py --villages 100000  # one more, large

Each measurement of a whole command runs in a process of its own. Results go to the terminal and
to `benchmarks/results.md`.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from perelom.results.manifest import code_version, machine, versions

USUAL = (320, 1000, 2000, 4000, 8000, 16000)
DEFAULT = 2000
SMALL = 320
HERE = Path(__file__).parent

_COMMAND = """
import resource, sys, time
started = time.perf_counter()
villages, out = sys.argv[1:]
sys.argv = ["perelom", "run", "historical", "--quiet", "--villages", villages, "--out", out]
from perelom.cli import main
try:
    main()
except SystemExit as end:
    if end.code:
        raise
print("seconds", time.perf_counter() - started)
print("kilobytes", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def whole_command(villages: int, cache: str | None = None) -> tuple[float, float]:
    """Return wall seconds and peak GiB of `perelom run`, imports, score and report included.

    cache: a folder of compiled programs other than the user's.
    """
    folder = Path(tempfile.mkdtemp())
    started = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-c", _COMMAND, str(villages), str(folder / "run")],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | ({"PERELOM_CACHE": cache} if cache else {}),
        )
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    seconds = time.perf_counter() - started
    figures = dict(line.split() for line in done.stdout.splitlines() if line.startswith("kilo"))
    return seconds, float(figures["kilobytes"]) / 2**20


def in_process(villages: int, repeats: int = 5) -> tuple[float, float]:
    """Return seconds of the first and of the best later simulation, without writing anything."""
    from perelom.engine.run import simulate
    from perelom.engine.settings import Settings
    from perelom.scenario import load

    scenario, settings = load("historical"), Settings(villages=villages)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        for _chunk in simulate(scenario, settings):
            pass
        seconds.append(time.perf_counter() - started)
    return seconds[0], min(seconds[1:])


def by_line(villages: int) -> list[tuple[str, float]]:
    """Return the seconds that a run saves when a line of the month is switched off."""
    from perelom.engine.run import simulate
    from perelom.engine.settings import Settings
    from perelom.model.month import LINES
    from perelom.scenario import load

    def seconds(off: frozenset[str]) -> float:
        best = float("inf")
        for _ in range(3):
            started = time.perf_counter()
            for _chunk in simulate(load("historical"), Settings(villages=villages, off=off)):
                pass
            best = min(best, time.perf_counter() - started)
        return best

    whole = seconds(frozenset())
    moving = [line.name for line in LINES if line.move is not None]
    return [("whole month", whole)] + [
        (name, whole - seconds(frozenset({name}))) for name in moving
    ]


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [heads, tuple("---" for _ in heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measure, print, and write `results.md`."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--villages", type=int, action="append", default=[], metavar="N")
    parser.add_argument("--quick", action="store_true", help="only the default and 320 villages")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as cache:
        first, memory = whole_command(DEFAULT, cache)
        second, _ = min(whole_command(DEFAULT, cache) for _ in range(2))
    cold, warm = in_process(SMALL)
    headline = [
        ("`perelom run`, 2,000 villages, nothing compiled", f"{first:.1f} s"),
        ("`perelom run`, 2,000 villages, again", f"{second:.1f} s"),
        ("peak memory of that run", f"{memory:.2f} GiB"),
        ("320 villages in process, first", f"{cold:.2f} s"),
        ("320 villages in process, warm", f"{warm:.2f} s"),
    ]
    sections = [("Headline", table(("What", "Measured"), headline))]
    sizes = [] if arguments.quick else [*USUAL, *arguments.villages]
    scaling = []
    for villages in sizes:
        seconds, gibibytes = whole_command(villages)
        scaling.append((f"{villages:,}", f"{seconds:.1f} s", f"{gibibytes:.2f} GiB"))
        print(*scaling[-1], flush=True)
    if scaling:
        heads = ("Villages", "`perelom run`, compiling included", "Peak memory")
        sections.append(("Cost against the number of villages", table(heads, scaling)))
    if not arguments.quick:
        rows = [(name, f"{seconds:.2f} s") for name, seconds in by_line(DEFAULT)]
        title = "Where the time goes: seconds saved with a line switched off, 2,000 villages"
        sections.append((title, table(("Line", "Seconds"), rows)))
    write(sections)


def write(sections: list[tuple[str, str]]) -> None:
    """Write the sections with machine and date."""
    described = machine()
    text = [
        "# Benchmarks",
        "",
        f"{datetime.now(UTC):%Y-%m-%d}, perelom {code_version()}, {described['cores']} cores, "
        f"{described.get('memory_gib', '?')} GiB, {described['platform']}; "
        + ", ".join(f"{name} {version}" for name, version in versions().items())
        + ".",
    ]
    for title, body in sections:
        text += ["", f"## {title}", "", body]
    content = "\n".join(text) + "\n"
    (HERE / "results.md").write_text(content, encoding="utf-8")
    print(content)


if __name__ == "__main__":
    main()
