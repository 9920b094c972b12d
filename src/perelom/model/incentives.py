"""What makes members work: levelling, closed exit, brigades and piece rates. Systems S57, S58, S60.

Mechanisms M17 (shirking when exit is closed), M18 (brigades, piece rates), M19 (equalization).
"""

from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.space import at_villages


def paid_by_work(context: Context) -> Float[Array, " village"]:
    """Return the share of grain that goes by labour-days, the rest by eaters. S57, S60, M19.

    alpha = alpha_0 + (alpha_1 - alpha_0) piece rates.
    """
    numbers = context.parameters
    gain = numbers["pay_by_labour_days_at_piece_rates"] - numbers["pay_by_labour_days"]
    gain = gain * context.switches["piece_rates"]
    by_region = numbers["pay_by_labour_days"] + gain * context.levers["piece_rates"]
    return at_villages(context.geography, by_region)


def reward_of_work(context: Context) -> Float[Array, " village"]:
    """Return the part of pay that answers to the own work: the rest comes to idle eaters too. M19.

    alpha, as in the first-order condition of M16. Off: 1.
    """
    return 1 + context.switches["levelling"] * (paid_by_work(context) - 1)


def supervised(quality: Float[Array, " village"], context: Context) -> Float[Array, " village"]:
    """Return the quality of work under permanent brigades paid by the piece. S57, S58, M18.

    e + m b (1 - e): a part m of what is lost for want of will is seen and got back.
    """
    rates = at_villages(context.geography, context.levers["piece_rates"])
    seen = context.parameters["brigade_monitoring"] * rates * context.switches["piece_rates"]
    return quality + seen * (1 - quality)


def without_way_out(
    quality: Float[Array, " village"], context: Context
) -> Float[Array, " village"]:
    """Return the quality of work where members cannot leave. S51, S60, M17.

    e (1 - x (1 - exit permitted)): whoever can leave a farm of shirkers holds it to its word.
    """
    closed = 1 - at_villages(context.geography, context.levers["exit_permitted"])
    loss = context.parameters["shirking_without_exit"] * context.switches["closed_exit"]
    return quality * (1 - loss * closed)


def work_quality(willing: Array, context: Context) -> Array:
    """Return the quality of kolkhoz work: will, supervision, the way out. S57, S58, S60."""
    return without_way_out(supervised(willing, context), context)
