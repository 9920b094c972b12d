"""S78: camps and forced labour. Check: stock by year as an account of intake, release and death."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.prisons import prisons
from perelom.world.state import CELLS, State


def _month(state: State, around: Surroundings, **levers: float) -> dict[str, float]:
    eaten = jnp.full(40, 1e9)
    _, flows, _ = prisons(state, eaten, around(1, **levers))
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
