"""The market of the 1920s continued: no coercion in any month, the same weather, reasons given."""

import numpy as np
import pytest

from perelom.errors import ScenarioError
from perelom.evidence import sources
from perelom.scenario import Scenario, levers, load
from perelom.scenario.tables import drought_table, lever_table

ECONOMIC = {
    "grain_exports_plan",
    "export_priority",
    "grain_price",
    "goods_supply",
    "relief_food",
    "seed_loan",
    "tractor_deliveries",
    "investment_ordered",
    "investment_producer_share",
    "machine_imports",
    "world_grain_price",
    "world_price_other",
}
"""What the scenario may decide; a lever that is added to it is added here, with a thought."""

ABROAD = {"world_grain_price", "world_price_other"}
"""Outside conditions, nobody's decision."""

COERCIVE = {
    "procurement_force",
    "procurement_plan",
    "seed_seizure",
    "collectivization_pressure",
    "tax_on_individuals",
    "movement_ban",
    "abortion_ban",
    "dekulakization_quota",
    "expropriation_quota",
    "first_category_quota",
    "arrest_quota",
    "execution_share",
    "kulak_levy",
    "grain_law",
    "church_closing",
    "passport_checks",
    "sanctions_on_officials",
    "opposition_expelled",
}
"""Levers of force."""


@pytest.fixture(scope="module")
def nep() -> Scenario:
    return load("nep")


def test_no_coercive_lever_is_above_zero_in_any_month(nep: Scenario) -> None:
    table = lever_table(nep)
    for lever in COERCIVE:
        assert (table[lever] == 0).all(), lever
    assert (table["exit_permitted"] == 1).all()
    assert (table["private_trade"] == 1).all()


def test_only_economic_levers_are_decided(nep: Scenario) -> None:
    assert {decision.lever for decision in nep.decisions} <= ECONOMIC
    table = lever_table(nep)
    for name, lever in levers().items():
        if name not in ECONOMIC:
            assert (table[name] == lever.default).all(), name


def test_historical_decisions_do_not_come_along(nep: Scenario, historical: Scenario) -> None:
    assert (lever_table(historical)["procurement_force"] > 0).any()
    own, theirs = (
        {(d.date, d.lever, d.note) for d in s.decisions if d.lever not in ABROAD}
        for s in (nep, historical)
    )
    assert not own & theirs


def test_prices_abroad_are_those_of_the_historical_scenario(
    nep: Scenario, historical: Scenario
) -> None:
    for lever in ABROAD:
        np.testing.assert_array_equal(lever_table(nep)[lever], lever_table(historical)[lever])


def test_weather_is_that_of_the_historical_scenario(nep: Scenario, historical: Scenario) -> None:
    assert nep.shocks
    np.testing.assert_array_equal(drought_table(nep), drought_table(historical))
    name = "weather_variability"
    np.testing.assert_array_equal(lever_table(nep)[name], lever_table(historical)[name])


def test_every_value_has_a_source_or_says_that_it_is_an_assumption(nep: Scenario) -> None:
    known = set(sources()["key"])
    assert len(nep.assumptions) >= 5
    for decision in nep.decisions:
        assumed = decision.source.startswith("assumption: ") and len(decision.source) > 30
        assert assumed or decision.source in known, decision
        assert decision.note, decision


def test_a_base_and_foreign_shocks_exclude_each_other(tmp_path) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "both.toml"
    path.write_text(
        'title = "T"\ndescription = "D"\nbase = "historical"\nshocks_from = "historical"\n'
    )
    with pytest.raises(ScenarioError, match="give base or shocks_from, not both"):
        load(path)
