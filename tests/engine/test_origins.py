"""The table of origins says what the program does."""

import csv

from country import Country, Surroundings
from perelom.engine.origins import COLUMNS, origins, rows
from perelom.evidence.tables import data_path
from perelom.evidence.variables import variables


def test_table_of_origins_is_up_to_date(small_country: Country, around: Surroundings) -> None:
    with data_path("variable_origins.csv").open(encoding="utf-8", newline="") as stream:
        header, *kept = [tuple(row) for row in csv.reader(stream)]
    assert header == COLUMNS
    found = rows(origins(small_country.world.state, around()))
    assert kept == found, "run tools/build_origins.py"


def test_every_layer_of_every_variable_has_an_origin() -> None:
    with data_path("variable_origins.csv").open(encoding="utf-8", newline="") as stream:
        kept = {(row["variable"], row["layer"]): row for row in csv.DictReader(stream)}
    declared = {(one.name, layer) for one in variables().values() for layer in one.layers}
    assert set(kept) == declared
    assert all(row["lines"] for row in kept.values())
    assert "food" in kept["livestock_horses", "true"]["lines"]  # animals are eaten in hunger
    assert kept["grain_harvest", "true"]["lines"] == "field"
    assert kept["kolkhoz_households", "reported"]["lines"].endswith("reports")  # paper members
