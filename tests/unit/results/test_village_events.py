"""Events in words, from columns made by hand."""

import numpy as np
import pytest
from made_village import made_village, only

from perelom.results.village_events import some, spells, village_events
from perelom.results.village_life import VillageLife
from perelom.results.village_orders import MAIN, ORDERS, all_events
from perelom.results.village_rows import (
    EVERYTHING,
    TABLES,
    agricultural_years,
    rows,
    single_months,
    written,
)
from perelom.scenario.levers import levers


def texts(life: VillageLife, kind: str) -> list[tuple[str, str]]:
    return [(event.month, event.text) for event in all_events(life) if event.kind == kind]


def test_nothing_is_told_of_a_village_in_which_nothing_happens() -> None:
    assert all_events(made_village()) == []


def test_first_members_a_half_and_the_retreat_are_told_in_their_months() -> None:
    members = np.zeros(24)
    members[1:7], members[7:9], members[9:] = 8, 48, 16
    joined, left = only(0, 8) + only(6, 40), only(8, 32)
    life = made_village(kolkhoz_households=members, joined=joined, left=left)
    assert texts(life, "kolkhoz") == [
        ("1929-07", "The first join a kolkhoz: 8 households."),
        ("1929-07", "8 households join the kolkhoz: members go from 0% to 10% of the households."),
        ("1930-01", "More than half in the kolkhoz: members go from 10% to 60% of the households."),
        ("1930-03", "Less than half in the kolkhoz: members go from 60% to 20% of the households."),
    ]


def test_few_who_join_or_leave_are_not_told() -> None:
    life = made_village(kolkhoz_households=40.0, joined=only(3, 7), left=only(5, 3))
    assert texts(life, "kolkhoz") == [("1929-07", "40 households of 80 are in a kolkhoz already.")]


def test_plans_are_dated_by_the_month_that_changed_them() -> None:
    plan = np.full(24, 20.0)
    plan[12], plan[13:18], plan[18:] = 25.0, 50.0, 40.0
    life = made_village(plan=plan, harvest_own=only(1, 100.0), taken_own=only(3, 30.0))
    assert texts(life, "order") == [
        ("1930-07", "Grain plan for 1930/31: 50.0 t are asked of the village."),
        ("1930-12", "The grain plan is cut from 50.0 to 40.0 t."),
    ]
    assert texts(life, "grain") == [
        (
            "1930-06",
            "End of 1929/30: the state got 30.0 t, 30% of the harvest of 100 t and 150% of the "
            "plan.",
        )
    ]


def test_a_wave_of_deportation_is_one_event_with_its_families_and_persons() -> None:
    life = made_village(
        deported_households=only(7, 2) + only(8, 1),
        deported=only(7, 11) + only(8, 4),
        stripped_households=only(7, 1),
        self_liquidated_households=only(10, 1),
        arrested_rural=only(2, 1) + only(5, 2) + only(12, 3),
    )
    assert texts(life, "punishment") == [
        ("1930-02", "Deported: 3 households, 15 persons (until 1930-03)."),
        ("1930-02", "Stripped of a part of the farm, kept in the raion: 1 household."),
        ("1930-05", "Labelled kulak, sold out and fled to towns: 1 household."),
        ("1930-07", "Arrested: 3 persons."),
    ]


def test_hunger_is_told_with_definition_and_relief_by_person() -> None:
    excess, reserve = np.zeros(24), np.zeros(24)
    excess[6:9], reserve[7:10] = 2.0, -9.5
    life = made_village(
        excess_deaths=excess,
        deaths_rural=1.0 + excess,
        body_reserve=reserve,
        relief=only(8, 1.2) + only(20, 0.2),
    )
    assert texts(life, "people") == [
        (
            "1930-01",
            "Hunger (until 1930-03): 9 deaths; at this hunger about 6.0 more were to be expected "
            "than without it. Mean body weight down to 9.5 kg below normal.",
        )
    ]
    assert texts(life, "grain") == [("1930-03", "Food relief: 1.20 t, 3.00 kg a person.")]


def test_a_herd_is_compared_with_the_same_month_of_earlier_years() -> None:
    year = np.asarray([100.0] * 6 + [40.0] * 6)
    steady = made_village(pigs=np.concatenate([year, year]))
    assert texts(steady, "animals") == []
    fallen = made_village(pigs=np.concatenate([year, year * 0.45]))
    assert texts(fallen, "animals") == [
        ("1930-07", "Less than half of the pigs are left: 45 of 100 (1929-07).")
    ]


