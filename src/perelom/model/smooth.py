"""Smooth forms of the few kinks the model needs, so that gradients exist everywhere."""

from functools import reduce

import jax.numpy as jnp
from jaxtyping import Array

_TINY = 1e-9
_NOTHING = 1e-18
"""What remains of a store or a share after many emptyings; its square is still a number."""
_ROUNDED = 0.02
"""By how much the smooth minimum of two equal values lies below them."""


def smooth_min(first: Array, *others: Array) -> Array:
    """Return a value just below the least of some arrays (2% below where two are equal).

    2 a b / (a + b + sqrt((a - b)^2 + (2 r)^2 a b)), pair by pair: never above the least, zero where
    any is zero, and differentiable. What rounding has left below zero counts as zero.
    """
    return reduce(_smaller, others, jnp.maximum(first, 0.0))


def _smaller(first: Array, second: Array) -> Array:
    second = jnp.maximum(second, 0.0)
    product, apart = first * second, first - second
    between = jnp.sqrt(apart * apart + (2 * _ROUNDED) ** 2 * product + _TINY**2)
    bounded = 2 * product / (first + second + between)
    return jnp.minimum(bounded, jnp.minimum(first, second))


def excess(values: Array, width: Array | float) -> Array:
    """Return x^2 / (x + width) for positive x and exactly 0 below: a hinge without a kink."""
    above = jnp.maximum(values, 0.0)
    return above * above / (above + width)


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide, giving 0 where the denominator is 0 (below 1e-18), with safe gradients."""
    something = denominator > _NOTHING
    return jnp.where(something, numerator / jnp.where(something, denominator, 1.0), 0.0)


def power(base: Array, exponent: Array) -> Array:
    """Raise a non-negative array to a power, 0 at 0, with safe gradients there."""
    safe = jnp.where(base > 0, base, 1.0)
    # Logarithm and exponential run in vectors on every device, the library's power does not.
    return jnp.where(base > 0, jnp.exp(exponent * jnp.log(safe)), 0.0)
