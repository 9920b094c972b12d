"""Line 13 of the month, its local officials: leniency, punishment, turnover. Systems S97-S102.

Mechanisms M44 (punish or assist), M36 (what reaches villages of an order). Officials with ties to
their villages withhold a part of what is ordered; who lags behind is punished for leniency.
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.plans import arrears
from perelom.model.race import reported_share
from perelom.world.state import Regions, State


def force_passed_on(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the part of ordered force that officials pass on to villages. S97, S100, M36, M44.

    phi + (1 - phi)(1 - leniency): phi with the officials of 1926, all of it where none is lenient.
    """
    first = context.parameters["force_reaching_villages"]
    return first + (1 - first) * (1 - regions.leniency)


def lag_behind(state: State, context: Context) -> Float[Array, " region"]:
    """Return how far a region's officials lag behind what is asked of them, 0 to 1. S97, S99.

    Arrears of the grain plan + ordered pressure x (leading reported share - own reported share) of
    kolkhoz members: what the centre sees of leniency is what is missing.
    """
    share = reported_share(state, context)
    ordered = context.levers["collectivization_pressure"]
    return jnp.minimum(arrears(state.regions, context) + ordered * (share.max() - share), 1.0)


def officials(state: State, context: Context) -> Moved:
    """Remove officials who lag, or who did too much; let the others learn. S99, S100, S102, M44.

    Share of raion chiefs removed in the month: strike (sanctions x lag + blame x overshoot), where
    overshoot = pressure applied beyond what is ordered now. Leniency:
    l' = l + (1 - l)(recovery + fright blamed) - l fright struck. Removals of the last year:
    r' = r (1 - 1/12) + those of the month.
    """
    regions, numbers, levers = state.regions, context.parameters, context.levers
    switch = context.switches["sanctions_on_officials"]
    strike, fright = numbers["removals_of_laggards"] * switch, numbers["fright_of_removals"]
    struck = strike * levers["sanctions_on_officials"] * lag_behind(state, context)
    overshoot = jnp.maximum(regions.tempo - levers["collectivization_pressure"], 0.0)
    blamed = strike * levers["blame_for_excesses"] * overshoot
    lost = jnp.minimum(fright * struck, 1.0) * regions.leniency
    gained = jnp.minimum(numbers["leniency_recovery"] + fright * blamed, 1.0)
    leniency = regions.leniency - lost + gained * (1 - regions.leniency)
    leniency = 1 + context.switches["official_leniency"] * (leniency - 1)
    removed = regions.officials_removed * (1 - 1 / 12) + struck + blamed
    regions = replace(regions, leniency=leniency, officials_removed=removed)
    notes = {"leniency": leniency, "officials_removed": removed}
    return replace(state, regions=regions), {}, notes


def experience_left(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the quality of direction left after the last year's removals. S99, S108, M44.

    1 - loss x share removed (at most all): new chiefs do not know their raion.
    """
    removed = jnp.minimum(regions.officials_removed, 1.0)
    return 1 - context.parameters["experience_lost_with_chiefs"] * removed
