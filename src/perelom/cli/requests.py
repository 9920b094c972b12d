"""What commands refuse before any work is done: months, draws, options that do not go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from perelom.results.errors import RequestError

DRAWS = ("sampled", "expected")

_GOES_ON = "a run goes on with the settings that it began with, up to --until"
_TAKES_OVER = "a branch keeps the settings of its run; SCENARIO, --until and --out are its own"


def check_month(name: str, month: str | None) -> None:
    """Raise where an option that wants a month got something else."""
    if month is None or re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
        return
    raise RequestError(
        what=f"{month!r} is not a month",
        where=name,
        allowed="YYYY-MM, from 1926-12 to 1940-12",
        remedy="write it like 1929-11",
    )


def check_draws(draws: str) -> None:
    """Raise where an option that wants a kind of draws got something else."""
    if draws not in DRAWS:
        raise RequestError(
            what=f"unknown kind of draws {draws!r}",
            where="--draws",
            allowed=", ".join(DRAWS),
            remedy="choose one of these",
        )


def check_file(option: str, path: Path | None) -> None:
    """Raise where a file cannot be written, before hours are spent on what it is to hold."""
    if path is None or (path.parent.is_dir() and not path.is_dir()):
        return
    is_folder = path.is_dir()
    raise RequestError(
        what="a folder is already there" if is_folder else "the folder of the file does not exist",
        where=f"{option} {path}",
        allowed="the path of a file in an existing folder",
        remedy="give a file in it" if is_folder else f"make the folder {path.parent} first",
    )


def check_combination(
    chosen: Mapping[str, object], *, resume: Path | None, branch: str | None, source: Path | None
) -> None:
    """Raise where options of `perelom run` exclude each other or would be left unheard.

    chosen: what was given besides, by its name on the command line; None or False where it was not.
    """
    if (branch is None) != (source is None):
        raise RequestError(
            what="--branch and --from belong together",
            where="perelom run",
            allowed="--branch YYYY-MM --from RUN",
            remedy="give both, or neither",
        )
    if resume is not None and branch is not None:
        raise RequestError(
            what="--resume and --branch exclude each other",
            where="perelom run",
            allowed="one of them",
            remedy="continue a run with --resume, or start a new one from it with --branch",
        )
    if resume is not None:
        _check_unheard("--resume", chosen, {"--processes"}, _GOES_ON)
    if branch is not None:
        _check_unheard("--branch", chosen, {"SCENARIO", "--out"}, _TAKES_OVER)


def _check_unheard(
    option: str, chosen: Mapping[str, object], heard: set[str], allowed: str
) -> None:
    given = [name for name, value in chosen.items() if value is not None and value is not False]
    names = [name for name in given if name not in heard]
    if names:
        raise RequestError(
            what=f"{', '.join(names)} belong{'s' if len(names) == 1 else ''} to a new run",
            where=f"perelom run {option}",
            allowed=allowed,
            remedy=f"leave {'it' if len(names) == 1 else 'them'} away, or start a new run",
        )
