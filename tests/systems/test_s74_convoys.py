"""S74: transport and places. Check: families named are moved, sent back or still on the list."""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from country import Surroundings
from perelom.model.convoys import Convoys, convoys, lists_shrink
from perelom.model.dekulakization import KULAK, dekulakize, ordered, registered
from perelom.model.prisons import sent_to_settlements
from perelom.model.settlements import destinations
from perelom.world.geography import REGION_NAMES
from perelom.world.state import CELLS, State

FAMILY = jnp.asarray(5.0)
OWN = REGION_NAMES.index("Urals oblast")


def _month(
    around: Surroundings,
    ordered: float = 100.0,
    named: float = 250.0,
    listed: float = 40.0,
    **context: Any,
) -> Convoys:
    each = (jnp.full(40, amount) for amount in (ordered, named, listed))
    return convoys(*each, FAMILY, around(2, **context))


@settings(max_examples=20, deadline=None)
@given(
    named=st.floats(0, 5000),
    listed=st.floats(0, 5000),
    transport=st.floats(0, 1),
    inside=st.floats(0, 1),
)
def test_nobody_is_lost_from_the_lists(
    around: Surroundings, named: float, listed: float, transport: float, inside: float
) -> None:
    month = _month(
        around, 0.4 * named, named, listed,
        deportation_transport=transport, deported_within_region=inside,
    )  # fmt: skip
    total = month.moved + month.awaiting + month.sent_back
    np.testing.assert_allclose(total, listed + named, rtol=1e-9, atol=1e-9)
    assert all((np.asarray(part) >= -1e-9).all() for part in month)


def test_the_police_send_part_of_the_excess_home(around: Surroundings) -> None:
    share = float(around().parameters["excess_sent_back"])
    np.testing.assert_allclose(_month(around).sent_back, share * 150.0, rtol=1e-6)
    assert not np.asarray(_month(around, named=100.0).sent_back).any()
    assert not np.asarray(_month(around, off=["assembly_check"]).sent_back).any()


def test_a_halt_leaves_the_lists(around: Surroundings) -> None:
    halted = _month(around, deportation_transport=0.0)
    assert not np.asarray(halted.moved).any()
    np.testing.assert_allclose(halted.awaiting, 290.0 - halted.sent_back)
    free = _month(around, off=["deportation_halt"], deportation_transport=0.0)
    np.testing.assert_array_equal(free.moved, _month(around).moved)


def test_trains_limit_those_who_go_far(around: Surroundings) -> None:
    numbers = around().parameters
    room = float(numbers["deportation_trains"] * numbers["persons_a_train"] / FAMILY)
    crowd = {"ordered": room, "named": room, "listed": 0.0}
    far = _month(around, **crowd)
    assert 0.95 * room < float(far.moved.sum()) <= room
    np.testing.assert_allclose(far.moved, far.moved[0])
    near = _month(around, **crowd, deported_within_region=1.0)
    np.testing.assert_allclose(near.moved, room)
    np.testing.assert_allclose(near.inside, 1.0)
    free = _month(around, **crowd, off=["deportation_trains"])
    np.testing.assert_allclose(free.moved, room)


def test_lists_rest_without_an_order_and_shrink(around: Surroundings) -> None:
    quiet = _month(around, 0.0, 0.0)
    assert not np.asarray(quiet.moved).any()
    np.testing.assert_array_equal(quiet.awaiting, 40.0)
    called = _month(around, 0.0, 0.0, listed_families_moved=1.0)
    np.testing.assert_allclose(called.moved + called.awaiting, 40.0)
    assert float(called.moved.sum()) > 0.9 * 40 * 40
    assert bool(ordered(around(listed_families_moved=1.0)))
    left = lists_shrink(jnp.full(40, 100.0), around())
    np.testing.assert_allclose(left, 100 * (1 - float(around().parameters["leave_the_lists"])))


