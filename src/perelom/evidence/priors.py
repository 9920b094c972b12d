"""The parameters of the model: each number with its passport and its prior."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from perelom.errors import TableError
from perelom.evidence.rows import ParameterRow
from perelom.evidence.tables import FIRST_ROW, data_path, read_rows

Prior = Literal["normal", "lognormal", "uniform", "beta", "fixed"]
TAIL = 0.05
"""The probability below `low`, and above `high`, of a prior other than uniform."""


@dataclass(frozen=True)
class Parameter:
    """A parameter: default, unit, prior, source, grade and where it is used.

    `low` and `high` are the 5% and 95% points of a normal, lognormal or beta prior and the bounds
    of a uniform one. A fixed parameter has none.
    """

    name: str
    default: float
    unit: str
    low: float | None
    high: float | None
    prior: Prior
    source: str
    grade: str
    mechanisms: tuple[str, ...]
    systems: tuple[str, ...]
    used_in: str
    description: str

    def draw(self, u: float | Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the prior's value at probability `u` in (0, 1); arrays keep their shape."""
        probability = np.asarray(u, dtype=np.float64)
        if np.any((probability <= 0) | (probability >= 1)):
            raise ValueError(f"{self.name}: a probability must lie strictly between 0 and 1")
        if self.prior == "fixed":
            return np.full(probability.shape, self.default)
        assert self.low is not None
        assert self.high is not None
        return np.asarray(_quantile(self.prior, self.low, self.high, probability))

    def probability(
        self, value: float | Sequence[float] | NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return the prior's probability of at most `value`: the inverse of `draw`."""
        if self.prior == "fixed":
            raise ValueError(f"{self.name}: a fixed parameter has no distribution")
        assert self.low is not None
        assert self.high is not None
        values = np.asarray(value, dtype=np.float64)
        return np.asarray(_probability(self.prior, self.low, self.high, values))


def _quantile(
    prior: Prior, low: float, high: float, probability: NDArray[np.float64]
) -> NDArray[np.float64]:
    from scipy import stats  # type: ignore[import-untyped]  # half a second that a run can save

    spread = 2 * stats.norm.isf(TAIL)
    if prior == "uniform":
        values = low + (high - low) * probability
    elif prior == "normal":
        values = stats.norm.ppf(probability, (low + high) / 2, (high - low) / spread)
    elif prior == "lognormal":
        centre, width = np.log(low * high) / 2, np.log(high / low) / spread
        values = np.exp(stats.norm.ppf(probability, centre, width))
    else:
        values = stats.beta.ppf(probability, *beta_shape(low, high))
    return np.asarray(values, dtype=np.float64)


def _probability(
    prior: Prior, low: float, high: float, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    from scipy import stats

    spread = 2 * stats.norm.isf(TAIL)
    if prior == "uniform":
        found = np.clip((values - low) / (high - low), 0.0, 1.0)
    elif prior == "normal":
        found = stats.norm.cdf(values, (low + high) / 2, (high - low) / spread)
    elif prior == "lognormal":
        centre, width = np.log(low * high) / 2, np.log(high / low) / spread
        found = stats.norm.cdf(np.log(values), centre, width)
    else:
        found = stats.beta.cdf(values, *beta_shape(low, high))
    return np.asarray(found, dtype=np.float64)


@lru_cache(maxsize=1024)
def beta_shape(low: float, high: float) -> tuple[float, float]:
    """Return the two shapes of the beta distribution with these 5% and 95% points."""
    from scipy import optimize, stats

    mean, deviation = (low + high) / 2, (high - low) / (2 * stats.norm.isf(TAIL))
    size = max(mean * (1 - mean) / deviation**2 - 1, 0.5)

    def miss(logarithms: NDArray[np.float64]) -> NDArray[np.float64]:
        first, second = np.exp(logarithms)
        reached = stats.beta.cdf([low, high], first, second)
        return np.asarray(reached - np.array([TAIL, 1 - TAIL]))

    start = np.log([mean * size, (1 - mean) * size])
    found = optimize.least_squares(miss, start, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    first, second = np.exp(found.x)
    return float(first), float(second)


@lru_cache(maxsize=8)
def parameters(path: Path | None = None) -> dict[str, Parameter]:
    """Return the parameters of the model by name, in the order of their table.

    Raises
    ------
    TableError
        A missing or malformed table, a name that occurs twice, or an impossible prior.

    """
    path = path or data_path("parameters.csv")
    found: dict[str, Parameter] = {}
    for number, row in enumerate(read_rows(path, ParameterRow), start=FIRST_ROW):
        if row.name in found:
            raise TableError(path.name, number, "name", row.name, "each key once")
        found[row.name] = Parameter(
            name=row.name,
            default=row.value,
            unit=row.unit,
            low=row.low,
            high=row.high,
            prior=row.prior,
            source=row.source,
            grade=row.grade,
            mechanisms=tuple((row.mechanisms or "").split()),
            systems=tuple((row.systems or "").split()),
            used_in=row.used_in,
            description=row.description,
        )
    return found
