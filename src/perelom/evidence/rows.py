"""What a row of each table of the evidence is: one model a table, one field a column."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from perelom.evidence.tables import Row, refuse

Finite = Annotated[float, Field(allow_inf_nan=False)]
Text = Annotated[str, Field(min_length=1)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(_[a-z0-9]+)*$")]
SystemIds = Annotated[str, Field(pattern=r"^S\d{2,3}( S\d{2,3})*$")]
Use = Literal["fit", "held_out", "context"]
Calendar = Literal[
    "day",
    "month",
    "quarter",
    "season",
    "calendar_year",
    "july_june",
    "october_september",
    "annual_mean",
    "several_years",
    "other",
]
Borders = Literal[
    "1939_before_september",
    "post1939",
    "1913",
    "1926",
    "1937_borders",
    "1939_borders",
    "modern",
    "unstated",
]


class ObservationRow(Row):
    """One figure about the past, with everything needed to hold a simulated value against it."""

    id: Annotated[str, Field(pattern=r"^o\d{5}$")]
    series: Name
    region: Text
    period_start: date
    period_end: date
    value: Finite
    unit: Text
    variant: Text | None
    low: Finite | None
    high: Finite | None
    source: Name
    source_detail: Text
    grade: Literal["A", "B", "C"]
    layer: Literal["true", "reported"]
    calendar: Calendar
    count: Literal["january", "summer"] | None
    borders: Borders
    group: Text
    use: Use
    duplicate_of: Annotated[str, Field(pattern=r"^o\d{5}$")] | None
    note: Text | None
    origin: Text

    @model_validator(mode="after")
    def _ordered(self) -> ObservationRow:
        if self.period_end < self.period_start:
            raise refuse("period_end", str(self.period_end), f"{self.period_start} or later")
        if self.low is not None and self.low > self.value:
            raise refuse("low", self.low, f"at most the value, {self.value}")
        if self.high is not None and self.high < self.value:
            raise refuse("high", self.high, f"at least the value, {self.value}")
        return self


class SplitRow(Row):
    """A rule that gives observations a group and a use; the first that matches wins."""

    group: Text
    series: Text
    region: Text
    period_start: date | None
    period_end: date | None
    use: Use
    reason: Text


class SourceRow(Row):
    """A work or a body of documents from which figures were taken, and how far to trust it."""

    key: Name
    author: Text
    title: Text
    year: Annotated[int, Field(ge=1850, le=2030)] | None
    kind: Literal["primary", "scholarly", "compiled", "popular", "memory"]
    judgement: Text


class RegionRow(Row):
    """One of the units of space of the model."""

    name: Text
    name_ru: Text
    name_local: Text
    union_republic: Text
    parent: Literal["Ukrainian SSR", "West Siberia krai"] | None
    kind: Literal["producing", "consuming", "mixed", "cotton", "pastoral"]
    collectivization_stage: Annotated[int, Field(ge=1, le=3)]
    latitude: Annotated[float, Field(ge=35, le=80)]
    longitude: Annotated[float, Field(ge=20, le=180)]
    seat: Text
    note: Text | None


class CrosswalkRow(Row):
    """How a reporting region relates to one unit of space of the model.

    `sum`: the region holds `weight` of the unit. `part_of`: the region is a part of the unit and
    cannot be compared. `outside`: the region is no territory of the model.
    """

    reporting_region: Text
    relation: Literal["sum", "part_of", "outside"]
    region: Text | None
    weight: Annotated[float, Field(gt=0, le=1)] | None
    uncertainty: Annotated[float, Field(ge=0, le=1)] | None
    basis: Text
    note: Text | None

    @model_validator(mode="after")
    def _complete(self) -> CrosswalkRow:
        if (self.relation == "sum") != (self.weight is not None):
            raise refuse("weight", self.weight, "a weight if and only if the relation is sum")
        if self.relation != "outside" and self.region is None:
            raise refuse("region", "empty", "a unit of space unless the relation is outside")
        return self


class EventRow(Row):
    """A dated event named by the documents."""

    id: Annotated[str, Field(pattern=r"^E\d{3}$")]
    date: Text
    precision: Literal["day", "month", "season", "year", "campaign_year"]
    event: Text
    region: Text
    kind: Literal[
        "article", "campaign", "congress", "decree", "famine", "other", "plan", "price", "trial"
    ]
    document: Literal["A", "B", "C", "D", "E"]
    claims: Text | None
    systems: SystemIds | None


class ClaimRow(Row):
    """A statement of one of the documents, in our words."""

    id: Annotated[str, Field(pattern=r"^[A-E]\d{3}[a-z]?$")]
    kind: Literal["causal", "evaluative", "event", "quantity", "rule"]
    subject: Text
    statement: Text
    value: Finite | None
    unit: Text | None
    low: Finite | None
    high: Finite | None
    period: Text | None
    region: Text | None
    stance: Literal["critical", "neutral", "pro_collectivization"]
    testable: Literal["yes", "partly", "no"]
    how_to_test: Text | None
    systems: SystemIds | None


class ConflictRow(Row):
    """A disagreement between or inside the documents, and what would decide it."""

    id: Annotated[str, Field(pattern=r"^K\d{2}$")]
    part: Literal["substance", "numbers"]
    question: Text
    one_side: Text
    other_side: Text | None
    deciding_test: Text
    claims: Text | None


class SystemRow(Row):
    """A system that must work: what it computes and how one sees that it does."""

    id: Annotated[str, Field(pattern=r"^S\d{2,3}$")]
    title: Text
    part: Text
    compute: Text
    check: Text
    claims: Text | None
    series: Text | None


class TargetRow(Row):
    """An acceptance target of the documents: calibrate (C), hold out (H) or unit test (U)."""

    id: Annotated[str, Field(pattern=r"^T\d{2}$")]
    title: Text
    value: Text
    claims: Text
    systems: SystemIds
    use: Literal["C", "H", "U"]


class ConversionRow(Row):
    """A name, unit or region that was changed on the way from the collected files."""

    what: Literal["series", "unit", "region", "left_out"]
    source_name: Text
    canonical_name: Text | None
    factor: Finite | None
    rows: Annotated[int, Field(ge=1)]
    reason: Text


class ParameterRow(Row):
    """A number of the model with its passport."""

    name: Name
    value: Finite
    unit: Text
    low: Finite | None
    high: Finite | None
    prior: Literal["normal", "lognormal", "uniform", "beta", "fixed"]
    source: Text
    grade: Literal["A", "B", "C", "E"]
    mechanisms: Annotated[str, Field(pattern=r"^M\d+[a-z]?( M\d+[a-z]?)*$")] | None
    systems: SystemIds | None
    used_in: Text
    description: Text

    @model_validator(mode="after")
    def _prior_possible(self) -> ParameterRow:
        if self.prior == "fixed":
            return self
        if self.low is None or self.high is None:
            raise refuse("low", "empty", f"low and high for the prior {self.prior}")
        if not self.low < self.high:
            raise refuse("low", self.low, f"below high, {self.high}")
        if not self.low <= self.value <= self.high:
            raise refuse("value", self.value, f"between {self.low} and {self.high}")
        if self.prior == "lognormal" and self.low <= 0:
            raise refuse("low", self.low, "above 0 for a lognormal prior")
        if self.prior == "beta" and not (self.low > 0 and self.high < 1):
            raise refuse("low", self.low, "low and high strictly inside 0 and 1 for a beta prior")
        return self


class DiscrepancyRow(Row):
    """How far the model itself may be off in a group of observations, with perfect parameters."""

    group: Text
    relative: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    absolute: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    correlation: Annotated[float, Field(ge=0, le=1)]
    source: Text
    grade: Literal["A", "B", "C", "E"]
    reason: Text
