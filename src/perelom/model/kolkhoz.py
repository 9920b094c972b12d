"""Line 9 of the month: work in the kolkhoz and what is given out for it. Systems S56, S60.

Mechanisms M16 (effort from residual pay), M17-M19 (see incentives), M45 (political departments).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.campaign import village_share
from perelom.model.context import Context
from perelom.model.dekulakization import skill_left
from perelom.model.harvest import work_capacity
from perelom.model.incentives import paid_by_work, reward_of_work, work_quality
from perelom.model.needs import bare_of_fodder, persons_of
from perelom.model.officials import experience_left
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import at_households, at_villages, over_slots, to_regions, total
from perelom.model.stations import departments
from perelom.world.state import SPECIES, State


def effort(expected_pay: Array, pressure: Array, context: Context) -> Array:
    """Return the quality of kolkhoz work relative to own fields. S60, M16.

    e = e0 + (1 - e0) min(1, s^gamma) (smooth), s = pay expected / pay of an own day, discounted
    for delay and doubt; discipline of force adds a little. Off: e = 1.
    """
    numbers = context.parameters
    worth = expected_pay * numbers["pay_discount"] / numbers["own_day_grain"]
    willing = smooth_min(power(worth, numbers["effort_response"]), jnp.ones_like(worth))
    least = numbers["effort_least"] + numbers["effort_of_discipline"] * pressure
    quality = least + (1 - least) * willing
    return 1 + context.switches["kolkhoz_effort"] * (quality - 1)


def reserved_grain(state: State, context: Context) -> Float[Array, " village"]:
    """Return the grain a kolkhoz may not give out yet: deliveries, seed and feed, t. S60."""
    villages, numbers, geography = state.villages, context.parameters, context.geography
    own_land = over_slots(state.households.land)
    part = ratio(villages.kolkhoz_land, own_land + villages.kolkhoz_land)
    plan_left = jnp.maximum(villages.plan - villages.delivered, 0.0) * part
    forced = jnp.minimum(at_villages(geography, context.levers["procurement_force"]), 1.0)
    spring = at_villages(geography, geography.grain_share * (1 - geography.winter_share))
    seed_left = jnp.maximum(
        villages.kolkhoz_land * spring * numbers["seed_rate"] - villages.kolkhoz_seed, 0.0
    )
    feed = total(getattr(villages, f"kolkhoz_{s}") * numbers[f"{s}_feed"] for s in SPECIES)
    feed = feed * at_villages(geography, bare_of_fodder(context))
    feed = feed * context.seasons["months_to_harvest"] / 12
    kept = numbers["feed_reserved_share"]
    kept = kept + (1 - kept) * at_villages(geography, context.levers["fodder_fund"])
    return plan_left * forced + seed_left + feed * kept


def kolkhoz(state: State, context: Context) -> Moved:
    """Work the month's labour-days and give out grain. S56, S60, M16, M19.

    Even where everything is reserved for the plan, advances and theft take a part at harvest.
    labour-days = working persons x member x days x strength; grain given out = (store - reserved)
    x the month's share, part by labour-days (alpha) and part by eaters (1 - alpha).
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    season = context.seasons["kolkhoz_work"].astype(households.grain.dtype)
    workers = households.persons[2] + households.persons[6]
    strength = work_capacity(households.body_reserve, context)
    days = workers * households.member * numbers["labour_days_a_year"] * season * strength
    labour_days = households.labour_days + days

    free = villages.kolkhoz_grain - reserved_grain(state, context)
    # Advances during the harvest, and what is carried off, reach members before the state.
    advance = villages.kolkhoz_grain * numbers["advances_and_theft"]
    spare = jnp.maximum(free, advance * context.seasons["kolkhoz_advances"])
    spare = jnp.maximum(spare, 0.0)
    given = spare * jnp.minimum(
        context.seasons["grain_given_out"] * numbers["distribution_speed"], 1.0
    )
    eaters = persons_of(state, context) * households.member
    by_work = ratio(labour_days, at_households(over_slots(labour_days), labour_days))
    by_eaters = ratio(eaters, at_households(over_slots(eaters), eaters))
    alpha = at_households(paid_by_work(context), by_work)
    share = (alpha * by_work + (1 - alpha) * by_eaters) * (by_eaters > 0)
    grain = at_households(given, share) * share
    distributed = over_slots(grain)
    discipline = villages.pressure + departments(state, context)
    willing = effort(villages.expected_pay * reward_of_work(context), discipline, context)
    households = replace(households, labour_days=labour_days, grain=households.grain + grain)
    villages = replace(
        villages,
        kolkhoz_grain=villages.kolkhoz_grain - distributed,
        distributed=villages.distributed + distributed,
        experience=villages.experience + village_share(state) / 12,
        effort=work_quality(willing, context)
        * skill_left(state, context)
        * at_villages(context.geography, experience_left(state.regions, context)),
    )
    flows = {"distributed": distributed}
    notes = {"labour_days": to_regions(context.geography, over_slots(days))}
    return replace(state, households=households, villages=villages), flows, notes
