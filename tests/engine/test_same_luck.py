"""The same bits again: resumed and branched runs, inactive and future levers, one compilation."""

from collections.abc import Iterator
from pathlib import Path

import jax
import numpy as np
import pytest

from country import Country, Course, decide
from perelom.engine import compiled
from perelom.engine.run import Chunk, simulate
from perelom.engine.settings import Settings
from perelom.scenario import Scenario, load
from perelom.world.calendar import month_index

pytestmark = pytest.mark.xdist_group("sampled")

UNTIL = "1931-06"
BRANCH = "1930-01"
SETTINGS = Settings(villages=320, until=UNTIL)


def _same(first: Course, second: Course) -> bool:
    leaves = zip(_bits(first), _bits(second), strict=True)
    return all(np.array_equal(a, b, equal_nan=True) for a, b in leaves)


def _bits(course: Course) -> list[np.ndarray]:
    kept = (course.opening, course.flows, course.closing, course.notes, course.villages)
    return [np.asarray(leaf) for leaf in jax.tree.leaves((kept, course.state))]


def _same_chunk(first: Chunk, second: Chunk) -> None:
    assert first.monthly.identical(second.monthly)
    assert first.reported.identical(second.reported)
    assert first.villages.identical(second.villages)
    assert first.households.equals(second.households, null_equal=True)
    assert first.accounts.equals(second.accounts)
    assert first.checkpoint.month == second.checkpoint.month


def _last_state(chunks: Iterator[Chunk] | list[Chunk]) -> list[np.ndarray]:
    *_, last = chunks
    return [np.asarray(leaf) for leaf in jax.tree.leaves(last.checkpoint.state)]


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory, historical: Scenario) -> Path:
    """Return the saved state of the historical run on the first of January 1930."""
    path = tmp_path_factory.mktemp("states") / "1930-01.npz"
    for chunk in simulate(historical, Settings(villages=320, until="1929-12")):
        last = chunk
    last.checkpoint.save(path)
    return path


@pytest.fixture(scope="module")
def unbroken(historical: Scenario) -> tuple[list[Chunk], list[np.ndarray]]:
    """Return the chunks of the unbroken run from 1930 on and the leaves of its last state."""
    chunks = list(simulate(historical, SETTINGS))
    late = [c for c in chunks if month_index(c.last_month) >= month_index(BRANCH)]
    return late, _last_state(late)


