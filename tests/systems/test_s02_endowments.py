"""S02: totals of people, animals, land and tools by region against the inventory counts."""

import numpy as np
import pytest

from perelom.world.build import build
from perelom.world.reconcile import targets
from perelom.world.state import SPECIES, World

TOLERANCE = 1e-3


@pytest.fixture(scope="module", params=[320, 2000])
def world(request: pytest.FixtureRequest) -> World:
    return build(request.param)


def _by_region(world: World, values: np.ndarray) -> np.ndarray:
    """Sum [..., village] with weights to [..., region]."""
    geography = world.geography
    size = len(geography.identity) // len(geography.raion_region)
    region = np.repeat(np.asarray(geography.raion_region), size)
    ends = np.searchsorted(region, np.arange(40))
    return np.add.reduceat(values * np.asarray(geography.village_weight), ends, axis=-1)


def _own_and_pooled(world: World, name: str) -> np.ndarray:
    own = np.asarray(getattr(world.state.households, name), dtype=float).sum(-1)
    return own + np.asarray(getattr(world.state.villages, f"kolkhoz_{name}"))


def test_villages(world: World) -> None:
    real = _by_region(world, np.ones(len(world.geography.identity)))
    np.testing.assert_allclose(real, targets().villages, rtol=1e-9)


def test_population_by_region_sex_and_age_rural(world: World) -> None:
    persons = np.asarray(world.state.households.persons, dtype=float).sum(-1)
    np.testing.assert_allclose(_by_region(world, persons), targets().persons, rtol=TOLERANCE)


def test_population_by_region_sex_and_age_urban(world: World) -> None:
    regions = world.state.regions
    persons = np.asarray(regions.town_persons) + np.asarray(regions.prisoners)
    np.testing.assert_allclose(persons, targets().town_persons, rtol=TOLERANCE)


def test_population_of_the_census(world: World) -> None:
    persons = np.asarray(world.state.households.persons, dtype=float).sum(-1)
    rural = _by_region(world, persons).sum()
    regions = world.state.regions
    urban = float(np.asarray(regions.town_persons).sum() + np.asarray(regions.prisoners).sum())
    assert np.isclose(rural + urban, 147_027_915 * (1 - 0.00089), rtol=TOLERANCE)
    assert np.isclose(rural / (rural + urban), 0.821, atol=0.001)


def test_nationality_by_region(world: World) -> None:
    persons = np.asarray(world.state.households.persons, dtype=float).sum((0, -1))
    people = _by_region(world, np.asarray(world.geography.nationality) * persons)
    wanted = targets().nationality * targets().persons.sum(0)
    np.testing.assert_allclose(people, wanted, rtol=TOLERANCE, atol=1.0)


def test_households(world: World) -> None:
    households = np.asarray(world.state.households.present, dtype=float).sum(-1)
    np.testing.assert_allclose(_by_region(world, households), targets().households, rtol=TOLERANCE)


def test_sown_area(world: World) -> None:
    land = _by_region(world, _own_and_pooled(world, "land"))
    np.testing.assert_allclose(land, targets().land, rtol=TOLERANCE)
    assert np.isclose(land.sum(), 112.4e6, rtol=TOLERANCE)
    grain = (land * np.asarray(world.geography.grain_share)).sum()
    assert np.isclose(grain, 94.7e6, rtol=TOLERANCE)


@pytest.mark.parametrize("kind", SPECIES)
def test_herds(world: World, kind: str) -> None:
    heads = _by_region(world, _own_and_pooled(world, kind))
    np.testing.assert_allclose(heads, targets().animals[SPECIES.index(kind)], rtol=TOLERANCE)


def test_grain_left_from_the_harvest(world: World) -> None:
    grain = np.asarray(world.state.households.grain, dtype=float).sum(-1)
    np.testing.assert_allclose(_by_region(world, grain), targets().grain_stock, rtol=TOLERANCE)


def test_implements(world: World) -> None:
    value = _by_region(world, _own_and_pooled(world, "implements"))
    wanted = targets().pattern["implements"] * targets().households
    np.testing.assert_allclose(value, wanted, rtol=TOLERANCE)


def test_about_a_third_has_no_horse_and_most_of_the_rest_one(world: World) -> None:
    households = world.state.households
    weight = np.asarray(world.geography.village_weight)[:, None] * np.asarray(households.present)
    weight = weight * (np.asarray(households.member) == 0)
    horses = np.asarray(households.horses)
    share = [(weight * (np.floor(horses) == n)).sum() / weight.sum() for n in (0, 1, 2)]
    assert 0.25 < share[0] < 0.38
    assert share[1] > share[2]


def test_land_goes_with_family_and_horses_with_land(world: World) -> None:
    households = world.state.households
    own = (np.asarray(households.present) > 0) & (np.asarray(households.member) == 0)

    def within(values: np.ndarray) -> np.ndarray:
        values = np.asarray(values, dtype=float) * own
        mean = values.sum(1) / np.maximum(own.sum(1), 1)
        return (values / np.maximum(mean, 1e-9)[:, None])[own]

    family = within(np.asarray(households.persons).sum(0))
    land, horses = within(households.land), within(households.horses)
    assert np.corrcoef(family, land)[0, 1] > 0.4
    assert np.corrcoef(land, horses)[0, 1] > 0.4


def test_every_household_has_a_grown_person(world: World) -> None:
    households = world.state.households
    persons = np.asarray(households.persons)
    grown = persons[2] + persons[3] + persons[6] + persons[7]
    lonely = (grown < 1) & (np.asarray(households.present) > 0)
    assert lonely.sum() / np.asarray(households.present).sum() < 0.005
