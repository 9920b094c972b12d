"""S41: grain exports. Check: quantity as ordered while stores last, and what it costs at home.

The value of exports, currency and debt are those of S42.
"""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from country import Country, Surroundings, decide
from perelom.model.context import Context
from perelom.model.exports import grain_order, other_exports
from perelom.model.flows import FLOWS
from perelom.model.production import Output
from perelom.scenario import Scenario
from perelom.scenario.tables import lever_table
from perelom.world.calendar import month_index
from perelom.world.state import State


@pytest.mark.xdist_group("expected")
def test_never_more_than_ordered(expected_country: Country, historical: Scenario) -> None:
    """What is shipped in an agricultural year keeps within the largest order given in it."""
    course = expected_country.run(off=["export_push"], until="1933-06")
    ordered = lever_table(historical)["grain_exports_plan"][:, 0] * 1e6
    for year in range(1927, 1933):
        months = slice(month_index(f"{year}-07"), month_index(f"{year + 1}-06") + 1)
        shipped = course.flow("exported").sum(axis=1)[months].sum()
        assert 0 < shipped <= ordered[months].max() * (1 + 1e-9)
    assert float(course.state.nation.grain_shipped) == 0


def _order(state: State, context: Context, spare: float = 1e9) -> float:
    return float(grain_order(state, jnp.asarray(spare), context))


def test_a_cut_of_the_order_counts_what_has_been_shipped(
    state: State, around: Surroundings
) -> None:
    sent = replace(state, nation=replace(state.nation, grain_shipped=jnp.asarray(1.2e6)))
    full = replace(state, regions=replace(state.regions, granary=jnp.full(40, 1e6)))
    assert _order(sent, around(11, grain_exports_plan=1.2)) == 0
    assert _order(sent, around(11, grain_exports_plan=2.0)) > 0
    last = replace(full, nation=sent.nation)
    np.testing.assert_allclose(_order(last, around(6, grain_exports_plan=2.0)), 8e5, rtol=0.02)


def test_exports_come_from_stores_near_ports(state: State, around: Surroundings) -> None:
    context = around(9, grain_exports_plan=5.0)
    access = np.asarray(context.geography.port_access)
    assert access.min() >= 0
    assert access.max() <= 1
    stores = state.regions.granary.sum() * jax.nn.one_hot(jnp.asarray([access.argmin()]), 40)[0]
    inland = replace(state, regions=replace(state.regions, granary=stores))
    assert _order(inland, context) < 0.2 * _order(state, context)
    free = around(9, grain_exports_plan=5.0, off=["port_hinterland"])
    np.testing.assert_allclose(_order(inland, free), _order(state, free), rtol=1e-9)


def test_ports_load_only_so_much_in_a_month(state: State, around: Surroundings) -> None:
    full = replace(state, regions=replace(state.regions, granary=jnp.full(40, 2e6)))
    most = 1e6 * float(around().parameters["port_capacity"])
    drive = _order(full, around(10, grain_exports_plan=12.0))
    assert 0.9 * most < drive <= most
    free = _order(full, around(10, grain_exports_plan=12.0, off=["port_hinterland"]))
    assert free > 2 * most


def test_exports_wait_for_surplus_and_need_where_ordered(
    state: State, around: Surroundings
) -> None:
    calm = replace(state, nation=replace(state.nation, export_need=jnp.asarray(0.5)))
    plain = around(9, grain_exports_plan=2.0)
    bound = around(9, grain_exports_plan=2.0, exports_by_need=1.0, exports_from_surplus=1.0)
    assert _order(calm, bound) < _order(calm, plain)
    assert _order(state, bound, spare=0.0) == 0
    assert _order(state, plain, spare=0.0) > 0


def test_other_goods_are_what_is_made_and_taken_from_shops(
    state: State, around: Surroundings
) -> None:
    made = Output(jnp.full(40, 5e9 / 40), jnp.full(40, 11e9 / 40), jnp.ones(()))
    low, high = (other_exports(state, made, around(5, other_exports=x)) for x in (300.0, 1500.0))
    assert float(low.squeezed) < 0.05 * float(low.amount)
    assert float(high.squeezed) > 0.2 * float(high.amount)
    assert float(high.amount) < 1500e6 / 12
    more = made._replace(producer=2 * made.producer)
    assert float(other_exports(state, more, around(5, other_exports=1500.0)).amount) > float(
        high.amount
    )
    alarm = replace(state, nation=replace(state.nation, currency_gap=jnp.asarray(0.5)))
    crisis = other_exports(alarm, made, around(5, other_exports=1500.0))
    assert float(crisis.squeezed) > float(high.squeezed)
    calm = other_exports(alarm, made, around(5, other_exports=1500.0, off=["export_squeeze"]))
    assert float(calm.squeezed) == 0
    free = other_exports(state, made, around(5, other_exports=1500.0, off=["export_supply"]))
    np.testing.assert_allclose(float(free.amount), 1500e6 / 12, rtol=1e-6)


@pytest.mark.xdist_group("expected")
def test_quantity_rises_in_1930_and_1931(expected_country: Country) -> None:
    course = expected_country.run(until="1933-06")
    before = course.between("1928-07", "1929-06", "exported")
    drive = course.between("1930-07", "1931-06", "exported")
    assert drive > 5 * before


@pytest.mark.xdist_group("expected")
def test_without_exports_more_grain_stays_and_fewer_die_where_bread_is_sold(
    expected_country: Country, historical: Scenario
) -> None:
    """What is not exported saves lives only where those who lack bread may buy it."""
    open_shops = decide(historical, drop=("free_bread_sale",))
    plain = expected_country.run(open_shops, until="1933-06")
    closed = expected_country.run(open_shops, off=["grain_exports"], until="1933-06")
    assert "exported" in FLOWS
    assert closed.between("1926-12", "1933-06", "exported") == 0
    assert closed.on("1932-07", "granary") > plain.on("1932-07", "granary")
    dead = [c.between("1930-07", "1933-06", "deaths_rural", "deaths_town") for c in (plain, closed)]
    assert dead[1] < dead[0]


@pytest.mark.xdist_group("expected")
def test_priority_matters_only_when_stores_are_short(
    expected_country: Country, historical: Scenario
) -> None:
    last = decide(historical, ("1930-01", "export_priority", 0.1), drop=("export_priority",))
    plain = expected_country.run(until="1933-06").between("1931-07", "1933-06", "exported")
    low = expected_country.run(last, until="1933-06").between("1931-07", "1933-06", "exported")
    assert low <= plain
