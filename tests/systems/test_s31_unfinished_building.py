"""S31, S37, S38, M57, M66: investment. Check: unfinished works pile up, then pay off."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Course, Surroundings, decide
from perelom.model.investment import investment
from perelom.scenario import Scenario
from perelom.world.state import State


def _build(state: State, around: Surroundings, months: int, **how: object) -> State:
    context = around(1, **how)  # type: ignore[arg-type]
    for _ in range(months):
        state, _, _ = investment(state, jnp.asarray(2.6e9), jnp.asarray(4e8), context)
    return state


def _unfinished(state: State) -> float:
    regions = state.regions
    return float((regions.producer_unfinished + regions.consumer_unfinished).sum())


def test_in_the_long_run_a_gestation_of_investment_is_unfinished(
    state: State, around: Surroundings
) -> None:
    context = around()
    numbers = {name: float(value) for name, value in context.parameters.items()}
    after = _build(state, around, 600, investment_ordered=2000.0)
    stretch = float(after.nation.stretch)
    wanted = 2e9 * stretch * numbers["industry_in_investment"] * numbers["gestation_years"]
    wanted /= stretch ** numbers["gestation_of_stretch"]
    np.testing.assert_allclose(_unfinished(after), wanted, rtol=0.01)


def test_orders_beyond_supplies_only_lengthen_building(state: State, around: Surroundings) -> None:
    sound, over = (
        _build(state, around, 36, investment_ordered=ordered) for ordered in (3000.0, 20000.0)
    )
    assert float(over.nation.stretch) < 0.4 < 0.9 < float(sound.nation.stretch)
    made = [float(s.nation.investment) for s in (sound, over)]
    ratio = [_unfinished(s) / m for s, m in zip((sound, over), made, strict=True)]
    assert ratio[1] > 1.3 * ratio[0]


def test_arms_take_from_building(state: State, around: Surroundings) -> None:
    context = [around(1, investment_ordered=9000.0, defence_share=share) for share in (0.0, 0.3)]
    goods, machines = jnp.asarray(2.6e9), jnp.asarray(4e8)
    uses = [investment(state, goods, machines, c)[2] for c in context]
    assert float(uses[1].investment) < 0.8 * float(uses[0].investment)
    np.testing.assert_allclose(float(uses[1].defence), 0.3 * 2.6e9)


def test_what_is_put_in_is_capital_or_unfinished_or_worn(
    state: State, around: Surroundings
) -> None:
    context = around(1, investment_ordered=5000.0)
    after, flows, _ = investment(state, jnp.asarray(2.6e9), jnp.asarray(4e8), context)
    for branch in ("producer", "consumer"):
        gained = sum(
            np.asarray(
                getattr(after.regions, f"{branch}_{part}")
                - getattr(state.regions, f"{branch}_{part}")
            ).sum()
            for part in ("capital", "unfinished")
        )
        put, worn = flows[f"invested_{branch}"], flows[f"worn_{branch}"]
        np.testing.assert_allclose(gained, float(put.sum() - worn.sum()), rtol=1e-6)


def test_without_investment_nothing_changes(state: State, around: Surroundings) -> None:
    after = _build(state, around, 1, off=["investment"])
    for name in ("producer_capital", "consumer_capital", "producer_unfinished"):
        np.testing.assert_array_equal(getattr(after.regions, name), getattr(state.regions, name))


@pytest.mark.xdist_group("expected")
def test_the_great_plan_piles_up_unfinished_works(
    expected_country: Country, historical: Scenario
) -> None:
    """Check of S31: unfinished works over investment rise, then fall; works pay off later."""
    plain = expected_country.run(until="1938-01")
    slow = expected_country.run(decide(historical, drop=("investment_ordered",)), until="1938-01")

    def unfinished(course: Course, year: int) -> float:
        return course.on(f"{year}-01", "producer_unfinished", "consumer_unfinished")

    def burden(course: Course, year: int) -> float:
        spent = ("invested_producer", "invested_consumer")
        return unfinished(course, year) / course.between(f"{year - 1}-01", f"{year - 1}-12", *spent)

    assert unfinished(plain, 1932) > 2 * unfinished(slow, 1932)
    path = [burden(plain, year) for year in range(1931, 1939)]
    assert max(path) > 1.2 * path[0]
    assert path[-1] < max(path)
    output = [c.notes["producer_output"][-1].sum() for c in (plain, slow)]
    assert output[0] > output[1]
