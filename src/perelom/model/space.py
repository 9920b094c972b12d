"""Sums up and spreads down: slots, villages, raions, regions.

Villages are ordered by raion and every raion has the same number of villages, so a raion sum is
a sum over an axis. A region gathers its raions, wherever they are computed, and adds them up by
halves, an order that no compiler changes: so one device and several give the same bits.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import computed_once, gathered
from perelom.world.state import RAIONS, Geography

_LANES = 16


def total(parts: Iterable[Array]) -> Array:
    """Add up arrays of one shape, such as persons over cells."""
    return reduce(add, parts)


def over_slots(values: Float[Array, "village slot"]) -> Float[Array, " village"]:
    """Sum a household column over the slots of each village; the total is double precision.

    The sum itself runs in the households' precision, which is faster: over 128 slots it loses
    about 1e-7, a thousandth of what the accounts allow of a flow.
    """
    return _by_lanes(values, values.dtype).astype(jnp.float64)


def measured(values: Float[Array, "village slot"]) -> Float[Array, " village"]:
    """Sum a stock over slots in double precision: from month to month it changes by little."""
    return _by_lanes(values, jnp.float64)


def _by_lanes(values: Array, precision: Any) -> Array:
    """Sum over slots: first every sixteenth one, side by side, then these sums.

    Four times as fast as adding slot after slot, which compilers do not reorder.
    """
    lanes = computed_once(values).reshape(*values.shape[:-1], -1, _LANES)
    return lanes.sum(axis=-2, dtype=precision).sum(axis=-1)


def to_regions(
    geography: Geography, values: Float[Array, "*any village"]
) -> Float[Array, "*any region"]:
    """Sum village values over the real villages of each region (weights applied)."""
    sums = _sum_of_raions(geography, to_raions(geography, values))
    return computed_once(sums * geography.weight)


def to_raions(geography: Geography, values: Float[Array, "*any village"]) -> Array:
    """Sum village values over the sampled villages of each raion."""
    raions = geography.raion_region.shape[0]
    return _sum_by_halves(values.reshape(*values.shape[:-1], raions, -1))


def raion_mean(geography: Geography, values: Float[Array, " village"]) -> Float[Array, " village"]:
    """Give every village the mean of the sampled villages of its raion."""
    sums = to_raions(geography, values)
    villages = values.shape[0] // sums.shape[0]
    mean = (sums / villages)[:, None]
    return jnp.broadcast_to(mean, (sums.shape[0], villages)).reshape(-1)


def raions_to_regions(geography: Geography, values: Array) -> Array:
    """Sum raion values over each region, in an order that no sharing among devices changes."""
    return computed_once(_sum_of_raions(geography, values))


def _sum_of_raions(geography: Geography, values: Array) -> Array:
    """Gather the raions and add them up by region.

    Whether a product and a sum are rounded once or twice depends on what the compiler melts
    together; the boundaries before this sum and after it show it one program for any number of
    devices.
    """
    raions = geography.raions_of_region
    everywhere = computed_once(gathered(values, RAIONS))
    parts = jnp.take(everywhere, raions, axis=-1, mode="fill", fill_value=0)
    return _sum_by_halves(parts)


def of_nation(values: Float[Array, " region"]) -> Float[Array, ""]:
    """Sum regions in an order that no compiler changes."""
    return computed_once(_sum_by_halves(computed_once(values)))


def _sum_by_halves(parts: Array) -> Array:
    """Sum over the last axis in an order that does not depend on what compilers do with sums."""
    while (count := parts.shape[-1]) > 1:
        if count % 2:
            parts = jnp.pad(parts, [(0, 0)] * (parts.ndim - 1) + [(0, 1)])
        parts = parts[..., : (count + 1) // 2] + parts[..., (count + 1) // 2 :]
    return parts[..., 0]


def at_villages(geography: Geography, values: Float[Array, " region"]) -> Float[Array, " village"]:
    """Give every village the value of its region."""
    by_raion = values[geography.raion_region]
    villages = geography.identity.shape[0] // by_raion.shape[0]
    return jnp.broadcast_to(by_raion[:, None], (by_raion.shape[0], villages)).reshape(-1)


def at_capital(geography: Geography, value: Float[Array, ""]) -> Float[Array, " region"]:
    """Book a number of the nation in the region of its capital, zero elsewhere."""
    regions = geography.weight.shape[0]
    return jnp.zeros(regions, value.dtype).at[geography.capital].set(value)


def at_households(values: Float[Array, " village"], like: Any) -> Float[Array, "village 1"]:
    """Broadcast a village value over the slots, in the household's precision."""
    return values[:, None].astype(like.dtype)
