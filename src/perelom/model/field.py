"""Line 3 of the month: sowing, tending and harvest, each in its season. Systems S10, S25, S69."""

from perelom.model.branch import Moved, when
from perelom.model.context import Context, Flows, together
from perelom.model.harvest import harvest
from perelom.model.new_land import take_new_land
from perelom.model.sowing import collect_seed, set_seed_aside, sowing
from perelom.model.state_farms import state_farms
from perelom.world.state import State


def field(state: State, context: Context) -> Moved:
    """Harvest July-September, sow in September and May, set seed aside in October-November.

    New land that plans order is taken in before spring sowing.

    Kolkhozes collect missing seed from members in January-March. State farms keep books of their
    own all year.
    """
    seasons = context.seasons
    cutting = seasons["winter_grain_harvest"] + seasons["spring_grain_harvest"]
    steps = (
        (cutting, lambda s: harvest(s, context)),
        (seasons["autumn_sowing"], lambda s: sowing(s, context, winter=True)),
        (seasons["seed_reserve"], lambda s: set_seed_aside(s, context)),
        (seasons["seed_collection"], lambda s: collect_seed(s, context)),
        (
            seasons["spring_sowing"] * context.levers["land_extension"].max(),
            lambda s: take_new_land(s, context),
        ),
        (seasons["spring_sowing"], lambda s: sowing(s, context, winter=False)),
        (context.switches["state_farms"], lambda s: state_farms(s, context)),
    )
    totals: Flows = {}
    notes: Flows = {}
    for season, move in steps:
        state, flows, seen = when(season > 0, move, state)
        totals, notes = together(totals, flows), together(notes, seen)
    return state, totals, notes
