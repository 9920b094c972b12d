"""Intervals of an ensemble: of its values alone, and with errors added."""

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm  # type: ignore[import-untyped]

LOW, MIDDLE, HIGH = 0.05, 0.5, 0.95

NOISE = np.asarray(norm.ppf((np.arange(20) + 0.5) / 20))
"""Errors in standard errors, evenly spread over the normal distribution."""


def quantiles(values: NDArray[np.float64], *probabilities: float) -> NDArray[np.float64]:
    """Return quantiles over the members, [probability, observation]; empty values do not count."""
    return np.asarray(np.nanquantile(values, probabilities, axis=0))


def with_noise(simulated: NDArray[np.float64], sigma: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each simulated value all errors of `NOISE`: [member and error, observation]."""
    spread = simulated[:, None, :] + NOISE[:, None] * sigma
    return np.asarray(spread.reshape(-1, simulated.shape[1]))
