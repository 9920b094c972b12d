"""Parameters as independent standard normal numbers: the probability integral transform.

z = Phi^-1(F(x)), with F the distribution of the parameter's prior and Phi the standard normal one.
In this space every prior is the same, an ensemble smoother may move members freely, and no value
can leave the range of its prior.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri  # type: ignore[import-untyped]

from perelom.evidence import Parameter
from perelom.inference.prior import EDGE

Values = NDArray[np.float64]


def to_normal(sets: Sequence[Mapping[str, float]], free: Mapping[str, Parameter]) -> Values:
    """Return parameter sets as standard normal numbers, [member, parameter]."""
    columns = [
        ndtri(np.clip(p.probability([each[name] for each in sets]), EDGE, 1 - EDGE))
        for name, p in free.items()
    ]
    return np.asarray(columns, dtype=np.float64).T.reshape(len(sets), len(free))


def from_normal(normal: Values, free: Mapping[str, Parameter]) -> list[dict[str, float]]:
    """Return standard normal numbers, [member, parameter], as parameter sets."""
    probabilities = np.clip(ndtr(normal), EDGE, 1 - EDGE)
    columns = [p.draw(probabilities[:, n]) for n, p in enumerate(free.values())]
    return [
        {name: float(values[row]) for name, values in zip(free, columns, strict=True)}
        for row in range(normal.shape[0])
    ]
