"""The errors of the package: one class per situation, all under `PerelomError`."""

from __future__ import annotations


class PerelomError(Exception):
    """An error that a user can act on; the command line prints it alone and exits with 2."""


class TableError(PerelomError):
    """A table that ships with the package is missing, malformed or holds a value not allowed."""

    def __init__(
        self, file: str, row: int | None, column: str | None, value: object, allowed: str
    ) -> None:
        self.file, self.row, self.column = file, row, column
        self.value, self.allowed = value, allowed
        places = [file]
        if row is not None:
            places.append(f"row {row}")
        if column is not None:
            places.append(f"column '{column}'")
        super().__init__(f"{', '.join(places)}: {value!r} is not allowed; allowed: {allowed}")


class UnitError(PerelomError):
    """A unit is unknown, or two units do not measure the same kind of quantity."""


class CrosswalkError(PerelomError):
    """A reporting region is unknown, or is no weighted sum of the model's units of space."""


class DateError(PerelomError):
    """A date is no month, or lies outside the simulated time."""


class WorldSizeError(PerelomError):
    """A number of villages that the sampling design cannot build."""


class ScenarioError(PerelomError):
    """A scenario cannot be read or asks for something impossible."""


class AccountError(PerelomError):
    """An account of the model does not close: a defect of the model, never a warning."""


class CheckpointError(PerelomError):
    """A saved state cannot be read or does not belong to this run."""


class SettingsError(PerelomError):
    """A setting of a run is outside what is allowed."""


class EnsembleError(PerelomError):
    """The runs of an ensemble could not be carried out, or are too few to sum up."""


class FitError(PerelomError):
    """A fit cannot go on: its members, its observations or its folder do not allow it."""


class ShapeError(PerelomError):
    """The shapes of the map do not belong to the units of space."""
