"""The update of an ensemble smoother with multiple data assimilation (ES-MDA), localized.

    z_j <- z_j + C_zy (C_yy + a C_e)^-1 (d + sqrt(a) e_j - y_j),    e_j ~ N(0, C_e)

z: parameters as standard normal numbers; y: simulated values; d: observations; C_e: their errors;
a: inflation of the errors, whose inverses add up to 1 over the iterations (Emerick and Reynolds
2013). The covariances come from the ensemble. Some hundred members cannot tell a small correlation
from none, so a parameter is moved only by observations that it is correlated with by more than
3 / sqrt(members) (adaptive localization: Vossepoel, Evensen and van Leeuwen 2025).
"""

from __future__ import annotations

import numpy as np
from iterative_ensemble_smoother import AdaptiveESMDA  # type: ignore[import-untyped]
from numpy.typing import NDArray

Values = NDArray[np.float64]

TRUNCATION = 0.99
"""Share of the singular values kept when the covariance is inverted."""

NO_SPREAD = 1e-6
"""An observation whose simulated values spread by less than this share of its error is dropped."""

FARTHEST = 4.0
"""No parameter leaves the central part of its prior, in standard deviations."""

JITTER = 0.2
"""Noise of a member that replaces a failed one, in standard deviations of the ensemble."""


def update(
    normal: Values,
    simulated: Values,
    observed: Values,
    error: Values,
    *,
    inflation: float,
    seed: tuple[int, ...],
) -> Values:
    """Move an ensemble towards the observations once.

    Parameters
    ----------
    normal
        Parameters as standard normal numbers, [member, parameter].
    simulated
        Simulated values on the scale of the observations, [member, observation]. A member with an
        empty value has failed: it takes no part, and its place goes to a copy of a moved member
        with some noise, so that the number of members stays.
    observed, error
        Observations and their standard errors on the same scale.
    inflation
        The factor of the error's variance in this iteration.
    seed
        Fixes the perturbed observations and the replacements, for any number of processes.

    """
    rng = np.random.default_rng(seed)
    noise = rng.standard_normal(simulated.shape)
    good = np.isfinite(simulated).all(axis=1)
    moved = normal.copy()
    spread = simulated[good].std(axis=0)
    heard = spread > NO_SPREAD * error
    if heard.any():
        widened = error[heard] * np.sqrt(inflation)
        smoother = AdaptiveESMDA(covariance=widened**2, observations=observed[heard], alpha=1)
        smoother.prepare_assimilation(
            Y=simulated[good][:, heard].T,
            truncation=TRUNCATION,
            observation_perturbations=(noise[good][:, heard] * widened).T,
        )
        found = smoother.assimilate_batch(X=normal[good].T.copy(), n_jobs=1)
        moved[good] = np.clip(found.T, -FARTHEST, FARTHEST)
    models = rng.choice(np.flatnonzero(good), size=int((~good).sum()))
    shaken = rng.standard_normal((models.size, normal.shape[1])) * moved[good].std(axis=0)
    moved[~good] = np.clip(moved[models] + JITTER * shaken, -FARTHEST, FARTHEST)
    return moved
