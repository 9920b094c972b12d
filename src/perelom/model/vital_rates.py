"""Vital rates of any people, in villages, towns, settlements and prisons. Systems S88, S89, S96.

Mechanisms M49-M51 (hunger, age and sex, fertility), M52 (infection), M65 (accounts of persons).
"""

from collections.abc import Sequence
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import excess
from perelom.world.state import AGE_BANDS, CELLS, SMALL_CHILDREN

_BANDS = len(AGE_BANDS)


class Hazards(NamedTuple):
    """Monthly chances of death by cell: as they are, and as they would be without hunger."""

    actual: list[Array]
    without_hunger: list[Array]


def death_hazards(
    level: Array, body_reserve: Array, context: Context, infection: Array | float = 0.0
) -> Hazards:
    """Return the chance of dying this month for each cell. S88, S89, M49, M50, M52.

    p = h / (1 + h), h = h0(sex, age) level trend season exp(r_age beta (loss - loss0)+) + i: the
    odds of 1926, raised by weight lost beyond what a body bears, and by infection. level:
    region's mortality relative to the USSR, shaped like body_reserve.
    """
    numbers = context.parameters
    loss = -body_reserve / numbers["normal_body_weight"]
    beyond = excess(loss - numbers["weight_loss_harmless"], numbers["weight_loss_width"])
    beyond = beyond * context.switches["hunger_mortality"]
    slope = numbers["hunger_death_slope"] * beyond
    hunger = {band: jnp.exp(slope * numbers[f"hunger_{band}"]) for band in AGE_BANDS}
    years = context.draws.month / 12.0
    trend = jnp.exp(-numbers["mortality_decline"] * years)
    actual, without = [], []
    for cell in range(len(CELLS)):
        band = AGE_BANDS[cell % _BANDS]
        season = "infant_summer_mortality" if cell in SMALL_CHILDREN else "adult_winter_mortality"
        base = numbers[f"death_rate_{CELLS[cell]}"] / 12 * context.seasons[season] * trend
        hazard = (base * level).astype(body_reserve.dtype)
        odds = hazard * hunger[band] + infection
        actual.append(odds / (1 + odds))
        without.append(hazard / (1 + hazard))
    return Hazards(actual, without)


def conceptions(women: Array, level: Array, body_reserve: Array, context: Context) -> Array:
    """Return conceptions of the month that will be live births. S96, M51.

    f = f0 / 12 level exp(-decline years) exp(-phi loss): fewer as women lose weight. level:
    fertility of the place relative to villages of the USSR in 1926.
    """
    numbers = context.parameters
    years = context.draws.month / 12.0
    loss = -body_reserve / numbers["normal_body_weight"]
    nutrition = jnp.exp(
        -numbers["hunger_fertility_slope"] * loss * context.switches["hunger_fertility"]
    )
    decline = jnp.exp(-numbers["fertility_decline"] * years)
    return women * numbers["fertility"] / 12 * level * nutrition * decline


def fertility_level(context: Context) -> Float[Array, " region"]:
    """Return the fertility of each region relative to 1926: custom and the abortion ban. S96."""
    ban = context.parameters["abortion_ban_effect"] * context.levers["abortion_ban"]
    return context.geography.fertility * (1 + ban)


def ageing_means(persons: Sequence[Array], context: Context) -> list[Array]:
    """Return the mean number of persons who enter the next age band this month, men first."""
    numbers = context.parameters
    rates = [numbers[f"ageing_{band}"] / 12 for band in AGE_BANDS[:-1]]
    return [
        persons[sex * _BANDS + band] * rates[band] for sex in range(2) for band in range(_BANDS - 1)
    ]


def age(persons: Sequence[Array], grown: Sequence[Array]) -> list[Array]:
    """Move the grown persons up an age band. S96, M65."""
    after = list(persons)
    for sex in range(2):
        for band in range(_BANDS - 1):
            cell, older = sex * _BANDS + band, grown[sex * (_BANDS - 1) + band]
            after[cell], after[cell + 1] = after[cell] - older, after[cell + 1] + older
    return after
