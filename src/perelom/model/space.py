"""Sums up and spreads down: slots, villages, raions, regions.

Villages are ordered by raion and every raion has the same number of villages, so a raion sum is
a sum over an axis. Raions reach regions by one matrix product over all raions, which gives the
same bits on one device and on several.
"""

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any, TypeVar

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.world.state import Geography

Settled = TypeVar("Settled")


def settle(values: Settled) -> Settled:
    """Compute arrays once and keep them, instead of once more in every sum over slots."""
    return jax.lax.optimization_barrier(values)


def total(parts: Iterable[Array]) -> Array:
    """Add up arrays of one shape, such as persons over cells."""
    return reduce(add, parts)


def over_slots(values: Float[Array, "village slot"]) -> Float[Array, " village"]:
    """Sum a household column over the slots of each village; the total is double precision.

    The sum itself runs in the households' precision, a fifth of the run's time less: over 128
    slots it loses about 1e-7, a thousandth of what the accounts allow of a flow.
    """
    return values.sum(axis=-1).astype(jnp.float64)


def measured(values: Float[Array, "village slot"]) -> Float[Array, " village"]:
    """Sum a stock over slots in double precision: from month to month it changes by little."""
    return values.sum(axis=-1, dtype=jnp.float64)


def to_regions(
    geography: Geography, values: Float[Array, "*any village"]
) -> Float[Array, "*any region"]:
    """Sum village values over the real villages of each region (weights applied)."""
    return raions_to_regions(geography, to_raions(geography, values))


def to_raions(geography: Geography, values: Float[Array, "*any village"]) -> Array:
    """Sum village values over the real villages of each raion (weights applied)."""
    weighted = values * geography.weight
    raions = geography.raion_region.shape[0]
    return weighted.reshape(*weighted.shape[:-1], raions, -1).sum(axis=-1)


def raions_to_regions(geography: Geography, values: Array) -> Array:
    """Sum raion values over each region, in an order that no sharding changes."""
    regions = jnp.arange(geography.normal_yield.shape[0])
    belongs = (geography.raion_region[:, None] == regions).astype(values.dtype)
    return values @ belongs


def at_villages(geography: Geography, values: Float[Array, " region"]) -> Float[Array, " village"]:
    """Give every village the value of its region."""
    by_raion = values[geography.raion_region]
    villages = geography.weight.shape[0] // by_raion.shape[0]
    return jnp.broadcast_to(by_raion[:, None], (by_raion.shape[0], villages)).reshape(-1)


def at_households(values: Float[Array, " village"], like: Any) -> Float[Array, "village 1"]:
    """Broadcast a village value over the slots, in the household's precision."""
    return values[:, None].astype(like.dtype)
