"""Line 3 of the month, first half: autumn and spring sowing. Systems S10, S68, S85.

Mechanisms M21 (draught to sowing), M27 (seed reserve), M6/M4 (sowing falls with expected take).
"""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.exchange import exchange
from perelom.model.smooth import excess, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots
from perelom.model.tractors import tractor_draught
from perelom.world.state import Households, State, Villages


class Sown(NamedTuple):
    """Areas sown, days of delay and seed used in one sowing."""

    own: Float[Array, "village slot"]
    kolkhoz: Float[Array, " village"]
    own_delay: Float[Array, " village"]
    kolkhoz_delay: Float[Array, " village"]
    own_seed: Float[Array, "village slot"]
    kolkhoz_seed: Float[Array, " village"]


def draught_power(horses: Array, context: Context) -> Array:
    """Return hectares that the given horses can sow in a day. M21."""
    numbers = context.parameters
    return horses * numbers["horses_fit_for_work"] * numbers["hectares_per_horse_day"]


def own_draught(households: Households, context: Context) -> Float[Array, "village slot"]:
    """Return a household's draught power, own and hired, ha a day.

    A share of the village's draught goes where the land is, through hire and mutual help:
    d = (1 - s) d_own + s d_village land / land_village. S04, M21.
    """
    own = draught_power(households.horses, context)
    land = households.land
    sharing = context.parameters["draught_sharing"]
    village = at_households(over_slots(own), own)
    share = ratio(land, at_households(over_slots(land), land))
    return (1 - sharing) * own + sharing * village * share


def sowing_incentive(villages: Villages, context: Context) -> Float[Array, " village"]:
    """Return the share of land that households want to sow, given what they expect to lose.

    exp(-psi (expected take - take of 1926)+): the land sown in 1926 was sown with the deliveries
    of that year in view. S10, S80, M4.
    """
    numbers = context.parameters
    used_to = at_villages(context.geography, context.reference.take)
    more = excess(villages.expected_take - used_to, numbers["take_unnoticed"])
    return jnp.exp(-numbers["sowing_response_to_take"] * more * context.switches["sowing_response"])


def sow(state: State, context: Context, share: Array, winter: bool) -> Sown:
    """Sow grain where seed, draught and labour allow.

    area = smooth minimum of (wanted, seed / rate, draught x days, workers x ha a worker);
    delay = days needed beyond the best ones, max(0, area / draught - best days). S10, S68, M21,
    M27. share: the crop's share of arable land, by village.
    """
    households, villages = state.households, state.villages
    numbers, switch = context.parameters, context.switches
    rate, days = numbers["seed_rate"], numbers["sowing_days_possible"]
    workers = households.persons[2] + households.persons[6]

    wanted = households.land * at_households(share * sowing_incentive(villages, context), workers)
    store = households.grain * numbers["grain_sown_in_autumn"] if winter else households.seed
    draught = own_draught(households, context)
    own = smooth_min(wanted, store / rate, draught * days, workers * numbers["hectares_per_worker"])

    kolkhoz_wanted = (
        villages.kolkhoz_land
        * share
        * at_villages(context.geography, context.levers["sowing_order"])
    )
    kolkhoz_store = villages.kolkhoz_seed
    if winter:
        kolkhoz_store = villages.kolkhoz_grain * numbers["grain_sown_in_autumn"]
    kolkhoz_draught = draught_power(villages.kolkhoz_horses, context)
    kolkhoz_draught = kolkhoz_draught + tractor_draught(state, context)
    member_workers = over_slots(workers * households.member)
    kolkhoz = smooth_min(
        kolkhoz_wanted,
        kolkhoz_store / rate,
        kolkhoz_draught * days,
        member_workers * numbers["hectares_per_worker"],
    )

    best = numbers["sowing_days_best"]
    needed = ratio(over_slots(own), over_slots(draught))
    kolkhoz_needed = ratio(kolkhoz, kolkhoz_draught)
    delayed = switch["sowing_delay"]
    return Sown(
        own=own,
        kolkhoz=kolkhoz,
        own_delay=delayed * jnp.maximum(needed - best, 0.0),
        kolkhoz_delay=delayed * jnp.maximum(kolkhoz_needed - best, 0.0),
        own_seed=jnp.minimum(own * rate, store),
        kolkhoz_seed=jnp.minimum(kolkhoz * rate, kolkhoz_store),
    )


def crop_share(context: Context, winter: bool) -> Float[Array, " village"]:
    """Return winter or spring grain's share of arable land, by village."""
    geography = context.geography
    winter_share = geography.winter_share
    share = geography.grain_share * (winter_share if winter else 1 - winter_share)
    return at_villages(geography, share)


