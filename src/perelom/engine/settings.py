"""The settings of a run, checked once."""

from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal

import numpy as np

from perelom.errors import DateError, SettingsError
from perelom.evidence import parameters
from perelom.model.mechanisms import MECHANISMS
from perelom.world.calendar import FLOW_MONTHS, month_index, month_name
from perelom.world.sampling import check_size


@dataclass(frozen=True)
class Settings:
    """How to run a scenario.

    villages: simulated villages (320 to 400,000; smaller multiples of 40 for gradient tests).
    seed, member: luck of the run and of the ensemble member. draws: whether households draw
    lots (`sampled`) or carry shares (`expected`). until: last month, YYYY-MM. parameters: values
    that replace defaults. off: mechanisms or lines switched off. follow: villages whose
    households are recorded besides one a region. precision: bits of household arrays.
    devices: number of devices to share the raions among.
    """

    villages: int = 2000
    seed: int = 1926
    member: int = 0
    draws: Literal["sampled", "expected"] = "sampled"
    until: str = "1940-12"
    parameters: dict[str, float] = field(default_factory=dict)
    off: frozenset[str] = frozenset()
    follow: tuple[int, ...] = ()
    precision: Literal[32, 64] = 32
    devices: int = 1

    def __post_init__(self) -> None:
        check_size(self.villages)
        if month_index(self.until) >= FLOW_MONTHS:
            raise DateError(
                f"until {self.until!r}: outside the simulated time, {month_name(0)} to "
                f"{month_name(FLOW_MONTHS - 1)}"
            )
        if self.draws not in ("sampled", "expected"):
            raise SettingsError(f"draws {self.draws!r}: allowed are 'sampled' and 'expected'")
        if not 0 <= self.seed < 2**32 or not 0 <= self.member < 2**32:
            raise SettingsError(f"seed {self.seed}, member {self.member}: allowed 0 to 2**32 - 1")
        _check_names("parameter", self.parameters, list(parameters()))
        _check_names("mechanism", self.off, list(MECHANISMS))
        for name, value in self.parameters.items():
            if not np.isfinite(value):
                raise SettingsError(f"parameter {name} = {value}: a finite number is needed")

    def parameter(self, name: str) -> float:
        """Return the value of a parameter in this run."""
        return self.parameters.get(name, parameters()[name].default)

    @property
    def dtype(self) -> type[np.floating]:
        """The type of household arrays."""
        return np.float64 if self.precision == 64 else np.float32


def _check_names(what: str, given: object, known: list[str]) -> None:
    for name in given:  # type: ignore[attr-defined]
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise SettingsError(f"{what} {name!r} is not known{hint}")
