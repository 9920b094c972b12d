"""Line 7 of the month: joining and leaving the kolkhoz. Systems S45-S47, S49, S51, S52.

Mechanisms M7 (joining), M9 (village cascade), M10 (exit), M11 (return). What officials do (M8) is
in `race`.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
from jax.scipy.special import logit
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context, Flows
from perelom.model.race import pressure_felt, tempo
from perelom.model.rural_posts import peasants
from perelom.model.smooth import ratio
from perelom.model.space import at_households, at_villages, over_slots, raion_mean, to_regions
from perelom.world.state import SPECIES, Households, State, Villages


def village_share(state: State) -> Float[Array, " village"]:
    """Return kolkhoz households over all households of each village."""
    households = state.households
    members = over_slots(households.present * households.member)
    return ratio(members, over_slots(peasants(households)))


def joining_hazard(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return a household's chance of joining this month if it is outside. S47, M7, M9, M11.

    logit p = logit p0 + (logit p1 - logit p0) pressure + peers k_village + tax + fear of losing
    the grain anyway + pay against an own day + fear of deportation, seen in the raion - own
    animals + disposition; p0 and p1 are the chances without and under full pressure. k_village is
    that of the middle of the month, k + (1 - k) p / 2: people also look at who signs this month.
    """
    households, villages = state.households, state.villages
    numbers, geography, switches = context.parameters, context.geography, context.switches
    unpressed = logit(numbers["joining_without_pressure"])
    by_force = logit(numbers["joining_under_full_pressure"]) - unpressed
    pressed = by_force * villages.pressure * switches["campaign_pressure"]
    taxed = numbers["joining_tax"] * at_villages(geography, context.levers["tax_on_individuals"])
    taken = numbers["joining_take"] * villages.expected_take * switches["grain_take_joining"]
    pay = numbers["joining_pay"] * villages.expected_pay / numbers["own_day_grain"]
    hit = raion_mean(geography, villages.repressed) * switches["fear_of_deportation"]
    afraid = numbers["joining_deportation"] * hit
    alone = unpressed + pressed + taxed + taken + pay + afraid
    example, share = numbers["joining_peers"] * switches["peers"], village_share(state)
    signing = (1 - share) * jax.nn.sigmoid(alone + example * share) / 2
    village = alone + example * (share + signing)
    animals = ratio(households.horses + households.cattle, households.present)
    own = numbers["joining_disposition"] * households.disposition
    own = own - numbers["joining_own_animals"] * animals
    return jax.nn.sigmoid(at_households(village, own) + own)


def unwilling_odds(state: State, context: Context) -> Float[Array, " village"]:
    """Return the odds of leaving relative to members who came freely. S49, S51, M10.

    1 + u (odds ratio - 1), u the share of members who came under pressure and are not reconciled.
    """
    more = context.parameters["leaving_unwilling"] - 1
    return 1 + state.villages.unwilling * more * context.switches["unwilling_members"]


def under_crop(state: State, context: Context) -> Float[Array, " village"]:
    """Return the part of the kolkhoz's spring fields that is sown and not yet harvested, 0 to 1."""
    villages, geography = state.villages, context.geography
    spring = at_villages(geography, geography.grain_share * (1 - geography.winter_share))
    return jnp.minimum(ratio(villages.kolkhoz_spring_sown, villages.kolkhoz_land * spring), 1.0)


