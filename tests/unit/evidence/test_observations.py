from __future__ import annotations

import polars as pl
import pytest

from perelom import evidence
from perelom.errors import CrosswalkError
from perelom.evidence.splitting import resolve, rules

SIMULATED_UNITS = {
    "collectivized_households_share": "share",
    "sown_area_grain": "Mha",
    "grain_harvest": "Mt",
    "grain_yield": "t/ha",
    "state_grain_procurement": "Mt",
    "grain_exports": "Mt",
    "livestock_horses": "million_head",
    "livestock_cattle": "million_head",
    "livestock_sheep_goats": "million_head",
    "livestock_pigs": "million_head",
    "births_total": "persons",
    "deaths_total": "persons",
    "population_total": "persons",
    "population_urban": "persons",
    "population_rural": "persons",
    "peasant_households": "million_households",
    "kolkhoz_households": "million_households",
    "grain_per_labour_day": "kg",
}


@pytest.fixture(scope="module")
def table() -> pl.DataFrame:
    return evidence.observations()


def test_every_collected_row_is_kept(table: pl.DataFrame) -> None:
    assert table.height == 5582
    origins = table["origin"].str.split(";").list.first()
    assert origins.n_unique() == table.height


def test_use_and_group_are_those_of_the_split(table: pl.DataFrame) -> None:
    for row in table.iter_rows(named=True):
        rule = resolve(row["series"], row["region"], row["period_start"], row["period_end"])
        assert (row["group"], row["use"]) == (rule.group, rule.use)


@pytest.mark.parametrize(
    "group",
    [
        "retention of Moscow and Central Black Earth oblasts in 1930",
        "harvest and yield of 1936",
        "deaths of 1936 and 1937",
        "Kazakh herds",
        "Kazakh deaths and flight",
        "deaths of 1933 by oblast of Ukraine",
        "famine deaths of 1932-1934",
        "regional figures of the censuses of 1937 and 1939",
    ],
)
def test_groups_held_out_by_design_are_not_empty(table: pl.DataFrame, group: str) -> None:
    found = table.filter(pl.col("group") == group)
    assert found.height > 0
    assert found["use"].unique().to_list() == ["held_out"]


def test_held_out_rules_come_before_wider_ones() -> None:
    """No rule that fits or shows a figure stands before a held-out one that names it."""
    assert rules()[-1].group == "everything else"
    assert rules()[0].use == "held_out"


def test_one_unit_a_series_and_that_of_the_simulation(table: pl.DataFrame) -> None:
    assert table.group_by("series").agg(pl.col("unit").n_unique())["unit"].max() == 1
    units = dict(table.select("series", "unit").unique().iter_rows())
    assert {name: units[name] for name in SIMULATED_UNITS} == SIMULATED_UNITS


def test_values_lie_in_their_ranges(table: pl.DataFrame) -> None:
    assert table.filter(pl.col("low") > pl.col("value")).is_empty()
    assert table.filter(pl.col("high") < pl.col("value")).is_empty()
    assert table.filter(pl.col("period_end") < pl.col("period_start")).is_empty()
    shares = table.filter(pl.col("series") == "collectivized_households_share")
    assert shares["value"].is_between(0, 1).all()


def test_repeated_figures_point_to_a_row_that_is_not_itself_a_repeat(table: pl.DataFrame) -> None:
    repeats = table.filter(pl.col("duplicate_of").is_not_null())
    originals = table.filter(pl.col("id").is_in(repeats["duplicate_of"].to_list()))
    assert repeats.height > 100
    assert originals["duplicate_of"].is_null().all()


def test_layers_of_the_disputed_series(table: pl.DataFrame) -> None:
    share = table.filter(pl.col("series") == "collectivized_households_share")
    assert share["layer"].unique().to_list() == ["reported"]
    harvest = table.filter(pl.col("series") == "grain_harvest", pl.col("region") == "USSR")
    by_source = dict(harvest.select("source", "layer").unique().iter_rows())
    assert by_source["stalin_1934"] == "reported"
    assert by_source["davies_wheatcroft_2004"] == "true"


def test_herds_say_when_they_were_counted(table: pl.DataFrame) -> None:
    herds = table.filter(
        pl.col("series").is_in(["livestock_horses", "livestock_cattle"]), pl.col("use") == "fit"
    )
    assert herds["count"].null_count() == 0
    assert set(herds["count"]) == {"january", "summer"}


def test_every_region_is_a_sum_a_part_or_outside(table: pl.DataFrame) -> None:
    names = evidence.regions()["name"].to_list()
    relations = dict(evidence.crosswalk().select("reporting_region", "relation").iter_rows())
    for region in table["region"].unique():
        if relations[region] == "sum":
            assert evidence.region_weights(region, names)[0].sum() >= 1
        else:
            with pytest.raises(CrosswalkError):
                evidence.region_weights(region, names)


def test_crosswalk_of_the_main_aggregates() -> None:
    names = evidence.regions()["name"].to_list()
    count = {
        region: evidence.region_weights(region, names)[0].sum()
        for region in ("USSR", "Ukrainian SSR", "West Siberia krai", "Siberian krai", "RSFSR")
    }
    assert count["USSR"] == 40
    assert count["Ukrainian SSR"] == 8
    assert count["West Siberia krai"] == 2
    assert count["Siberian krai"] == 3
    assert count["RSFSR"] == 40 - 8 - 1 - 3 - 3


def test_unknown_region_names_the_nearest() -> None:
    names = evidence.regions()["name"].to_list()
    with pytest.raises(CrosswalkError, match="nearest known name is 'Kyiv oblast'"):
        evidence.region_weights("Kiev oblast", names)


def test_conversions_are_listed_with_their_rows(table: pl.DataFrame) -> None:
    listed = evidence.conversions()
    assert set(listed["what"]) == {"series", "unit", "region", "left_out"}
    renamed = listed.filter(pl.col("what") == "series")
    assert renamed["canonical_name"].is_in(table["series"].unique().to_list()).all()


def test_claims_and_systems_point_to_each_other() -> None:
    claims = set(evidence.claims()["id"])
    systems = set(evidence.systems()["id"])
    for listed in evidence.systems()["claims"].drop_nulls():
        assert set(listed.split()) <= claims
    for listed in evidence.claims()["systems"].drop_nulls():
        assert set(listed.split()) <= systems


def test_status_says_not_yet_where_there_is_nothing() -> None:
    status = evidence.systems_status()
    assert status.height == 114
    assert "not yet" in status["code"].to_list()
    assert status.filter(pl.col("id") == "S84")["fit"].item() > 100
    assert status.filter(pl.col("id") == "S09")["test"].item() == "test_s09_units.py"


WITHOUT_FIGURES = {
    "collectivized share of the RSFSR",  # no figure for 1930 was collected
    "deaths of 1936",  # the rule before it reaches the whole year
    "procurement ratio of January 1928",  # the figure's period ends in December: its own rule
}


def test_rules_without_any_figure_are_known(table: pl.DataFrame) -> None:
    groups = set(evidence.split()["group"])
    assert groups - set(table["group"]) == WITHOUT_FIGURES
