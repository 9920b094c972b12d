"""The audit: every stock, every month, every region, closed against the flows."""

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from perelom.errors import AccountError
from perelom.model.flows import FLOWS, ON_THE_WAY
from perelom.model.ledger import STOCKS
from perelom.world.calendar import month_name

STOCK_TOLERANCE = 1e-5
FLOW_TOLERANCE = 1e-4
ROUNDING = 1e-9
"""Residuals below this share of the country's stock are rounding of empty accounts."""
SINGLE_PRECISION = float(np.finfo(np.float32).eps)
"""Share of a region's households' stock below which a flow is lost in their rounding."""
NOTHING = 1e-6
"""A millionth of a tonne, head or person: what single precision leaves of an emptied store."""
RESOLUTION = 2e-7
"""Share of the gross flow that single precision cannot book: it decides only where a store is
emptied to less than a fiftieth of what passed through it in the month."""

UNITS = {
    "grain": "t",
    "seed": "t",
    "granary": "t",
    "persons": "persons",
    "households": "households",
    "land": "ha",
    "own": "ha",
    "kolkhoz": "ha",
    "implements": "roubles of 1926/27",
    "roubles": "roubles",
    "tractors": "15-hp units",
    "debt": "gold roubles",
    "capital": "roubles of 1926/27",
    "unfinished": "roubles of 1926/27",
    "housing": "m2",
    "settlers": "persons",
    "prisoners": "persons",
}
"""Unit of a stock by the last word of its name; animals are counted in head."""


_IN_HOUSEHOLDS = np.asarray(
    [
        name.startswith(("household_", "rural_", "individual_")) or name == "standing_own"
        for name in STOCKS
    ]
)
"""Stocks that are sums over households, whose columns are in single precision."""


class Accounts(NamedTuple):
    """Accounts of some months, each [month, region, stock] in the order of `STOCKS`."""

    opening: NDArray[np.float64]
    inflow: NDArray[np.float64]
    outflow: NDArray[np.float64]
    closing: NDArray[np.float64]

    @property
    def allowed(self) -> NDArray[np.float64]:
        """The greatest residual that still counts as closed."""
        size = np.maximum(np.abs(self.opening), np.abs(self.closing))
        gross = self.inflow + self.outflow
        slack = ROUNDING * size.sum(axis=1, keepdims=True) + NOTHING + RESOLUTION * gross
        slack = slack + SINGLE_PRECISION * size * _IN_HOUSEHOLDS
        return np.minimum(STOCK_TOLERANCE * size, FLOW_TOLERANCE * gross) + slack

    @property
    def residual(self) -> NDArray[np.float64]:
        """Closing less what opening and flows say it should be."""
        return self.closing - self.opening - self.inflow + self.outflow


def accounts_of(
    opening: NDArray[np.float64], flows: NDArray[np.float64], closing: NDArray[np.float64]
) -> Accounts:
    """Book the flows to the stocks they enter and leave.

    opening [month, region, stock] with the closing stocks [region, stock] after the last month;
    flows [month, region, flow].
    """
    names = list(STOCKS)
    into, out_of = np.zeros((len(FLOWS), len(names))), np.zeros((len(FLOWS), len(names)))
    for row, flow in enumerate(FLOWS.values()):
        if flow.sink in STOCKS:
            into[row, names.index(flow.sink)] = 1.0
        if flow.source in STOCKS:
            out_of[row, names.index(flow.source)] = 1.0
    after = np.concatenate([opening[1:], closing[None]])
    return Accounts(opening, flows @ into, flows @ out_of, after)


