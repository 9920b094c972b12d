"""Saved states: everything needed to go on, in one file, checked when read."""

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from perelom.engine.settings import Settings
from perelom.errors import CheckpointError
from perelom.world.calendar import month_name
from perelom.world.state import State

FORMAT = 1
_BOUND = ("villages", "seed", "member", "draws", "precision")
"""Settings that a saved state belongs to; parameters and scenario may change on branching."""


@dataclass(frozen=True)
class Checkpoint:
    """The state on the first of the month with index `month`."""

    state: State
    month: int
    settings: Settings

    def save(self, path: Path) -> None:
        """Write the state to `path` (uncompressed NumPy archive with a header)."""
        header = {"format": FORMAT, "month": self.month, **_identity(self.settings)}
        leaves: dict[str, Any] = {
            f"leaf{n}": np.asarray(x) for n, x in enumerate(jax.tree.leaves(self.state))
        }
        with path.open("wb") as stream:
            np.savez(stream, header=np.asarray(json.dumps(header)), **leaves)


def read(path: Path, settings: Settings, like: State) -> tuple[State, int]:
    """Read a saved state and the index of the month that comes next.

    like: a state of the same world, for structure and shapes.

    Raises
    ------
    CheckpointError
        If the file is missing, damaged, of another format, or of another run.

    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            header = json.loads(str(archive["header"]))
            leaves = [archive[f"leaf{n}"] for n in range(len(archive.files) - 1)]
    except FileNotFoundError:
        raise CheckpointError(f"{path}: no such saved state") from None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise CheckpointError(
            f"{path}: the saved state is damaged or cut short ({error}); resume from an earlier "
            "one or start the run again"
        ) from None
    if header.get("format") != FORMAT:
        raise CheckpointError(
            f"{path}: saved in format {header.get('format')}, this version reads format {FORMAT}; "
            "start the run again"
        )
    wanted = _identity(settings)
    for name, value in wanted.items():
        if header.get(name) != value:
            raise CheckpointError(
                f"{path}: saved with {name} = {header.get(name)!r}, the run asks for {value!r}"
            )
    old, tree = jax.tree.flatten(like)
    if [leaf.shape for leaf in leaves] != [leaf.shape for leaf in old]:
        raise CheckpointError(
            f"{path}: the saved state of {month_name(header['month'])} has other columns than this "
            "version; start the run again"
        )
    moved: Any = [jnp.asarray(leaf, dtype=was.dtype) for leaf, was in zip(leaves, old, strict=True)]
    return jax.tree.unflatten(tree, moved), int(header["month"])


def _identity(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in _BOUND}
