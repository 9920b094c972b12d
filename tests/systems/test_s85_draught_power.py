"""S85: draught power. Check: loss of horses delays spring work and lowers yields."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.sowing import crop_share, draught_power, sow
from perelom.world.state import State


@pytest.fixture
def seeded(state: State) -> State:
    return replace(state, households=replace(state.households, seed=state.households.land))


def _with_horses(state: State, part: float) -> State:
    horses = part * state.households.horses
    return replace(state, households=replace(state.households, horses=horses))


def test_power_of_a_horse(around: Surroundings) -> None:
    context = around()
    numbers = context.parameters
    wanted = float(numbers["horses_fit_for_work"] * numbers["hectares_per_horse_day"])
    np.testing.assert_allclose(draught_power(jnp.asarray([0.0, 1.0, 4.0]), context), [
        0.0, wanted, 4 * wanted,
    ])  # fmt: skip


def test_fewer_horses_longer_sowing_less_area(seeded: State, around: Surroundings) -> None:
    context = around(5)
    share = crop_share(context, winter=False)
    delays, areas = [], []
    for part in (1.0, 0.5, 0.2, 0.05):
        sown = sow(_with_horses(seeded, part), context, share, winter=False)
        delays.append(float(np.asarray(sown.own_delay).mean()))
        areas.append(float(np.asarray(sown.own).sum()))
    assert delays == sorted(delays)
    assert delays[-1] > delays[0]
    assert areas == sorted(areas, reverse=True)
    assert areas[-1] < 0.8 * areas[0]


def test_nobody_is_late_with_horses_enough(seeded: State, around: Surroundings) -> None:
    context = around(5)
    rich = replace(
        seeded, households=replace(seeded.households, horses=5.0 * seeded.households.present)
    )
    sown = sow(rich, context, crop_share(context, winter=False), winter=False)
    assert not np.asarray(sown.own_delay).any()
    off = around(5, off=["sowing_delay"])
    poor = sow(_with_horses(seeded, 0.1), off, crop_share(off, winter=False), winter=False)
    assert not np.asarray(poor.own_delay).any()


@pytest.mark.xdist_group("expected")
def test_lost_horses_cost_harvests(expected_country: Country) -> None:
    barn = ("harvest_own", "harvest_kolkhoz")
    plain = expected_country.run(until="1933-06")
    timely = expected_country.run(off=["sowing_delay"], until="1933-06")
    gains = [
        timely.between(f"{y}-07", f"{y}-10", *barn) / plain.between(f"{y}-07", f"{y}-10", *barn)
        for y in (1928, 1932)
    ]
    assert gains[1] > gains[0] >= 1.0