def test_a_resumed_run_is_the_unbroken_run(
    saved: Path, unbroken: tuple[list[Chunk], list[np.ndarray]], historical: Scenario
) -> None:
    chunks, state = unbroken
    resumed = list(simulate(historical, SETTINGS, resume=saved))
    assert len(resumed) == len(chunks) == 2
    for ours, theirs in zip(resumed, chunks, strict=True):
        _same_chunk(ours, theirs)
    for ours, theirs in zip(_last_state(resumed), state, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_a_branch_meets_the_same_luck_and_its_own_decisions(
    saved: Path, unbroken: tuple[list[Chunk], list[np.ndarray]], historical: Scenario
) -> None:
    chunks, _ = unbroken
    other = decide(historical, ("1930-09", "procurement_force", 0), drop=("procurement_force",))
    first, last = simulate(other, SETTINGS, resume=saved)
    autumn = slice(month_index("1930-09") - month_index(BRANCH), None)
    # Force was in use in January: the branch differs at once; weather and its sums do not.
    joined = first.monthly["state_grain_procurement"].values
    plain = chunks[0].monthly["state_grain_procurement"].values
    assert joined[autumn].sum() < plain[autumn].sum()
    assert not np.array_equal(joined[0], plain[0])
    ours, theirs = last.checkpoint.state.regions, chunks[-1].checkpoint.state.regions
    np.testing.assert_array_equal(
        np.asarray(ours.growing_weather), np.asarray(theirs.growing_weather)
    )


def test_a_resume_between_two_years_chunks(
    tmp_path: Path, unbroken: tuple[list[Chunk], list[np.ndarray]], historical: Scenario
) -> None:
    """A state saved inside a year (where a run ended) goes on to the same bits."""
    path = tmp_path / "1930-06.npz"
    for chunk in simulate(historical, Settings(villages=320, until="1930-05")):
        last = chunk
    last.checkpoint.save(path)
    resumed = simulate(historical, SETTINGS, resume=path)
    for ours, theirs in zip(_last_state(resumed), unbroken[1], strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("date", "lever"),
    [("1928-03", "abortion_ban"), ("1929-05", "export_priority"), ("1930-02", "relief_food")],
)
def test_a_decision_for_the_value_that_holds_changes_no_bit(
    sampled_country: Country, historical: Scenario, date: str, lever: str
) -> None:
    values = [d.value for d in historical.decisions if d.lever == lever and d.date <= date]
    defaults = {"abortion_ban": 0.0, "export_priority": 1.0, "relief_food": 0.0}
    idle = decide(historical, (date, lever, values[-1] if values else defaults[lever]))
    assert idle.hash != historical.hash
    plain = sampled_country.run(until=UNTIL)
    assert _same(sampled_country.run(idle, until=UNTIL, keep=False), plain)


def test_an_idle_decision_in_a_scenario_file_changes_no_bit(
    sampled_country: Country, tmp_path: Path
) -> None:
    path = tmp_path / "idle.toml"
    path.write_text(
        'title = "Idle"\ndescription = "Nothing changes"\nbase = "historical"\n'
        '[[decisions]]\ndate = "1927-05"\nlever = "abortion_ban"\nvalue = 0.0\nsource = "none"\n'
    )
    idle = sampled_country.run(load(path), until=UNTIL, keep=False)
    assert _same(idle, sampled_country.run(until=UNTIL))


@pytest.mark.parametrize(
    ("lever", "value"),
    [("weather_variability", 0.0), ("exit_permitted", 0.0), ("grain_price", 2.0)],
)
def test_a_decision_changes_nothing_before_its_date(
    sampled_country: Country, historical: Scenario, lever: str, value: float
) -> None:
    date = month_index("1930-04")
    plain = sampled_country.run(until=UNTIL)
    other = sampled_country.run(
        decide(historical, ("1930-04", lever, value)), until=UNTIL, keep=False
    )
    np.testing.assert_array_equal(plain.flows[:date], other.flows[:date])
    np.testing.assert_array_equal(plain.opening[: date + 1], other.opening[: date + 1])
    assert not np.array_equal(plain.flows[date:], other.flows[date:])


def test_the_switch_of_a_rule_that_no_lever_asks_for_changes_no_bit(
    sampled_country: Country,
) -> None:
    off = sampled_country.run(off=("leadership_rule",), until=UNTIL, keep=False)
    assert _same(off, sampled_country.run(until=UNTIL))


def test_members_differ_and_repeat(sampled_country: Country) -> None:
    plain = sampled_country.run(until=UNTIL)
    other = sampled_country.run(member=7, until=UNTIL, keep=False)
    again = sampled_country.run(member=7, until=UNTIL, keep=False)
    assert not _same(other, plain)
    assert _same(other, again)


def test_twenty_scenarios_compile_once(sampled_country: Country, historical: Scenario) -> None:
    """Levers, dates, regions, parameters, switches, seeds and members are traced arguments."""
    sampled_country.run(until="1927-02")
    before = compiled._program.cache_info().misses
    for number in range(20):
        other = decide(
            historical,
            (f"19{27 + number % 2}-0{1 + number % 9}", "grain_price", 0.5 + number / 10),
            ("1927-01", "movement_ban", number / 20),
            drop=("goods_supply",) if number % 2 else (),
        )
        sampled_country.run(
            other,
            off=("hiding", "leaving")[: number % 3],
            parameters={"seed_rate": 0.12 + number / 1000},
            member=number,
            seed=number + 1,
            until="1927-04",
            keep=False,
        )
    assert compiled._program.cache_info().misses == before
