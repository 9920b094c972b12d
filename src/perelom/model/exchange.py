"""Exchange of grain inside a village: hire, rent, debts and sale between neighbours. S04, S12."""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.smooth import ratio, smooth_min
from perelom.model.space import at_households, over_slots


def exchange(
    asked: Float[Array, "village slot"], spare: Float[Array, "village slot"], context: Context
) -> tuple[Array, Array]:
    """Return what households get from neighbours and what each of these gives, t. S04, S12, M47.

    A village trades the smaller of what is asked and what can be spared; buyers share it by need
    and sellers by what they can spare.
    """
    wanted, offered = over_slots(asked), over_slots(spare)
    traded = smooth_min(wanted, offered) * context.switches["village_exchange"]
    got = asked * at_households(ratio(traded, wanted), asked)
    # Sellers give what buyers get, summed in the same precision, so that nothing is lost.
    given = spare * at_households(ratio(over_slots(got), offered), spare)
    return got, jnp.minimum(given, spare)
