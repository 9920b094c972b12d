"""Whether the accounts of a run close: the largest residual of each."""

import polars as pl


def closing(accounts: pl.DataFrame) -> pl.DataFrame:
    """Sum up each account over regions and months.

    Returns
    -------
    polars.DataFrame
        account, unit, cells (regions times months), of_stock and of_flow (largest residual as a
        share of the larger of opening and closing stock, and of inflow plus outflow), closes
        (no residual above what the engine allows).

    """
    if accounts.is_empty():
        return pl.DataFrame()
    residual = pl.col("residual").abs()
    stock = pl.max_horizontal(pl.col("opening").abs(), pl.col("closing").abs())
    flow = pl.col("inflow").abs() + pl.col("outflow").abs()
    return (
        accounts.with_columns(
            of_stock=pl.when(stock > 0).then(residual / stock),
            of_flow=pl.when(flow > 0).then(residual / flow),
        )
        .group_by("account", "unit")
        .agg(
            pl.len().alias("cells"),
            pl.col("of_stock", "of_flow").max(),
            closes=(pl.col("residual").abs() <= pl.col("allowed")).all(),
        )
        .sort("account")
    )
