"""Smooth forms of the few kinks the model needs, so that gradients exist everywhere."""

import jax
import jax.numpy as jnp
from jaxtyping import Array

_TINY = 1e-9
_SHARPNESS = 12.0


def smooth_min(first: Array, *others: Array) -> Array:
    """Return a value just below the least of non-negative arrays (6% below where two are equal).

    The p-norm mean with exponent -12: never above the least, zero where any is zero to within
    1e-9, and differentiable.
    """
    logs = jnp.stack(jnp.broadcast_arrays(*(jnp.log(x + _TINY) for x in (first, *others))))
    least = jnp.exp(-jax.nn.logsumexp(-_SHARPNESS * logs, axis=0) / _SHARPNESS)
    return jnp.maximum(least - _TINY, 0.0)


def positive(values: Array, width: Array | float) -> Array:
    """Return a smooth positive part: near 0 far below zero, `width / 2` at zero."""
    return (values + jnp.sqrt(values * values + width * width)) / 2.0


def ratio(numerator: Array, denominator: Array) -> Array:
    """Divide, giving 0 where the denominator is 0, with safe gradients."""
    safe = jnp.where(denominator > 0, denominator, 1.0)
    return jnp.where(denominator > 0, numerator / safe, 0.0)


def power(base: Array, exponent: Array) -> Array:
    """Raise a non-negative array to a power, 0 at 0, with safe gradients there."""
    safe = jnp.where(base > 0, base, 1.0)
    return jnp.where(base > 0, safe**exponent, 0.0)
