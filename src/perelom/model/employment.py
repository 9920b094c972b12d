"""Jobs, workers and wages in towns. Systems S36, S37, S40. Mechanisms M55, M57, M58."""

from dataclasses import replace
from typing import NamedTuple

import jax.numpy as jnp
from jaxtyping import Array, Float

from perelom.model.branch import Moved
from perelom.model.context import Context
from perelom.model.smooth import excess, power, ratio, smooth_min
from perelom.model.space import at_capital
from perelom.world.state import State

ROUBLES_PER_MILLION = 1e6


class Jobs(NamedTuple):
    """Jobs that managers want to fill, persons by region."""

    producer: Float[Array, " region"]
    consumer: Float[Array, " region"]
    building: Float[Array, " region"]
    services: Float[Array, " region"]

    @property
    def all(self) -> Array:
        """Jobs of all branches."""
        return self.producer + self.consumer + self.building + self.services


def orders_behind(state: State, context: Context) -> Float[Array, ""]:
    """Return by what share orders for investment outran supplies last month. S29, M58."""
    return 1 / jnp.maximum(state.nation.stretch, context.parameters["stretch_least"]) - 1


def hands_a_site(state: State, context: Context) -> Float[Array, ""]:
    """Return builders a rouble of real work, 1 as in 1926 where supplies meet orders. S37, M58.

    (1 + o)^b (K / K0)^-m: sites are staffed for the plan, o being orders behind; and machines take
    the place of shovels as far as heavy industry, K, makes them.
    """
    numbers, switches = context.parameters, context.switches
    staffed = numbers["builders_of_orders"] * switches["wage_drift"]
    machines = numbers["builders_of_machines"] * switches["site_machines"]
    before = context.reference.regions.producer_capital.sum()
    grown = state.regions.producer_capital.sum() / before
    return power(1 + orders_behind(state, context), staffed) * power(grown, -machines)


def jobs(state: State, context: Context) -> Jobs:
    """Return the jobs of the month. S37, M57, M58.

    Industry's follow its capital and the hours that plant works, j = j0 h (K / K0)^p; builders
    follow investment and, as sites are staffed for the plan, orders, less where machines dig:
    n I (ordered / made)^b (K / K0)^-m; services, trade and transport follow both.
    Under soft budgets managers want more hands the further orders outrun supplies: jobs
    (1 + o (1 - made / ordered)).
    """
    numbers, regions, first = context.parameters, state.regions, context.reference.regions
    before = first.employed
    producer = ratio(regions.producer_capital, first.producer_capital)
    consumer = ratio(regions.consumer_capital, first.consumer_capital)
    share, hours = numbers["jobs_of_capital"], context.levers["plant_hours"]
    industry = [
        before * numbers["producer_jobs"] * power(producer, share) * hours,
        before * numbers["consumer_jobs"] * power(consumer, share) * hours,
    ]
    place = regions.producer_capital + regions.consumer_capital
    builders = numbers["builders"] / ROUBLES_PER_MILLION
    building = state.nation.investment * builders * hands_a_site(state, context)
    building = building * place / place.sum()
    building_before = numbers["investment_1926"] * numbers["builders"] * before / before.sum()
    material = numbers["producer_jobs"] + numbers["consumer_jobs"]
    made_before = before * material + building_before
    grown = (industry[0] + industry[1] + building) / made_before
    services = (before - made_before) * power(grown, numbers["services_of_jobs"])
    behind = orders_behind(state, context)
    drift = 1 + numbers["wage_fund_overrun"] * context.switches["wage_drift"] * behind
    return Jobs(industry[0] * drift, industry[1] * drift, building, services)


def held_outside(posts: Float[Array, " region"], context: Context) -> Float[Array, " region"]:
    """Return posts beyond those of 1926 that people outside towns hold, persons. S07, S37, M55.

    x (J - J0)+, x = 1 - (1 - m)(1 + w): of all new posts a share m lies outside towns, on sites, in
    mines, woods and peat, along railways, in suburbs; w is the part that they were of those of 1926
    in towns. They add to the hands of towns, and need no home there.
    """
    numbers = context.parameters
    usual = 1 + numbers["workers_outside_towns"]
    part = jnp.maximum(1 - (1 - numbers["new_posts_outside_towns"]) * usual, 0.0)
    beyond = jnp.maximum(posts - context.reference.regions.employed, 0.0)
    return part * context.switches["posts_outside_towns"] * beyond


def workforce(persons: Float[Array, "cell region"], wanted: Array, context: Context) -> Array:
    """Return the town people who work or look for work. S37, M55.

    Participation rises from that of 1926 to its upper bound as jobs outnumber them: women enter.
    """
    numbers = context.parameters
    adults = persons[2] + persons[6]
    usual = adults * numbers["town_participation"]
    reserve = adults * jnp.maximum(
        numbers["town_participation_most"] - numbers["town_participation"], 0.0
    )
    return usual + smooth_min(reserve, jnp.maximum(wanted - usual, 0.0))


