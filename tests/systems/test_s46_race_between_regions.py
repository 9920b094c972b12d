"""S46: competition of regions. Check: overshoot vanishes if competition is off."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.campaign import collectivized_share, tempo
from perelom.model.context import Context
from perelom.model.reports import paper_share
from perelom.model.statistics import reported_members
from perelom.world.calendar import month_index
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
    alone = ["race_between_regions", "faction_voice"]
    context = around(1, collectivization_pressure=0.5, off=alone)
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
    calm = replace(ahead, regions=replace(ahead.regions, tempo=jnp.zeros(40)))

    def told(state: State, context: Context) -> np.ndarray:
        regions = replace(state.regions, paper_share=paper_share(state, context))
        return np.asarray(reported_members(replace(state, regions=regions), context))

    true = told(ahead, honest)
    assert (told(ahead, context) > true).all()
    np.testing.assert_allclose(told(calm, context), true, rtol=1e-12)


def test_the_race_is_run_in_reports(ahead: State, around: Surroundings) -> None:
    """A region that shows farms on paper drives the others as one that has them."""
    context = around(1, collectivization_pressure=0.5)
    paper = replace(ahead.regions, paper_share=jnp.zeros(40).at[7].set(0.6))
    driven = tempo(replace(ahead, regions=paper), context)
    others = np.arange(40) != 7
    assert (np.asarray(driven)[others] > np.asarray(tempo(ahead, context))[others]).all()


def test_paper_is_written_fast_and_struck_off_slowly(ahead: State, around: Surroundings) -> None:
    """Closed form: up to what the tempo asks for by the pace of writing, back by that of checks."""
    context = around(1)
    numbers = {name: float(value) for name, value in context.parameters.items()}
    sought = numbers["paper_kolkhozes"] * 0.3
    np.testing.assert_allclose(
        paper_share(ahead, context), numbers["paper_written"] * sought, rtol=1e-12
    )
    over = replace(ahead, regions=replace(ahead.regions, paper_share=jnp.full(40, 0.2)))
    for checks in (0.0, 0.3):
        kept = np.asarray(paper_share(over, around(1, report_checks=checks)))
        struck = (numbers["paper_struck_off"] + checks) * (0.2 - sought)
        np.testing.assert_allclose(kept, 0.2 - struck, rtol=1e-12)
    at_once = paper_share(over, around(1, off=["paper_inertia"]))
    np.testing.assert_allclose(at_once, sought, rtol=1e-12)
    honest = replace(ahead, regions=replace(ahead.regions, paper_share=jnp.zeros(40)))
    assert not np.asarray(paper_share(honest, around(1, honest_reports=1.0))).any()


@pytest.mark.xdist_group("expected")
def test_lists_outlive_the_retreat(expected_country: Country) -> None:
    """After March 1930 the reported share stays above the true one for longer with inertia."""
    plain = expected_country.run(until="1930-12")
    quick = expected_country.run(off=["paper_inertia"], until="1930-12")
    april = month_index("1930-04")
    paper = [course.notes["paper_share"][april].mean() for course in (plain, quick)]
    assert paper[0] > 1.2 * paper[1]


@pytest.mark.xdist_group("expected")
def test_the_overshoot_of_march_1930_shrinks_without_the_race(expected_country: Country) -> None:
    plain = expected_country.run(until="1930-12")
    calm = expected_country.run(off=["race_between_regions"], until="1930-12")
    assert calm.collectivized("1930-03") < plain.collectivized("1930-03")
    fall = [c.collectivized("1930-03") - c.collectivized("1930-07") for c in (plain, calm)]
    assert fall[1] < fall[0]
