"""Line 12 of the month: trade in grain, the state's stores, tractors. Systems S15, S24, S70."""

from dataclasses import replace

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.housing import build_housing
from perelom.model.needs import needs
from perelom.model.state_grain import private_trade, state_grain
from perelom.model.tractors import tractors
from perelom.world.state import State


def industry(state: State, context: Context) -> Moved:
    """Move private grain, then the state's; deliver tractors. S15, S24, S70."""
    # People have died and moved since the first day.
    context = replace(context, needs=needs(state, context))
    state, traded, _ = private_trade(state, context)
    state, shared, _ = state_grain(state, context)
    state, machines, served = tractors(state, context)
    state, houses, _ = build_housing(state, context)
    return state, traded | shared | machines | houses, served