def skill_after(skill: Array, before: Array, now: Array, context: Context) -> Array:
    """Return the mean skill after a month of learning and hiring. S40.

    Workers close the gap to full skill at a yearly rate; newcomers start as novices.
    """
    numbers = context.parameters
    learnt = skill + (1 - skill) / (numbers["learning_years"] * 12)
    hired = ratio(jnp.maximum(now - before, 0.0), now)
    mixed = learnt + hired * (numbers["novice_skill"] - learnt)
    return skill + context.switches["skill_dilution"] * (mixed - skill)


def living_costs(state: State, context: Context) -> Float[Array, ""]:
    """Return what town families pay for living, 1 as in 1926/27. S36, M58, M59.

    shop prices^(1 - s) x market prices^s, s the market's share in what families spent: where lists
    stand, dearth on the market alone raises it.
    """
    regions, shop = state.regions, context.levers["retail_price"][0]
    people = regions.town_persons.sum(axis=0)
    market = (regions.market_price * people).sum() / people.sum()
    share = context.parameters["market_in_living"] * context.switches["living_costs"]
    return shop * power(market / shop, share)


def wage_after(state: State, tight: Array, context: Context) -> Array:
    """Return next month's yearly wage. S29, S36, M58.

    d ln w = (a + (k tightness + o (ordered / made - 1)) r + c max(ln(p f w0 / w), 0)) / 12: what
    the plan orders (a; without an order collective agreements, g r); managers who outbid each other
    for hands and overrun their wage funds as orders for investment outrun supplies, as far as the
    bank lets them, r = (1 - control) min(1, (m - real wage) / (m - 1)), where the real wage is that
    in living costs; and wages make up for shop prices, which decrees raise, once they buy less of
    shop goods than a share f of what they bought in 1926. tight: share of jobs beyond the usual
    workforce.
    """
    numbers, wage = context.parameters, state.nation.wage
    prices = context.levers["retail_price"][0]
    behind = jnp.log(prices * numbers["wage_defended"] * numbers["wage_1926"] / wage)
    real = wage / (numbers["wage_1926"] * living_costs(state, context))
    most = numbers["real_wage_most"]
    room = jnp.clip((most - real) / (most - 1), 0.0, 1.0)
    ordered = context.levers["wage_order"][0]
    agreed = jnp.where(ordered != 0, ordered, numbers["wage_growth_usual"] * room)
    overrun = numbers["wage_overrun"] * orders_behind(state, context)
    overrun = overrun * context.switches["wage_overrun"]
    drift = (numbers["wage_rise_when_tight"] * tight + overrun) * room
    growth = agreed + drift * (1 - context.levers["wage_fund_control"][0])
    growth = growth + numbers["wage_catch_up"] * excess(behind, numbers["wage_catch_up_width"])
    return wage * jnp.exp(growth / 12 * context.switches["wage_drift"])


def employment(state: State, wanted: Jobs, context: Context) -> Moved:
    """Fill jobs with the workforce of the towns and pay wages; sell loans. S35-S37, S40, M58.

    Money also reaches towns beyond the wages that labour statistics count: pensions, stipends and
    allowances, pay of soldiers and of co-operative and other artisans, i wages.
    """
    regions, numbers = state.regions, context.parameters
    away = held_outside(wanted.all, context)
    in_towns = wanted.all - away
    hands = workforce(regions.town_persons, in_towns, context) + away
    employed = smooth_min(wanted.all, hands)
    town_people = employed - jnp.minimum(away, employed)
    vacancies = wanted.all - employed
    wages = town_people * state.nation.wage / 12
    beyond_wages = wages * numbers["incomes_beyond_wages"]
    beyond_wages = beyond_wages * context.switches["incomes_beyond_wages"]
    loans = wages * context.levers["state_loans"] * context.switches["state_loans"]
    adults = regions.town_persons[2] + regions.town_persons[6]
    usual = adults * numbers["town_participation"]
    beyond = jnp.maximum(in_towns - usual, 0.0).sum()
    wage = wage_after(state, ratio(beyond, wanted.all.sum()), context)
    # Those of the state farms of 1926 are among the workers outside towns of that year.
    farms = regions.state_farm_land - context.reference.regions.state_farm_land
    outside = employed * numbers["workers_outside_towns"] + farms * numbers["state_farm_hands"]
    outside = outside + employed - town_people
    paid_outside = outside * state.nation.wage * numbers["wage_outside_towns"] / 12
    notes = {
        "workers": town_people + outside,
        "wages_paid": wages + paid_outside,
        "unemployed": jnp.maximum(usual - town_people, 0.0),
        "vacancies": vacancies,
        "goods_found": regions.goods_found * context.reference.rural_persons.sum(axis=0),
        "nominal_wage": at_capital(context.geography, state.nation.wage),
    }
    regions = replace(
        regions,
        skill=skill_after(regions.skill, regions.employed, employed, context),
        employed=employed,
        vacancies=vacancies,
        town_cash=regions.town_cash + wages + beyond_wages - loans,
    )
    state = replace(state, regions=regions, nation=replace(state.nation, wage=wage))
    flows = {"wages_town": wages, "incomes_beyond_wages": beyond_wages, "loans_town": loans}
    return state, flows, notes
