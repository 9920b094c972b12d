"""S46: competition of regions. Check: overshoot vanishes if competition is off."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.context import Context
from perelom.model.race import collectivized_share, of_leaders, pressure_felt, tempo
from perelom.model.reports import paper_share
from perelom.model.statistics import reported_members
from perelom.world.calendar import month_index
from perelom.world.state import State


@pytest.fixture
def ahead(state: State) -> State:
    """One region with a third of its households in kolkhozes, none elsewhere."""
    member = jnp.zeros_like(state.households.member).at[5].set(1 / 3)
    outside = jnp.ones_like(member) - member
    return replace(
        state,
        households=replace(state.households, member=member, outside=outside),
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
    short = np.asarray(collectivized_share(ahead, context)) < 0.3
    assert short.sum() == 39
    assert (told(ahead, context)[short] > true[short]).all()
    np.testing.assert_allclose(told(ahead, context)[~short], true[~short], rtol=1e-12)
    np.testing.assert_allclose(told(calm, context), true, rtol=1e-12)


def test_the_race_is_run_in_reports(ahead: State, around: Surroundings) -> None:
    """A region that shows farms on paper drives the others as one that has them."""
    context = around(1, collectivization_pressure=0.5)
    paper = replace(ahead.regions, paper_share=jnp.zeros(40).at[7].set(0.6))
    driven = tempo(replace(ahead, regions=paper), context)
    others = np.arange(40) != 7
    assert (np.asarray(driven)[others] > np.asarray(tempo(ahead, context))[others]).all()


def test_paper_is_written_fast_and_struck_off_slowly(ahead: State, around: Surroundings) -> None:
    """Closed form: up to a part of what is missing, by the pace of writing; back by checks."""
    context = around(1)
    numbers = {name: float(value) for name, value in context.parameters.items()}
    share = np.asarray(collectivized_share(ahead, context))
    missing = np.maximum(0.3 - share, 0) / (1 - share)
    sought = numbers["paper_kolkhozes"] * 0.3 * missing
    np.testing.assert_allclose(
        paper_share(ahead, context), numbers["paper_written"] * sought, rtol=1e-6
    )
    over = replace(ahead, regions=replace(ahead.regions, paper_share=jnp.full(40, 0.2)))
    usual = 1 - numbers["paper_struck_off"]
    for checks, blame in ((0.0, 0.0), (0.3, 0.0), (0.0, 0.6), (0.3, 0.6), (0.0, 1.0)):
        found = paper_share(over, around(1, report_checks=checks, blame_for_excesses=blame))
        kept = usual * (1 - checks) * (1 - blame)
        np.testing.assert_allclose(found, sought + kept * (0.2 - sought), rtol=1e-6)
    at_once = paper_share(over, around(1, off=["paper_inertia"]))
    np.testing.assert_allclose(at_once, sought, rtol=1e-6)
    honest = replace(ahead, regions=replace(ahead.regions, paper_share=jnp.zeros(40)))
    assert not np.asarray(paper_share(honest, around(1, honest_reports=1.0))).any()


def test_a_calm_year_needs_no_paper(ahead: State, around: Surroundings) -> None:
    """Little pressed for is little padded: less than in proportion to the tempo."""

    def written(pressed: float) -> float:
        regions = replace(ahead.regions, tempo=jnp.full(40, pressed))
        return float(np.asarray(paper_share(replace(ahead, regions=regions), around(1))).max())

    assert 0 < written(0.05) < 0.02 * written(0.9)
    full = replace(
        ahead, households=replace(ahead.households, member=jnp.ones_like(ahead.households.member))
    )
    assert not np.asarray(paper_share(full, around(1))).any()


def test_leaders_are_near_the_greatest_and_not_one_small_region() -> None:
    households = jnp.asarray([1.0, 1.0, 1.0, 1e-9])
    values = jnp.asarray([0.3, 0.5, 0.9, 1.0])
    assert 0.88 < float(of_leaders(values, households, jnp.asarray(8.0))) <= 0.9
    same = float(of_leaders(jnp.full(4, 0.4), households, jnp.asarray(8.0)))
    np.testing.assert_allclose(same, 0.4, rtol=1e-9)
    assert float(of_leaders(jnp.zeros(4), households, jnp.asarray(8.0))) == 0


def test_sanctions_drive_officials_to_the_pledges_of_the_leaders(
    ahead: State, around: Surroundings
) -> None:
    """Punished for lagging, a region goes beyond its order; without the race it stops there."""
    uneven = replace(ahead.regions, tempo=jnp.full(40, 0.3).at[:20].set(0.9))
    state = replace(ahead, regions=uneven)
    order = {"collectivization_pressure": 0.5, "off": ["faction_voice"]}
    alone = {"collectivization_pressure": 0.5, "off": ["faction_voice", "race_between_regions"]}
    feared = np.asarray(tempo(state, around(1, sanctions_on_officials=1.0, **order)))[20:]
    calm = np.asarray(tempo(state, around(1, **order)))[20:]
    unraced = np.asarray(tempo(state, around(1, sanctions_on_officials=1.0, **alone)))[20:]
    assert (feared > 0.5).all()
    assert (feared > calm).all()
    np.testing.assert_allclose(unraced, 0.5, rtol=1e-9)


def test_zeal_ends_at_once_where_it_is_blamed(ahead: State, around: Surroundings) -> None:
    """Closed form of the way back: usual pace, at once under full blame, none under sanctions."""
    off = ["race_between_regions", "faction_voice"]
    state = replace(
        ahead,
        regions=replace(ahead.regions, tempo=jnp.full(40, 0.8)),
        villages=replace(ahead.villages, pressure=jnp.full(40, 0.8)),
    )
    pace = float(around().parameters["tempo_response"])
    for levers, left in (
        ({}, 1 - pace),
        ({"blame_for_excesses": 1.0}, 0.0),
        ({"blame_for_excesses": 0.5}, (1 - pace) / 2),
        ({"sanctions_on_officials": 1.0}, 1.0),
    ):
        context = around(1, collectivization_pressure=0.1, off=off, **levers)
        np.testing.assert_allclose(tempo(state, context), 0.1 + left * 0.7, rtol=1e-6)
    quiet = replace(state, regions=replace(state.regions, tempo=jnp.full(40, 0.1)))
    felt = [
        np.asarray(pressure_felt(quiet, around(1, blame_for_excesses=blame)))
        for blame in (0.0, 1.0)
    ]
    np.testing.assert_allclose(felt[1], 0.1, rtol=1e-6)
    assert (felt[0] > felt[1]).all()
    unmoved = around(1, blame_for_excesses=1.0, off=["sanctions_on_officials"])
    np.testing.assert_array_equal(pressure_felt(quiet, unmoved), felt[0])


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
