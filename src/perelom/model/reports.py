"""Line 13 of the month: what is reported upward and what the centre makes of it.

Systems S26, S83, S91, S97. Mechanisms M8 (paper collective farms), M32 (ratchet), M34, M43.
"""

from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.campaign import collectivized_share
from perelom.model.context import Context
from perelom.model.procurement import open_the_year
from perelom.model.space import over_slots, to_regions
from perelom.world.state import State


def reported_members(state: State, context: Context) -> Float[Array, " region"]:
    """Return kolkhoz households as officials report them. S46, S91, M8.

    true + (1 - share) paper tempo x households: the harder the drive, the more farms on paper.
    """
    households = state.households
    present = to_regions(context.geography, over_slots(households.present))
    share = collectivized_share(state, context)
    paper = context.parameters["paper_kolkhozes"] * context.switches["paper_kolkhozes"]
    return present * (share + (1 - share) * paper * state.regions.tempo)


def reports(state: State, context: Context) -> Moved:
    """Report membership upward; at the end of June close the agricultural year. S26, S91."""
    notes = {"reported_members": reported_members(state, context)}
    closing = context.seasons["agricultural_year_closes"] > 0
    state, _, _ = when(closing, lambda s: (open_the_year(s, context), {}, {}), state)
    return state, {}, notes
