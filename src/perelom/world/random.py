"""Random numbers as a pure function of named keys: no generator, no state, any order.

A number depends on (run seed, ensemble member, stream name, village, household, month, draw) only,
so repeated, resumed, branched and paired runs meet the same luck. The functions take NumPy or
JAX arrays of unsigned 32-bit integers and fuse into the caller's kernel.
"""

from typing import Any
from zlib import crc32

import numpy as np

_ODD = (0x9E3779B9, 0x85EBCA6B, 0xC2B2AE35)


def mix(bits: Any) -> Any:
    """Scramble 32-bit keys (a bijection with low bias: two multiply-xorshift rounds)."""
    bits = bits ^ (bits >> np.uint32(16))
    bits = bits * np.uint32(0x21F0AAAD)
    bits = bits ^ (bits >> np.uint32(15))
    bits = bits * np.uint32(0x735A2D97)
    return bits ^ (bits >> np.uint32(15))


def combine(key: Any, value: Any) -> Any:
    """Extend a key (uint32, any shape) by a further part (uint32, broadcast against it)."""
    return mix(key * np.uint32(_ODD[0]) + mix(value + np.uint32(_ODD[1])))


def stream_key(name: str) -> np.ndarray[Any, np.dtype[np.uint32]]:
    """Return the key of a named stream, shape [1]: the same on every machine and run."""
    return np.asarray([crc32(name.encode())], dtype=np.uint32)


def uniform(bits: Any, dtype: Any = np.float32) -> Any:
    """Turn 32-bit keys into numbers strictly inside (0, 1), spaced by 2**-24."""
    return ((bits >> np.uint32(8)).astype(dtype) + dtype(0.5)) * dtype(2.0**-24)
