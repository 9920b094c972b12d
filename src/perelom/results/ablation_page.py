"""The page of the docs that says what each mechanism changes."""

from typing import Any

import polars as pl

from perelom.model.mechanisms import MECHANISMS

SHOWN = (
    "harvest 1932",
    "procurement 1931/32",
    "kolkhoz households 3/1930",
    "horses 1/1934",
    "cattle 1/1934",
    "excess deaths 1930-34",
)
"""The outcomes that fit on the page; the command `perelom ablate` prints all."""

_TEXT = """\
# What each mechanism changes

Paired runs of the historical scenario: {draws}, {villages} villages, expected draws, each run \
with all mechanisms and without one, same parameters and same luck. A cell is the median change \
*without* the mechanism, with the 5% and 95% of the pairs below it, and in how many pairs the \
change is above zero. A change near zero is a finding.

{standing} An attribution depends on model and baseline and is not moral responsibility. Deaths \
are excess deaths from hunger by the model's own definition (deaths above those of the same \
persons in the same months without hunger), in millions.
"""
_PRIOR = "The parameters are priors, not estimates: no number here is a finding on the history."
_FITTED = (
    "The parameters are draws of the fit. The intervals contain the uncertainty of parameters and "
    "luck, not that of the model."
)


def page(table: pl.DataFrame, villages: int, *, fitted: bool) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    table
        Paired differences, the mechanism left out as `arm`: see `experiments.ablation.ablate`.
    villages
        How many were simulated.
    fitted
        Whether the draws come from a fit, or from the priors.

    """
    rows = {(row["arm"], row["outcome"]): row for row in table.to_dicts()}
    arms = list(dict.fromkeys(table["arm"]))
    shown = [name for name in SHOWN if (arms[0], name) in rows]
    count = max(row["members"] for row in rows.values())
    text = _TEXT.format(
        draws=f"{count} {'fitted parameter sets' if fitted else 'parameter sets from the priors'}",
        villages=f"{villages:,}",
        standing=_FITTED if fitted else _PRIOR,
    )
    heads = [f"{name}, {rows[arms[0], name]['unit']}" for name in shown]
    lines = [
        "| Without | " + " | ".join(heads) + " |",
        "|---|" + "---:|" * len(shown),
        "| *with all: median* | "
        + " | ".join(f"{rows[arms[0], name]['base']:.2f}" for name in shown)
        + " |",
    ]
    for arm in arms:
        cells = [_cell(rows[arm, name]) for name in shown]
        lines.append(f"| `{arm}`: {MECHANISMS[arm].note.lower()} | " + " | ".join(cells) + " |")
    return text + "\n" + "\n".join(lines) + "\n"


def _cell(row: dict[str, Any]) -> str:
    if not row["members"]:
        return "–"
    if row["equal"] == 1:
        return "0"
    middle, low, high = (
        row[f"difference{end}"] + 0.0 if row[f"difference{end}"] else 0.0
        for end in ("", "_low", "_high")
    )
    above = round(row["above"] * row["members"])
    return f"{middle:.2f}<br>{low:.2f} to {high:.2f}<br>{above} of {row['members']}"
