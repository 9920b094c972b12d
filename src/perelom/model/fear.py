"""Fear for the animals: what is slaughtered lest it be pooled. Systems S80; M12."""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.space import at_villages
from perelom.world.state import State, Villages


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


def fears(
    state: State, context: Context
) -> tuple[Float[Array, " village"], Float[Array, " village"], Villages]:
    """Return new fear of households outside and of members, and villages that remember it. M12.

    An animal is kept only while its worth, times the chance not to lose it, exceeds that of its
    meat. Whoever kept it under a threat keeps it while the threat is no greater: only pi beyond
    what was answered, a, frightens. a' = a + (rho (pi - a)+ - zeta a) / 12: people forget, and
    young animals come that nobody has decided on.
    """
    villages, numbers = state.villages, context.parameters
    frightened = context.switches["slaughter_before_joining"]
    threat = pooling_expected(state, context) * frightened
    drive = drive_expected(context) * frightened
    answer, forget = numbers["fear_answered"] / 12, numbers["fear_forgotten"] / 12

    def after(now: Array, answered: Array) -> tuple[Array, Array]:
        rise = jnp.maximum(now - answered, 0.0)
        return rise, answered + answer * rise - forget * answered

    outside, threat_after = after(threat, villages.threat_answered)
    members, drive_after = after(drive, villages.drive_answered)
    villages = replace(villages, threat_answered=threat_after, drive_answered=drive_after)
    return outside, members, villages