def test_reports_stand_beside_what_happened() -> None:
    reported = np.full(24, 0.2)
    reported[8] = 0.57
    life = made_village(
        true_share=0.2,
        reported_share=reported,
        true_harvest=only(2, 3.0),
        reported_harvest=only(2, 3.6),
        true_weight_lost=only(9, 0.08),
        reported_weight_lost=only(9, 0.01),
        true_deaths=1000.0,
        reported_deaths=700.0,
        removed=only(10, 0.3),
    )
    months = ["1930-03", "1930-04", "1930-06", "1930-06", "1931-06"]
    assert [month for month, _ in texts(life, "report")] == months
    told = " ".join(text for _, text in texts(life, "report"))
    assert "reports 57% of households in kolkhozes; in fact 20%, in this village 0%" in told
    assert "reported 3.60 Mt, in fact 3.00 Mt (+20%)" in told
    assert "lost 8.0% of their body weight; the centre believes 1.0%" in told
    assert "8.40 thousand registered, 12.0 thousand in fact" in told
    assert texts(life, "punishment") == [
        ("1930-05", "30% of the region's raion chiefs were removed within a year.")
    ]


def decision(date: str, lever: str, value: float, region: str = "all", text: str = "") -> dict:  # type: ignore[type-arg]
    return {
        "date": date, "lever": lever, "value": value, "region": region, "text": text,
        "source": "a_source", "unit": "",
    }  # fmt: skip


def test_only_decisions_that_reach_the_region_and_change_something_are_told() -> None:
    life = made_village(
        decisions=(
            decision("1930-01", "collectivization_pressure", 0.5, text="the order"),
            decision("1930-01", "collectivization_pressure", 0.7, "Ukrainian SSR", "of Ukraine"),
            decision("1930-02", "collectivization_pressure", 0.7, text="once more"),
            decision("1930-02", "procurement_force", 0.4, "Kazakh ASSR", "elsewhere"),
            decision("1930-03", "private_plot", 0.7, text="one paper"),
            decision("1930-03", "exit_permitted", 0.0, text="one paper"),
            decision("1930-04", "retail_price", 2.0, text="towns"),
            decision("1940-04", "exit_permitted", 1.0, text="after the run"),
        )
    )
    events = all_events(life)
    assert [(event.month, event.text) for event in events] == [
        ("1930-01", "Of Ukraine [collectivization pressure 0 to 0.7]."),
        ("1930-03", "One paper [private plot 1 to 0.7; exit permitted 1 to 0]."),
    ]
    assert [event.level for event in events] == ["centre", "centre, whole country"]
    assert all(event.source == "a_source" and not event.minor for event in events)


def test_drought_of_the_region_is_told() -> None:
    shock = {"period": "1930-04 to 1930-07", "kind": "drought", "severity": 2.0}
    near = shock | {"region": "Ukrainian SSR", "source": "notes"}
    far = shock | {"region": "Kazakh ASSR", "source": "notes"}
    assert texts(made_village(shocks=(near, far)), "weather") == [
        ("1930-04", "Drought in the region, 2 on a scale to 3 (until 1930-07).")
    ]


def test_orders_are_levers() -> None:
    assert set(MAIN) <= set(ORDERS) <= set(levers())


def test_agricultural_years_cover_every_month_once() -> None:
    life = made_village(months=19, first="1926-12")
    years = agricultural_years(life.months)
    assert [name for name, _ in years] == ["1926/27", "1927/28"]
    assert [n for _, part in years for n in range(19)[part]] == list(range(19))
    assert [name for name, _ in single_months(life.months, 1926)] == ["1926-12"]


def test_a_year_sums_flows_and_takes_stocks_of_its_first_day() -> None:
    life = made_village(
        births_rural=1.0,
        horses=np.arange(24.0),
        plan=np.arange(24.0),
        body_reserve=-np.arange(24.0),
        true_share=np.arange(24) / 100,
    )
    first, second = rows(life, agricultural_years(life.months))
    assert (first["births_rural"], first["horses"], first["plan"]) == (12.0, 0.0, 11.0)
    assert (second["horses"], second["body_reserve"]) == (12.0, -23.0)
    assert first["true.share"] == pytest.approx(8.0)
    assert set(first) == {"period", *(one.key for one in EVERYTHING)}
    assert {one.key for part in TABLES.values() for one in part} <= set(first)


def test_spells_join_months_and_leave_small_ones_out() -> None:
    values = np.asarray([0, 1, 1, 0, 0.5, 0, 3])
    assert list(spells(values, 0.1, 1.0)) == [(slice(1, 3), 2.0), (slice(6, 7), 3.0)]


def test_counts_are_written_as_one_reads_them() -> None:
    assert [some(n, "person") for n in (1.0, 2.0, 1200.0, 0.4)] == [
        "1 person", "2 persons", "1,200 persons", "0.4 persons",
    ]  # fmt: skip
    assert written(-0.01, 1) == "0.0"


def test_events_of_the_village_are_in_order() -> None:
    life = made_village(joined=only(9, 1), deported_households=only(2, 1), deported=only(2, 5))
    months = [event.month for event in village_events(life)]
    assert months == sorted(months) == ["1929-09", "1930-04"]
