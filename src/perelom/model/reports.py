"""Line 13 of the month: what is reported upward and what the centre makes of it.

Systems S46, S90, S91, S97. Mechanisms M8 (paper collective farms), M34 (over-reporting), M43 (bad
news on its way up), M41 (relief from what is believed).
"""

from dataclasses import replace

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved, when
from perelom.model.context import Context
from perelom.model.needs import persons_of
from perelom.model.officials import officials
from perelom.model.plans import believed_surplus, open_the_year
from perelom.model.race import collectivized_share
from perelom.model.smooth import power, ratio
from perelom.model.space import over_slots, to_regions
from perelom.world.state import Regions, State


def career_bias(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return by how much officials under pressure overstate the harvest. S91, M34.

    b = b1 T (1 - honesty)(1 - checks), T = plan / (plan + believed surplus): who is asked for more
    than is there shows a harvest that would allow it.
    """
    levers = context.levers
    tension = ratio(regions.plan, regions.plan + believed_surplus(regions, context))
    free = (1 - levers["honest_reports"]) * (1 - levers["report_checks"])
    bias = context.parameters["harvest_report_career"] * context.switches["report_bias"]
    return bias * tension * free


def paper_share(state: State, context: Context) -> Float[Array, " region"]:
    """Return the share of households outside that are members on paper. S46, S91, M8.

    p' = p + written (s - p)+ - struck off (p - s)+, s = P (1 - honesty) T (T - k)+ / (1 - k): who
    presses hard for a share T and has k shows a part P T of the difference on paper. A drive writes
    farms down within weeks. Struck off in a month: 1 - (1 - usual)(1 - checks)(1 - blame), for
    lists that brought praise are a danger where zeal is blamed.
    """
    regions, numbers, levers = state.regions, context.parameters, context.levers
    share = collectivized_share(state, context)
    missing = ratio(jnp.maximum(regions.tempo - share, 0.0), 1 - share)
    sought = numbers["paper_kolkhozes"] * context.switches["paper_kolkhozes"]
    sought = sought * (1 - levers["honest_reports"]) * regions.tempo * missing
    blame = levers["blame_for_excesses"] * context.switches["sanctions_on_officials"]
    kept = (1 - numbers["paper_struck_off"]) * (1 - levers["report_checks"]) * (1 - blame)
    written = numbers["paper_written"] * jnp.maximum(sought - regions.paper_share, 0.0)
    struck = (1 - kept) * jnp.maximum(regions.paper_share - sought, 0.0)
    slow = regions.paper_share + written - struck
    return sought + context.switches["paper_inertia"] * (slow - sought)


def weight_lost(state: State, context: Context) -> Float[Array, " region"]:
    """Return the mean share of body weight that villagers have lost. S88, S91."""
    persons, reserve = persons_of(state, context), state.households.body_reserve
    lost = over_slots(persons * jnp.maximum(-reserve, 0.0))
    kilograms = to_regions(context.geography, lost)
    people = to_regions(context.geography, over_slots(persons))
    return ratio(kilograms, people * context.parameters["normal_body_weight"])


def news_passed(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the part of bad news that reaches the centre through all tiers. S91, S97, M43.

    [p + (1 - p) honesty]^tiers with p = p0 (1 - w removed): each tier passes a part on, less where
    colleagues have been removed.
    """
    numbers = context.parameters
    fear = jnp.minimum(regions.officials_removed, 1.0)
    tier = numbers["bad_news_passed"] * (1 - numbers["bad_news_held_by_fear"] * fear)
    tier = tier + (1 - tier) * context.levers["honest_reports"]
    chain = power(tier, numbers["tiers_of_report"])
    return 1 + context.switches["bad_news_filter"] * (chain - 1)


def believed_hunger(state: State, context: Context) -> Float[Array, " region"]:
    """Return the hunger that the centre believes in, as a mean share of weight lost. S91, M43.

    B' = B + kappa (passed x weight lost - B); without the filter news arrives whole and at once.
    """
    regions, filtered = state.regions, context.switches["bad_news_filter"]
    reported = news_passed(regions, context) * weight_lost(state, context)
    pace = 1 + filtered * (context.parameters["belief_of_hunger_update"] - 1)
    return regions.believed_hunger + pace * (reported - regions.believed_hunger)


def relief_by_belief(regions: Regions, context: Context) -> Float[Array, " region"]:
    """Return the relief that the doctrine grants each region in a month, t. S90, M41.

    lever `relief_rule` x ration x villagers of 1926 x B^2 / (B^2 + h^2): B is the hunger believed,
    h that at which half of the people are thought to need help.
    """
    numbers = context.parameters
    believed = regions.believed_hunger * regions.believed_hunger
    half = numbers["hunger_of_half_in_need"]
    persons = context.reference.rural_persons.sum(axis=0)
    need = persons * numbers["relief_ration"] * believed / (believed + half * half)
    return need * context.levers["relief_rule"]


def reports(state: State, context: Context) -> Moved:
    """Report members and hunger upward, judge officials; in June close the year. S26, S91, S97."""
    regions = replace(
        state.regions,
        paper_share=paper_share(state, context),
        believed_hunger=believed_hunger(state, context),
    )
    notes = {
        "paper_share": regions.paper_share,
        "weight_lost": weight_lost(state, context),
        "believed_hunger": regions.believed_hunger,
    }
    state, _, seen = officials(replace(state, regions=regions), context)
    closing = context.seasons["agricultural_year_closes"] > 0
    state, _, _ = when(closing, lambda s: (open_the_year(s, context), {}, {}), state)
    return state, {}, notes | seen
