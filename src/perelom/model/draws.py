"""Draws of a month: luck in sampled runs, its expectation in expected runs, one code for both."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import ndtri
from jaxtyping import Array, Float, Int, UInt32

from perelom.model.branch import computed_once
from perelom.world import random
from perelom.world.state import Geography, Households

RAREST = 1e-4
"""Least monthly chance that counts."""


class Draws(eqx.Module):
    """The random numbers of one month.

    run: key of run seed and ensemble member. month: months since December 1926.
    expected: replace every household draw by its expectation (weather is still drawn).
    """

    run: UInt32[Array, "1"]
    month: Int[Array, ""]
    expected: bool = eqx.field(static=True)

    def _month_key(self, stream: str) -> Array:
        key = random.combine(self.run, random.stream_key(stream))
        return random.combine(key, self.month.astype(jnp.uint32))

    def household_uniforms(
        self, geography: Geography, households: Households, stream: str
    ) -> Float[Array, "village slot"]:
        """Return one uniform number for each slot, the household's own wherever it is stored."""
        village = random.combine(self._month_key(stream), geography.identity.astype(jnp.uint32))
        bits = random.combine(village[:, None], households.birth_number.astype(jnp.uint32))
        return computed_once(random.uniform(bits, households.present.dtype.type))

    def happens(
        self,
        probability: Float[Array, "village slot"],
        geography: Geography,
        households: Households,
        stream: str,
    ) -> Float[Array, "village slot"]:
        """Return 1 where an event of the given probability happens, or the probability itself.

        A chance below one in ten thousand counts as none: single precision could not book its
        expected flow.
        """
        probability = jnp.where(probability < RAREST, 0.0, probability)
        if self.expected:
            return probability
        uniforms = self.household_uniforms(geography, households, stream)
        return computed_once((uniforms < probability).astype(probability.dtype))

    def village_happens(
        self, probability: Float[Array, " village"], geography: Geography, stream: str
    ) -> Float[Array, " village"]:
        """Return 1 in villages where an event of the given probability happens, or the chance."""
        if self.expected:
            return probability
        bits = random.combine(self._month_key(stream), geography.identity.astype(jnp.uint32))
        return (random.uniform(bits, jnp.float64) < probability).astype(probability.dtype)

    def counts(
        self,
        groups: Sequence[tuple[Sequence[Array], Array | None]],
        geography: Geography,
        households: Households,
        stream: str,
    ) -> list[list[Array]]:
        """Draw whole numbers with the given means from one uniform number a household.

        groups: means of competing events, [village, slot] each, and how many at most may happen
        in all (the few households that hold a fraction of a person), or None. Every event looks
        at the number shifted by its own part of one: each is unbiased, never more than its mean
        rounded up, and rare events of a household exclude each other. In expected runs the means
        come back.
        """
        if self.expected:
            return [list(means) for means, _ in groups]
        position = self.household_uniforms(geography, households, stream)
        events = sum(len(means) for means, _ in groups)
        drawn, event = [], 0
        for means, limit in groups:
            counted = []
            for mean in means:
                shifted = position + event / events
                count = jnp.floor(mean + shifted - jnp.floor(shifted))
                event += 1
                if limit is not None:
                    count = jnp.minimum(count, limit)
                count = computed_once(count)
                if limit is not None:
                    limit = limit - count
                counted.append(count)
            drawn.append(counted)
        return drawn

    def region_normals(self, regions: int, stream: str) -> Float[Array, " region"]:
        """Return a standard normal number for each region; drawn in expected runs too."""
        identity = jnp.arange(regions, dtype=jnp.uint32)
        return ndtri(random.uniform(random.combine(self._month_key(stream), identity), jnp.float64))


def run_key(seed: int, member: int) -> UInt32[Array, "1"]:
    """Return the key of a run: its seed and the ensemble member."""
    parts = np.asarray([seed & 0xFFFFFFFF], dtype=np.uint32)
    key = random.combine(random.mix(parts), np.asarray([member], dtype=np.uint32))
    return jax.device_put(key)
