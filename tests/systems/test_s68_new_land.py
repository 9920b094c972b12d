"""S68: new land by order. Check: area answers to orders as far as there is land to take in."""

from dataclasses import replace

import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.new_land import extension, take_new_land
from perelom.scenario import Scenario
from perelom.world.state import State


def test_growth_in_closed_form(state: State, around: Surroundings) -> None:
    context = around(5, land_extension=0.1)
    wanted = 0.1 * float(context.parameters["extension_carried_out"])
    np.testing.assert_allclose(extension(state, context), wanted, rtol=1e-4)
    after, flows, _ = take_new_land(state, context)
    np.testing.assert_allclose(
        after.households.land, state.households.land * (1 + wanted), rtol=1e-4
    )
    kolkhoz = np.asarray(after.villages.kolkhoz_land - state.villages.kolkhoz_land)
    np.testing.assert_allclose(flows["land_opened_kolkhoz"], kolkhoz, rtol=1e-6, atol=1e-9)


def test_it_ends_where_no_land_is_left(state: State, around: Surroundings) -> None:
    context = around(5, land_extension=0.1)
    reserve = float(context.parameters["land_reserve"])
    growth = []
    for part in (0.0, 0.5, 1.0, 1.5):
        land = state.households.land * (1 + part * reserve)
        more = replace(state, households=replace(state.households, land=land))
        growth.append(np.asarray(extension(more, context)).mean())
    assert growth == sorted(growth, reverse=True)
    np.testing.assert_allclose(growth[1], growth[0] / 2, rtol=0.05)
    np.testing.assert_allclose(growth[2:], 0.0, atol=0.02 * growth[0])


def test_no_order_no_land(state: State, around: Surroundings) -> None:
    for context in (around(5), around(5, land_extension=0.2, off=["land_extension"])):
        assert not np.asarray(extension(state, context)).any()


@pytest.mark.xdist_group("expected")
def test_orders_extend_the_area_and_off_is_no_order(
    expected_country: Country, historical: Scenario
) -> None:
    plain = expected_country.run(until="1931-12")
    none = expected_country.run(decide(historical, drop=("land_extension",)), until="1931-12")
    off = expected_country.run(off=["land_extension"], until="1931-12")
    standing = ("standing_own", "standing_kolkhoz")
    assert plain.on("1930-06", *standing) > none.on("1930-06", *standing)
    np.testing.assert_array_equal(off.flows, none.flows)
