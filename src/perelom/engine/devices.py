"""Where a run is computed: compile cache, threads, and raions shared among devices."""

import os
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from perelom.errors import SettingsError
from perelom.world.state import World


def cache_folder() -> Path:
    """Return the folder of compiled programs: PERELOM_CACHE, or perelom in the user's cache."""
    chosen = os.environ.get("PERELOM_CACHE")
    if chosen:
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "perelom"


def keep_compiled_programs() -> None:
    """Keep compiled programs on disk, so that a second run starts at once.

    A cache folder that cannot be written costs time only: JAX then compiles anew.
    """
    jax.config.update("jax_compilation_cache_dir", str(cache_folder()))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 1.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", 0)


def share_raions(tree: Any, world: World, devices: int) -> Any:
    """Place arrays on devices: villages split by whole raions, everything else on all of them.

    Raises
    ------
    SettingsError
        If there are fewer devices, or the raions cannot be split evenly.

    """
    if devices == 1:
        return tree
    present = jax.devices()
    if len(present) < devices:
        raise SettingsError(f"devices = {devices}: this machine offers {len(present)}")
    raions = world.geography.raion_region.shape[0]
    if raions % devices:
        raise SettingsError(f"devices = {devices}: {raions} raions cannot be split evenly")
    mesh = Mesh(np.asarray(present[:devices]), ("raions",))
    villages = world.geography.weight.shape[0]

    def place(values: jax.Array) -> jax.Array:
        axes = [("raions" if size == villages else None) for size in values.shape]
        return jax.device_put(values, NamedSharding(mesh, PartitionSpec(*axes)))

    return jax.tree.map(place, tree)


def replicate(tree: Any, devices: int) -> Any:
    """Place arrays whole on every device."""
    if devices == 1:
        return tree
    mesh = Mesh(np.asarray(jax.devices()[:devices]), ("raions",))
    return jax.device_put(tree, NamedSharding(mesh, PartitionSpec()))
