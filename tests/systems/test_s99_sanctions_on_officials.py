"""S99, S100, S102: punished, lenient and blamed officials. Check: turnover against fulfilment."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.context import Context
from perelom.model.officials import experience_left, lag_behind, officials
from perelom.model.procurement import force
from perelom.scenario import Scenario
from perelom.world.calendar import month_index
from perelom.world.state import Regions, State


@pytest.fixture
def uneven(state: State) -> State:
    """Twenty regions have delivered a tenth of their plan, the others all."""
    delivered = jnp.where(jnp.arange(40) < 20, 0.1, 1.0) * 1e5
    return replace(
        state, regions=replace(state.regions, plan=jnp.full(40, 1e5), delivered=delivered)
    )


def _after(state: State, context: Context, months: int = 1) -> Regions:
    for _ in range(months):
        state, flows, _ = officials(state, context)
        assert flows == {}
    return state.regions


def test_nothing_happens_without_sanctions(uneven: State, around: Surroundings) -> None:
    for context in (
        around(12),
        around(12, sanctions_on_officials=1.0, off=["sanctions_on_officials"]),
    ):
        regions = _after(uneven, context, months=12)
        np.testing.assert_array_equal(regions.leniency, 1.0)
        np.testing.assert_array_equal(regions.officials_removed, 0.0)
        np.testing.assert_array_equal(experience_left(regions, context), 1.0)


def test_laggards_are_removed_and_the_more_the_further_behind(
    uneven: State, around: Surroundings
) -> None:
    """Closed form of the month's removals: strike x sanctions x lag."""
    context = around(12, sanctions_on_officials=0.5)
    removed = np.asarray(_after(uneven, context).officials_removed)
    strike = float(context.parameters["removals_of_laggards"])
    lag = float(context.seasons["deliveries_due"]) - 0.1
    np.testing.assert_allclose(removed[:20], 0.5 * strike * lag, rtol=1e-9)
    assert not removed[20:].any()


def test_the_lenient_are_purged_and_force_rises(uneven: State, around: Surroundings) -> None:
    """Leniency leaves arrears, arrears bring sanctions, sanctions end leniency."""
    context = around(12, sanctions_on_officials=1.0, procurement_force=0.5)
    regions = _after(uneven, context, months=6)
    leniency = np.asarray(regions.leniency)
    assert (leniency[:20] < 0.8).all()
    np.testing.assert_array_equal(leniency[20:], 1.0)
    felt = [np.asarray(force(s, context)) for s in (uneven, replace(uneven, regions=regions))]
    assert (felt[1][:20] > felt[0][:20]).all()
    np.testing.assert_array_equal(felt[1][20:], felt[0][20:])
    kept = _after(uneven, around(12, sanctions_on_officials=1.0, off=["official_leniency"]), 6)
    np.testing.assert_array_equal(kept.leniency, 1.0)


def test_leniency_comes_back_with_new_ties(state: State, around: Surroundings) -> None:
    """Closed form: what is missing of it shrinks by the recovery each month."""
    context = around(12)
    strict = replace(state, regions=replace(state.regions, leniency=jnp.full(40, 0.3)))
    recovery = float(context.parameters["leniency_recovery"])
    found = _after(strict, context, months=24).leniency
    np.testing.assert_allclose(found, 1 - 0.7 * (1 - recovery) ** 24, rtol=1e-9)


def test_removals_fade_within_years_and_cost_experience(
    uneven: State, around: Surroundings
) -> None:
    context = around(12)
    purged = replace(uneven.regions, officials_removed=jnp.full(40, 0.4))
    later = _after(replace(uneven, regions=purged), context, months=12)
    np.testing.assert_allclose(later.officials_removed, 0.4 * (11 / 12) ** 12, rtol=1e-9)
    lost = float(context.parameters["experience_lost_with_chiefs"])
    np.testing.assert_allclose(experience_left(purged, context), 1 - 0.4 * lost, rtol=1e-9)


def test_regions_behind_in_reported_membership_lag_too(state: State, around: Surroundings) -> None:
    member = jnp.zeros_like(state.households.member).at[5].set(0.5)
    outside = jnp.ones_like(member) - member
    ahead = replace(state, households=replace(state.households, member=member, outside=outside))
    lag = np.asarray(lag_behind(ahead, around(1, collectivization_pressure=0.8)))
    assert lag[5] == 0.0
    assert (np.delete(lag, 5) > 0.3).all()
    assert not np.asarray(lag_behind(ahead, around(1))).any()
    shown = replace(ahead, regions=replace(ahead.regions, paper_share=jnp.full(40, 0.5)))
    told = np.asarray(lag_behind(shown, around(1, collectivization_pressure=0.8)))
    assert (np.delete(told, 5) < np.delete(lag, 5)).all()


def test_after_a_retreat_the_zealous_are_blamed(state: State, around: Surroundings) -> None:
    """S102: who carried out yesterday's order answers for it; leniency returns faster."""
    zealous = replace(
        state,
        regions=replace(
            state.regions,
            tempo=jnp.where(jnp.arange(40) < 20, 0.9, 0.1),
            leniency=jnp.full(40, 0.5),
        ),
    )
    context = around(3, collectivization_pressure=0.1, blame_for_excesses=1.0)
    found = _after(zealous, context)
    assert (np.asarray(found.officials_removed)[:20] > 0).all()
    assert not np.asarray(found.officials_removed)[20:].any()
    assert np.asarray(found.leniency)[0] > np.asarray(found.leniency)[20] > 0.5


@pytest.mark.xdist_group("expected")
def test_turnover_follows_arrears_in_the_winter_of_1932(
    expected_country: Country, historical: Scenario
) -> None:
    """Where sanctions are ordered alike, regions further behind lose more chiefs."""
    alike = decide(
        historical,
        ("1932-07", "sanctions_on_officials", 1.0),
        drop=("sanctions_on_officials", "blame_for_excesses"),
    )
    course = expected_country.run(alike, until="1933-02")
    end, autumn = month_index("1933-02"), slice(month_index("1932-09"), month_index("1933-03"))
    plan, delivered = (course.notes[n][autumn] for n in ("procurement_plan", "delivered_in_year"))
    fulfilment = (delivered / plan).mean(axis=0)
    removed = course.notes["officials_removed"][end]
    behind, ahead = fulfilment < np.median(fulfilment), fulfilment > np.median(fulfilment)
    assert removed[behind].mean() > removed[ahead].mean()


@pytest.mark.xdist_group("expected")
def test_punishment_brings_in_grain(expected_country: Country, historical: Scenario) -> None:
    """With sanctions more is taken than without, on the same orders."""
    mild = decide(historical, drop=("sanctions_on_officials",))
    taken = ("taken_own", "taken_kolkhoz")
    harsh, lenient = (expected_country.run(s, until="1933-06") for s in (historical, mild))
    assert harsh.between("1927-07", "1933-06", *taken) > lenient.between(
        "1927-07", "1933-06", *taken
    )
