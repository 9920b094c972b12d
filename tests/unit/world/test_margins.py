"""The table of margins: passports, completeness, refusal of bad rows."""

import polars as pl
import pytest

from perelom.errors import TableError
from perelom.world import margins
from perelom.world.geography import REGION_COUNT, REGION_NAMES, REPUBLICS


def test_forty_units_of_space_in_six_republics() -> None:
    assert REGION_COUNT == 40
    assert len(set(REGION_NAMES)) == 40
    listed = [name for part in REPUBLICS.values() for name in part]
    assert sorted(listed) == sorted(REGION_NAMES)


def test_every_number_has_a_passport() -> None:
    table = margins.margin_table()
    for column in ("unit", "source", "grade"):
        assert table[column].null_count() == 0
    doubtful = table.filter(pl.col("grade").is_in(["C", "E"]) & (pl.col("value") > 0))
    without = doubtful.filter(pl.col("low") == pl.col("high"))
    assert without.height == 0


def test_nationality_shares_add_to_one() -> None:
    regional = margins.load_margins().regional
    total = sum(values for name, values in regional.items() if name.startswith("share_"))
    assert abs(total - 1.0).max() < 0.011


def test_a_value_outside_its_range_is_one_clear_error(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "data").mkdir()
    table = margins.margin_table().with_columns(
        pl.when(pl.int_range(pl.len()) == 7).then(-1.0).otherwise(pl.col("value")).alias("value")
    )
    table.write_csv(folder / "data" / margins.FILE)
    monkeypatch.setattr(margins, "files", lambda _package: folder)
    with pytest.raises(TableError, match=r"region_margins\.csv, row 9, column 'value'"):
        margins.margin_table.__wrapped__()
