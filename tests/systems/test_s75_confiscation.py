"""S75: confiscation and its use. Check: gain per kolkhoz member, nothing lost or made."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.dekulakization import dekulakize
from perelom.model.estate import PROPERTY, hand_over, kolkhoz_part
from perelom.world.state import State


def _with_members(state: State, share: float) -> State:
    households = state.households
    present = households.present
    return replace(
        state,
        households=replace(households, member=present * share, outside=present * (1 - share)),
    )


def test_the_kolkhoz_inherits_where_it_is_more_than_a_handful(
    state: State, around: Surroundings
) -> None:
    parts = [
        np.asarray(kolkhoz_part(_with_members(state, share), around()))
        for share in (0.0, 0.2, 0.6, 1.0)
    ]
    assert not parts[0].any()
    assert (parts[1] < parts[2]).all()
    np.testing.assert_allclose(parts[3], 1.0)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_what_one_loses_others_get(state: State, around: Surroundings, share: float) -> None:
    before = _with_members(state, share)
    taken = jnp.zeros_like(before.households.land).at[:, 3].set(1.0)
    gone = replace(
        before,
        households=replace(before.households, present=before.households.present * (1 - taken)),
    )
    lost = {name: getattr(before.households, name) * taken for name in PROPERTY}
    after, flows = hand_over(gone, lost, around())
    for name in PROPERTY:
        own = [np.asarray(getattr(s.households, name)) for s in (before, after)]
        common = [np.asarray(getattr(s.villages, f"kolkhoz_{name}")) for s in (before, after)]
        np.testing.assert_allclose(
            own[1].sum(axis=1) + common[1], own[0].sum(axis=1) + common[0], rtol=1e-12
        )
        assert not own[1][:, 3].any() or not np.asarray(lost[name]).any()
    assert (np.asarray(flows["land_confiscated"]).sum() > 0) == (share > 0)


def test_a_village_that_is_emptied_keeps_what_it_had(state: State, around: Surroundings) -> None:
    nobody = replace(
        state,
        households=replace(state.households, present=jnp.zeros_like(state.households.present)),
    )
    lost = {name: getattr(nobody.households, name) for name in PROPERTY}
    after, flows = hand_over(nobody, lost, around())
    for name in PROPERTY:
        np.testing.assert_array_equal(
            getattr(after.households, name), getattr(nobody.households, name)
        )
    assert not any(np.asarray(flow).any() for flow in flows.values())


def test_the_third_category_stays_with_a_part(state: State, around: Surroundings) -> None:
    after, flows, notes = dekulakize(state, around(2, expropriation_quota=200.0))
    assert float(np.asarray(notes["stripped_households"]).sum()) > 0
    assert not np.asarray(flows["deported"]).any()
    np.testing.assert_array_equal(after.households.present, state.households.present)
    wealthy = np.asarray(state.households.label) == 3
    horses = [np.asarray(s.households.horses)[wealthy].sum() for s in (state, after)]
    assert horses[1] < horses[0]
