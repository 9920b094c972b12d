"""Line 11 of the month, households that divide: grown children set up their own. S01, S05, S96.

Mechanism M5 (division). In the months of weddings, in late winter and after the harvest. In sampled
draws the new household moves into an empty slot of its village; in expected ones a slot stands for
more than one household, all alike, and `present` says how many.
"""

from dataclasses import replace
from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from perelom.model.branch import Moved, computed_once
from perelom.model.context import Context
from perelom.model.dekulakization import KULAK
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import (
    at_households,
    at_villages,
    over_slots,
    raion_mean,
    to_regions,
    total,
)
from perelom.world.state import AGE_BANDS, CELLS, SLOTS, SPECIES, Households, State

_MEN, _WOMEN = CELLS.index("male_working_age"), CELLS.index("female_working_age")
_OLD = len(AGE_BANDS) - 1
_FIELDS = ("land", "winter_sown", "spring_sown")
_STORES = ("grain", "seed", "implements", "cash", *SPECIES)


def weddings(context: Context) -> Array:
    """Return whether households divide in this month."""
    season = context.seasons["household_division"]
    return (season > 0) & (context.switches["household_division"] > 0)


def division_chance(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return the chance that a household divides this month. S01, S05, S33, M5.

    p = 1 - exp(-r s ((a - 1) / a0)^g t k h): r the rate of the 1920s; a adults of working age, of
    whom one must stay; t = (1 + b x) / (1 + b x0) with x the progressive part of the tax a
    hectare (a smaller farm pays less a hectare); k = 1 + q (levy + repression seen) for those
    labelled kulak, who divide to look smaller; h what membership in the kolkhoz does to it. All
    sizes are those of a household: what a slot holds over the households that it stands for.
    """
    households, numbers, levers = state.households, context.parameters, context.levers
    geography, present = context.geography, households.present
    adults = ratio(households.persons[_MEN] + households.persons[_WOMEN], present)
    spare = jnp.maximum(adults - 1, 0.0) / numbers["division_reference_adults"]
    size = power(spare, numbers["division_size_power"])

    slope, weight = numbers["tax_progression"], numbers["division_to_pay_less"]
    lever = at_households(at_villages(geography, levers["agricultural_tax"]), present)
    taxed = slope * lever * ratio(households.land, present) / numbers["tax_reference_land"]
    saving = (1 + weight * taxed) / (1 + weight * slope)

    threat = at_villages(geography, levers["kulak_levy"])
    threat = threat + raion_mean(geography, state.villages.repressed)
    labelled = jnp.where(households.label == KULAK, 1.0, 0.0).astype(present.dtype)
    hiding = 1 + labelled * at_households(numbers["division_under_threat"] * threat, present)
    inside = 1 + households.member * (numbers["division_of_members"] - 1)
    rate = numbers["division_rate"] * context.seasons["household_division"]
    return -jnp.expm1(-(rate * size * saving * hiding * inside)).astype(present.dtype)


def divide(state: State, context: Context) -> Moved:
    """Let households divide; a new household of members gets a plot from the kolkhoz. S01, S96.

    Property moves between households of one village, which is no change of a stock. Where no slot
    is free a household stays together; such cases are counted.
    """
    before, geography = state.households, context.geography
    chance = division_chance(state, context)
    divides = context.draws.happens(chance, geography, before, "division")
    if context.draws.expected:
        households, new = replace(before, present=before.present * (1 + divides)), divides
        refused = jnp.zeros_like(divides)
    else:
        departing = _departing(before, divides, context)
        divides = jnp.where(_can_part(before, departing), divides, 0.0)
        move = _rooms(before, divides)
        households = _set_up(before, departing, move, context)
        new, refused = move.leaves, divides - move.leaves
    families = before.present * new
    flows = {
        "divided_individual": over_slots(families * before.outside),
        "divided_kolkhoz": over_slots(families * before.member),
    }
    state, allotted = _allot_plots(replace(state, households=households), before, new, context)
    without_room = to_regions(geography, over_slots(before.present * refused))
    return state, flows | allotted, {"divisions_without_room": without_room}


def _allot_plots(
    state: State, before: Households, new: Array, context: Context
) -> tuple[State, dict[str, Array]]:
    """Give each new household of members a plot as large as that of the one it left. S55.

    The plot is what a member kept: land x m k / (o + m k), with k the part kept on joining.
    """
    households, villages = state.households, state.villages
    kept = context.parameters["private_plot_share"] * before.member
    plot = before.land * ratio(kept, before.outside + kept)
    allowed = at_villages(context.geography, context.levers["private_plot"])
    wanted = plot * new * at_households(jnp.minimum(allowed, 1.0), plot)
    asked = over_slots(wanted)
    given = wanted * at_households(ratio(smooth_min(asked, villages.kolkhoz_land), asked), wanted)
    flow = over_slots(given)
    state = replace(
        state,
        households=replace(households, land=households.land + given),
        villages=replace(villages, kolkhoz_land=villages.kolkhoz_land - flow),
    )
    return state, {"plots_allotted": flow}


class _Rooms(NamedTuple):
    """Who leaves and where to. leaves: 1 where part of the household moves out.

    enters: 1 in slots that a new household takes; source: the slot that it comes from.
    """

    leaves: Float[Array, "village slot"]
    enters: Float[Array, "village slot"]
    source: Int[Array, "village slot"]


def _departing(
    households: Households, divides: Array, context: Context
) -> tuple[Float[Array, "village slot"], ...]:
    """Return who would leave, by cell: half of the men and women rounded down, with their children.

    Of one man and one woman the man goes; children go in proportion to the adults, old people
    stay.
    """
    persons = households.persons
    men, women = jnp.floor(persons[_MEN] / 2), jnp.floor(persons[_WOMEN] / 2)
    one_each = (men + women == 0) & (persons[_MEN] >= 1) & (persons[_WOMEN] >= 1)
    men = jnp.where(one_each, 1.0, men).astype(men.dtype)
    share = ratio(men + women, persons[_MEN] + persons[_WOMEN])
    young = [c for c in range(len(CELLS)) if c not in (_MEN, _WOMEN) and c % (_OLD + 1) != _OLD]
    # The few households that hold a fraction of a child cannot send a whole one.
    means = [((persons[cell] * share,), persons[cell]) for cell in young]
    drawn = context.draws.counts(means, context.geography, households, "children of division")
    going = {cell: counted[0] for cell, counted in zip(young, drawn, strict=True)}
    going |= {_MEN: men, _WOMEN: women}
    return tuple(going.get(cell, jnp.zeros_like(men)) * divides for cell in range(len(CELLS)))


def _can_part(households: Households, departing: tuple[Array, ...]) -> Array:
    """Return whether at least one adult leaves and one stays."""
    adults = households.persons[_MEN] + households.persons[_WOMEN]
    leaving = departing[_MEN] + departing[_WOMEN]
    return (leaving >= 1) & (adults - leaving >= 1)


def _rooms(households: Households, divides: Array) -> _Rooms:
    """Find an empty slot of the village for each household that divides, in the order of slots."""
    empty = (households.present <= 0) & (total(households.persons) <= 0)
    first = jnp.cumsum(divides, axis=1)
    place = jnp.cumsum(empty.astype(divides.dtype), axis=1)
    leaves = jnp.where(first <= place[:, -1:], divides, 0.0)
    enters = (empty & (place <= first[:, -1:])).astype(divides.dtype)
    # The slots of those who divide, in order: each writes its own to the place that it comes to.
    village, slot = jnp.arange(divides.shape[0])[:, None], jnp.arange(SLOTS)[None, :]
    nowhere = jnp.full_like(divides, SLOTS)
    at = jnp.where(divides > 0, first - 1, nowhere).astype(slot.dtype)
    order = jnp.zeros(divides.shape, slot.dtype).at[village, at].set(slot, mode="drop")
    nth = jnp.maximum(place.astype(slot.dtype) - 1, 0)
    return _Rooms(leaves, enters, computed_once(jnp.take_along_axis(order, nth, axis=1)))


def _set_up(
    before: Households, departing: tuple[Array, ...], move: _Rooms, context: Context
) -> Households:
    """Move people and property into the new households' slots.

    Land goes by persons, as the land code had it; other property by persons times the portion of
    those who leave. Label, disposition and weights are those of the old household: officials took
    divided farms of kulaks for one.
    """
    persons = total(before.persons)
    part = computed_once(ratio(total(departing), persons) * move.leaves)
    portion = computed_once(part * context.parameters["portion_of_the_departing"])
    work = ratio(departing[_MEN] + departing[_WOMEN], before.persons[_MEN] + before.persons[_WOMEN])
    changed: dict[str, Any] = {}

    def carried(values: Array) -> Array:
        return jnp.take_along_axis(values, move.source, axis=1)

    def split(held: Array, leaving: Array) -> Array:
        return held - leaving + carried(leaving) * move.enters

    for name in _FIELDS:
        held = getattr(before, name)
        changed[name] = split(held, held * part)
    for name in _STORES:
        held = getattr(before, name)
        changed[name] = split(held, held * portion)
    days = before.labour_days
    changed["labour_days"] = split(days, days * work * move.leaves)
    changed["persons"] = tuple(
        split(cell, off * move.leaves) for cell, off in zip(before.persons, departing, strict=True)
    )
    entered = move.enters > 0
    for name in ("present", "disposition", "label", "member", "outside", "body_reserve"):
        held = getattr(before, name)
        changed[name] = jnp.where(entered, carried(held), held)
    slot = jnp.arange(SLOTS, dtype=before.birth_number.dtype)
    number = jnp.where(before.birth_number < 0, slot, before.birth_number) + SLOTS
    changed["birth_number"] = jnp.where(entered, number, before.birth_number)
    return replace(before, **changed)
