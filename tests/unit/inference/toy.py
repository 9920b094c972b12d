"""A small analytical model in place of the real one: five parameters, thirty observations."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import AccountError
from perelom.evidence import Parameter
from perelom.inference.fitting import Problem
from perelom.inference.transform import to_normal
from perelom.inference.workers import Forward, MemberRun

TRUTH = {"a": 0.62, "b": 2.4, "c": 0.3, "d": 0.2, "e": 1.4}
PRIORS = {"a": "uniform", "b": "lognormal", "c": "normal", "d": "beta", "e": "lognormal"}
RANGES = {"a": (0.2, 0.9), "b": (0.8, 3.0), "c": (-0.5, 0.6), "d": (0.05, 0.4), "e": (0.5, 2.0)}
IRRELEVANT = ("x", "y", "z")
POINTS = 30
DESIGN = np.random.default_rng(5).normal(size=(POINTS, len(TRUTH)))


def parameter(name: str, prior: str, low: float, high: float) -> Parameter:
    return Parameter(
        name,
        (low + high) / 2,
        "1",
        low,
        high,
        prior,
        "elicited",
        "E",
        (),
        (),
        "toy",
        "toy",  # type: ignore[arg-type]
    )


def free() -> dict[str, Parameter]:
    """The five parameters that matter and three that do not."""
    found = {name: parameter(name, PRIORS[name], *RANGES[name]) for name in TRUTH}
    return found | {name: parameter(name, "normal", -1.0, 1.0) for name in IRRELEVANT}


def respond(bend: float, number: int, parameters: dict[str, float]) -> NDArray[np.float64]:
    """Map parameters to values: linear in normal space where bend is 0; members differ in luck."""
    if parameters["a"] > 2:
        raise AccountError("the account of the toy does not close")
    known = {name: p for name, p in free().items() if name in TRUTH}
    normal = to_normal([parameters], known)[0]
    luck = np.random.default_rng(number).normal(size=POINTS)
    signal = DESIGN @ (normal + bend * normal**2)
    return np.asarray(np.exp(0.1 * signal + 0.01 * luck) * 10)


def make(bend: float) -> Forward:
    return partial(respond, bend)


def observations(values: NDArray[np.float64], use: str = "fit", first: int = 0) -> pl.DataFrame:
    """Observations of one series each, so that no weight is shared."""
    return pl.DataFrame(
        {
            "id": [f"o{first + n:05d}" for n in range(values.size)],
            "series": [f"series_{first + n}" for n in range(values.size)],
            "region": "USSR",
            "period_start": dt.date(1928, 1, 1),
            "period_end": dt.date(1928, 12, 31),
            "value": values,
            "unit": "Mt",
            "variant": None,
            "low": None,
            "high": None,
            "source": "davies_1980",
            "grade": "A",
            "layer": "true",
            "group": "sown area under grain",
            "use": use,
            "duplicate_of": None,
        },
        schema_overrides={
            "low": pl.Float64,
            "high": pl.Float64,
            "variant": pl.String,
            "duplicate_of": pl.String,
        },
    )


def problem(bend: float = 0.0, make: Callable[[], Forward] | None = None) -> Problem:
    """Fit the toy to its own values at TRUTH."""
    at_truth = respond(bend, 10_000, TRUTH | dict.fromkeys(IRRELEVANT, 0.0))
    return Problem(observations(at_truth), free(), make or partial(globals()["make"], bend))


@dataclass
class Memory:
    """A store that forgets when the program ends."""

    ensembles: dict[int, NDArray[np.float64]] = field(default_factory=dict)
    runs: dict[int, dict[int, MemberRun]] = field(default_factory=dict)

    def ensemble(self, iteration: int) -> NDArray[np.float64] | None:
        return self.ensembles.get(iteration)

    def keep_ensemble(self, iteration: int, normal: NDArray[np.float64]) -> None:
        self.ensembles[iteration] = normal

    def members(self, iteration: int) -> dict[int, MemberRun]:
        return dict(self.runs.get(iteration, {}))

    def keep_member(self, iteration: int, run: MemberRun) -> None:
        self.runs.setdefault(iteration, {})[run.number] = run
