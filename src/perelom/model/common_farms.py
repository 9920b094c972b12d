"""Animals between members' yards and common herds after joining. Systems S55, S84.

Mechanisms M12 (a drive to pool what members kept) and M20 (the cow of the yard). Drives brought
members' animals into commodity farms; from August 1933 members without a cow were to get heifers.
What was paid for animals is not booked.
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.context import Context, Flows
from perelom.model.exchange import exchange
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions
from perelom.world.state import STATE_FARM_SPECIES, State

HEAD_PER_MILLION = 1e6


def members_part(species: str, state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the part of a household's animals that its members hold.

    A household that is partly a member holds all animals of its outside part and those that its
    inside part kept on joining.
    """
    outside, inside = state.households.outside, state.households.member
    handed = context.levers["animals_pooled"] * context.parameters[f"{species}_pooled"]
    handed = at_villages(context.geography, handed)
    kept = inside * (1 - at_households(handed, inside))
    return ratio(kept, outside + kept)


def pool_members_animals(state: State, context: Context) -> Moved:
    """Bring members' cattle, sheep, goats and pigs into common herds. S55, M12.

    moved = own animals of members x drive / 12. Horses were pooled on joining.
    """
    households, villages = state.households, state.villages
    drive = context.levers["members_animals_pooled"] * context.switches["common_farms"] / 12
    rate = at_villages(context.geography, drive)
    flows: Flows = {}
    own: dict[str, Any] = {}
    common: dict[str, Any] = {}
    for species in STATE_FARM_SPECIES:
        held = getattr(households, species)
        part = members_part(species, state, context)
        moved = held * part * at_households(rate, held)
        own[species] = held - moved
        flows[f"{species}_pooled"] = over_slots(moved)
        name = f"kolkhoz_{species}"
        common[name] = getattr(villages, name) + flows[f"{species}_pooled"]
    households, villages = replace(households, **own), replace(villages, **common)
    return replace(state, households=households, villages=villages), flows, {}


def give_heifers(state: State, context: Context) -> Moved:
    """Give heifers to members without a cow. S55, M20.

    The order is spread over villages by the cows that members lack; common farms and neighbours
    with more than one head give in proportion to what they can spare, never more than is lacking.
    """
    households, villages, geography = state.households, state.villages, context.geography
    cattle = households.cattle
    missing = jnp.maximum(households.member * households.present - cattle, 0.0)
    lacking = over_slots(missing)
    ordered = context.levers["calves_for_cowless"][0] * HEAD_PER_MILLION / 12
    ordered = ordered * context.switches["help_to_cowless"]
    served = ratio(ordered, to_regions(geography, lacking).sum())
    wanted = lacking * jnp.minimum(served, 1.0)
    spare = jnp.maximum(cattle - households.present, 0.0)
    can_give = over_slots(spare) + villages.kolkhoz_cattle
    from_farm = smooth_min(
        wanted * ratio(villages.kolkhoz_cattle, can_give), villages.kolkhoz_cattle
    )
    share = missing * at_households(ratio(from_farm, lacking), missing)
    given_by_farm = over_slots(share)
    asked = missing * at_households(ratio(wanted - from_farm, lacking), missing)
    got, given = exchange(asked, spare, context)
    return (
        replace(
            state,
            households=replace(households, cattle=cattle + share + got - given),
            villages=replace(villages, kolkhoz_cattle=villages.kolkhoz_cattle - given_by_farm),
        ),
        {"calves_to_cowless": given_by_farm},
        {},
    )


def common_farms(state: State, context: Context) -> Moved:
    """Move animals between yards and common herds where that is ordered. S55, S84."""
    levers = context.levers
    drive = (levers["members_animals_pooled"] > 0).any()
    state, pooled, _ = when(drive, lambda now: pool_members_animals(now, context), state)
    help_ordered = (levers["calves_for_cowless"] > 0).any()
    state, given, _ = when(help_ordered, lambda now: give_heifers(now, context), state)
    return state, pooled | given, {}
