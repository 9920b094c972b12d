"""Draws from the priors: a Latin hypercube over all parameters that are not fixed."""

from collections.abc import Mapping

import numpy as np
from scipy.stats import qmc  # type: ignore[import-untyped]

from perelom.evidence import Parameter, parameters

EDGE = 1e-9
"""Probabilities keep this distance from 0 and 1, where some priors have no value."""


def free_parameters() -> dict[str, Parameter]:
    """Return the parameters whose prior is not fixed, in the order of their table."""
    return {name: p for name, p in parameters().items() if p.prior != "fixed"}


def draw_parameters(
    count: int, seed: int, free: Mapping[str, Parameter] | None = None
) -> list[dict[str, float]]:
    """Draw `count` parameter sets from the priors.

    A scrambled Latin hypercube: each parameter takes one value in each of `count` equally
    probable intervals of its prior, so that few draws cover the ranges well.

    Parameters
    ----------
    count
        Number of sets, at least 1.
    seed
        The same seed gives the same sets as long as the free parameters are the same.
    free
        The parameters to draw; by default all that are not fixed.

    """
    free = free_parameters() if free is None else free
    design = qmc.LatinHypercube(d=len(free), scramble=True, seed=np.random.default_rng(seed))
    probabilities = np.clip(design.random(count), EDGE, 1 - EDGE)
    columns = [p.draw(probabilities[:, n]) for n, p in enumerate(free.values())]
    return [
        {name: float(values[row]) for name, values in zip(free, columns, strict=True)}
        for row in range(count)
    ]
