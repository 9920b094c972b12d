"""S46: competition of regions. Check: overshoot vanishes if competition is off."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.campaign import collectivized_share, tempo
from perelom.model.reports import reported_members
from perelom.world.state import State


@pytest.fixture
def ahead(state: State) -> State:
    """One region with a third of its households in kolkhozes, none elsewhere."""
    member = jnp.zeros_like(state.households.member).at[5].set(1 / 3)
    return replace(
        state,
        households=replace(state.households, member=member),
        regions=replace(state.regions, tempo=jnp.full(40, 0.3)),
    )


def test_officials_move_towards_orders(ahead: State, around: Surroundings) -> None:
    context = around(1, collectivization_pressure=0.5, off=["race_between_regions"])
    response = float(context.parameters["tempo_response"])
    np.testing.assert_allclose(tempo(ahead, context), 0.3 + response * 0.2, rtol=1e-12)


def test_the_laggards_copy_the_leader_while_a_campaign_is_on(
    ahead: State, around: Surroundings
) -> None:
    context = around(1, collectivization_pressure=0.5)
    alone = around(1, collectivization_pressure=0.5, off=["race_between_regions"])
    more = np.asarray(tempo(ahead, context) - tempo(ahead, alone))
    share = np.asarray(collectivized_share(ahead, context))
    leading = np.arange(40) == share.argmax()
    assert (more[~leading] > 0).all()
    assert (more[~leading] > more[leading]).all()
    most = float(context.parameters["race_between_regions"]) * 0.5 * (share.max() - share)
    assert (more <= most + 1e-12).all()
    quiet = around(1, collectivization_pressure=0.0)
    assert (np.asarray(tempo(ahead, quiet)) < 0.3).all()


def test_the_reported_share_exceeds_the_true_one_with_the_tempo(
    ahead: State, around: Surroundings
) -> None:
    context = around(1)
    honest = around(1, off=["paper_kolkhozes"])
    told, true = (np.asarray(reported_members(ahead, c)) for c in (context, honest))
    assert (told > true).all()
    calm = replace(ahead, regions=replace(ahead.regions, tempo=jnp.zeros(40)))
    np.testing.assert_allclose(reported_members(calm, context), true, rtol=1e-12)


@pytest.mark.xdist_group("expected")
def test_the_overshoot_of_march_1930_shrinks_without_the_race(expected_country: Country) -> None:
    plain = expected_country.run(until="1930-12")
    calm = expected_country.run(off=["race_between_regions"], until="1930-12")
    assert calm.collectivized("1930-03") < plain.collectivized("1930-03")
    fall = [c.collectivized("1930-03") - c.collectivized("1930-07") for c in (plain, calm)]
    assert fall[1] < fall[0]
