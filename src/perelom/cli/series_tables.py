"""Tables of the evidence: all series, or one series with its variants and their disagreement."""

from __future__ import annotations

from typing import Any

import polars as pl

from perelom.cli.output import Column, say, show

USES = {"fit": "fitted", "held_out": "held out", "context": "context"}


def every_series(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Sum up each series: points, years, unit, uses."""
    grouped = (
        table.group_by("series")
        .agg(
            points=pl.len(),
            regions=pl.col("region").n_unique(),
            first=pl.col("period_start").dt.year().min(),
            last=pl.col("period_end").dt.year().max(),
            unit=pl.col("unit").first(),
            uses=pl.col("use").unique().sort(),
        )
        .sort("series")
    )
    return grouped.to_dicts()


def show_every_series(rows: list[dict[str, Any]], *, quiet: bool) -> None:
    """Print one line a series."""
    for row in rows:
        row["years"] = f"{row['first']}-{row['last']}"
        row["uses"] = ", ".join(USES[use] for use in row["uses"])
    rows = sorted(rows, key=lambda row: row["uses"] == USES["context"])
    show(
        rows,
        (
            Column("series", "Series", width=33),
            Column("points", "No.", "right"),
            Column("years", "Years", width=9),
            Column("unit", "Unit", width=17),
            Column("uses", "Use", width=10),
        ),
        note=None
        if quiet
        else "No.: number of figures. Series that are only context come last.\n"
        "Details of one: perelom evidence SERIES",
    )


def show_series(series: str, table: pl.DataFrame, *, quiet: bool) -> None:
    """Print the variants, the groups, and where the national figures disagree."""
    unit = ", ".join(table["unit"].unique().sort().to_list())
    say(f"{series}, {unit}: {table.height} figures\n")
    show(
        _variants(table),
        (
            Column("variant", "Variant", width=22),
            Column("points", "No.", "right"),
            Column("years", "Years", width=9),
            Column("layer", "Layer", width=8),
            Column("grade", "Grade", width=5),
            Column("source", "Source", width=22),
        ),
        title="Variants",
    )
    say("")
    show(
        table.group_by("use", "group")
        .agg(points=pl.len())
        .sort("use", "group")
        .with_columns(pl.col("use").replace(USES))
        .to_dicts(),
        (Column("use", "Use"), Column("points", "Figures", "right"), Column("group", "Group")),
        title="Use",
    )
    rows = _national(table)
    if rows:
        say("")
        show(
            rows,
            (
                Column("period", "Period"),
                Column("layer", "Layer"),
                Column("figures", "Figures", "right"),
                Column("least", "Lowest", "right"),
                Column("most", "Highest", "right"),
                Column("spread", "Spread", "right"),
            ),
            title="USSR: how far the figures, with their ranges, lie apart",
        )
    if not quiet:
        say("Grades: A seen in a primary or scholarly text, B at second hand, C recalled.")


def _variants(table: pl.DataFrame) -> list[dict[str, Any]]:
    return (
        table.with_columns(pl.col("variant").fill_null("(unnamed)"))
        .group_by("variant", "layer", "source")
        .agg(
            points=pl.len(),
            years=pl.format(
                "{}-{}",
                pl.col("period_start").dt.year().min(),
                pl.col("period_end").dt.year().max(),
            ),
            grade=pl.col("grade").unique().sort().str.join(" "),
        )
        .sort("points", "variant", descending=[True, False])
        .to_dicts()
    )


def _national(table: pl.DataFrame) -> list[dict[str, Any]]:
    same_day = pl.col("period_start") == pl.col("period_end")
    return (
        table.filter(pl.col("region") == "USSR", pl.col("duplicate_of").is_null())
        .group_by("period_start", "period_end", "layer")
        .agg(
            figures=pl.len(),
            least=pl.min_horizontal("value", "low").min(),
            most=pl.max_horizontal("value", "high").max(),
        )
        .sort("period_start", "period_end", "layer")
        .with_columns(
            period=pl.when(same_day)
            .then(pl.col("period_start").dt.to_string())
            .otherwise(
                pl.format(
                    "{} to {}",
                    pl.col("period_start").dt.strftime("%Y-%m"),
                    pl.col("period_end").dt.strftime("%Y-%m"),
                )
            ),
            spread=pl.when((pl.col("least") > 0) & (pl.col("most") > pl.col("least"))).then(
                pl.format("{}%", ((pl.col("most") / pl.col("least") - 1) * 100).round(0).cast(int))
            ),
        )
        .to_dicts()
    )
