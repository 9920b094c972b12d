"""Named draws for the synthetic country: pure functions of seed, stream, village and household.

They do not depend on how villages are cut into blocks, nor on the order of the work.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri  # type: ignore[import-untyped]

from perelom.world.random import combine, stream_key, uniform

Array = NDArray[np.float64]
Indices = NDArray[np.int64]


def uniforms(seed: int, stream: str, identity: Indices, number: Indices | None = None) -> Array:
    """Draw uniforms in (0, 1): one a village [village], or a household [village, slot].

    `number` is the household's birth number [slot] or [village, slot].
    """
    key = combine(stream_key(stream), np.array([seed % 2**32], dtype=np.uint32))
    key = combine(key, identity.astype(np.uint32))
    if number is not None:
        key = combine(key[:, None], number.astype(np.uint32))
    drawn: Array = uniform(key, np.float64)
    return drawn


def normals(seed: int, stream: str, identity: Indices, number: Indices | None = None) -> Array:
    """Draw standard normals, shapes as in `uniforms`."""
    drawn: Array = ndtri(uniforms(seed, stream, identity, number))
    return drawn
