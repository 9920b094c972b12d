from collections.abc import Iterator

import numpy as np
import pytest

from perelom.engine.run import Chunk, Settings, simulate
from perelom.errors import AccountError
from perelom.inference import ensemble
from perelom.scenario import Scenario, load
from perelom.world.state import World

SETTINGS = Settings(villages=320, draws="expected", until="1928-01")


@pytest.fixture(scope="module")
def two() -> ensemble.Ensemble:
    return ensemble.run_ensemble(load("historical"), SETTINGS, [{}, {}])


def column(of: ensemble.Ensemble, series: str, region: str, start: str) -> int:
    for number, row in enumerate(of.observations.iter_rows(named=True)):
        if (row["series"], row["region"], str(row["period_start"])) == (series, region, start):
            return number
    raise LookupError(series)


def test_starting_population_is_read_off(two: ensemble.Ensemble) -> None:
    values = two.simulated[:, column(two, "population_total", "USSR", "1926-12-17")]
    assert values == pytest.approx(147e6, rel=0.01)


def test_weather_differs_between_members(two: ensemble.Ensemble) -> None:
    first, second = two.simulated
    heard = np.isfinite(first)
    assert heard.sum() > 20
    assert not np.array_equal(first[heard], second[heard])


def test_months_that_were_not_simulated_stay_empty(two: ensemble.Ensemble) -> None:
    late = (two.observations["period_start"].dt.year() > 1930).to_numpy()
    assert np.isnan(two.simulated[:, late]).all()


def test_a_failed_member_becomes_a_status(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails_once(scenario: Scenario, settings: Settings, world: World) -> Iterator[Chunk]:
        if settings.member == 0:
            raise AccountError("an account does not close")
        return simulate(scenario, settings, world=world)

    monkeypatch.setattr(ensemble, "simulate", fails_once)
    told: list[tuple[int, int]] = []
    done = ensemble.run_ensemble(load("historical"), SETTINGS, [{}, {}], lambda *n: told.append(n))
    assert [m.status for m in done.members] == ["failed", "complete"]
    assert done.failed[0].error == "an account does not close"
    assert np.isnan(done.simulated[0]).all()
    assert np.isfinite(done.simulated[1]).any()
    assert told == [(0, 2), (1, 2), (2, 2)]
