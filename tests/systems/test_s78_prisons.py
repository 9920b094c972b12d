"""S78: camps and forced labour. Check: stock by year as an account of intake, release and death."""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.arrests import arrests
from perelom.model.confinement import rations_wanted
from perelom.model.infection import infection_hazard
from perelom.model.prisons import prisons
from perelom.world.state import CELLS, State


def _month(state: State, around: Surroundings, **given: Any) -> dict[str, float]:
    eaten = jnp.full(40, 1e9)
    _, flows, _ = prisons(state, eaten, around(1, **given))
    return {name: float(np.asarray(flow).sum()) for name, flow in flows.items()}


def test_release_follows_the_time_served(state: State, around: Surroundings) -> None:
    held = float(np.asarray(state.regions.prisoners).sum())
    flows = _month(state, around)
    years = float(around().parameters["years_served"])
    wanted = (held - flows["deaths_prison"]) * -np.expm1(-1 / (12 * years))
    np.testing.assert_allclose(flows["released_prisoners"], wanted, rtol=1e-6)
    assert _month(state, around, prisoners_released=2.0)["released_prisoners"] > 2 * wanted


def test_crowding_kills(state: State, around: Surroundings) -> None:
    crowded = replace(
        state, regions=replace(state.regions, prison_places=state.regions.prison_places / 2)
    )
    deaths = [_month(s, around)["deaths_prison"] for s in (state, crowded)]
    extra = float(around().parameters["mortality_of_crowding"])
    np.testing.assert_allclose(deaths[1] / deaths[0], 1 + extra, rtol=0.01)


def test_prisoners_of_1926_were_counted_with_towns(state: State) -> None:
    prisoners = np.asarray(state.regions.prisoners)
    assert prisoners.sum() == pytest.approx(200_000, rel=1e-9)
    working = [CELLS.index(f"{sex}_working_age") for sex in ("male", "female")]
    assert prisoners[working].sum() == pytest.approx(prisoners.sum())


def test_long_terms_are_served_longer(state: State, around: Surroundings) -> None:
    """released = alive ((1 - l) short + l long), and the share of long terms rises."""
    held = np.asarray(state.regions.prisoners).sum(axis=0)
    half = replace(state, regions=replace(state.regions, long_terms=jnp.asarray(held / 2)))
    flows, numbers = _month(half, around), around().parameters
    alive = held.sum() - flows["deaths_prison"]
    rates = [
        -np.expm1(-1 / (12 * float(numbers[name])))
        for name in ("years_served", "years_served_of_long_terms")
    ]
    np.testing.assert_allclose(flows["released_prisoners"], alive * np.mean(rates), rtol=1e-6)
    after, _, _ = prisons(half, jnp.full(40, 1e9), around(1))
    left = np.asarray(after.regions.prisoners).sum(axis=0)
    share = np.asarray(after.regions.long_terms) / left
    assert ((share > 0.5) & (share < 0.52)).all()
    off = _month(half, around, off=["long_terms"])
    np.testing.assert_allclose(
        off["released_prisoners"], _month(state, around)["released_prisoners"]
    )


def test_orders_and_the_law_of_august_give_long_terms(state: State, around: Surroundings) -> None:
    none = jnp.zeros(40)

    def share(**levers: float) -> float:
        after, flows, _ = arrests(state, none, around(10, **levers))
        weight = np.asarray(around().geography.village_weight)
        new = (np.asarray(flows["arrested_rural"]) * weight).sum()
        new = new + np.asarray(flows["arrested_town"]).sum()
        return float(np.asarray(after.regions.long_terms).sum() / new)

    assert share() == 0 < share(arrest_quota=0.1) < share(arrest_quota=10.0) < 1
    assert share(grain_law=1.0, procurement_force=1.0) > 0


def test_less_is_issued_where_the_centre_cuts_the_ration(
    state: State, around: Surroundings
) -> None:
    full, cut = (rations_wanted(state, around(prison_ration_level=x)).prisoners for x in (1, 0.7))
    np.testing.assert_allclose(cut, 0.7 * np.asarray(full), rtol=1e-6)
    same = rations_wanted(state, around()).prisoners
    np.testing.assert_array_equal(same, full)


def test_typhus_of_the_region_reaches_the_cells(state: State, around: Surroundings) -> None:
    ill = replace(state, regions=replace(state.regions, infected=jnp.full(40, 0.02)))
    calm, sick = (_month(s, around)["deaths_prison"] for s in (state, ill))
    context = around(1)
    hazard = float(np.asarray(infection_hazard(ill.regions, context))[0])
    extra = hazard * float(context.parameters["infection_behind_wire"])
    held = float(np.asarray(state.regions.prisoners).sum())
    np.testing.assert_allclose(sick - calm, extra * held, rtol=0.1)
    off = _month(ill, around, off=["infection_behind_wire"])["deaths_prison"]
    np.testing.assert_allclose(off, calm, rtol=0.01)


@pytest.mark.xdist_group("expected")
def test_the_stock_is_an_account(expected_country: Country) -> None:
    course = expected_country.run(until="1938-12")
    years = ("1930-01", "1937-12")
    came = course.between(*years, "arrested_rural", "arrested_town")
    went = course.between(
        *years, "deaths_prison", "executed", "released_prisoners", "sent_to_settlements"
    )
    stock = course.on("1930-01", "prisoners") + came - went
    np.testing.assert_allclose(course.on("1938-01", "prisoners"), stock, rtol=1e-7)
    assert course.on("1933-01", "prisoners") > course.on("1929-01", "prisoners")
    free = expected_country.run(off=["arrests"], until="1938-12")
    assert free.flow("arrested_rural", "arrested_town").sum() == 0
