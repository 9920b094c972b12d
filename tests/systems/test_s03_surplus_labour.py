"""S03: surplus labour. Check: small at harvest, large in winter; more in the centre than South."""

import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.hire import labour
from perelom.model.space import over_slots, to_regions
from perelom.world.state import State

CENTRE, SOUTH = "Central Black Earth oblast", "North Caucasus krai"


def _spare_a_person(state: State, around: Surroundings, month: int) -> np.ndarray:
    context = around(month)
    spare = to_regions(context.geography, over_slots(labour(state, context).spare))
    return np.asarray(spare / context.reference.rural_persons.sum(axis=0))


def test_small_at_the_harvest_and_large_in_winter(state: State, around: Surroundings) -> None:
    winter, harvest = (_spare_a_person(state, around, month) for month in (1, 8))
    assert (harvest < winter).all()
    # A person of working age in two, nearly all of them idle in January.
    assert np.median(winter) > 0.35
    assert np.median(harvest) < 0.5 * np.median(winter)


def test_more_in_the_centre_than_in_the_south(
    state: State, around: Surroundings, small_country: Country
) -> None:
    spare = _spare_a_person(state, around, 8)
    names = small_country.world.region_names
    assert spare[names.index(CENTRE)] > spare[names.index(SOUTH)]


@pytest.mark.parametrize("month", [1, 8])
def test_hands_and_work_make_up_the_workers(state: State, around: Surroundings, month: int) -> None:
    """A household outside the kolkhoz either spares hands or lacks them."""
    context = around(month)
    hands = labour(state, context)
    households = state.households
    workers = np.asarray(households.persons[2] + households.persons[6])
    need = households.land * context.seasons["field_work"]
    need = np.asarray(need / context.parameters["hectares_at_harvest"])
    spare, lacking = np.asarray(hands.spare), np.asarray(hands.lacking)
    alone = np.asarray(households.member) == 0
    np.testing.assert_allclose((spare - lacking)[alone], (workers - need)[alone], atol=1e-5)
    assert (spare * lacking == 0).all()
