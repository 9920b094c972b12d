"""S37, S38, S40: industry. Check: output of capital, hands, skill and farm materials."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest

from country import Surroundings
from perelom.model.employment import employment, hands_a_site, jobs, skill_after, workforce
from perelom.model.production import Output, production
from perelom.world.state import State


def _make(state: State, around: Surroundings, **how: object) -> Output:
    context = around(12, year=1926, **how)  # type: ignore[arg-type]
    wanted = jobs(state, context)
    state, _, _ = employment(state, wanted, context)
    return production(state, wanted, context)


def _with(state: State, factor: float, *columns: str) -> State:
    regions = state.regions
    return replace(
        state, regions=replace(regions, **{c: factor * getattr(regions, c) for c in columns})
    )


def test_output_of_1926_is_that_of_the_table(state: State, around: Surroundings) -> None:
    numbers = around().parameters
    made = _make(state, around)
    for output, name in ((made.producer, "producer_output"), (made.consumer, "consumer_output")):
        np.testing.assert_allclose(float(output.sum()), 1e6 * float(numbers[name]), rtol=0.06)


def test_more_capital_makes_more_and_wants_more_hands(state: State, around: Surroundings) -> None:
    numbers = {name: float(value) for name, value in around().parameters.items()}
    more = _with(state, 1.2, "producer_capital")
    output = [float(_make(s, around).producer.sum()) for s in (state, more)]
    share = numbers["capital_share"]
    wanted = 1.2 ** (share + (1 - share) * numbers["jobs_of_capital"])
    np.testing.assert_allclose(output[1] / output[0], wanted, rtol=0.03)
    context = around()
    assert float(jobs(more, context).all.sum()) > float(jobs(state, context).all.sum())


def test_machines_take_the_place_of_builders(state: State, around: Surroundings) -> None:
    """n = (1 + orders behind)^b (K / K0)^-m, K the capital of heavy industry."""
    full = replace(state, nation=replace(state.nation, stretch=jnp.asarray(1.0)))
    context = around()
    np.testing.assert_allclose(float(hands_a_site(full, context)), 1.0, rtol=1e-6)
    equipped = _with(full, 8.0, "producer_capital")
    exponent = float(context.parameters["builders_of_machines"])
    np.testing.assert_allclose(float(hands_a_site(equipped, context)), 8**-exponent, rtol=1e-5)
    ratio = float(jobs(equipped, context).building.sum() / jobs(full, context).building.sum())
    np.testing.assert_allclose(ratio, 8**-exponent, rtol=1e-4)
    off = around(off=["site_machines"])
    np.testing.assert_allclose(float(hands_a_site(equipped, off)), 1.0, rtol=1e-6)


def test_without_hands_capital_stands_idle(state: State, around: Surroundings) -> None:
    crowded = _with(state, 8.0, "producer_capital", "consumer_capital")
    context = around()
    wanted = jobs(crowded, context)
    after, _, seen = employment(crowded, wanted, context)
    persons = crowded.regions.town_persons
    adults = np.asarray(persons[2] + persons[6])
    assert (np.asarray(after.regions.employed) <= adults).all()
    assert float(seen["vacancies"].sum()) > 0.2 * float(wanted.all.sum())
    more_people = replace(crowded, regions=replace(crowded.regions, town_persons=1.5 * persons))
    outputs = [float(_make(s, around).producer.sum()) for s in (crowded, more_people)]
    assert outputs[1] > 1.15 * outputs[0]


def test_participation_rises_with_jobs_to_its_bound(state: State, around: Surroundings) -> None:
    context = around()
    numbers = {name: float(value) for name, value in context.parameters.items()}
    persons = state.regions.town_persons
    adults = np.asarray(persons[2] + persons[6])
    few, many = (np.asarray(workforce(persons, jobs, context)) / adults
                 for jobs in (jnp.zeros(40), jnp.full(40, 1e9)))  # fmt: skip
    np.testing.assert_allclose(few, numbers["town_participation"], rtol=1e-5)
    np.testing.assert_allclose(many, numbers["town_participation_most"], rtol=0.01)


def test_new_workers_lower_skill_and_learn(around: Surroundings) -> None:
    context, ones = around(), jnp.ones(3)
    novice = float(context.parameters["novice_skill"])
    diluted = skill_after(ones, 100 * ones, 150 * ones, context)
    np.testing.assert_allclose(diluted, (100 + 50 * novice) / 150, rtol=1e-5)
    later = diluted
    for _ in range(240):
        later = skill_after(later, 150 * ones, 150 * ones, context)
    np.testing.assert_allclose(later, 1.0, rtol=0.01)
    off = skill_after(ones, 100 * ones, 150 * ones, around(off=["skill_dilution"]))
    np.testing.assert_array_equal(off, ones)


@pytest.mark.parametrize("left", [0.5, 0.2])
def test_light_industry_starves_without_herds(
    state: State, around: Surroundings, left: float
) -> None:
    households = state.households
    herds = ("horses", "cattle", "sheep_goats", "pigs")
    poor = replace(
        state,
        households=replace(households, **{h: left * getattr(households, h) for h in herds}),
    )
    rich = _with(state, 1.3, "consumer_capital")
    poor = _with(poor, 1.3, "consumer_capital")
    outputs = [_make(s, around) for s in (rich, poor)]
    assert float(outputs[1].consumer.sum()) < 0.93 * float(outputs[0].consumer.sum())
    np.testing.assert_array_equal(outputs[1].producer, outputs[0].producer)
    off = [_make(s, around, off=["raw_materials"]) for s in (rich, poor)]
    np.testing.assert_array_equal(off[0].consumer, off[1].consumer)


def test_longer_hours_of_plant_make_more_and_want_more_hands(
    state: State, around: Surroundings
) -> None:
    output = [float(_make(state, around, plant_hours=h).producer.sum()) for h in (1.0, 1.1)]
    np.testing.assert_allclose(output[1] / output[0], 1.1, rtol=0.03)
    wanted = [float(jobs(state, around(plant_hours=h)).producer.sum()) for h in (1.0, 1.1)]
    np.testing.assert_allclose(wanted[1] / wanted[0], 1.1, rtol=1e-5)
