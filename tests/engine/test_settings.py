"""Settings that cannot be: one clear error each, before anything is computed."""

from typing import Any

import pytest

from perelom.engine.inputs import followed_villages
from perelom.engine.run import country, simulate
from perelom.engine.settings import Settings
from perelom.errors import DateError, PerelomError, SettingsError, WorldSizeError
from perelom.scenario import Scenario


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"until": "1930-13"}, DateError, "not a month; write 'YYYY-MM'"),
        ({"until": "1926-11"}, DateError, "outside the simulated time, 1926-12 to 1940-12"),
        ({"until": "1950-01"}, DateError, "outside the simulated time"),
        ({"until": "1941-01"}, DateError, "outside the simulated time"),
        ({"villages": -5}, WorldSizeError, "allowed are 320 to 400000"),
        ({"villages": 500_000}, WorldSizeError, "allowed are 320 to 400000"),
        ({"seed": -1}, SettingsError, r"allowed 0 to 2\*\*32 - 1"),
        ({"member": 2**32}, SettingsError, r"allowed 0 to 2\*\*32 - 1"),
        ({"parameters": {"seed_rat": 0.1}}, SettingsError, "did you mean 'seed_rate'"),
        ({"parameters": {"seed_rate": float("nan")}}, SettingsError, "finite number"),
        ({"off": frozenset({"hidin"})}, SettingsError, "did you mean 'hiding'"),
    ],
)
def test_impossible_settings(given: dict[str, Any], error: type[PerelomError], words: str) -> None:
    with pytest.raises(error, match=words):
        Settings(**given)


@pytest.mark.parametrize("villages", [7, 319, 10**6])
def test_impossible_sizes(villages: int, historical: Scenario) -> None:
    with pytest.raises(WorldSizeError, match=str(villages)):
        next(simulate(historical, Settings(villages=villages)))


def test_more_devices_than_there_are(historical: Scenario) -> None:
    with pytest.raises(SettingsError, match="devices = 64: this machine offers"):
        next(simulate(historical, Settings(villages=320, devices=64)))


def test_a_village_that_does_not_exist_cannot_be_followed() -> None:
    world = country(Settings(villages=40))
    assert followed_villages(world, (39,))[-1] == 39
    for village in (40, -1):
        with pytest.raises(SettingsError, match="the villages are 0 to 39"):
            followed_villages(world, (village,))
