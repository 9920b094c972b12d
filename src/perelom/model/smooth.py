"""Smooth forms of the few kinks the model needs, so that gradients exist everywhere."""

from functools import reduce
from operator import add

import jax.numpy as jnp
from jaxtyping import Array

_TINY = 1e-9


def smooth_min(first: Array, *others: Array) -> Array:
    """Return a value just below the least of some arrays (2% below where two are equal).

    The p-norm mean with exponent -32: never above the least, zero where any is zero, and
    differentiable. What rounding has left below zero counts as zero.
    """
    values = [jnp.maximum(x, 0.0) for x in jnp.broadcast_arrays(first, *others)]
    least = reduce(jnp.minimum, values)
    # Relative to the least: 1 for it and 0 for what is far above, so that nothing overflows.
    summed = reduce(add, (_power_of_32((least + _TINY) / (value + _TINY)) for value in values))
    return least / _root_of_32(summed)


def _power_of_32(values: Array) -> Array:
    for _ in range(5):
        values = values * values
    return values


def _root_of_32(values: Array) -> Array:
    for _ in range(5):
        values = jnp.sqrt(values)
    return values


def excess(values: Array, width: Array | float) -> Array:
    """Return x^2 / (x + width) for positive x and exactly 0 below: a hinge without a kink."""
    above = jnp.maximum(values, 0.0)
    return above * above / (above + width)


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide, giving 0 where the denominator is 0, with safe gradients."""
    safe = jnp.where(denominator > 0, denominator, 1.0)
    return jnp.where(denominator > 0, numerator / safe, 0.0)


def power(base: Array, exponent: Array) -> Array:
    """Raise a non-negative array to a power, 0 at 0, with safe gradients there."""
    safe = jnp.where(base > 0, base, 1.0)
    return jnp.where(base > 0, safe**exponent, 0.0)
