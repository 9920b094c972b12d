"""Births and ordinary slaughter of a herd: breeding females and the size wanted. System S84.

Mechanisms M2, M23. One number a village and species: breeding females as a share of the herd,
relative to a herd of 1 January in the 1920s. Households kill young stock first, so that a herd that
was cut down bears more young a head, and one that grows has many animals too young to bear.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import power, ratio
from perelom.model.space import at_villages
from perelom.world.state import SPECIES


def bearing(
    species: str, breeding: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return what the number of animals is multiplied by to get the herd that bears young. M23.

    r, breeding females relative to the usual structure; off: that of an even year, 1 / n, with n
    animals of the season relative to 1 January.
    """
    even = 1 / context.seasons[f"{species}_standing"]
    return even + context.switches["herd_structure"] * (breeding - even)


def yearly_slaughter(
    species: str,
    herd: Float[Array, " village"],
    keepers: Float[Array, " village"],
    context: Context,
) -> Float[Array, " village"]:
    """Return ordinary slaughter a year over the animals now standing. S84, M2.

    o / n_m (herd / normal herd of the month)^e, with n_m the herd of the month relative to
    1 January: a village with few animals spares them. keepers: persons, times the share of the
    normal herd for which there is feed (see feed).
    """
    numbers, standing = context.parameters, context.seasons[f"{species}_standing"]
    january = context.reference.january_herd[SPECIES.index(species)]
    normal = at_villages(context.geography, january) * keepers * standing
    crowding = jnp.minimum(ratio(herd, normal), numbers["herd_crowding_most"])
    spared = power(crowding, numbers["herd_regulation"])
    return numbers[f"{species}_slaughter"] * spared / standing


def breeding_after(
    species: str,
    breeding: Float[Array, " village"],
    herd: Float[Array, " village"],
    born: Float[Array, " village"],
    died: Float[Array, " village"],
    slain: Float[Array, " village"],
    context: Context,
) -> Float[Array, " village"]:
    """Return breeding females relative to the usual structure after a month. S84, M23.

    F = r f H; F' = F - F d / H - slain sigma F / (A - F (1 - sigma)) + g (A - F) / 12, A = H / n
    the herd without the season's young; sigma: chance of a breeding female to be slaughtered
    relative to the others. g, the pace at which young females come to bear, is the one that keeps
    up the usual structure: g (1 - f) = f (d + sigma o / (1 - f (1 - sigma))).
    """
    numbers = context.parameters
    share = numbers[f"{species}_breeding_share"].astype(herd.dtype)
    sigma = numbers["breeding_females_spared"].astype(herd.dtype)
    usual = 1 - share * (1 - sigma)
    lost = numbers[f"{species}_death"] + numbers[f"{species}_slaughter"] * sigma / usual
    pace = share * lost / (1 - share) / 12
    adult = herd / context.seasons[f"{species}_standing"]
    females = jnp.minimum(breeding * share * herd, adult)
    culled = slain * ratio(sigma * females, adult - females * (1 - sigma))
    after = females - died * ratio(females, herd) - culled + pace * (adult - females)
    return _relative(after, herd + born - died - slain, share, breeding)


def breeding_after_slaughter(
    species: str,
    breeding: Float[Array, " village"],
    herd: Float[Array, " village"],
    slain: Float[Array, " village"],
    context: Context,
) -> Float[Array, " village"]:
    """Return breeding females relative to the usual structure after slaughter alone. S84, S88.

    Who kills in hunger spares the cow that gives milk, as in ordinary slaughter; off: as they come.
    """
    numbers = context.parameters
    share = numbers[f"{species}_breeding_share"].astype(herd.dtype)
    sigma = numbers["breeding_females_spared"].astype(herd.dtype)
    adult = herd / context.seasons[f"{species}_standing"]
    females = jnp.minimum(breeding * share * herd, adult)
    culled = slain * ratio(sigma * females, adult - females * (1 - sigma))
    return _relative(females - culled, herd - slain, share, breeding)


def _relative(females: Array, herd: Array, share: Array, before: Array) -> Array:
    """Return females over those of the usual structure; as before where no herd is left."""
    relative = ratio(jnp.maximum(females, 0.0), herd * share)
    return jnp.where(herd > 0, jnp.minimum(relative, 1 / share), before)
