"""Gradients through a whole run against central differences, in double precision.

December 1926 to December 1940 at 40 villages. Parameters whose gradient is exactly zero are listed
with the reason.
"""

from collections.abc import Callable
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jaxtyping import Array

from country import COLLECTED, Country
from perelom.engine.compiled import differentiable_run
from perelom.engine.inputs import DriverTable
from perelom.model.flows import FLOWS
from perelom.model.ledger import STOCKS
from perelom.scenario import Scenario
from perelom.world.calendar import month_index

pytestmark = pytest.mark.xdist_group("gradients")

MONTHS = month_index("1940-12") + 1
OUTCOMES = (
    "harvest of 1938",
    "procurement of 1930/31",
    "horses in December 1940",
    "deaths of 1932",
    "kolkhoz households in July 1931",
)
PARAMETERS = (
    "weather_yield_deviation",
    "drought_yield_loss",
    "hectares_per_horse_day",
    "seed_rate",
    "yield_loss_per_day",
    "yield_level",
    "horses_feed",
    "horses_birth",
    "cattle_slaughter_from_fear",
    "grain_fed_at_most",
    "private_trade_share",
    "belief_update",
    "grain_hidden",
    "joining_under_full_pressure",
    "leaving_when_free",
    "effort_least",
    "energy_need_working_age",
    "hunger_death_slope",
    "death_rate_male_working_age",
    "fertility",
)
_NO_RULE = "history is decided by date: the rules that answer crisis and belief are off"
ZEROS = {
    **dict.fromkeys(
        (
            "charges_on_wages",
            "indirect_tax_1926",
            "budget_surplus",
            "industry_profit",
            "investment_from_budget",
            "labour_in_cost",
            "other_receipts",
            "cost_spread",
            "producer_goods_tax",
            "spirits_tax_1926",
            "trade_margin",
            "transport_receipts_1926",
            "wages_from_budget",
        ),
        "lines of the printed budget, which no money follows",
    ),
    "treasury_months": "money in the treasury's tills buys nothing",
    "withdrawal_pace": "money in the treasury's tills buys nothing",
    "goods_found_least": "a bound that no region reaches",
    "stretch_least": "a bound that orders do not reach",
    "terror_in_quiet_times": "acts of terror are counted and have no effect",
    "terror_at_full_heat": "acts of terror are counted and have no effect",
    "heat_heard_in_raion": "40 villages are one a raion: there is nobody to hear it from",
    "sown_area_padding": "moves only what is printed of sowing, on which nobody acts",
    "births_registered": "moves only what is printed of the population, on which nobody acts",
    "deaths_registered": "moves only what is printed of the population, on which nobody acts",
    "hunger_deaths_registered": "moves only what is printed of the population",
    "portion_of_the_departing": "in expected runs the households of a slot share alike",
    "weight_loss_survivable": "a bound that no household reaches",
    "tolerated_town_shortage": "town stores never fall below their norm in this small country",
    **dict.fromkeys(
        (
            "concession_most",
            "concession_width",
            "moderates_tolerate_less",
            "plan_cut_most",
            "plan_cut_pace",
            "hunger_of_half_in_need",
            "relief_ration",
        ),
        _NO_RULE,
    ),
}
"""Parameters on which no outcome depends at all, with the reason."""
STEP = 1e-7
"""Relative step of the central differences: small against the distance to the few kinks."""
NOTHING = 1e-8
"""Elasticities below this are rounding: what a step of 1e-7 can show in double precision."""

Outcomes = Callable[[dict[str, Array]], Array]


@pytest.fixture(scope="module")
def outcomes(small_country: Country, historical: Scenario) -> Outcomes:
    """Return the outcomes as a function of the parameters by name."""
    state, inputs = small_country.world.state, small_country.inputs
    drivers = DriverTable(historical).chunk(0, MONTHS)
    flow_names, stock_names = list(FLOWS), list(STOCKS)

    def during(flows: Array, first: str, last: str, *names: str) -> Array:
        columns = jnp.asarray([flow_names.index(name) for name in names])
        return flows[month_index(first) : month_index(last) + 1, :, columns].sum()

    def on(opening: Array, date: str, *names: str) -> Array:
        columns = jnp.asarray([stock_names.index(name) for name in names])
        return opening[month_index(date)][:, columns].sum()

    def run(parameters: dict[str, Array]) -> Array:
        changed = eqx.tree_at(lambda i: i.parameters, inputs, inputs.parameters | parameters)
        _, opening, flows = differentiable_run(state, changed, drivers)
        return jnp.stack(
            [
                during(flows, "1938-01", "1938-12", "harvest_own", "harvest_kolkhoz"),
                during(flows, "1930-07", "1931-06", *COLLECTED),
                on(opening, "1940-12", "household_horses", "kolkhoz_horses"),
                during(flows, "1932-01", "1932-12", "deaths_rural", "deaths_town"),
                on(opening, "1931-07", "kolkhoz_households"),
            ]
        )

    return run


@pytest.fixture(scope="module")
def gradients(outcomes: Outcomes, small_country: Country) -> dict[str, np.ndarray]:
    """Return, by parameter, the gradient of every outcome, by reverse differentiation."""

    @jax.jit
    def one(parameters: dict[str, Array], weight: Array) -> dict[str, Array]:
        _, back = jax.vjp(outcomes, parameters)
        return back(weight)[0]

    values = dict(small_country.inputs.parameters)
    rows = [one(values, weight) for weight in jnp.eye(len(OUTCOMES))]
    return {name: np.asarray([row[name] for row in rows]) for name in values}


@pytest.fixture(scope="module")
def forward(outcomes: Outcomes) -> Outcomes:
    return jax.jit(outcomes)


@pytest.fixture
def central(forward: Outcomes, small_country: Country) -> Callable[[str, float], np.ndarray]:
    base = small_country.inputs.parameters

    def difference(name: str, step: float) -> np.ndarray:
        size = step * abs(float(base[name]))
        up, down = (forward(dict(base) | {name: base[name] + sign * size}) for sign in (1, -1))
        return np.asarray(up - down) / (2 * size)

    return partial(difference)


@pytest.mark.parametrize("name", PARAMETERS)
def test_gradient_is_the_central_difference(
    name: str,
    gradients: dict[str, np.ndarray],
    central: Callable[[str, float], np.ndarray],
    forward: Outcomes,
    small_country: Country,
) -> None:
    base = small_country.inputs.parameters
    scale = np.asarray(forward(dict(base))) / abs(float(base[name]))
    ours, theirs = gradients[name] / scale, central(name, STEP) / scale
    np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=NOTHING)


def test_all_gradients_are_finite(gradients: dict[str, np.ndarray]) -> None:
    for name, values in gradients.items():
        assert np.isfinite(values).all(), name


def test_exact_zeros_are_known(
    gradients: dict[str, np.ndarray], central: Callable[[str, float], np.ndarray]
) -> None:
    zeros = {name for name, values in gradients.items() if not values.any()}
    assert zeros == set(ZEROS)
    for name in ZEROS:
        assert not central(name, 0.001).any(), name


def test_every_outcome_depends_on_most_parameters(gradients: dict[str, np.ndarray]) -> None:
    table = np.stack(list(gradients.values()))
    assert np.all((table != 0).mean(axis=0) > 0.8)
