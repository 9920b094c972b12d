"""S76: misclassification. Check: share of victims without the label, rising as lists run out."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings
from perelom.model.dekulakization import KULAK, chances, dekulakize, selection
from perelom.world.state import State


def _share_without_label(state: State, around: Surroundings, quota: float) -> float:
    _, flows, notes = dekulakize(state, around(2, dekulakization_quota=quota))
    weight = np.asarray(around().geography.village_weight)
    families = np.asarray(flows["deported_individual"] + flows["deported_kolkhoz"]) * weight
    return float(np.asarray(notes["deported_without_label"]).sum() / families.sum())


def test_the_larger_the_quota_the_more_without_the_label(
    state: State, around: Surroundings
) -> None:
    shares = [_share_without_label(state, around, quota) for quota in (60.0, 150.0, 400.0)]
    assert shares == sorted(shares)
    assert shares[2] > shares[0] > 0


def test_lists_that_are_exhausted_hit_others(state: State, around: Surroundings) -> None:
    labels = state.households.label
    few = replace(
        state,
        households=replace(state.households, label=jnp.where(labels == KULAK, 2, labels)),
    )
    plain = np.asarray(chances(state, around(2, dekulakization_quota=30.0)).deported)
    without = np.asarray(chances(few, around(2, dekulakization_quota=30.0)).deported)
    others = (np.asarray(labels) != KULAK) & (np.asarray(state.households.present) > 0)
    assert without[others].sum() > plain[others].sum()


def test_wealth_heat_and_staying_outside_draw_the_quota(state: State, around: Surroundings) -> None:
    context = around(2)
    plain = np.asarray(selection(state, context))
    hot = replace(state, villages=replace(state.villages, heat=jnp.full(40, 0.5)))
    hotter = np.asarray(selection(hot, context))
    np.testing.assert_allclose(
        hotter[plain > 0] / plain[plain > 0],
        np.exp(0.5 * float(context.parameters["selection_heat"])),
        rtol=1e-6,
    )
    inside = replace(
        state,
        households=replace(
            state.households,
            member=state.households.present,
            outside=jnp.zeros_like(state.households.present),
        ),
    )
    sheltered = np.asarray(selection(inside, context))
    assert sheltered.sum() < plain.sum()
    assert (plain[np.asarray(state.households.present) == 0] == 0).all()


@pytest.mark.xdist_group("expected")
def test_some_of_the_deported_never_bore_the_label(expected_country: Country) -> None:
    course = expected_country.run(until="1931-12")
    without = course.notes["deported_without_label"].sum()
    families = course.flow("deported_individual", "deported_kolkhoz").sum()
    assert 0 < without < families
