"""S15: private trade. Check: its share while legal, none when suppressed, grain to the short."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.market import market
from perelom.model.space import to_regions
from perelom.model.state_grain import private_trade
from perelom.world.calendar import month_index
from perelom.world.state import State


@pytest.fixture
def full(state: State) -> State:
    return replace(state, households=replace(state.households, grain=state.households.land))


@pytest.mark.parametrize("freedom", [0.0, 0.5, 1.0])
def test_private_trade_takes_its_share_of_what_is_offered(
    full: State, around: Surroundings, freedom: float
) -> None:
    context = around(10, private_trade=freedom)
    _, flows, _ = jax.jit(market)(full, context)
    private, state_buyers = (np.asarray(flows[n]) for n in ("sold_privately", "sold_to_state"))
    share = freedom * float(context.parameters["private_trade_share"])
    assert (private + state_buyers).sum() > 0
    np.testing.assert_allclose(private, share * (private + state_buyers), rtol=1e-6, atol=1e-12)


def test_the_kolkhoz_market_opens_trade_again(full: State, around: Surroundings) -> None:
    _, flows, _ = jax.jit(market)(full, around(10, private_trade=0.0, kolkhoz_market=1.0))
    assert np.asarray(flows["sold_privately"]).sum() > 0


@pytest.mark.parametrize("freedom", [0.0, 1.0])
def test_traders_carry_grain_from_full_to_empty_towns(
    state: State, around: Surroundings, freedom: float
) -> None:
    stores = jnp.where(jnp.arange(40) < 20, 5.0, 0.0) * state.regions.town_persons.sum(axis=0)
    context = around(2, private_trade=freedom)
    after, flows, _ = jax.jit(private_trade)(
        replace(state, regions=replace(state.regions, town_grain=stores)), context
    )
    bought = np.asarray(to_regions(context.geography, flows["bought_by_villages"])).sum()
    bought += np.asarray(flows["bought_by_towns"]).sum()
    np.testing.assert_allclose(np.asarray(flows["traded_out"]).sum(), bought, rtol=1e-5, atol=1e-6)
    moved = np.asarray(after.regions.town_grain - stores)
    if freedom == 0:
        assert not moved.any()
    else:
        assert (moved[:20] < 0).all()
        assert (moved[20:] > 0).all()


@pytest.mark.xdist_group("expected")
def test_trade_dies_when_it_is_suppressed(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    private = course.flow("sold_privately").sum(axis=1)
    free = slice(month_index("1927-07"), month_index("1927-12") + 1)
    bound = slice(month_index("1930-07"), month_index("1930-12") + 1)
    assert private[bound].sum() < 0.5 * private[free].sum()
