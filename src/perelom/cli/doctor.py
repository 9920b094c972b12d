"""The command that looks at the machine: versions, devices, memory, cache, disk."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from perelom.cli.output import AsJson, Column, Quiet, say, show, show_json
from perelom.results.errors import WriteError

NOT_READY = 1
"""The exit code where something prevents runs; 2 stands for wrong input, as everywhere."""

_COLUMNS = (
    Column("part", "Part", width=19),
    Column("found", "Found", width=31),
    Column("verdict", "Verdict", width=26),
)


def doctor(
    clear_cache: Annotated[
        bool, typer.Option("--clear-cache", help="Remove the compiled programs kept on disk.")
    ] = False,
    as_json: Annotated[bool, AsJson] = False,
    quiet: Annotated[bool, Quiet] = False,
) -> None:
    """Check versions, devices, memory, cache and disk, and say what to do about each.

    The exit code is 0, or 1 where something prevents runs.
    """
    if clear_cache:
        _clear(as_json=as_json)
        return
    from perelom.results.health import examine, is_ready

    checks = examine(Path())
    ready = is_ready(checks)
    if as_json:
        show_json({"ready": ready, "checks": [asdict(check) for check in checks]})
    else:
        rows = [
            {
                "part": check.part,
                "found": check.found,
                "verdict": f"{check.verdict}: {check.remedy}" if check.remedy else check.verdict,
            }
            for check in checks
        ]
        show(rows, _COLUMNS)
        if not quiet:
            say("")
            say("Ready for runs." if ready else "Runs cannot start before this is mended.")
    if not ready:
        raise typer.Exit(NOT_READY)


def _clear(*, as_json: bool) -> None:
    from perelom.engine import cache

    folder = cache.cache_folder()
    try:
        removed = cache.clear()
    except OSError as error:
        raise WriteError(
            what=f"a compiled program cannot be removed: {error.strerror or error}",
            where=str(error.filename or folder),
            allowed="a cache folder that you may write to",
            remedy="remove the files program-* in it by hand",
        ) from error
    size = sum(removed.values())
    if as_json:
        show_json({"folder": folder, "programs": len(removed), "bytes": size})
        return
    count = f"{len(removed)} compiled program{'' if len(removed) == 1 else 's'}"
    typer.echo(f"Removed {count}, {size / 2**20:,.0f} MiB, from {folder}")
