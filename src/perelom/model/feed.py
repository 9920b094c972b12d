"""Feed: what animals get this month, and what their owners see ahead. Systems S84; M2, M23."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.food import months_looked_ahead
from perelom.model.needs import bare_of_fodder, grain_wanted
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, total
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
    cover = ratio(
        jnp.maximum(grain, 0.0), wanted * months_looked_ahead(context).astype(grain.dtype)
    )
    bounded = smooth_min(jnp.ones_like(cover), cover)
    return 1 + context.switches["bread_before_feed"] * (bounded - 1)


def feeding(state: State, context: Context) -> Feeding:
    """Feed grain to the animals after keeping food for people. S84, M23.

    need = sum of grain norms x head x the month's share of the stall season, scaled by how bare
    of rough fodder the region is. Households give at most a part of their store x bread secure; a
    kolkhoz spreads its store over what is left of the stall season: store x need of the month /
    need from now on.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    season = context.seasons["stall_feeding"].astype(households.grain.dtype)
    own_need = total(getattr(households, s) * numbers[f"{s}_feed"] for s in SPECIES) * season
    kolkhoz_need = total(getattr(villages, f"kolkhoz_{s}") * numbers[f"{s}_feed"] for s in SPECIES)
    kolkhoz_need = kolkhoz_need * season
    bare = at_villages(context.geography, bare_of_fodder(context))
    own_short, kolkhoz_short = own_need * at_households(bare, own_need), kolkhoz_need * bare
    spare = households.grain * numbers["grain_fed_at_most"] * bread_secure(state, context)
    own_grain = smooth_min(own_short, spare)
    spread = villages.kolkhoz_grain * context.seasons["stall_feeding_of_rest"]
    kolkhoz_grain = smooth_min(kolkhoz_short, spread)
    own_fed = jnp.where(own_short > 0, ratio(own_grain, own_short), 1.0)
    kolkhoz_fed = jnp.where(kolkhoz_short > 0, ratio(kolkhoz_grain, kolkhoz_short), 1.0)
    return Feeding(own_grain, kolkhoz_grain, rough_fodder(state, context), own_fed, kolkhoz_fed)


def feed_in_sight(
    state: State, eaters: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the grain feed a village sees until the harvest relative to a usual year. S84, M2.

    phi = min(most, (g / n)^eps) (smooth): g, grain in yards and kolkhoz less what will still be
    taken and the spring seed; n, what the region had left in the 1920s for the months to the
    harvest, by the people and the horses of now. People and horses come first, so that feed of
    other animals falls faster than grain (eps > 1). Off: 1.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    geography, reference, seasons = context.geography, context.reference, context.seasons
    land = over_slots(households.land) + villages.kolkhoz_land
    spring = geography.grain_share * (1 - geography.winter_share) * numbers["seed_rate"]
    seed = land * at_villages(geography, spring * seasons["spring_seed_kept_back"])
    owed = jnp.maximum(villages.expected_take * villages.harvest - villages.delivered, 0.0)
    grain = over_slots(households.grain) + villages.kolkhoz_grain - seed - owed
    persons = reference.rural_persons.sum(axis=0)
    usual = reference.harvest * (1 - reference.take) / persons
    usual = jnp.maximum(usual - reference.sown * numbers["seed_rate"], 0.0)
    usual = usual * seasons["months_to_harvest"] / 12
    herd = reference.january_herd[SPECIES.index("horses")]
    fed = herd * numbers["horses_feed"] * bare_of_fodder(context)
    fed = fed * seasons["months_to_harvest"] / 12
    to_horses = jnp.minimum(fed, usual)
    horses = over_slots(households.horses) + villages.kolkhoz_horses
    claim = eaters * at_villages(geography, usual - to_horses)
    claim = claim + horses * at_villages(geography, ratio(to_horses, herd))
    seen = power(ratio(jnp.maximum(grain, 0.0), claim), numbers["feed_falls_with_grain"])
    bounded = smooth_min(seen, numbers["feed_in_plenty"].astype(seen.dtype))
    return 1 + context.switches["feed_outlook"] * (bounded - 1)


def herd_fed(
    species: str, in_sight: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the herd that can be fed relative to the normal one. S84, M2.

    c + (1 - c) phi, with c the part of rough fodder; pigs live mostly on grain and potatoes.
    Horses are fed first: 1.
    """
    if species == "horses":
        return jnp.ones_like(in_sight)
    cover = context.geography.fodder_cover
    if species == "pigs":
        cover = cover * context.parameters["pigs_rough_fodder"]
    rough = at_villages(context.geography, cover)
    return rough + (1 - rough) * in_sight
