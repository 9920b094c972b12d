"""What every page for the browser shares: templates, numbers as a reader wants them, machine."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from perelom.results.manifest import Manifest


@cache
def template(name: str) -> Template:
    """Return a template of the package; a name that it misses is an error."""
    environment = Environment(
        loader=PackageLoader("perelom.results"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def number(value: float | None, digits: int | None = None, *, sign: bool = False) -> str:
    """Write a number for a reader: three significant figures, or a fixed count of decimals."""
    if value is None or value != value:
        return "–"
    if digits is None:
        size = abs(value)
        digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{value:{'+' if sign else ''},.{digits}f}"


def decimals(*values: float) -> int:
    """Return with how many decimals to write numbers of one row: three figures of the largest."""
    size = max((abs(value) for value in values if value == value), default=0.0)
    return 0 if size >= 100 else 1 if size >= 10 else 2


def made_with(manifest: Manifest) -> list[tuple[str, str]]:
    """Return versions and machine, as rows of a table of provenance."""
    machine = manifest.machine
    return [
        ("Versions", ", ".join(f"{name} {value}" for name, value in manifest.versions.items())),
        (
            "Machine",
            f"{machine.get('cores', '?')} cores, {machine.get('memory_gib', '?')} GiB, "
            f"{machine.get('platform', '?')}",
        ),
    ]


DEATHS = ("deaths_total", "excess_deaths")
_CAUTION = (
    "This is one run without an interval; published estimates differ in definition, baseline and "
    "completeness of registration."
)
_DRAWS_CAUTION = (
    "Published estimates differ in definition, baseline and completeness of registration; the band "
    "does not contain what the model leaves out."
)


def caution(variable: str, *, banded: bool) -> str:
    """Return what must stand beside a chart of deaths; nothing for other variables."""
    if variable not in DEATHS:
        return ""
    return _DRAWS_CAUTION if banded else _CAUTION
