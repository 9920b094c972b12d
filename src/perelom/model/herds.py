"""Line 4 of the month: feed, births, work, deaths and slaughter of animals. Systems S80, S84, S85.

Mechanisms M12 (slaughter before joining), M23 (feed and deaths), M24 (neglect in common herds).
"""

from dataclasses import replace
from typing import Any, NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.common_farms import common_farms
from perelom.model.context import Context, Flows, together
from perelom.model.food import months_looked_ahead
from perelom.model.herd_structure import bearing, breeding_after, yearly_slaughter
from perelom.model.needs import grain_wanted, persons_of
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, total
from perelom.model.state_herds import state_herds
from perelom.world.state import SPECIES, State


class Feeding(NamedTuple):
    """Grain fed this month, the cover of rough fodder, and what part of the grain needed came."""

    own_grain: Float[Array, "village slot"]
    kolkhoz_grain: Float[Array, " village"]
    cover: Float[Array, " village"]
    own_fed: Float[Array, "village slot"]
    kolkhoz_fed: Float[Array, " village"]

    def met(
        self, species: str, context: Context
    ) -> tuple[Float[Array, "village slot"], Float[Array, " village"]]:
        """Return how far feed met the need of own and of kolkhoz animals, 0 to 1.

        cover + (1 - cover) fed; pigs live on grain, potatoes and waste, and grass, hay and straw
        help them only in part.
        """
        cover = self.cover
        if species == "pigs":
            cover = cover * context.parameters["pigs_rough_fodder"]
        own = at_households(cover, self.own_fed)
        return own + (1 - own) * self.own_fed, cover + (1 - cover) * self.kolkhoz_fed


def rough_fodder(state: State, context: Context) -> Float[Array, " village"]:
    """Return the share of feed need that pasture, hay and straw cover.

    The region's normal cover, moved by straw: cover (1 - s + s harvest / normal harvest). M23.
    """
    geography, villages = context.geography, state.villages
    land = over_slots(state.households.land) + villages.kolkhoz_land
    normal = land * at_villages(geography, geography.grain_share * geography.normal_yield)
    straw = context.parameters["straw_share_of_fodder"]
    index = jnp.minimum(ratio(villages.harvest, normal), 1.0)
    return at_villages(geography, geography.fodder_cover) * (1 - straw + straw * index)


def bread_secure(state: State, context: Context) -> Float[Array, "village slot"]:
    """Return how far the store covers a household's own bread, 0 to 1. S84, S88, M23.

    smooth min(1, store / (bread a month x months looked ahead)): people who will run out of bread
    stop giving grain to animals before that. Off: 1.
    """
    grain = state.households.grain
    wanted = grain_wanted(state, context)
    cover = ratio(grain, wanted * months_looked_ahead(context).astype(grain.dtype))
    bounded = smooth_min(jnp.ones_like(cover), cover)
    return 1 + context.switches["bread_before_feed"] * (bounded - 1)


