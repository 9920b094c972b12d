"""S84: breeding females and seasons. Check: an even year is even; a cut herd bears more a head."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.engine.inputs import seasons
from perelom.evidence import parameters
from perelom.model.herd_structure import (
    bearing,
    breeding_after,
    breeding_after_slaughter,
    yearly_slaughter,
)
from perelom.world.state import SPECIES

HERD = 100.0


def _year(around: Surroundings, species: str, slaughter: float, **asked: object) -> np.ndarray:
    """Return r on 1 January after years of ordinary births, deaths and scaled slaughter."""
    numbers = parameters()
    birth, death, slain = (
        numbers[f"{species}_{kind}"].default for kind in ("birth", "death", "slaughter")
    )
    herd, breeding, after = jnp.full(40, HERD), jnp.ones(40), []
    for _ in range(4):
        for month in range(1, 13):
            context = around(month, **asked)
            season = context.seasons
            bear = bearing(species, breeding, context)
            born = herd * bear * birth * season[f"{species}_born"]
            died = herd * death / 12
            killed = herd / season[f"{species}_standing"] * slain * slaughter
            killed = killed * season[f"{species}_slaughtered"]
            breeding = breeding_after(species, breeding, herd, born, died, killed, context)
            herd = herd + born - died - killed
        after.append(float(breeding[0]))
    return np.asarray(after)


@pytest.mark.parametrize("species", SPECIES)
def test_the_normal_herd_of_a_month_follows_from_births_and_slaughter(species: str) -> None:
    """n_m is one year's turnover of a herd of 1 at the default rates, growth taken out."""
    numbers, table = parameters(), seasons()
    birth, death, slain = (
        numbers[f"{species}_{kind}"].default for kind in ("birth", "death", "slaughter")
    )
    herd = [1.0]
    for month in range(12):
        born = birth * table[f"{species}_born"][month]
        killed = slain * table[f"{species}_slaughtered"][month]
        herd.append(herd[-1] * (1 - death / 12) + born - killed)
    even = np.asarray(herd[:12]) - (herd[12] - 1) * np.arange(12) / 12
    np.testing.assert_allclose(table[f"{species}_standing"], even, atol=2e-3)


@pytest.mark.parametrize("species", SPECIES)
def test_ordinary_turnover_keeps_the_structure(around: Surroundings, species: str) -> None:
    np.testing.assert_allclose(_year(around, species, 1.0)[-1], 1.0, atol=0.1)


@pytest.mark.parametrize("species", SPECIES)
def test_heavy_slaughter_leaves_breeding_females(around: Surroundings, species: str) -> None:
    """Young stock is killed first: after a year of heavy slaughter more of the herd bears."""
    plain, heavy = (_year(around, species, by)[0] for by in (1.0, 1.5))
    assert heavy > plain


@pytest.mark.parametrize("species", SPECIES)
def test_off_the_structure_is_that_of_an_even_year(around: Surroundings, species: str) -> None:
    context = around(7, off=["herd_structure"])
    low, high = (bearing(species, jnp.full(40, r), context) for r in (0.5, 1.5))
    np.testing.assert_array_equal(low, high)
    np.testing.assert_allclose(low, 1 / seasons()[f"{species}_standing"][6])


@pytest.mark.parametrize("species", SPECIES)
def test_slaughter_in_hunger_spares_breeding_females(around: Surroundings, species: str) -> None:
    """With sigma below 1 the part that bears rises; with sigma 1 it stays; none slain, none moved.

    Closed form: F' / H' = F / H (1 - sigma k A' ) / (1 - k), with k the part killed.
    """
    herd, before = jnp.full(40, HERD), jnp.ones(40)
    for killed in (0.0, 0.2):
        context = around(1)
        after = breeding_after_slaughter(species, before, herd, killed * herd, context)
        numbers = context.parameters
        share = float(numbers[f"{species}_breeding_share"])
        sigma = float(numbers["breeding_females_spared"])
        culled = killed * sigma / (1 - share * (1 - sigma))
        np.testing.assert_allclose(after, (1 - culled) / (1 - killed), rtol=1e-9)
        even = around(1, parameters={"breeding_females_spared": 1.0})
        same = breeding_after_slaughter(species, before, herd, killed * herd, even)
        np.testing.assert_allclose(same, 1.0, rtol=1e-9)


def test_an_empty_herd_keeps_its_number(around: Surroundings) -> None:
    nothing = jnp.zeros(40)
    after = breeding_after("cattle", jnp.ones(40), nothing, nothing, nothing, nothing, around(3))
    np.testing.assert_array_equal(after, 1.0)


@pytest.mark.parametrize("month", [1, 7])
def test_at_the_normal_herd_a_year_of_slaughter_is_the_ordinary_one(
    around: Surroundings, month: int
) -> None:
    context = around(month)
    persons = jnp.ones(40)
    herd = persons * context.reference.january_herd[1].mean()
    region = np.asarray(context.geography.raion_region)
    herd = jnp.asarray(context.reference.january_herd[1])[region]
    herd = jnp.repeat(herd, 40 // region.size) * context.seasons["cattle_standing"]
    yearly = yearly_slaughter("cattle", herd, persons, context)
    expected = parameters()["cattle_slaughter"].default / context.seasons["cattle_standing"]
    np.testing.assert_allclose(yearly, expected, rtol=1e-6)
