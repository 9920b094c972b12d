"""A scenario is a thin overlay: what a base brings along and what is dropped from it."""

from pathlib import Path

import numpy as np
import pytest

from perelom.errors import ScenarioError
from perelom.scenario import Scenario, load
from perelom.scenario.tables import drought_table, lever_table
from perelom.world.calendar import month_index


def _overlay(tmp_path: Path, text: str) -> Scenario:
    path = tmp_path / "overlay.toml"
    path.write_text('title = "T"\ndescription = "D"\nbase = "historical"\n' + text)
    return load(path)


def test_an_empty_overlay_is_its_base(tmp_path: Path, historical: Scenario) -> None:
    overlay = _overlay(tmp_path, 'assumptions = ["mine"]\n')
    assert overlay.hash == historical.hash
    assert overlay.name == "overlay"
    assert overlay.assumptions == (*historical.assumptions, "mine")


def test_what_is_dropped_and_from_when(tmp_path: Path, historical: Scenario) -> None:
    overlay = _overlay(tmp_path, '[drop]\nprocurement_force = "1930-01"\n')
    ours, theirs = lever_table(overlay), lever_table(historical)
    start = month_index("1930-01")
    for lever, values in theirs.items():
        if lever != "procurement_force":
            np.testing.assert_array_equal(ours[lever], values, err_msg=lever)
    dropped = ours["procurement_force"]
    np.testing.assert_array_equal(dropped[:start], theirs["procurement_force"][:start])
    np.testing.assert_array_equal(
        dropped[start:], np.broadcast_to(dropped[start - 1], dropped[start:].shape)
    )
    assert not np.array_equal(dropped, theirs["procurement_force"])


def test_what_is_added_wins_over_the_base(tmp_path: Path, historical: Scenario) -> None:
    first = historical.decisions[0]
    overlay = _overlay(
        tmp_path,
        f'[[decisions]]\ndate = "{first.date}"\nlever = "{first.lever}"\nvalue = 0.5\n'
        'source = "x"\n',
    )
    at = month_index(first.date)
    assert (lever_table(overlay)[first.lever][at] == 0.5).all()
    assert not (lever_table(historical)[first.lever][at] == 0.5).all()


def test_shocks_come_along_and_add_up(tmp_path: Path, historical: Scenario) -> None:
    overlay = _overlay(
        tmp_path,
        '[[shocks]]\nkind = "drought"\nbegin = "1928-05"\nend = "1928-05"\nseverity = 3.0\n'
        'source = "x"\n',
    )
    ours, theirs = drought_table(overlay), drought_table(historical)
    may = month_index("1928-05")
    assert (ours[may] == 3).all()
    others = np.arange(len(ours)) != may
    np.testing.assert_array_equal(ours[others], theirs[others])


@pytest.mark.parametrize(
    ("drop", "words"),
    [
        ('procurment_force = "1930-01"', "did you mean 'procurement_force'?"),
        ('procurement_force = "1930-14"', "'1930-14': not a month"),
    ],
)
def test_an_impossible_drop(tmp_path: Path, drop: str, words: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        _overlay(tmp_path, f"[drop]\n{drop}\n")
    assert "overlay.toml, line 5, drop." in str(caught.value)
    assert words in str(caught.value)
