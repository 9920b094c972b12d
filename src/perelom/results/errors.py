"""What can go wrong with run folders, exports and scores: one class a situation."""

from perelom.errors import PerelomError


class ResultsError(PerelomError):
    """An error that says what happened, where, what is allowed and what to do."""

    def __init__(self, *, what: str, where: str, allowed: str, remedy: str) -> None:
        self.what, self.where, self.allowed, self.remedy = what, where, allowed, remedy
        super().__init__(f"{where}: {what}; allowed: {allowed}; remedy: {remedy}")


class WriteError(ResultsError):
    """The disk refused a file."""


class RunFolderError(ResultsError):
    """A run folder is missing, foreign, damaged, in use or of another format version."""


class ExportError(ResultsError):
    """An export was asked for in an unknown format or onto an existing file."""


class VariableError(ResultsError):
    """A variable is unknown, or lacks what its national value needs."""


class RequestError(ResultsError):
    """A command was given a name, a month or a combination that it cannot work with."""
