"""S45: dated decisions by region. Check: what is decided, where, and that no outcome is fixed."""

import numpy as np

from country import EMPTY
from perelom.evidence import sources
from perelom.scenario import Scenario, levers
from perelom.scenario.tables import lever_table, region_mask
from perelom.world.calendar import month_index

RULES = ("leadership_concedes", "relief_rule", "plan_revision", "honest_reports")
"""Levers that would let the model decide in place of the dated decisions."""


def test_history_is_decided_by_date_and_not_by_rule(historical: Scenario) -> None:
    decided = {decision.lever for decision in historical.decisions}
    assert not decided & set(RULES)
    for name in RULES:
        assert levers()[name].default == 0


def test_at_least_eighty_decisions_with_known_sources(historical: Scenario) -> None:
    known = set(sources()["key"])
    sourced = [d for d in historical.decisions if d.source in known and d.note]
    assert len(sourced) == len(historical.decisions)
    assert len(sourced) >= 80


def test_the_retreat_of_march_1930_is_a_decision(historical: Scenario) -> None:
    """Article of 2 March and resolution of 14 March 1930: pressure, exit, animals, blame."""
    table = lever_table(historical)
    february, march = month_index("1930-02"), month_index("1930-03")
    for name, falls in (
        ("collectivization_pressure", True),
        ("exit_permitted", False),
        ("animals_pooled", True),
        ("blame_for_excesses", False),
        ("sanctions_on_officials", True),
    ):
        change = table[name][march] - table[name][february]
        assert ((change < 0) == falls).all(), name
        assert (change != 0).all(), name


def test_grain_regions_are_pressed_first(historical: Scenario) -> None:
    pressure = lever_table(historical)["collectivization_pressure"][month_index("1930-01")]
    stages = [pressure[region_mask([f"stage {n}"], "test")] for n in (1, 2, 3)]
    assert stages[0].min() > stages[1].max() >= stages[1].min() > stages[2].max()


def test_decisions_change_levers_and_nothing_else() -> None:
    """Without decisions every lever stands at its default in every month and region."""
    for name, values in lever_table(EMPTY).items():
        np.testing.assert_array_equal(values, levers()[name].default)
