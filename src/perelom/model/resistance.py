"""Line 8 of the month: protest and repression, in the order in which a month saw them.

Systems S73-S79, S81, S82. Mechanisms M6, M13, M14, M15, M54.
"""

from dataclasses import replace

import jax.numpy as jnp

from perelom.model.arrests import arrests
from perelom.model.branch import Moved, when
from perelom.model.confinement import eat
from perelom.model.context import Context, together
from perelom.model.convoys import lists_shrink
from perelom.model.dekulakization import dekulakize, ordered
from perelom.model.prisons import prisons
from perelom.model.protest import protest
from perelom.model.self_liquidation import self_liquidate, threatened
from perelom.model.settlements import settlements
from perelom.world.state import State


def resistance(state: State, context: Context) -> Moved:
    """Deport by quota, flee, protest, arrest; then the month of settlements and prisons.

    Orders come first: a village answers in the same month to what was done to it.
    """
    context = replace(context, needs=None)  # people have been taken away since they were counted
    villages = state.villages
    listed = lists_shrink(state.regions.awaiting_deportation, context)
    state = replace(
        state,
        villages=replace(villages, struck=jnp.zeros_like(villages.struck)),
        regions=replace(state.regions, awaiting_deportation=listed),
    )
    state, deported, whom = when(ordered(context), lambda s: dekulakize(s, context), state)
    state, fled, _ = when(threatened(state, context), lambda s: self_liquidate(s, context), state)
    state, events, heard = protest(state, context)
    state, arrested, counted = arrests(state, events, context)
    bread = eat(state, context)
    regions = state.regions
    eaten = bread.settlers + bread.prisoners
    state = replace(
        state, regions=replace(regions, settlement_grain=regions.settlement_grain - eaten)
    )
    state, settled, _ = settlements(state, bread.settlers, context)
    state, held, _ = prisons(state, bread.prisoners, context)
    flows = together(deported, fled, arrested, settled, held, {"eaten_behind_wire": eaten})
    return state, flows, whom | heard | counted