def sowing(state: State, context: Context, winter: bool) -> Moved:
    """Sow winter grain in September from the new harvest, spring grain in May from the seed.

    S10, S68, M21, M27.
    """
    if not winter:
        state = replace(state, households=share_seed(state, context))
    households, villages = state.households, state.villages
    crop, store = ("winter", "grain") if winter else ("spring", "seed")
    sown = sow(state, context, crop_share(context, winter), winter)
    flows = {
        "sown_own": over_slots(sown.own),
        "sown_kolkhoz": sown.kolkhoz,
        f"{crop}_seed_own": over_slots(sown.own_seed),
        f"{crop}_seed_kolkhoz": sown.kolkhoz_seed,
    }
    households = replace(
        households,
        **{
            f"{crop}_sown": getattr(households, f"{crop}_sown") + sown.own,
            store: getattr(households, store) - sown.own_seed,
        },
    )
    standing, kolkhoz_store = f"kolkhoz_{crop}_sown", f"kolkhoz_{store}"
    villages = replace(
        villages,
        **{
            standing: getattr(villages, standing) + sown.kolkhoz,
            kolkhoz_store: getattr(villages, kolkhoz_store) - sown.kolkhoz_seed,
            f"{crop}_delay": sown.own_delay,
            f"kolkhoz_{crop}_delay": sown.kolkhoz_delay,
        },
    )
    return replace(state, households=households, villages=villages), flows, {}


def share_seed(state: State, context: Context) -> Households:
    """Let households with seed to spare lend it to neighbours before spring sowing. S04, M27."""
    households, numbers = state.households, context.parameters
    need = (
        households.land
        * at_households(
            crop_share(context, winter=False) * sowing_incentive(state.villages, context),
            households.land,
        )
        * numbers["seed_rate"]
    )
    short = jnp.maximum(need - households.seed, 0.0) * numbers["access_to_village_grain"]
    got, given = exchange(short, jnp.maximum(households.seed - need, 0.0), context)
    return replace(households, seed=households.seed + got - given)


def kolkhoz_seed_target(state: State, context: Context) -> Float[Array, " village"]:
    """Return the spring seed that the sowing order asks of each kolkhoz, t. S68, M27."""
    numbers = context.parameters
    order = at_villages(context.geography, context.levers["sowing_order"])
    area = state.villages.kolkhoz_land * crop_share(context, winter=False) * order
    return area * numbers["seed_rate"] * (1 + numbers["seed_insurance"])


def collect_seed(state: State, context: Context) -> Moved:
    """Collect what the kolkhoz seed fund lacks from its members' stores, January-March. S68, M27.

    Members give in proportion to the grain they hold, at most the share that the drive can get.
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    held = households.grain * households.member * numbers["seed_collected_at_most"]
    gap = jnp.maximum(kolkhoz_seed_target(state, context) - villages.kolkhoz_seed, 0.0)
    taken = smooth_min(gap, over_slots(held)) * context.switches["seed_collection"]
    given = held * at_households(ratio(taken, over_slots(held)), held)
    collected = over_slots(given)
    state = replace(
        state,
        households=replace(households, grain=households.grain - given),
        villages=replace(villages, kolkhoz_seed=villages.kolkhoz_seed + collected),
    )
    return state, {"seed_collected": collected}, {}


def set_seed_aside(state: State, context: Context) -> Moved:
    """Put grain aside for spring sowing in October and November. S10, M27.

    Households and kolkhozes fill what is missing from the grain they have, up to the share of
    the store that they are ready to lock away.
    """
    households, villages = state.households, state.villages
    numbers, share = context.parameters, context.seasons["seed_reserve"]
    area = crop_share(context, winter=False)
    ready = numbers["grain_ready_for_seed"]
    rate = numbers["seed_rate"] * (1 + numbers["seed_insurance"])
    incentive = sowing_incentive(villages, context)
    target = households.land * at_households(area * incentive, households.land) * rate
    missing = jnp.maximum(target - households.seed, 0.0) * share.astype(target.dtype)
    own = smooth_min(missing, households.grain * ready)
    # Neighbours with grain to spare lend seed to those who have none.
    spare = households.grain * ready - own
    borrowed, lent = exchange((missing - own) * numbers["access_to_village_grain"], spare, context)
    target = kolkhoz_seed_target(state, context)
    kolkhoz_missing = jnp.maximum(target - villages.kolkhoz_seed, 0.0) * share
    kolkhoz = smooth_min(kolkhoz_missing, villages.kolkhoz_grain * ready)
    own = own + borrowed
    households = replace(
        households,
        grain=households.grain + borrowed - lent - own,
        seed=households.seed + own,
    )
    villages = replace(
        villages,
        kolkhoz_grain=villages.kolkhoz_grain - kolkhoz,
        kolkhoz_seed=villages.kolkhoz_seed + kolkhoz,
    )
    flows = {"seed_set_aside_own": over_slots(own), "seed_set_aside_kolkhoz": kolkhoz}
    return replace(state, households=households, villages=villages), flows, {}
