"""The model as a function from parameters to the simulated value of every observation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.engine.settings import Settings
from perelom.evidence import observations
from perelom.evidence.operators import compare
from perelom.inference.ensemble import run_layers
from perelom.inference.fitting import Problem
from perelom.inference.prior import free_parameters
from perelom.scenario import Scenario, load
from perelom.world.build import build
from perelom.world.state import World


def historical_problem(settings: Settings) -> Problem:
    """Return the fit of all free parameters to the observations under historical decisions."""
    compared = compared_observations()
    return Problem(compared, free_parameters(), partial(model, "historical", settings, compared))


def compared_observations() -> pl.DataFrame:
    """Return the observations that are fitted or held out, each figure once."""
    return observations().filter(
        pl.col("use").is_in(["fit", "held_out"]), pl.col("duplicate_of").is_null()
    )


@dataclass(frozen=True)
class Model:
    """Runs a scenario in one world and reads off observations; the number fixes the luck."""

    scenario: Scenario
    settings: Settings
    world: World
    compared: pl.DataFrame

    def __call__(self, number: int, parameters: dict[str, float]) -> NDArray[np.float64]:
        """Return the simulated value of every observation, NaN where there is none."""
        merged = self.settings.parameters | parameters
        own = replace(self.settings, parameters=merged, member=number)
        layers = run_layers(self.scenario, own, self.world)
        return compare(self.compared, *layers)["simulated"].fill_null(np.nan).to_numpy()


def model(scenario: str, settings: Settings, compared: pl.DataFrame) -> Model:
    """Build the world and the function that runs a member in it."""
    world = build(settings.villages, dtype=settings.dtype)
    return Model(load(scenario), settings, world, compared)
