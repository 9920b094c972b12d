"""Where the time of `perelom run historical` goes: with an empty compile cache, then again.

    python benchmarks/stages.py                  # 2,000 villages
    python benchmarks/stages.py --villages 320

Each run is a process of its own. Writing goes on beside the months, so the stages sum to more
than the whole.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from run import table

STAGES = {
    "imports": (),
    "world": ("perelom.engine.run.build", "perelom.engine.run.run_inputs"),
    "tracing and compiling": ("perelom.engine.run.run_months",),
    "months": ("perelom.engine.run.to_host",),
    "audit": ("perelom.engine.run.accounts_of", "perelom.engine.run.audit"),
    "labels and writing, beside the months": ("perelom.results.run_folder.RunFolder.append",),
    "long tables": ("perelom.results.run_folder.RunFolder.finish",),
    "score": ("perelom.results.run.Run.write_score",),
    "report": ("perelom.results.run.Run.report",),
}
"""What is timed in each stage; imports are timed apart."""


def timed(path: str, spent: dict[str, float], stage: str) -> None:
    """Replace a function by one that adds its time to a stage."""
    parts = path.split(".")
    depth = next(n for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in sys.modules)
    owner = functools.reduce(getattr, parts[depth:-1], sys.modules[".".join(parts[:depth])])
    function: Callable[..., Any] = getattr(owner, parts[-1])

    @functools.wraps(function)
    def clocked(*arguments: Any, **named: Any) -> Any:
        started = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            spent[stage] = spent.get(stage, 0.0) + time.perf_counter() - started

    setattr(owner, parts[-1], clocked)


def measure(villages: int, out: str) -> None:
    """Run once in this process and print the seconds of each stage."""
    started = time.perf_counter()
    import perelom.engine.run
    import perelom.results.simulation  # noqa: F401
    from perelom.cli.app import app

    spent = {"imports": time.perf_counter() - started}
    for stage, paths in STAGES.items():
        for path in paths:
            timed(path, spent, stage)
    sys.argv = ["perelom", "run", "historical", "--quiet"]
    sys.argv += ["--villages", str(villages), "--out", out]
    app(standalone_mode=False)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent["whole"] = time.perf_counter() - started
    spent["processor"] = usage.ru_utime + usage.ru_stime
    spent["peak GiB"] = usage.ru_maxrss / 2**20
    print(json.dumps(spent))


def in_a_process(villages: int, cache: str) -> dict[str, float]:
    """Return the stages of a run in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, __file__, "--villages", str(villages), "--out", f"{folder}/run"],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PERELOM_CACHE": cache},
        )
    return dict(json.loads(done.stdout.splitlines()[-1]))


def stages(villages: int) -> str:
    """Return a Markdown table: an empty cache, and the better of two later runs."""
    with tempfile.TemporaryDirectory() as cache:
        cold = in_a_process(villages, cache)
        warm = min((in_a_process(villages, cache) for _ in range(2)), key=lambda run: run["whole"])
    rows = [(name, f"{cold[name]:.2f}", f"{warm[name]:.2f}") for name in cold]
    return table(("Seconds", "first run", "again"), rows)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--villages", type=int, default=2000)
    parser.add_argument("--out", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.out:
        measure(given.villages, given.out)
    else:
        print(Path(__file__).name, f"{given.villages:,} villages", sep=": ")
        print(stages(given.villages))


if __name__ == "__main__":
    main()
