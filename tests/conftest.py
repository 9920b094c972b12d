"""What tests share: small countries, runs of them, and the surroundings of a single month."""

import os

os.environ.setdefault("NPROC", "1")  # threads of XLA: more than one slows small arrays down

from typing import Any

import hypothesis
import jax
import pytest
from xdist.scheduler import LoadFileScheduling

from country import Country, Surroundings
from perelom.engine.cache import cache_folder
from perelom.scenario import Scenario, load
from perelom.world.state import State

hypothesis.settings.register_profile(
    "fixed",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("fixed")
jax.config.update("jax_compilation_cache_dir", str(cache_folder() / "tests"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep a file's tests on one worker, so that what they compile and run is shared.

    Node ids are read-only since pytest 9.1, so that pytest-xdist 3.8 cannot mark groups in them:
    under `--dist loadgroup` files take the place of groups.
    """
    if config.getoption("dist") != "loadgroup":
        return None
    return LoadFileScheduling(config, log)


@pytest.fixture(scope="session")
def expected_country() -> Country:
    """320 villages in expectation: national differences without noise."""
    return Country(320, "expected")


@pytest.fixture(scope="session")
def sampled_country() -> Country:
    """320 villages whose households draw lots."""
    return Country(320, "sampled")


@pytest.fixture(scope="session")
def small_country() -> Country:
    """40 villages in double precision: for gradients and for mechanisms called directly."""
    return Country(40, "expected", precision=64)


@pytest.fixture(scope="session")
def around(small_country: Country) -> Surroundings:
    """Make contexts of single months in the small country."""
    return Surroundings(small_country)


@pytest.fixture
def state(small_country: Country) -> State:
    """Return the small country on 1 December 1926."""
    return small_country.world.state


@pytest.fixture(scope="session")
def historical() -> Scenario:
    """Return the historical scenario."""
    return load("historical")
