"""Where a run is computed: raions shared among devices."""

from contextlib import nullcontext
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from perelom.errors import SettingsError
from perelom.model.branch import taking_turns
from perelom.model.context import Context
from perelom.model.month import Record, month
from perelom.world.state import RAIONS, State, World

_OF_VILLAGES = {"households", "villages", "identity", "raion_region", "nationality"}
"""Names in the state and the geography whose arrays run over villages."""


def mesh(devices: int) -> Mesh:
    """Return the first devices of this machine, among which raions are shared.

    Raises
    ------
    SettingsError
        If there are fewer.

    """
    present = jax.devices()
    if len(present) < devices:
        raise SettingsError(f"devices = {devices}: this machine offers {len(present)}")
    return Mesh(np.asarray(present[:devices]), (RAIONS,))


def layout(tree: Any) -> Any:
    """Return for every array how it is shared: villages by whole raions, all else everywhere."""
    return jax.tree_util.tree_map_with_path(_spec, tree)


def _spec(path: tuple[Any, ...], values: Any) -> PartitionSpec:
    names = {getattr(key, "name", None) for key in path}
    if not names & _OF_VILLAGES:
        return PartitionSpec()
    # Households are [village, slot]; everything else has villages last.
    before = 0 if "households" in names else values.ndim - 1
    return PartitionSpec(*[None] * before, RAIONS)


def place(tree: Any, world: World, devices: int) -> Any:
    """Put arrays where their layout wants them.

    Raises
    ------
    SettingsError
        If the raions cannot be split evenly, or devices are missing.

    """
    on = mesh(devices)
    raions = world.geography.raion_region.shape[0]
    if raions % devices:
        raise SettingsError(f"devices = {devices}: {raions} raions cannot be split evenly")
    wanted = jax.tree.map(
        lambda spec: NamedSharding(on, spec),
        layout(tree),
        is_leaf=lambda leaf: isinstance(leaf, PartitionSpec),
    )
    return jax.device_put(tree, wanted)


def shared_month(state: State, context: Context, devices: int) -> tuple[State, Record]:
    """Move the country through one month, every device its own raions.

    Each device runs the month of one device; only sums over raions look at the others, so the
    numbers come out the same to the last bit.
    """

    def own_raions(state: State, context: Context) -> tuple[State, Record]:
        with taking_turns() if devices > 1 else nullcontext():
            return month(state, context)

    everywhere = PartitionSpec()
    record: Any = Record(everywhere, everywhere, everywhere, PartitionSpec(RAIONS))  # type: ignore[arg-type]
    move = jax.shard_map(
        own_raions,
        mesh=mesh(devices),
        in_specs=layout((state, context)),
        out_specs=(layout(state), record),
        check_vma=False,
    )
    moved: tuple[State, Record] = move(state, context)
    return moved
