"""S97: orders and reports through the tiers, with loss. Check: fulfilment by level."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.officials import force_passed_on
from perelom.model.plans import arrears, revise
from perelom.model.procurement import force
from perelom.model.space import to_regions
from perelom.world.state import State


def _behind(state: State, delivered: float) -> State:
    """Return the country with equal plans, a part of which is delivered."""
    return replace(
        state,
        regions=replace(
            state.regions, plan=jnp.full(40, 1e5), delivered=jnp.full(40, delivered * 1e5)
        ),
    )


def test_a_part_of_the_order_is_withheld(state: State, around: Surroundings) -> None:
    """With the officials of 1926 the first share reaches villages, without leniency all of it."""
    context = around(12)
    first = float(context.parameters["force_reaching_villages"])
    for leniency, wanted in ((1.0, first), (0.5, (1 + first) / 2), (0.0, 1.0)):
        regions = replace(state.regions, leniency=jnp.full(40, leniency))
        np.testing.assert_allclose(force_passed_on(regions, context), wanted, rtol=1e-12)


def test_villages_feel_less_force_where_officials_are_lenient(
    state: State, around: Surroundings
) -> None:
    context = around(12, procurement_force=1.0)
    strict = replace(state, regions=replace(state.regions, leniency=jnp.zeros(40)))
    assert (np.asarray(force(strict, context)) > np.asarray(force(state, context))).all()
    calm = around(12)
    np.testing.assert_array_equal(force(strict, calm), force(state, calm))


def test_arrears_are_what_is_due_and_missing(state: State, around: Surroundings) -> None:
    context = around(12)
    due = float(context.seasons["deliveries_due"])
    for delivered in (0.0, 0.3, 1.0):
        found = arrears(_behind(state, delivered).regions, context)
        np.testing.assert_allclose(found, max(due - delivered, 0.0), rtol=1e-9)
    assert not np.asarray(arrears(replace(state.regions, plan=jnp.zeros(40)), context)).any()


def test_no_cut_without_readiness_to_cut(state: State, around: Surroundings) -> None:
    behind = _behind(state, 0.1)
    revised = revise(behind, around(12))
    np.testing.assert_array_equal(revised.regions.plan, behind.regions.plan)
    np.testing.assert_array_equal(revised.villages.plan, behind.villages.plan)


def test_petitions_win_cuts_up_to_a_bound(state: State, around: Surroundings) -> None:
    """Regions in arrears get cuts, those that delivered none; the figure of the scenario holds."""
    context = around(12, plan_revision=1.0, procurement_plan=4.0)
    delivered = jnp.where(jnp.arange(40) < 20, 0.1, 1.0) * 1e5
    behind = _behind(state, 0.0)
    behind = replace(behind, regions=replace(behind.regions, delivered=delivered))
    behind = replace(behind, villages=replace(behind.villages, plan=jnp.ones(40)))
    cuts = [np.asarray(behind.regions.plan_cut)]
    for _ in range(40):
        behind = revise(behind, context)
        cuts.append(np.asarray(behind.regions.plan_cut))
    most = float(context.parameters["plan_cut_most"])
    assert (np.diff(cuts, axis=0)[:, :20] >= 0).all()
    assert not cuts[-1][20:].any()
    assert (cuts[-1] <= most).all()
    assert (cuts[-1][:20] > 0.5 * most).all()
    np.testing.assert_allclose(behind.regions.plan, 1e5 * (1 - cuts[-1]), rtol=1e-9)
    np.testing.assert_allclose(behind.villages.plan, 1 - cuts[-1], rtol=1e-9)


def test_believed_hunger_is_a_plea_and_true_hunger_is_none(
    state: State, around: Surroundings
) -> None:
    context = around(12, plan_revision=1.0)
    met = _behind(state, 1.0)
    known = replace(met, regions=replace(met.regions, believed_hunger=jnp.full(40, 0.05)))
    assert (np.asarray(revise(known, context).regions.plan_cut) > 0).all()
    thin = -9.0 * met.households.present
    unknown = replace(met, households=replace(met.households, body_reserve=thin))
    assert not np.asarray(revise(unknown, context).regions.plan_cut).any()


def test_villages_carry_what_regions_are_asked_for(state: State, around: Surroundings) -> None:
    """A change of the figure within the year reaches villages in the same proportion."""
    behind = replace(_behind(state, 0.0), villages=replace(state.villages, plan=jnp.ones(40)))
    revised = revise(behind, around(12, procurement_plan=3.0))
    np.testing.assert_allclose(float(revised.regions.plan.sum()), 3e6, rtol=1e-12)
    geography = around(12).geography
    ratio = to_regions(geography, revised.villages.plan) / to_regions(
        geography, behind.villages.plan
    )
    np.testing.assert_allclose(ratio, 3.0 / 4.0, rtol=1e-9)
