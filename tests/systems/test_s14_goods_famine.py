"""S14: goods for the village. Check: goods elasticity of sales."""

import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.market import marketed_share
from perelom.scenario import Scenario


def test_empty_shops_work_like_a_lower_price(around: Surroundings) -> None:
    context = around()
    for goods in (0.2, 0.6, 1.2):
        shop = marketed_share(jnp.ones(40), jnp.full(40, goods), context)
        price = marketed_share(jnp.full(40, goods), jnp.ones(40), context)
        np.testing.assert_allclose(shop, price, rtol=1e-12)


def test_elasticity_of_sales_lies_between_zero_and_that_of_the_ratio(around: Surroundings) -> None:
    context, step = around(), 1e-4
    shares = [
        np.log(np.asarray(marketed_share(jnp.ones(40), jnp.full(40, goods), context)))
        for goods in (1 - step, 1 + step)
    ]
    elasticity = (shares[1] - shares[0]) / (2 * step)
    scale = float(context.parameters["sale_scale"])
    wanted = float(context.parameters["sale_elasticity"]) * scale / (1 + scale)
    np.testing.assert_allclose(elasticity, wanted, rtol=1e-5)


def test_goods_can_be_switched_off(around: Surroundings) -> None:
    off = around(off=["goods_famine"])
    empty = marketed_share(jnp.full(40, 0.8), jnp.full(40, 0.1), off)
    full = marketed_share(jnp.full(40, 0.8), jnp.ones(40), off)
    np.testing.assert_array_equal(empty, full)


@pytest.mark.xdist_group("expected")
def test_a_goods_campaign_brings_grain(expected_country: Country, historical: Scenario) -> None:
    full = decide(historical, ("1927-09", "goods_supply", 1.2))
    plain = expected_country.run(until="1928-12").between("1927-09", "1928-06", "sold_to_state")
    more = expected_country.run(full, until="1928-12").between(
        "1927-09", "1928-06", "sold_to_state"
    )
    assert more > plain