def audit(accounts: Accounts, flows: NDArray[np.float64], first_month: int) -> None:
    """Check that all accounts close, that nothing is negative, and that rail is empty.

    Raises
    ------
    AccountError
        Naming the worst month, region and stock.

    """
    _check_finite(accounts, flows, first_month)
    _check_signs(accounts.closing, flows, first_month)
    allowed, residual = accounts.allowed, np.abs(accounts.residual)
    if np.any(residual > allowed):
        worst = np.unravel_index(np.argmax(residual / (allowed + 1e-300)), residual.shape)
        month, region, stock = (int(index) for index in worst)
        raise AccountError(
            f"account {list(STOCKS)[stock]!r} does not close in {month_name(first_month + month)}, "
            f"region {region}: residual {accounts.residual[worst]:.6g} of a stock of "
            f"{accounts.closing[worst]:.6g} and a gross flow of "
            f"{accounts.inflow[worst] + accounts.outflow[worst]:.6g}"
        )
    _check_rail(flows, first_month)


def _check_finite(accounts: Accounts, flows: NDArray[np.float64], first_month: int) -> None:
    for what, values, names in (
        ("stock", accounts.closing, list(STOCKS)),
        ("flow", flows, list(FLOWS)),
    ):
        if not np.isfinite(values).all():
            month, region, index = np.argwhere(~np.isfinite(values))[0]
            raise AccountError(
                f"{what} {names[index]!r} is not a number in "
                f"{month_name(first_month + int(month))}, region {region}"
            )


def _check_signs(
    closing: NDArray[np.float64],
    flows: NDArray[np.float64],
    first_month: int,
) -> None:
    for what, values, names in (
        ("stock", closing, list(STOCKS)),
        ("flow", flows, list(FLOWS)),
    ):
        slack = ROUNDING * np.abs(values).sum(axis=1, keepdims=True) + NOTHING
        below = values < -slack
        if below.any():
            month, region, index = (int(i) for i in np.argwhere(below)[0])
            raise AccountError(
                f"{what} {names[index]!r} is negative ({values[month, region, index]:.6g}) in "
                f"{month_name(first_month + month)}, region {region}"
            )


def _check_rail(flows: NDArray[np.float64], first_month: int) -> None:
    for way in ON_THE_WAY:
        _check_way(way, flows, first_month)


def _check_way(way: str, flows: NDArray[np.float64], first_month: int) -> None:
    """Check that what set out on a way between regions has arrived."""
    national = flows.sum(axis=1)
    names = list(FLOWS)
    onto = sum(national[:, names.index(n)] for n, f in FLOWS.items() if f.sink == way)
    off = sum(national[:, names.index(n)] for n, f in FLOWS.items() if f.source == way)
    gap = np.abs(np.asarray(onto) - np.asarray(off))
    allowed = FLOW_TOLERANCE * np.asarray(onto) + 1.0
    if np.any(gap > allowed):
        month = int(np.argmax(gap - allowed))
        raise AccountError(
            f"{_CARRIED[way]} does not balance in {month_name(first_month + month)}: "
            f"{gap[month]:.6g}"
        )


_CARRIED = {
    "rail": "grain on the rails, t,",
    "road": "people on the road, persons,",
    "bank": "money under way, roubles,",
}
"""What a message calls a way between regions."""


def account_table(accounts: Accounts, first_month: int, regions: tuple[str, ...]) -> pl.DataFrame:
    """Return the accounts as a long table: month, region, account, flows, residual, unit."""
    months, count, _ = accounts.opening.shape
    stocks = list(STOCKS)
    units = [UNITS.get(name.split("_")[-1], "head") for name in stocks]
    return pl.DataFrame(
        {
            "month": np.repeat(
                np.asarray([month_name(first_month + m) for m in range(months)], "datetime64[D]"),
                count * len(stocks),
            ),
            "region": np.tile(np.repeat(regions, len(stocks)), months),
            "account": np.tile(stocks, months * count),
            "opening": accounts.opening.ravel(),
            "inflow": accounts.inflow.ravel(),
            "outflow": accounts.outflow.ravel(),
            "closing": accounts.closing.ravel(),
            "residual": accounts.residual.ravel(),
            "allowed": accounts.allowed.ravel(),
            "unit": np.tile(units, months * count),
        }
    )