def leaving_hazard(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return a member's chance of leaving this month. S51, M10.

    q = exit permitted x logistic(logit q0 + log odds of the unwilling - peers k_village - pressure
    - pay - tax on individuals - fear of deportation - disposition): whoever leaves has the tax and
    the danger of those outside. k_village is that of the middle of the month, k (1 - q / 2). Where
    exit is not permitted a small share c_min of it still leaves, and more where officials have
    yielded to a disturbance (M13). A part waits for the harvest: no plot can be measured out of a
    common field under crop.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    geography = context.geography
    permitted = at_villages(geography, context.levers["exit_permitted"])
    permitted = permitted + (1 - permitted) * villages.conceded
    way_out = numbers["exit_against_orders"] + (1 - numbers["exit_against_orders"]) * permitted
    waits = numbers["leaving_waits_for_harvest"] * under_crop(state, context)
    way_out = way_out * (1 - waits * context.switches["crop_holds_members"])
    way_out = way_out * context.switches["leaving"]
    taxed = numbers["joining_tax"] * at_villages(geography, context.levers["tax_on_individuals"])
    hit = raion_mean(geography, villages.repressed) * context.switches["fear_of_deportation"]
    alone = (
        logit(numbers["leaving_when_free"])
        + jnp.log(unwilling_odds(state, context))
        - numbers["leaving_pressure"] * villages.pressure
        - numbers["leaving_pay"] * villages.expected_pay / numbers["own_day_grain"]
        - taxed
        - numbers["joining_deportation"] * hit
    )
    company, share = numbers["leaving_peers"], village_share(state)
    going = way_out * jax.nn.sigmoid(alone - company * share) / 2
    village = alone - company * share * (1 - going)
    own = numbers["joining_disposition"] * households.disposition
    return jax.nn.sigmoid(at_households(village, own) - own) * at_households(way_out, own)


def unwilling_after(
    state: State, joined: Float[Array, " village"], left: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the share of members who came under pressure and are not reconciled. S49, S51, M10.

    u' = (M u (1 - reconciled) + joined x pressure - left x s) / M', s = u odds / (1 + u (odds - 1))
    their share among leavers. In time people settle in.
    """
    villages, numbers = state.villages, context.parameters
    before = over_slots(state.households.present * state.households.member)
    odds = 1 + (numbers["leaving_unwilling"] - 1) * context.switches["unwilling_members"]
    among = villages.unwilling * odds / unwilling_odds(state, context)
    still = before * villages.unwilling * (1 - numbers["members_reconciled"])
    forced = still + joined * villages.pressure - left * among
    return jnp.clip(ratio(forced, before + joined - left), 0.0, 1.0)


def campaign(state: State, context: Context) -> Moved:
    """Apply the month's pressure; let households join and leave. S45-S52.

    A joining household hands over land, standing grain, animals and implements; a leaving one
    gets back its share of what the kolkhoz has, less what the kolkhoz keeps.
    """
    geography = context.geography
    regions = replace(state.regions, tempo=tempo(state, context))
    state = replace(state, regions=regions)
    villages = replace(state.villages, pressure=pressure_felt(state, context))
    state = replace(state, villages=villages)
    households = state.households
    draw = context.draws.happens
    joining = draw(joining_hazard(state, context), geography, households, "joining")
    leaving = draw(leaving_hazard(state, context), geography, households, "leaving")
    outside, inside = households.outside, households.member
    joins, leaves = outside * joining, inside * leaving
    flows: Flows = {
        "joined": over_slots(households.present * joins),
        "left": over_slots(households.present * leaves),
    }
    handed = _hand_over(households, joining, context)
    given, given_by_kolkhoz = _give_back(households, villages, leaves, context)
    handed_to_kolkhoz = {name: over_slots(amount) for name, amount in handed.items()}
    flows |= _transfer_flows(handed_to_kolkhoz, "pooled")
    flows |= _transfer_flows(given_by_kolkhoz, "returned")
    own = {name: getattr(households, name) - handed[name] + given[name] for name in handed}
    own["member"] = inside + joins - leaves
    own["outside"] = outside - joins + leaves
    common = {
        f"kolkhoz_{name}": getattr(villages, f"kolkhoz_{name}")
        + handed_to_kolkhoz[name]
        - given_by_kolkhoz[name]
        for name in handed
    }
    common["unwilling"] = unwilling_after(state, flows["joined"], flows["left"], context)
    state = replace(
        state, households=replace(households, **own), villages=replace(villages, **common)
    )
    farms = over_slots(peasants(households))
    notes = {"pressure_households": to_regions(geography, farms * villages.pressure)}
    return state, flows, notes


_POOLED = ("land", "winter_sown", "spring_sown", "seed", "implements", *SPECIES)


def _hand_over(
    households: Households, joining: Float[Array, "village slot"], context: Context
) -> dict[str, Array]:
    """Return what joining households hand over, by column.

    What a partly joined household still holds is its outside part and what its inside part was
    allowed to keep; only the former can be handed over.
    """
    outside, inside = households.outside, households.member
    geography, levers, numbers = context.geography, context.levers, context.parameters
    animals = at_households(at_villages(geography, levers["animals_pooled"]), joining)
    kept_land = numbers["private_plot_share"]
    shares = dict.fromkeys(_POOLED, jnp.ones_like(animals))
    shares |= {"land": 1 - kept_land, "winter_sown": 1 - kept_land, "spring_sown": 1 - kept_land}
    shares |= {species: animals * numbers[f"{species}_pooled"] for species in SPECIES}
    # Draught animals went into every form of kolkhoz; what varied was the rest of the yard.
    shares["horses"] = jnp.ones_like(animals) * numbers["horses_pooled"]
    return {
        name: getattr(households, name)
        * joining
        * shares[name]
        * ratio(outside, outside + inside * (1 - shares[name]))
        for name in _POOLED
    }


def _give_back(
    households: Households,
    villages: Villages,
    leaves: Float[Array, "village slot"],
    context: Context,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return what leaving households get back and what the kolkhoz gives, by column. M10.

    A leaver's part is one member household's share, times the share the kolkhoz lets go.
    """
    members = at_households(over_slots(households.present * households.member), leaves)
    part = ratio(leaves * households.present, members) * context.parameters["returned_to_leavers"]
    stores = {name: getattr(villages, f"kolkhoz_{name}") for name in _POOLED}
    given = {name: part * at_households(store, part) for name, store in stores.items()}
    parts = over_slots(part)
    return given, {name: parts * store for name, store in stores.items()}


def _transfer_flows(moved: dict[str, Array], verb: str) -> Flows:
    flows = {f"{name}_{verb}": amount for name, amount in moved.items()}
    winter, spring = flows.pop(f"winter_sown_{verb}"), flows.pop(f"spring_sown_{verb}")
    return flows | {f"standing_{verb}": winter + spring}