def feeding(state: State, context: Context) -> Feeding:
    """Feed grain to the animals after keeping food for people. S84, M23.

    need = sum of grain norms x head x the month's share of the stall season, scaled by how bare
    of rough fodder the region is; kolkhozes give at most a part of their store, households that
    part x bread secure.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    season = context.seasons["stall_feeding"].astype(households.grain.dtype)
    own_need = total(getattr(households, s) * numbers[f"{s}_feed"] for s in SPECIES) * season
    kolkhoz_need = total(getattr(villages, f"kolkhoz_{s}") * numbers[f"{s}_feed"] for s in SPECIES)
    kolkhoz_need = kolkhoz_need * season
    geography = context.geography
    bare = 1 - at_villages(geography, geography.fodder_cover)
    bare = bare / (1 - numbers["fodder_cover_reference"])
    own_short, kolkhoz_short = own_need * at_households(bare, own_need), kolkhoz_need * bare
    spare = households.grain * numbers["grain_fed_at_most"] * bread_secure(state, context)
    own_grain = smooth_min(own_short, spare)
    kolkhoz_grain = smooth_min(kolkhoz_short, villages.kolkhoz_grain * numbers["grain_fed_at_most"])
    own_fed = jnp.where(own_short > 0, ratio(own_grain, own_short), 1.0)
    kolkhoz_fed = jnp.where(kolkhoz_short > 0, ratio(kolkhoz_grain, kolkhoz_short), 1.0)
    return Feeding(own_grain, kolkhoz_grain, rough_fodder(state, context), own_fed, kolkhoz_fed)


def pooling_expected(state: State, context: Context) -> Float[Array, " village"]:
    """Return the chance of being pooled soon, as households outside see it. M12.

    pi = 1 - exp(-gamma pressure) scaled by how complete the ordered pooling is.
    """
    ordered = at_villages(context.geography, context.levers["animals_pooled"])
    threat = 1 - jnp.exp(-context.parameters["fear_of_pooling"] * state.villages.pressure)
    return threat * ordered


def drive_expected(context: Context) -> Float[Array, " village"]:
    """Return the chance that what members kept is pooled soon, as they see it. M12.

    phi (1 - exp(-gamma drive)): a statute that leaves them a cow ends it, a new drive brings it
    back.
    """
    numbers = context.parameters
    drive = at_villages(context.geography, context.levers["members_animals_pooled"])
    return numbers["members_fear_of_pooling"] * (1 - jnp.exp(-numbers["fear_of_pooling"] * drive))


def herds(state: State, context: Context) -> Moved:
    """Move every herd through one month: turnover, common farms, state farms. S84, S67."""
    state, turned_over, _ = turnover(state, context)
    state, moved, _ = common_farms(state, context)
    state, of_state, _ = state_herds(state, context)
    return state, together(turned_over, moved, of_state), {}


def turnover(state: State, context: Context) -> Moved:
    """Let animals of households and kolkhozes be born, die and be slaughtered. S84, S80.

    Own animals: born b s_m r (r: breeding females, see herd_structure), dead d0 + d1 (1 - feed
    met), ordinary slaughter o s_m / n_m (herd / normal herd of the month)^e with n_m the herd of
    the month relative to 1 January, slaughter from fear lambda pi of pooling; members fear only
    for what a drive threatens. Kolkhoz animals: births and deaths worsened
    by neglect, which fades as the village learns to keep common herds (S65, S72), slaughter as
    ordinary. Hazards compete: losses = h / (1 + sum h).
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    switches = context.switches
    fed = feeding(state, context)
    hunger = switches["feed_deaths"]
    frightened = switches["slaughter_before_joining"]
    threat = pooling_expected(state, context) * frightened
    drive = drive_expected(context) * frightened
    members_fear = households.member * at_households(drive, households.member)
    learnt = jnp.exp(-numbers["herd_care_learning"] * villages.experience)
    unlearnt = switches["common_herd_neglect"] * learnt
    persons = jnp.maximum(over_slots(persons_of(state, context)), 1.0)
    flows: Flows = {"fed_own": over_slots(fed.own_grain), "fed_kolkhoz": fed.kolkhoz_grain}
    changed: dict[str, Any] = {"grain": households.grain - fed.own_grain}
    kolkhoz_changed = {"kolkhoz_grain": villages.kolkhoz_grain - fed.kolkhoz_grain}
    for species in SPECIES:
        own, kolkhoz = getattr(households, species), getattr(villages, f"kolkhoz_{species}")
        own_met, kolkhoz_met = fed.met(species, context)
        born = context.seasons[f"{species}_born"] * numbers[f"{species}_birth"]
        breeding = getattr(villages, f"breeding_{species}")
        bear = bearing(species, breeding, context)
        ordinary = yearly_slaughter(species, over_slots(own) + kolkhoz, persons, context)
        ordinary = ordinary * context.seasons[f"{species}_slaughtered"]
        death = numbers[f"{species}_death"] / 12
        starving = numbers["feed_death_sensitivity"] / 12 * hunger
        neglect = unlearnt * numbers["common_herd_neglect_deaths"] / 12

        own_death = death + starving * jnp.maximum(1 - own_met, 0.0)
        own_slaughter = at_households(ordinary, own)
        # Of the species, so much is handed over when pooling is complete.
        fear = threat * numbers[f"{species}_pooled"]
        afraid = households.outside * at_households(fear, own) + members_fear
        own_fright = numbers[f"{species}_slaughter_from_fear"] * afraid
        hazard = own_death + own_slaughter + own_fright
        part = own / (1 + hazard)
        born_own = own * at_households(bear * born, own) * own_met
        kolkhoz_death = death + neglect + starving * jnp.maximum(1 - kolkhoz_met, 0.0)
        kolkhoz_hazard = kolkhoz_death + ordinary
        kolkhoz_part = kolkhoz / (1 + kolkhoz_hazard)
        fertility = 1 - unlearnt * numbers["common_herd_neglect_births"]
        born_kolkhoz = kolkhoz * bear * born * kolkhoz_met * fertility

        dead, slain, feared = part * own_death, part * own_slaughter, part * own_fright
        kolkhoz_dead, kolkhoz_slain = kolkhoz_part * kolkhoz_death, kolkhoz_part * ordinary
        changed[species] = own + born_own - dead - slain - feared
        kolkhoz_changed[f"kolkhoz_{species}"] = (
            kolkhoz + born_kolkhoz - kolkhoz_dead - kolkhoz_slain
        )
        moved = {
            "born_own": over_slots(born_own),
            "died_own": over_slots(dead),
            "slaughtered_own": over_slots(slain),
            "slaughtered_from_fear": over_slots(feared),
            "born_kolkhoz": born_kolkhoz,
            "died_kolkhoz": kolkhoz_dead,
            "slaughtered_kolkhoz": kolkhoz_slain,
        }
        kolkhoz_changed[f"breeding_{species}"] = breeding_after(
            species,
            breeding,
            over_slots(own) + kolkhoz,
            born=moved["born_own"] + born_kolkhoz,
            died=moved["died_own"] + kolkhoz_dead,
            slain=moved["slaughtered_own"] + moved["slaughtered_from_fear"] + kolkhoz_slain,
            context=context,
        )
        flows |= {f"{species}_{name}": amount for name, amount in moved.items()}
    households = replace(households, **changed)
    villages = replace(villages, **kolkhoz_changed)
    return replace(state, households=households, villages=villages), flows, {}
