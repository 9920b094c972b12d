"""S13: what a household sells. Check: autumn purchases fall with price and goods, not by taste."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.engine.inputs import seasons
from perelom.model.market import marketed_share, sold_of_the_rest
from perelom.scenario import Scenario


def test_the_share_of_1926_is_one(around: Surroundings) -> None:
    np.testing.assert_allclose(
        marketed_share(jnp.ones(40), jnp.ones(40), around()), 1.0, rtol=1e-12
    )


@pytest.mark.parametrize("price", [0.5, 0.8, 1.3, 2.0])
def test_closed_form(around: Surroundings, price: float) -> None:
    """Retained over sold = a p^-sigma (Allen 2003, equation 8A-3)."""
    numbers = around().parameters
    scale, sigma = float(numbers["sale_scale"]), float(numbers["sale_elasticity"])
    sold = np.asarray(marketed_share(jnp.full(40, price), jnp.ones(40), around())) / (1 + scale)
    np.testing.assert_allclose((1 - sold) / sold, scale * price**-sigma, rtol=1e-9)


def test_withholding_can_be_switched_off(around: Surroundings) -> None:
    off = around(off=["grain_withholding"])
    np.testing.assert_allclose(marketed_share(jnp.full(40, 0.4), jnp.full(40, 0.5), off), 1.0)


@pytest.mark.parametrize("willing", [0.3, 0.8, 1.0, 1.4])
def test_a_year_of_sales_follows_the_calendar(around: Surroundings, willing: float) -> None:
    """By June mu of the surplus is offered, at most all; below 1 in the calendar's proportions."""
    left, sold = 1.0, []
    months = [*range(7, 13), *range(1, 7)]
    for month in months:
        part = float(sold_of_the_rest(jnp.asarray(willing), around(month)))
        sold.append(left * part)
        left -= sold[-1]
    np.testing.assert_allclose(sum(sold), min(willing, 1.0), rtol=0.02)
    if willing <= 1:
        calendar = [seasons()["sale"][month - 1] for month in months]
        np.testing.assert_allclose(sold, willing * np.asarray(calendar), rtol=0.02)


def test_the_two_rows_of_the_calendar_agree() -> None:
    rows = seasons()
    year = np.roll(rows["sale"], -6)
    np.testing.assert_allclose(np.roll(rows["sold_before"], -6), np.cumsum(year) - year, atol=1e-9)
    np.testing.assert_allclose(year.sum(), 1.0, rtol=1e-9)


@pytest.mark.xdist_group("expected")
def test_purchases_of_autumn_1927_fall_without_other_behaviour(
    expected_country: Country, historical: Scenario
) -> None:
    """The same peasants sell less at the price and in the shops of 1927 than at those of 1926."""
    plain = expected_country.run(until="1928-12")
    as_in_1926 = decide(historical, drop=("grain_price", "goods_supply", "retail_price"))
    before = expected_country.run(as_in_1926, until="1928-12")
    sold = [c.between("1927-10", "1927-12", "sold_to_state") for c in (plain, before)]
    assert sold[0] < 0.95 * sold[1]
