"""The folder in which compiled programs are kept; nothing heavy is imported to look at it."""

import contextlib
import os
import re
from pathlib import Path

_OURS = re.compile(r"program-[0-9a-f]{64}(\.\d+)?")
"""A kept program, or one that a process was writing when it ended."""


def cache_folder() -> Path:
    """Return the folder of compiled programs: PERELOM_CACHE, or perelom in the user's cache."""
    chosen = os.environ.get("PERELOM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "perelom"


def kept_programs() -> dict[Path, int]:
    """Return the files of kept programs with their sizes in bytes."""
    found = {}
    with contextlib.suppress(OSError):
        for path in sorted(cache_folder().iterdir()):
            # Another process may clear the folder meanwhile.
            with contextlib.suppress(FileNotFoundError):
                if _OURS.fullmatch(path.name) and path.is_file():
                    found[path] = path.stat().st_size
    return found


def clear() -> dict[Path, int]:
    """Remove the kept programs and nothing else; return those removed with their sizes.

    Raises
    ------
    OSError
        If a file cannot be removed.

    """
    found = kept_programs()
    for path in found:
        path.unlink(missing_ok=True)
    return found
