"""What a scenario file says: its form, checked by Pydantic."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from perelom.errors import DateError
from perelom.scenario.levers import levers
from perelom.world.calendar import month_index


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _simulated_month(date: str) -> str:
    try:
        month_index(date)
    except DateError as error:
        raise ValueError(str(error)) from None
    return date


Month = Annotated[str, AfterValidator(_simulated_month)]
"""A month of the simulated time, YYYY-MM."""


def _known_lever(name: str) -> str:
    if name not in levers():
        raise ValueError(f"unknown lever {name!r}")
    return name


LeverName = Annotated[str, AfterValidator(_known_lever)]
"""The name of a lever of the closed list."""


class Decision(_Closed):
    """A dated decision: from this month on the lever has this value, until decided otherwise.

    regions: names of model units, of larger regions that are sums of them, or `stage N`; left
    out, the decision holds everywhere.
    """

    date: Month
    lever: LeverName
    value: float
    regions: list[str] | None = None
    source: str = Field(min_length=1)
    note: str = ""

    @model_validator(mode="after")
    def _possible(self) -> "Decision":
        lever = levers()[self.lever]
        if not lever.least <= self.value <= lever.greatest:
            raise ValueError(
                f"{self.lever} = {self.value} is outside {lever.least} to {lever.greatest} "
                f"{lever.unit}"
            )
        if lever.scope == "national" and self.regions is not None:
            raise ValueError(f"{self.lever} is national and takes no regions")
        return self


class Shock(_Closed):
    """Something that happens to the country: so far drought, 0 none to 3 extreme."""

    kind: str = Field(pattern="^drought$")
    begin: Month
    end: Month
    severity: float = Field(ge=0, le=3)
    regions: list[str] | None = None
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Shock":
        if month_index(self.end) < month_index(self.begin):
            raise ValueError(f"the shock ends ({self.end}) before it begins ({self.begin})")
        return self


class ScenarioFile(_Closed):
    """A scenario file: title and assumptions, a base, decisions and shocks.

    base: name of the scenario whose decisions and shocks come first; those of this file are
    added, and win where both speak of the same lever, month and region. drop: levers whose
    decisions in the base are left out from the given month on. shocks_from: name of a scenario
    whose shocks come along without its decisions; a file has this or a base.
    """

    title: str
    description: str
    assumptions: list[str] = []
    base: str | None = None
    shocks_from: str | None = None
    drop: dict[LeverName, Month] = {}
    decisions: list[Decision] = []
    shocks: list[Shock] = []

    @model_validator(mode="after")
    def _one_origin(self) -> "ScenarioFile":
        if self.base is not None and self.shocks_from is not None:
            raise ValueError("a base brings its shocks along: give base or shocks_from, not both")
        return self
