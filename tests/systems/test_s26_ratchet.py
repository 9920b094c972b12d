"""S26: control figures and the ratchet. Check: targets rise as past ones were met; overshoot."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np

from country import Surroundings
from perelom.model.plans import open_the_year, plan_of_the_year, planned_needs, ratcheted
from perelom.world.state import State


def _doctrine(state: State, around: Surroundings, delivered: float) -> float:
    regions = replace(state.regions, delivered_last_year=jnp.full(40, delivered / 40))
    return float(plan_of_the_year(regions, around(7)).sum())


def test_what_was_delivered_is_asked_for_again_and_more(state: State, around: Surroundings) -> None:
    plans = [_doctrine(state, around, delivered) for delivered in (8e6, 12e6, 16e6)]
    numbers = around().parameters
    step = (1 - numbers["plan_weight_of_needs"]) * (1 + numbers["plan_growth"]) * 4e6
    np.testing.assert_allclose(np.diff(plans), float(step), rtol=1e-9)


def test_the_ratchet_settles_where_needs_and_growth_balance(
    state: State, around: Surroundings
) -> None:
    """If every plan is met the plan converges, above the needs: closed form of the recursion."""
    context = around(7)
    needs = float(planned_needs(state.regions, context))
    plan = needs
    for _ in range(60):
        plan = _doctrine(state, around, plan)
    weight, growth = (
        float(context.parameters[name]) for name in ("plan_weight_of_needs", "plan_growth")
    )
    np.testing.assert_allclose(plan, weight * needs / (1 - (1 - weight) * (1 + growth)), rtol=1e-6)
    assert plan > needs


def test_a_scenario_figure_overrides_the_doctrine(state: State, around: Surroundings) -> None:
    ordered = plan_of_the_year(state.regions, around(7, procurement_plan=22.0)).sum()
    np.testing.assert_allclose(float(ordered), 22e6, rtol=1e-12)


def test_good_reports_raise_what_is_believed_and_asked(state: State, around: Surroundings) -> None:
    """A reported bumper harvest of one region enters belief by its part and the next plan."""
    context = around(6, procurement_plan=12.0)
    regions = replace(
        state.regions,
        reported_harvest=state.regions.believed_harvest.at[4].multiply(2.0),
        delivered=jnp.full(40, 2e5),
    )
    opened = open_the_year(replace(state, regions=regions), context)
    plain = open_the_year(
        replace(state, regions=replace(regions, reported_harvest=regions.believed_harvest)), context
    )
    update = float(context.parameters["belief_update"])
    np.testing.assert_allclose(
        opened.regions.believed_harvest[4] / regions.believed_harvest[4], 1 + update, rtol=1e-9
    )
    assert float(opened.regions.plan[4]) > float(plain.regions.plan[4])


def test_the_ratchet_turns_up_by_much_and_down_by_little(
    state: State, around: Surroundings
) -> None:
    """Closed form of both sides; a plan just met is asked for again; off: what was delivered."""
    context = around(7)
    up, down = (float(context.parameters[name]) for name in ("ratchet_up", "ratchet_down"))
    for delivered, wanted in ((1.3, 1 + 0.3 * up), (1.0, 1.0), (0.7, 1 - 0.3 * down)):
        regions = replace(
            state.regions, plan=jnp.ones(40), delivered_last_year=jnp.full(40, delivered)
        )
        np.testing.assert_allclose(ratcheted(regions, context), wanted, rtol=1e-9)
        plain = ratcheted(regions, around(7, off=["ratchet"]))
        np.testing.assert_array_equal(plain, regions.delivered_last_year)
    assert up > down


def test_a_missed_plan_comes_back_higher_than_what_was_given(
    state: State, around: Surroundings
) -> None:
    regions = replace(state.regions, plan=jnp.full(40, 3e5), delivered_last_year=jnp.full(40, 2e5))
    held, loose = (
        float(plan_of_the_year(regions, around(7, off=off)).sum()) for off in ((), ("ratchet",))
    )
    assert held > loose
