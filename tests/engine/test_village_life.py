"""What a run keeps of every village adds up, and a village's life can be told from it."""

import re

import numpy as np
import polars as pl
import pytest
import xarray as xr

from perelom.engine.inputs import followed_villages
from perelom.engine.settings import Settings
from perelom.errors import SettingsError
from perelom.results import simulation
from perelom.results.household_life import every_household
from perelom.results.run import Run
from perelom.results.village_life import village_life
from perelom.results.village_page import render
from perelom.world.build import build
from perelom.world.state import NATIONALITIES

pytestmark = pytest.mark.xdist_group("sampled")


@pytest.fixture(scope="module")
def run() -> Run:
    return simulation.in_memory("historical", Settings(villages=320, until="1931-06"))


def summed(villages: xr.Dataset, *names: str) -> np.ndarray:
    return np.sum([villages[name].to_numpy().astype(np.float64) for name in names], axis=0)


def test_the_account_of_persons_closes_in_every_village(run: Run) -> None:
    flows = run.villages.isel(month=slice(None, -1))
    came = summed(flows, "births_rural", "moved_to_village")
    gone = summed(
        flows, "deaths_rural", "moved_to_town", "recruited", "deported", "arrested_rural",
        "self_liquidated_persons", "made_urban",
    )  # fmt: skip
    np.testing.assert_allclose(
        np.diff(summed(run.villages, "persons"), axis=0), came - gone, atol=1e-3
    )
    assert summed(flows, "deported").sum() > 0


def test_the_account_of_peasant_households_closes_in_every_village(run: Run) -> None:
    flows = run.villages.isel(month=slice(None, -1))
    gone = summed(
        flows, "deported_households", "self_liquidated_households", "died_out_households",
        "moved_whole_households", "took_posts_households",
    )  # fmt: skip
    change = np.diff(summed(run.villages, "peasant_households"), axis=0)
    new = summed(flows, "divided_households")
    np.testing.assert_allclose(change, new - gone, atol=1e-4)


def test_villages_with_their_weights_sum_to_their_region(run: Run) -> None:
    places = run.village_places
    weight = places["weight"].to_numpy()
    for column, variable in (
        ("persons", "population_rural"),
        ("disturbances", "mass_disturbances"),
    ):
        weighed = summed(run.villages, column) * weight
        for region in places["region"].unique():
            here = (places["region"] == region).to_numpy()
            expected = run.monthly[variable].sel(region=region).to_numpy()
            np.testing.assert_allclose(weighed[:, here].sum(axis=1), expected, rtol=1e-5)
    rural = (summed(run.villages, "excess_deaths") * weight).sum()
    total = float(run.monthly["excess_deaths"].sel(region="USSR").sum())
    assert 0 < rural <= total * (1 + 1e-6)


def test_every_village_lies_somewhere_and_has_its_mix_of_nationalities(run: Run) -> None:
    places = run.village_places
    assert places["village"].to_list() == list(range(run.villages.sizes["village"]))
    mix = places.select(pl.sum_horizontal(NATIONALITIES))
    np.testing.assert_allclose(mix.to_numpy(), 1.0, rtol=1e-9)
    assert places.group_by("raion").agg(pl.col("region").n_unique())["region"].max() == 1


def test_the_households_of_a_followed_village_are_those_of_the_village(run: Run) -> None:
    life = village_life(run, int(run.households["village"][0]))
    lived = every_household(life)
    for n, month in enumerate(life.months):
        here = [row for rows in lived.values() for row in rows if row["month"] == month]
        assert len(here) == life.columns["households"][n]
        assert sum(row["persons"] for row in here) == pytest.approx(life.columns["persons"][n])


def test_a_real_village_has_its_page(run: Run) -> None:
    followed = sorted(run.households["village"].unique())
    page = render(run, village_life(run, followed[-1]), 0)
    assert "Decree of 5 January 1930" in page
    assert "Article of 2 March" in page
    assert not re.search(r"\b(nan|inf)\b", page)


def test_a_village_that_is_not_there_cannot_be_followed() -> None:
    country = build(40)
    assert followed_villages(country, (39,))[-1] == 39
    with pytest.raises(SettingsError, match="villages are 0 to 39"):
        followed_villages(country, (40,))