def test_an_order_by_number_counts_the_list(around: Surroundings) -> None:
    """Where all lists are to go: wanted = named less those sent back, the list first."""
    plain = _month(around, 100.0, 100.0, listed=40.0, off=["deportation_trains"])
    np.testing.assert_allclose(plain.moved, 140.0)
    given = {"listed_families_moved": 1.0, "off": ["deportation_trains"]}
    counted = _month(around, 100.0, 100.0, listed=40.0, **given)
    np.testing.assert_allclose(counted.moved, 100.0)
    np.testing.assert_allclose(counted.awaiting, 0.0, atol=1e-9)
    long = _month(around, 100.0, 150.0, listed=400.0, **given)
    np.testing.assert_allclose(long.moved, 150.0)
    np.testing.assert_allclose(long.awaiting, 250.0)  # nobody new is named
    assert not np.asarray(long.sent_back).any()
    off = ["deportation_trains", "lists_within_orders"]
    both = _month(around, 100.0, 100.0, listed=40.0, listed_families_moved=1.0, off=off)
    np.testing.assert_allclose(both.moved, 140.0)


def test_without_a_number_police_register_the_labelled(state: State, around: Surroundings) -> None:
    households = state.households
    joined = jnp.where(households.present > 0, 0.5, 0.0).astype(households.member.dtype)
    half = replace(state, households=replace(households, member=joined))
    context = around(4, listed_families_moved=1.0)
    kulak = np.asarray(households.present * (households.label == KULAK)).sum(axis=1)
    labelled = (kulak * np.asarray(context.geography.village_weight)).sum()
    rate = float(context.parameters["kulaks_registered"])
    np.testing.assert_allclose(
        np.asarray(registered(half, context)).sum(), 0.5 * rate * labelled, rtol=0.01
    )
    assert not np.asarray(registered(half, around(4))).any()
    numbered = around(4, listed_families_moved=1.0, dekulakization_quota=1.0)
    assert not np.asarray(registered(half, numbered)).any()
    off = around(4, listed_families_moved=1.0, off=["kulak_registration"])
    assert not np.asarray(registered(half, off)).any()


def test_within_the_region_nobody_arrives_elsewhere(state: State, around: Surroundings) -> None:
    quota, within = np.zeros(40), np.zeros(40)
    quota[OWN] = 60.0
    within[OWN] = 1.0
    elsewhere = np.zeros(40)
    elsewhere[REGION_NAMES.index("Northern krai")] = 1.0
    context = around(
        2, dekulakization_quota=quota, deported_within_region=within, deportees_received=elsewhere
    )
    _, flows, _ = dekulakize(state, context)
    arrived = np.asarray(flows["settled"])
    assert arrived[OWN] > 0
    np.testing.assert_allclose(arrived.sum(), arrived[OWN])
    np.testing.assert_allclose(
        np.asarray(flows["grain_brought"]).sum(), flows["grain_brought"][OWN]
    )


def test_prisoners_are_moved_by_order_only(state: State, around: Surroundings) -> None:
    after, flows = sent_to_settlements(state, around(prisoners_settled=1.2))
    held = np.asarray(state.regions.prisoners)
    np.testing.assert_allclose(after.regions.prisoners, held * np.exp(-0.1), rtol=1e-12)
    np.testing.assert_allclose(flows["sent_to_settlements"], held.sum(axis=0) * -np.expm1(-0.1))
    gone = np.asarray(flows["sent_to_settlements"]).sum()
    share = np.asarray(destinations(around()))
    np.testing.assert_allclose(flows["settled_from_prison"], gone * share, rtol=1e-9)
    settled = np.asarray(after.regions.settlers - state.regions.settlers).sum()
    np.testing.assert_allclose(settled, gone)
    some = replace(
        state,
        regions=replace(
            state.regions,
            settlers=jnp.full((len(CELLS), 40), 3.7),
            settler_body_reserve=jnp.full(40, -1.3),
        ),
    )
    same, _ = sent_to_settlements(some, around())
    for column in ("prisoners", "settlers", "settler_body_reserve"):
        np.testing.assert_array_equal(getattr(same.regions, column), getattr(some.regions, column))


@pytest.mark.parametrize("switch", ["assembly_check", "deportation_halt", "deportation_trains"])
def test_without_the_three_all_who_are_named_go(around: Surroundings, switch: str) -> None:
    off = ["assembly_check", "deportation_halt", "deportation_trains"]
    np.testing.assert_allclose(_month(around, off=off, deportation_transport=0.3).moved, 290.0)
    off.remove(switch)
    some = _month(around, 1e5, 2e5, off=off, deportation_transport=0.3)
    assert (np.asarray(some.moved) < 2e5).all()
