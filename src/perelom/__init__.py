"""An open quantitative laboratory of Soviet collectivization and forced industrialization.

>>> import perelom
>>> run = perelom.run("historical", villages=320)  # doctest: +SKIP
>>> run.monthly["livestock_horses"].sel(region="USSR")  # doctest: +SKIP

`run` simulates a scenario and returns a `Run`; `Run.open` reads a run folder. `compare` holds
scenarios against each other, draw by draw. `observations` and `claims` are what is known and what
is said. All else is internal and may change.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import polars as pl

    from perelom.results.comparison import Comparison
    from perelom.results.run import Run
    from perelom.scenario import Scenario

__all__ = ["Run", "Scenario", "claims", "compare", "observations", "run"]

_CLASSES = {"Run": "perelom.results.run", "Scenario": "perelom.scenario"}


def run(
    scenario: str | Path | Scenario = "historical",
    villages: int = 2000,
    seed: int = 1926,
    draws: Literal["sampled", "expected"] = "sampled",
    until: str = "1940-12",
    out: str | Path | None = None,
    *,
    prior_defaults: bool = False,
    ensemble: int | None = None,
    processes: int = 1,
    progress: bool = False,
) -> Run:
    """Simulate a scenario month by month from December 1926 on.

    Parameters
    ----------
    scenario
        A shipped scenario by name, the path of a TOML file, or a loaded scenario.
    villages
        How many villages are simulated; each stands for many of the country.
    seed
        The luck of the run: weather, and the lots of households. Scenarios with the same seed meet
        the same luck.
    draws
        `sampled`: a household joins or does not; `expected`: memberships are shares.
    until
        The last month, `YYYY-MM`, at most 1940-12.
    out
        A run folder to write; by default the run stays in memory.
    prior_defaults
        Take the defaults of the parameter table, not the fitted set that ships with the package.
    ensemble
        How many draws of the fitted parameters to run besides, at least 2; they need `out`.
    processes
        How many draws at once. More than one starts new processes: call it then under
        ``if __name__ == "__main__":``.
    progress
        Show how far the run is, on standard error.

    Raises
    ------
    PerelomError
        The scenario, a setting or the folder cannot be used.

    Examples
    --------
    >>> short = run("historical", villages=320, until="1928-12")  # doctest: +SKIP
    >>> short.monthly["livestock_horses"].sel(region="USSR")  # doctest: +SKIP

    """
    from perelom.cli.progress import progress as bar
    from perelom.engine.settings import Settings
    from perelom.inference.posterior import default_parameters, posterior_draws
    from perelom.results import simulation

    chosen = str(scenario) if isinstance(scenario, Path) else scenario
    values = {} if prior_defaults else default_parameters()
    settings = Settings(villages=villages, seed=seed, draws=draws, until=until, parameters=values)
    if ensemble is not None:
        _check_ensemble(ensemble, out)
    with bar("Months", shown=progress) as tell:
        if out is None:
            return simulation.in_memory(chosen, settings, tell)
        sets = posterior_draws(ensemble) if ensemble else []
        done = simulation.new(chosen, settings, Path(out), tell, draws=sets)
    if ensemble:
        with bar("Draws", shown=progress) as tell:
            done = simulation.resume_draws(Path(out), tell, processes)
    return done


def _check_ensemble(ensemble: int, out: str | Path | None) -> None:
    from perelom.results.errors import RequestError

    if out is None:
        raise RequestError(
            what="the draws of an ensemble are not kept in memory",
            where="perelom.run(ensemble=...)",
            allowed="a run with a folder",
            remedy="give `out`, or leave `ensemble` away",
        )
    if ensemble < 2:
        raise RequestError(
            what=f"{ensemble} draw makes no interval",
            where="perelom.run(ensemble=...)",
            allowed="2 or more",
            remedy="20 give a first impression, 100 a steady interval",
        )


def compare(
    *scenarios: str | Path | Scenario,
    ensemble: int = 20,
    villages: int = 320,
    seed: int = 1926,
    draws: Literal["sampled", "expected"] = "expected",
    until: str = "1940-12",
    processes: int = 1,
    out: str | Path | None = None,
) -> Comparison:
    """Run scenarios under the same draws of the parameters and the same luck.

    Parameters
    ----------
    scenarios
        Two or more, the base first: names, paths of TOML files, or loaded scenarios.
    ensemble
        How many draws, at least 2; intervals run from the 5% to the 95% of them.
    villages, seed, draws, until
        As for `run`.
    processes
        How many runs at once. More than one starts new processes: call it then under
        ``if __name__ == "__main__":``.
    out
        A folder for report and tables; by default nothing is written.

    Raises
    ------
    PerelomError
        A scenario, a setting or the folder cannot be used.

    Examples
    --------
    >>> pairs = compare("historical", "nep", ensemble=20)  # doctest: +SKIP
    >>> pairs.table.select("outcome", "difference", "difference_low")  # doctest: +SKIP

    """
    from perelom.engine.settings import Settings
    from perelom.results import comparison

    settings = Settings(villages=villages, seed=seed, draws=draws, until=until)
    chosen = [str(one) if isinstance(one, Path) else one for one in scenarios]
    found = comparison.compare(chosen, settings, ensemble, processes=processes)
    if out is not None:
        found.write(Path(out))
    return found


def observations() -> pl.DataFrame:
    """Return every observation: figure, unit, source, grade, layer and whether it may be fitted."""
    from perelom import evidence

    return evidence.observations()


def claims() -> pl.DataFrame:
    """Return the statements that can be held against the model, each with its stance."""
    from perelom import evidence

    return evidence.claims()


def __getattr__(name: str) -> object:
    """Import a class of the public face when it is first used."""
    if name in _CLASSES:
        return getattr(import_module(_CLASSES[name]), name)
    raise AttributeError(f"module 'perelom' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_CLASSES})
