"""The levers, the historical scenario and what they mean by month and region."""

from pathlib import Path

import numpy as np

from country import EMPTY, decide
from perelom.evidence import regions, sources
from perelom.scenario import Scenario, levers, load, names
from perelom.scenario.schema import Decision
from perelom.scenario.tables import drought_table, lever_table, region_mask
from perelom.world.calendar import FLOW_MONTHS, month_index
from perelom.world.geography import REGION_NAMES

UKRAINE = 7


def test_defaults_lie_within_the_bounds() -> None:
    for lever in levers().values():
        assert lever.least <= lever.default <= lever.greatest, lever.lever
        assert lever.least < lever.greatest, lever.lever
        assert lever.unit, lever.lever
        assert lever.description, lever.lever


def test_levers_belong_to_known_systems() -> None:
    for lever in levers().values():
        assert lever.systems.split()
        assert all(system.startswith("S") for system in lever.systems.split())


def test_every_scenario_of_the_package_can_be_read() -> None:
    assert "historical" in names()
    for name in names():
        scenario = load(name)
        table = lever_table(scenario)
        assert set(table) == set(levers())
        for lever, values in table.items():
            assert values.shape == (FLOW_MONTHS, len(REGION_NAMES))
            assert values.min() >= levers()[lever].least, lever
            assert values.max() <= levers()[lever].greatest, lever


def test_the_historical_scenario_has_dated_and_sourced_decisions(historical: Scenario) -> None:
    assert len(historical.decisions) >= 30
    known = set(sources()["key"])
    for decision in historical.decisions:
        assert set(decision.source.split()) & known or decision.source in known, decision
        assert decision.note, decision
    for shock in historical.shocks:
        assert shock.source in known, shock
    dates = [decision.date for decision in historical.decisions]
    assert dates == sorted(dates)


def test_no_lever_fixes_an_outcome() -> None:
    """Levers are orders, prices and permissions: no unit of an outcome is among theirs."""
    outcomes = ("household", "person", "ha", "head", "death", "birth")
    for lever in levers().values():
        assert not lever.unit.startswith(outcomes), lever.lever


def test_stage_1_is_the_grain_regions_of_january_1930() -> None:
    mask = region_mask(["stage 1"], "test")
    named = {name for name, chosen in zip(REGION_NAMES, mask, strict=True) if chosen}
    table = regions()
    of_stage = set(table.filter(table["collectivization_stage"] == 1)["name"])
    assert named == of_stage & set(REGION_NAMES)
    assert any("Volga" in name for name in named)
    assert any("Caucasus" in name for name in named)
    assert not any("oblast" in name and "Moscow" in name for name in named)


def test_stages_cover_the_country_once() -> None:
    masks = [region_mask([f"stage {n}"], "test") for n in (1, 2, 3)]
    np.testing.assert_array_equal(sum(mask.astype(int) for mask in masks), 1)


def test_a_sum_of_units() -> None:
    ukraine = region_mask(["Ukrainian SSR"], "test")
    named = [name for name, chosen in zip(REGION_NAMES, ukraine, strict=True) if chosen]
    assert len(named) in (UKRAINE, UKRAINE + 1)
    assert "Kyiv oblast" in named
    assert "Odesa oblast" in named
    assert not any("krai" in name for name in named)
    assert region_mask(None, "test").all()


def test_later_decisions_win_from_their_date_on() -> None:
    first = Decision(date="1930-01", lever="exit_permitted", value=0.0, source="a")
    second = Decision(
        date="1930-03", lever="exit_permitted", value=0.7, regions=["stage 1"], source="b"
    )
    table = lever_table(decide(EMPTY, first, second))["exit_permitted"]
    stage = region_mask(["stage 1"], "test")
    january, march = month_index("1930-01"), month_index("1930-03")
    assert (table[:january] == levers()["exit_permitted"].default).all()
    assert (table[january:march] == 0).all()
    assert (table[march:, stage] == 0.7).all()
    assert (table[march:, ~stage] == 0).all()


def test_droughts_hold_from_begin_to_end_and_the_worst_counts(tmp_path: Path) -> None:
    path = tmp_path / "dry.toml"
    path.write_text(
        'title = "Dry"\ndescription = "Two droughts"\n'
        '[[shocks]]\nkind = "drought"\nbegin = "1931-04"\nend = "1931-06"\nseverity = 1.0\n'
        'source = "x"\n'
        '[[shocks]]\nkind = "drought"\nbegin = "1931-05"\nend = "1931-07"\nseverity = 2.0\n'
        'regions = ["stage 1"]\nsource = "x"\n'
    )
    table = drought_table(load(path))
    stage = region_mask(["stage 1"], "test")
    april = month_index("1931-04")
    assert not table[:april].any()
    np.testing.assert_array_equal(table[april : april + 5, stage].max(axis=1), [1, 2, 2, 2, 0])
    np.testing.assert_array_equal(table[april : april + 5, ~stage].max(axis=1), [1, 1, 1, 0, 0])


def test_the_hash_is_of_decisions_not_of_titles(historical: Scenario) -> None:
    assert decide(historical).hash == historical.hash
    changed = decide(historical, ("1935-01", "grain_price", 1.1))
    assert changed.hash != historical.hash
