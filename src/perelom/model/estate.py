"""Line 8 of the month, property: what becomes of a farm whose household is driven out.

System S75, mechanism M15. Decrees gave it to the kolkhoz; where there was hardly one, neighbours
got it.
"""

from dataclasses import replace
from typing import Any

from jaxtyping import Array, Float

from perelom.model.context import Context, Flows
from perelom.model.draws import RAREST
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, over_slots
from perelom.world.state import SPECIES, State

PROPERTY = (
    "land", "winter_sown", "spring_sown", "implements", "grain", "seed", "cash", *SPECIES,
)  # fmt: skip
"""Household columns that change hands."""


def kolkhoz_part(state: State, context: Context) -> Float[Array, " village"]:
    """Return the part of confiscated property that goes to the village's kolkhoz. S75.

    K / (K + min(O, few)) with K the households in the kolkhoz and O those outside: all of it once
    the kolkhoz is more than a handful, nothing where there is none.
    """
    households = state.households
    common = over_slots(households.present * households.member)
    outside = over_slots(households.present * households.outside)
    few = context.parameters["kolkhoz_too_small_to_inherit"].astype(outside.dtype)
    return ratio(common, common + smooth_min(outside, few))


def hand_over(state: State, lost: dict[str, Array], context: Context) -> tuple[State, Flows]:
    """Take property from households and give it to the kolkhoz and to households outside it. S75.

    lost: what each household loses, by column of `PROPERTY`. The owners' presence has been
    reduced already, so that nobody inherits from himself. In a village where hardly a
    ten-thousandth of a household is left the property stays where it is, as that of families that
    died out does.
    """
    households, villages = state.households, state.villages
    outside = households.present * households.outside
    own = over_slots(outside)
    common = over_slots(households.present * households.member)
    heirs = ratio(outside, at_households(own, outside))
    part = kolkhoz_part(state, context)
    somebody = at_households((own + common > RAREST).astype(own.dtype), outside)
    flows: Flows = {}
    kept: dict[str, Any] = {}
    pooled: dict[str, Array] = {}
    for name in lost:
        amount = lost[name] * somebody
        total = over_slots(amount)
        to_kolkhoz = total * part
        kept[name] = (
            getattr(households, name) - amount + heirs * at_households(total - to_kolkhoz, heirs)
        )
        pooled[f"kolkhoz_{name}"] = getattr(villages, f"kolkhoz_{name}") + to_kolkhoz
        flow = _FLOW_NAMES.get(name, f"{name}_confiscated")
        flows[flow] = flows[flow] + to_kolkhoz if flow in flows else to_kolkhoz
    state = replace(
        state, households=replace(households, **kept), villages=replace(villages, **pooled)
    )
    return state, flows


_FLOW_NAMES = {
    "winter_sown": "standing_confiscated",
    "spring_sown": "standing_confiscated",
    "cash": "roubles_confiscated",
}
"""Columns whose flow has another name than their own: both winter and spring crops stand."""
