"""Line 8 of the month, convoys: how many of the families named can be taken away. System S74.

Mechanisms M15, M54. Local officials name families, the police send some of them back from the
assembly points, and the others leave if there is transport. Who is not taken stays on the list.
"""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio, smooth_min


class Convoys(NamedTuple):
    """A month of convoys by region, families.

    moved: taken away. inside: share of them that stays within the region. awaiting: on the list
    until there is transport. sent_back: named, but sent home from the assembly point.
    """

    moved: Float[Array, " region"]
    inside: Float[Array, " region"]
    awaiting: Float[Array, " region"]
    sent_back: Float[Array, " region"]


def sent_back(ordered: Array, named: Array, context: Context) -> Float[Array, " region"]:
    """Return the families whom the police send home: x (named - ordered). S74, S76, M15.

    Lists were checked at the assembly points against the number that the region was allowed.
    """
    share = context.parameters["excess_sent_back"] * context.switches["assembly_check"]
    return share * jnp.maximum(named - ordered, 0.0)


def convoys(
    ordered: Float[Array, " region"],
    named: Float[Array, " region"],
    listed: Float[Array, " region"],
    family: Array,
    context: Context,
) -> Convoys:
    """Share the transport of the month among the regions. S74, M54.

    wanted = those on the list + named - sent back; leaving = wanted x transport ordered. Where all
    lists are to be moved, an order by number counts those on the list too: named are only as many
    as the list falls short of it, and no more than the number is wanted. Those who stay within the
    region go by road and river, which the region finds itself. The others share room = trains x
    persons a train / persons a family, in proportion. The list of a region rests while it has no
    order, unless all lists are to be moved.

    ordered, named, listed (since earlier months): families. family: persons.
    """
    numbers, levers = context.parameters, context.levers
    all_lists = levers["listed_families_moved"] > 0
    within_order = all_lists & (ordered > 0) & (context.switches["lists_within_orders"] > 0)
    asked = jnp.where(within_order, jnp.minimum(listed, named), 0.0)
    named = named - asked
    back = sent_back(ordered, named, context)
    called = jnp.where((ordered > 0) | all_lists, listed, 0.0)
    wanted = jnp.where(within_order, asked, called) + named - back
    halted = context.switches["deportation_halt"] * (1 - levers["deportation_transport"])
    leaving = wanted * (1 - halted)
    within = leaving * levers["deported_within_region"]
    far = leaving - within
    room = numbers["deportation_trains"] * numbers["persons_a_train"] / family
    met = ratio(smooth_min(far.sum(), room.astype(far.dtype)), far.sum())
    full = context.switches["deportation_trains"] * (1 - met)
    moved = within + far * (1 - full)
    return Convoys(moved, ratio(within, moved), listed + named - back - moved, back)


def lists_shrink(awaiting: Float[Array, " region"], context: Context) -> Float[Array, " region"]:
    """Return the families left on the lists after a month: others fled or were struck off. S74."""
    return awaiting * (1 - context.parameters["leave_the_lists"])
