"""A scenario as arrays: one value for every month, lever and region."""

import numpy as np
from numpy.typing import NDArray

from perelom.errors import CrosswalkError, ScenarioError
from perelom.evidence import region_weights, regions
from perelom.scenario.levers import levers
from perelom.scenario.load import Scenario
from perelom.world.calendar import FLOW_MONTHS, month_index
from perelom.world.geography import REGION_NAMES


def lever_table(scenario: Scenario) -> dict[str, NDArray[np.float64]]:
    """Return every lever's values, [month, region], December 1926 to December 1940."""
    table = {
        name: np.full((FLOW_MONTHS, len(REGION_NAMES)), lever.default)
        for name, lever in levers().items()
    }
    for decision in scenario.decisions:
        start = month_index(decision.date)
        where = region_mask(decision.regions, f"{decision.lever} of {decision.date}")
        table[decision.lever][start:, where] = decision.value
    return table


def drought_table(scenario: Scenario) -> NDArray[np.float64]:
    """Return drought severity, [month, region], 0 none to 3 extreme; the worst shock counts."""
    table = np.zeros((FLOW_MONTHS, len(REGION_NAMES)))
    for shock in scenario.shocks:
        months = slice(month_index(shock.begin), month_index(shock.end) + 1)
        where = region_mask(shock.regions, f"drought of {shock.begin}")
        table[months, where] = np.maximum(table[months, where], shock.severity)
    return table


def region_mask(named: list[str] | None, what: str) -> NDArray[np.bool_]:
    """Return which model units the names mean; None means all.

    Raises
    ------
    ScenarioError
        If a name is neither a unit, a sum of units, nor `stage 1` to `stage 3`.

    """
    if named is None:
        return np.ones(len(REGION_NAMES), dtype=bool)
    mask = np.zeros(len(REGION_NAMES), dtype=bool)
    table = regions()
    stage = dict(zip(table["name"], table["collectivization_stage"], strict=True))
    for name in named:
        if name.startswith("stage "):
            mask |= np.asarray([f"stage {stage[unit]}" == name for unit in REGION_NAMES])
            continue
        try:
            weights, _ = region_weights(name, REGION_NAMES)
        except CrosswalkError as error:
            raise ScenarioError(f"{what}: {error}") from None
        mask |= weights > 0
    if not mask.any():
        raise ScenarioError(f"{what}: {named} means no region; allowed: names or stage 1 to 3")
    return mask
