"""Officials' side of line 7: orders, race between regions, pressure. Systems S45, S46, S49, S51.

Mechanism M8. Officials are pushed up by orders, by the reports and pledges of other regions, and by
what happens to those who lag; they come down as fast as somebody calls them back.
"""

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.context import Context
from perelom.model.rural_posts import peasants
from perelom.model.smooth import power, ratio
from perelom.model.space import at_villages, of_nation, over_slots, to_regions
from perelom.world.state import State


def collectivized_share(state: State, context: Context) -> Float[Array, " region"]:
    """Return kolkhoz households over all households, by region."""
    households = state.households
    members = to_regions(context.geography, over_slots(households.present * households.member))
    return ratio(members, to_regions(context.geography, over_slots(peasants(households))))


def reported_share(state: State, context: Context) -> Float[Array, " region"]:
    """Return kolkhoz households over all as officials report them. S46, S91, M8.

    true + (1 - true) x share of households outside that are members on paper.
    """
    share = collectivized_share(state, context)
    return share + (1 - share) * state.regions.paper_share


def driven_on(pace: Array, context: Context) -> Array:
    """Return the pace at which officials come up to what is asked, a month. S45, S99, M8.

    pace + (1 - pace) sanctions: where laggards are punished nobody waits.
    """
    on = context.switches["sanctions_on_officials"]
    return pace + (1 - pace) * context.levers["sanctions_on_officials"] * on


def called_back(pace: Array, context: Context) -> Array:
    """Return the pace at which officials come down to what is asked, a month. S51, S102, M8.

    h + (1 - h) blame with h = pace (1 - sanctions): where laggards are punished nobody is called
    back for zeal, where zeal is blamed it ends within weeks.
    """
    levers, on = context.levers, context.switches["sanctions_on_officials"]
    held = pace * (1 - levers["sanctions_on_officials"] * on)
    return held + (1 - held) * levers["blame_for_excesses"] * on


def of_leaders(values: Array, households: Array, order: Array) -> Array:
    """Return the value of the leading regions: sum w x^(n+1) / sum w x^n, w households. S46, M8.

    Near the greatest where n is large, smooth, and little moved by a region of few households.
    """
    weight = households * power(values, order)
    return ratio(of_nation(weight * values), of_nation(weight))


def asked(state: State, households: Array, context: Context) -> Float[Array, " region"]:
    """Return the tempo that officials take for what is asked of them. S45, S46, M8.

    O + min(rho sanctions, 1)(leading tempo - O)+, O what is ordered. Where laggards are punished no
    region dares to promise later dates than the others, whatever the centre set for it.
    """
    numbers, levers, switches = context.parameters, context.levers, context.switches
    ordered, tempo = levers["collectivization_pressure"], state.regions.tempo
    leading = of_leaders(tempo, households, numbers["race_looks_at_leaders"])
    dread = levers["sanctions_on_officials"] * switches["sanctions_on_officials"]
    dread = jnp.minimum(numbers["race_in_pledges"] * dread, 1.0)
    pledged = dread * jnp.maximum(leading - ordered, 0.0)
    return ordered + switches["race_between_regions"] * pledged


def tempo(state: State, context: Context) -> Float[Array, " region"]:
    """Return the pressure that officials of each region apply, 0 to 1. S46, M8.

    T' = T + u (1 - v moderation)(A - T)+ - c (T - A)+ + phi ordered (leading - own share)+.
    Officials move towards what is asked (A), less fast while the leadership speaks with two voices;
    they copy the regions that are ahead in the reports while a campaign is ordered; u and c are the
    paces at which they are driven on and called back.
    """
    numbers, now = context.parameters, state.regions.tempo
    households = to_regions(context.geography, over_slots(peasants(state.households)))
    share = reported_share(state, context)
    leading = of_leaders(share, households, numbers["race_looks_at_leaders"])
    race = numbers["race_between_regions"] * context.switches["race_between_regions"]
    race = race * context.levers["collectivization_pressure"] * jnp.maximum(leading - share, 0.0)
    doubt = numbers["voices_slow_orders"] * context.switches["faction_voice"]
    change = asked(state, households, context) - now
    response = numbers["tempo_response"]
    up = (
        driven_on(response, context)
        * (1 - doubt * state.nation.moderation)
        * jnp.maximum(change, 0.0)
    )
    down = called_back(response, context) * jnp.maximum(-change, 0.0)
    return jnp.clip(now + up - down + race, 0.0, 1.0)


def pressure_felt(state: State, context: Context) -> Float[Array, " village"]:
    """Return the pressure that villages feel after this month. S49, S51, M8.

    p' = p + u (felt - p)+ - d (p - felt)+, felt = tempo (1 - conceded), u the pace at which
    officials are driven on, d = r + (1 - r) blame: where the centre blames zeal, newspapers tell
    the village what its officials may not do.
    """
    geography, villages = context.geography, state.villages
    pace = context.parameters["pressure_response"]
    blame = context.levers["blame_for_excesses"] * context.switches["sanctions_on_officials"]
    rise = at_villages(geography, driven_on(pace, context))
    fall = at_villages(geography, pace + (1 - pace) * blame)
    felt = at_villages(geography, state.regions.tempo) * (1 - villages.conceded)
    change = felt - villages.pressure
    return villages.pressure + rise * jnp.maximum(change, 0.0) - fall * jnp.maximum(-change, 0.0)
