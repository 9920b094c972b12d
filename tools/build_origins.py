"""Write `variable_origins.csv`: which lines of the month make each output variable.

Run it after a change of the model or of its output variables: python tools/build_origins.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import jax

from perelom.engine.compiled import Drivers
from perelom.engine.inputs import DriverTable, run_inputs
from perelom.engine.origins import COLUMNS, origins, rows
from perelom.engine.settings import Settings
from perelom.evidence.tables import data_path
from perelom.model.context import Context
from perelom.model.draws import Draws
from perelom.scenario import load
from perelom.world.build import build

VILLAGES = 40


def write(path: Path) -> None:
    """Trace a small country and write the table."""
    world = build(VILLAGES)
    inputs = run_inputs(world, Settings(villages=VILLAGES))
    driver: Drivers = jax.tree.map(lambda x: x[0], DriverTable(load("historical")).chunk(0, 1))
    context = Context(
        geography=inputs.geography,
        reference=inputs.reference,
        draws=Draws(run=inputs.run, month=driver.month, expected=True),
        parameters=inputs.parameters,
        levers=driver.levers,
        switches=inputs.switches,
        seasons={name: year[0] for name, year in inputs.seasons.items()},
        drought=driver.drought,
    )
    with path.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows(rows(origins(world.state, context)))


if __name__ == "__main__":
    write(data_path("variable_origins.csv"))
