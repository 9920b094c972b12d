"""What industry makes: producer goods and consumer goods. Systems S37, S38, S40. Mechanism M57."""

from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.employment import ROUBLES_PER_MILLION, Jobs
from perelom.model.harvest import work_capacity
from perelom.model.smooth import power, ratio, smooth_min
from perelom.model.space import measured, to_regions
from perelom.world.state import SPECIES, State


class Output(NamedTuple):
    """Gross output at the pace of a year, roubles of 1926/27 by region.

    materials: farm materials relative to 1926.
    """

    producer: Float[Array, " region"]
    consumer: Float[Array, " region"]
    materials: Float[Array, ""]


def raw_materials(state: State, context: Context) -> Float[Array, ""]:
    """Return the farm materials that industry can count on, relative to 1926. S38.

    h herds + (1 - h) sown area (1 + g)^t: hides, wool, milk and meat; flax, cotton, beets and
    seeds, of which a hectare brings slowly more.
    """
    numbers, geography, villages = context.parameters, context.geography, state.villages
    reference = context.reference
    land = to_regions(geography, measured(state.households.land) + villages.kolkhoz_land).sum()
    before, now = jnp.zeros(()), jnp.zeros(())
    persons = reference.rural_persons.sum(axis=0)
    for index, species in enumerate(SPECIES):
        weight = numbers[f"{species}_marketed"]
        before = before + weight * (reference.herd[index] * persons).sum()
        head = measured(getattr(state.households, species))
        now = now + weight * (head + getattr(villages, f"kolkhoz_{species}"))
    herds = to_regions(geography, now).sum() / before
    share = numbers["herds_in_raw_materials"]
    growth = (1 + numbers["technical_crops_growth"]) ** (context.draws.month / 12.0)
    return share * herds + (1 - share) * growth * land / reference.land.sum()


def production(state: State, wanted: Jobs, context: Context) -> Output:
    """Return what industry makes with the workers it has. S37, S38, S40, M57.

    Y = Y0 (h K / K0)^a (L / L0)^(1 - a) (1 + g)^t, L = filled jobs x skill x strength, h the hours
    that plant works by order of shifts and of the working week. Of consumer goods a share needs
    farm materials: Y_B = Y (1 - m) + m smooth min(Y, Y0 slack materials); a part of these comes
    from abroad, as far as it was paid for.
    """
    numbers, regions = context.parameters, state.regions
    first = context.reference.regions
    filled = ratio(regions.employed, wanted.all)
    strength = work_capacity(regions.town_body_reserve, context) * regions.skill
    years = context.draws.month / 12.0
    progress = (1 + numbers["industry_progress"]) ** years
    share, hours = numbers["capital_share"], context.levers["plant_hours"]

    def made(
        capital: Array, before: Array, jobs: Array, jobs_before: Array, output: Array
    ) -> Array:
        start = output * ROUBLES_PER_MILLION * before / before.sum()
        work = power(jobs * filled * strength / jobs_before, 1 - share)
        return start * power(hours * capital / before, share) * work * progress

    producer = made(
        regions.producer_capital,
        first.producer_capital,
        wanted.producer,
        first.employed * numbers["producer_jobs"],
        numbers["producer_output"],
    )
    consumer = made(
        regions.consumer_capital,
        first.consumer_capital,
        wanted.consumer,
        first.employed * numbers["consumer_jobs"],
        numbers["consumer_output"],
    )
    part = numbers["farm_materials_share"] * context.switches["raw_materials"]
    possible = numbers["consumer_output"] * ROUBLES_PER_MILLION * numbers["raw_materials_slack"]
    materials = raw_materials(state, context)
    abroad = numbers["imported_materials_share"] * context.switches["imported_materials"]
    lacking = abroad * (1 - state.nation.materials_found)
    possible = possible * materials * (1 - lacking)
    whole = consumer.sum()
    fed = ratio(smooth_min(whole, possible), whole)
    return Output(producer, consumer * (1 - part + part * fed), materials)
