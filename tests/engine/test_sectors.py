"""Output variables by sector: closed-form cases."""

from collections import defaultdict

import numpy as np

from perelom.engine.sectors import money


def cell(value: float) -> np.ndarray:
    """One month of one region."""
    return np.full((1, 1), value)


def test_a_real_wage_is_at_the_prices_of_what_towns_bought() -> None:
    """60 roubles in shops at 2, 40 on the market at 4: 40 units, so a price of 2.5."""
    stocks = defaultdict(lambda: cell(0.0), town_persons=cell(5.0))
    bought = {"goods_bought_town": cell(50.0), "bread_paid_town": cell(10.0)}
    flows = defaultdict(lambda: cell(0.0), bought | {"market_products_paid_own": cell(40.0)})
    prices = {"shop_price": cell(10.0), "free_price": cell(20.0)}
    wages = {"wages_paid": cell(100.0), "workers": cell(10.0)}
    found = money(stocks, flows, defaultdict(lambda: cell(0.0), prices | wages))
    np.testing.assert_allclose(found["real_yearly_wages"], 100 * 12 / 2.5)
    np.testing.assert_allclose(found["average_real_wage"], 48.0)
