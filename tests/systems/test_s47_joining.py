"""S47: the decision to join. Check: the motives, one by one, and their shares."""

from dataclasses import replace

import jax.numpy as jnp
import numpy as np
import pytest
from scipy.special import logit

from country import Country, Surroundings
from perelom.model.campaign import joining_hazard
from perelom.world.state import State


@pytest.fixture
def plain(state: State) -> State:
    """Households alike, without animals, outside, in villages without pressure or pay."""
    zeros, none = jnp.zeros_like(state.households.grain), jnp.zeros(40)
    return replace(
        state,
        households=replace(
            state.households, member=zeros, disposition=zeros, horses=zeros, cattle=zeros
        ),
        villages=replace(state.villages, pressure=none, expected_take=none, expected_pay=none),
    )


def _chance(
    state: State, around: Surroundings, off: tuple[str, ...] = (), **levers: float
) -> float:
    return float(np.asarray(joining_hazard(state, around(1, off=off, **levers)))[0, 0])


def test_who_signs_this_month_is_an_example(plain: State, around: Surroundings) -> None:
    """Closed form in a village without members: half of the month's signatures count."""
    pressed = replace(plain, villages=replace(plain.villages, pressure=jnp.full(40, 0.8)))
    alone = _chance(pressed, around, ("peers",))
    found = logit(_chance(pressed, around)) - logit(alone)
    example = float(around().parameters["joining_peers"])
    np.testing.assert_allclose(found, example * alone / 2, rtol=1e-6)


def test_chances_without_and_under_full_pressure(plain: State, around: Surroundings) -> None:
    numbers = around().parameters
    wanted = float(numbers["joining_without_pressure"])
    np.testing.assert_allclose(_chance(plain, around, ("peers",)), wanted, rtol=1e-9)
    pressed = replace(plain, villages=replace(plain.villages, pressure=jnp.ones(40)))
    wanted = float(numbers["joining_under_full_pressure"])
    np.testing.assert_allclose(_chance(pressed, around, ("peers",)), wanted, rtol=1e-9)


@pytest.mark.parametrize(
    ("column", "size", "parameter", "scale"),
    [
        ("expected_take", 0.4, "joining_take", 1.0),
        ("expected_pay", 0.002, "joining_pay", "own_day_grain"),
    ],
)
def test_motives_add_to_the_log_odds(
    plain: State, around: Surroundings, column: str, size: float, parameter: str, scale: object
) -> None:
    numbers = around().parameters
    moved = replace(plain, villages=replace(plain.villages, **{column: jnp.full(40, size)}))
    unit = float(numbers[scale]) if isinstance(scale, str) else 1.0
    wanted = float(numbers[parameter]) * size / unit
    alone = ("peers",)
    found = logit(_chance(moved, around, alone)) - logit(_chance(plain, around, alone))
    np.testing.assert_allclose(found, wanted, rtol=1e-6)


def test_tax_and_neighbours_draw_in_and_animals_hold_back(
    plain: State, around: Surroundings
) -> None:
    base = _chance(plain, around)
    assert _chance(plain, around, tax_on_individuals=1.0) > base
    half = replace(
        plain, households=replace(plain.households, member=0.5 * plain.households.present)
    )
    assert _chance(half, around) > base
    rich = replace(plain, households=replace(plain.households, horses=plain.households.present * 2))
    numbers = around().parameters
    found = logit(_chance(rich, around)) - logit(base)  # example is of the village, not its own
    np.testing.assert_allclose(found, -2 * float(numbers["joining_own_animals"]), rtol=1e-6)


@pytest.mark.xdist_group("expected")
def test_pressure_is_the_first_motive_of_the_storm(expected_country: Country) -> None:
    """Each motive taken away lowers the share of March 1930; pressure lowers it most."""
    plain = expected_country.run(until="1930-12").collectivized("1930-03")
    without = {
        motive: expected_country.run(off=[motive], until="1930-12").collectivized("1930-03")
        for motive in ("campaign_pressure", "peers", "grain_take_joining")
    }
    assert all(share < plain for share in without.values()), without
    assert min(without, key=lambda motive: without[motive]) == "campaign_pressure"
    assert without["campaign_pressure"] < 0.5 * plain
