"""Deleting any flow of the model makes the audit fail."""

import numpy as np
import pytest

from country import Country, Course, decide
from perelom.engine.accounts import accounts_of, audit
from perelom.errors import AccountError
from perelom.model.flows import FLOWS, ON_THE_WAY
from perelom.model.ledger import STOCKS
from perelom.scenario import Scenario
from perelom.world.calendar import month_index

pytestmark = pytest.mark.xdist_group("sampled")

PIECES = {
    "1926-12 to 1927-12": ("1926-12", "1927-12"),
    "1930-1931": ("1930-01", "1931-12"),
    "1932-07 to 1933-06": ("1932-07", "1933-06"),
}

DUST = 1e-6
"""Flows below a millionth of a unit are rounding: land on order differs by the last bit."""


def _piece(course: Course, first: str, last: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return openings, flows and closing stocks of some months of a run."""
    part = slice(month_index(first), month_index(last) + 1)
    after = np.concatenate([course.opening, course.closing[None]])
    return course.opening[part], course.flows[part], after[part.stop]


@pytest.fixture(scope="module")
def course(sampled_country: Country, historical: Scenario) -> Course:
    """Return a run in which every use of state grain, and of force, is ordered at some time."""
    scenario = decide(
        historical,
        ("1932-10", "procurement_force", 4),
        ("1933-01", "relief_food", 0.3),
        ("1931-02", "seed_loan", 2),
        ("1932-10", "state_farm_area", 1.0),
        ("1932-08", "purchase_price", 3),
        ("1933-03", "arrest_quota", 5),
        ("1933-03", "execution_share", 0.3),
        ("1932-10", "calves_for_cowless", 1.0),
    )
    return sampled_country.run(scenario, until="1933-06")


def test_every_flow_is_met_in_some_piece(course: Course) -> None:
    total = np.zeros(len(FLOWS))
    for first, last in PIECES.values():
        total += np.abs(_piece(course, first, last)[1]).sum(axis=(0, 1))
    unmet = {name for name, amount in zip(FLOWS, total, strict=True) if amount == 0}
    assert unmet == set()


@pytest.mark.parametrize("piece", PIECES)
def test_the_pieces_close(course: Course, piece: str) -> None:
    first, last = PIECES[piece]
    opening, flows, closing = _piece(course, first, last)
    accounts = accounts_of(opening, flows, closing)
    audit(accounts, flows, month_index(first))
    assert np.all(np.abs(accounts.residual) <= accounts.allowed)


@pytest.mark.parametrize("name", FLOWS)
def test_deleting_a_flow_breaks_the_audit(course: Course, name: str) -> None:
    column, broken = list(FLOWS).index(name), 0
    for first, last in PIECES.values():
        opening, flows, closing = _piece(course, first, last)
        if np.abs(flows[:, :, column]).max() < DUST:
            continue
        without = flows.copy()
        without[:, :, column] = 0.0
        with pytest.raises(AccountError, match=r"does not close|does not balance"):
            audit(accounts_of(opening, without, closing), without, month_index(first))
        broken += 1
    assert broken > 0


@pytest.mark.parametrize("name", ["harvest_own", "deaths_rural", "joined", "exported"])
def test_one_region_and_month_is_enough(course: Course, name: str) -> None:
    """The audit is by region and month: a flow lost in one place is found."""
    opening, flows, closing = _piece(course, "1930-01", "1930-12")
    column = list(FLOWS).index(name)
    month, region = np.unravel_index(np.argmax(flows[:, :, column]), flows.shape[:2])
    without = flows.copy()
    without[month, region, column] = 0.0
    with pytest.raises(AccountError) as caught:
        audit(accounts_of(opening, without, closing), without, month_index("1930-01"))
    assert f"1930-{month + 1:02d}" in str(caught.value)
    assert f"region {region}" in str(caught.value)


@pytest.mark.parametrize("name", STOCKS)
def test_a_stock_that_is_not_a_number_or_negative(course: Course, name: str) -> None:
    opening, flows, closing = _piece(course, "1930-01", "1930-12")
    column = list(STOCKS).index(name)
    for value, words in ((np.nan, "is not a number"), (-1e9, "is negative")):
        wrong = closing.copy()
        wrong[3, column] = value
        with pytest.raises(AccountError, match=f"{name}.*{words}"):
            audit(accounts_of(opening, flows, wrong), flows, month_index("1930-01"))


def test_every_stock_is_moved_by_flows_both_ways_or_only_consumed() -> None:
    """Each stock is entered or left by some flow, and flows know only stocks, rail and outside."""
    known = {*STOCKS, *ON_THE_WAY, None}
    assert {flow.source for flow in FLOWS.values()} <= known
    assert {flow.sink for flow in FLOWS.values()} <= known
    moved = {flow.source for flow in FLOWS.values()} | {flow.sink for flow in FLOWS.values()}
    assert set(STOCKS) <= moved
