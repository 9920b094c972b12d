"""Line 4 of the month: feed, births, work, deaths and slaughter of animals. Systems S80, S84, S85.

Mechanisms M12 (slaughter before joining), M23 (feed and deaths), M24 (neglect in common herds).
"""

from dataclasses import replace
from typing import Any

import jax.numpy as jnp

from perelom.model.branch import Moved
from perelom.model.common_farms import common_farms
from perelom.model.context import Context, Flows, together
from perelom.model.fear import fears
from perelom.model.feed import feed_in_sight, feeding, herd_fed
from perelom.model.herd_structure import bearing, breeding_after, yearly_slaughter
from perelom.model.needs import persons_of
from perelom.model.space import at_households, at_villages, over_slots
from perelom.model.state_herds import state_herds
from perelom.world.state import SPECIES, State


def herds(state: State, context: Context) -> Moved:
    """Move every herd through one month: turnover, common farms, state farms. S84, S67."""
    state, turned_over, _ = turnover(state, context)
    state, moved, _ = common_farms(state, context)
    state, of_state, _ = state_herds(state, context)
    return state, together(turned_over, moved, of_state), {}


def turnover(state: State, context: Context) -> Moved:
    """Let animals of households and kolkhozes be born, die and be slaughtered. S84, S80.

    Own animals: born b s_m r (r: breeding females, see herd_structure), dead d0 + d1 (1 - feed
    met), ordinary slaughter o s_m / n_m (herd / (normal herd of the month x part for which feed is
    in sight))^e with n_m the herd of the month relative to 1 January, slaughter from fear lambda
    (pi - a)+ of pooling (see fear); members fear only for what a drive threatens. Kolkhoz animals:
    births and deaths worsened by neglect, which fades as the village learns to keep common herds
    (S65, S72), slaughter as ordinary less what orders forbid. Hazards compete: losses = h / (1 +
    sum h).
    """
    households, villages, numbers = state.households, state.villages, context.parameters
    switches = context.switches
    fed = feeding(state, context)
    hunger = switches["feed_deaths"]
    threat, drive, villages = fears(state, context)
    members_fear = households.member * at_households(drive, households.member)
    learnt = jnp.exp(-numbers["herd_care_learning"] * villages.experience)
    orders = at_villages(context.geography, context.levers["young_stock_kept"])
    allowed = 1 - orders * switches["young_stock_kept"]
    unlearnt = switches["common_herd_neglect"] * learnt
    persons = jnp.maximum(over_slots(persons_of(state, context)), 1.0)
    in_sight = feed_in_sight(state, persons, context)
    flows: Flows = {"fed_own": over_slots(fed.own_grain), "fed_kolkhoz": fed.kolkhoz_grain}
    changed: dict[str, Any] = {"grain": households.grain - fed.own_grain}
    kolkhoz_changed = {"kolkhoz_grain": villages.kolkhoz_grain - fed.kolkhoz_grain}
    for species in SPECIES:
        own, kolkhoz = getattr(households, species), getattr(villages, f"kolkhoz_{species}")
        own_met, kolkhoz_met = fed.met(species, context)
        born = context.seasons[f"{species}_born"] * numbers[f"{species}_birth"]
        breeding = getattr(villages, f"breeding_{species}")
        bear = bearing(species, breeding, context)
        wanted = persons * herd_fed(species, in_sight, context)
        ordinary = yearly_slaughter(species, over_slots(own) + kolkhoz, wanted, context)
        ordinary = ordinary * context.seasons[f"{species}_slaughtered"]
        death = numbers[f"{species}_death"] / 12
        starving = numbers["feed_death_sensitivity"] / 12 * hunger
        neglect = unlearnt * numbers["common_herd_neglect_deaths"] / 12

        own_death = death + starving * jnp.maximum(1 - own_met, 0.0)
        own_slaughter = at_households(ordinary, own)
        # Of the species, so much is handed over when pooling is complete.
        fear = threat * numbers[f"{species}_pooled"]
        afraid = households.outside * at_households(fear, own) + members_fear
        own_fright = numbers[f"{species}_slaughter_from_fear"] * afraid
        hazard = own_death + own_slaughter + own_fright
        part = own / (1 + hazard)
        born_own = own * own_met * at_households(bear * born, own)
        kolkhoz_death = death + neglect + starving * jnp.maximum(1 - kolkhoz_met, 0.0)
        culled = ordinary * allowed
        kolkhoz_hazard = kolkhoz_death + culled
        kolkhoz_part = kolkhoz / (1 + kolkhoz_hazard)
        fertility = 1 - unlearnt * numbers["common_herd_neglect_births"]
        born_kolkhoz = kolkhoz * bear * born * kolkhoz_met * fertility

        kolkhoz_dead, kolkhoz_slain = kolkhoz_part * kolkhoz_death, kolkhoz_part * culled
        changed[species] = own + born_own - part * hazard
        kolkhoz_changed[f"kolkhoz_{species}"] = (
            kolkhoz + born_kolkhoz - kolkhoz_dead - kolkhoz_slain
        )
        moved = {
            "born_own": over_slots(born_own),
            "died_own": over_slots(part * own_death),
            "slaughtered_own": over_slots(part) * ordinary,
            "slaughtered_from_fear": over_slots(part * own_fright),
            "born_kolkhoz": born_kolkhoz,
            "died_kolkhoz": kolkhoz_dead,
            "slaughtered_kolkhoz": kolkhoz_slain,
        }
        kolkhoz_changed[f"breeding_{species}"] = breeding_after(
            species,
            breeding,
            over_slots(own) + kolkhoz,
            born=moved["born_own"] + born_kolkhoz,
            died=moved["died_own"] + kolkhoz_dead,
            slain=moved["slaughtered_own"] + moved["slaughtered_from_fear"] + kolkhoz_slain,
            context=context,
        )
        flows |= {f"{species}_{name}": amount for name, amount in moved.items()}
    households = replace(households, **changed)
    villages = replace(villages, **kolkhoz_changed)
    return replace(state, households=households, villages=villages), flows, {}
