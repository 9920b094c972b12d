"""Whether results depend on the number of villages: national figures at several sizes.

    python benchmarks/convergence.py                       # 320, 2,000 and 8,000 villages
    python benchmarks/convergence.py --countries 320=2 2000=2

A member is another draw of the country: other villages and households, the same weather. Its
spread is the sampling error of a size. The table goes to `docs/convergence.md`.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from run import table

from perelom.engine.run import Settings, simulate
from perelom.evidence.variables import variables
from perelom.results.manifest import code_version
from perelom.scenario import load
from perelom.world.build import build

COUNTRIES = {320: 12, 2000: 5, 8000: 3}
"""How many countries are drawn at each number of villages."""

PAGE = Path(__file__).parents[1] / "docs" / "convergence.md"
FLOWS = (
    ("grain_harvest", "1930"),
    ("grain_harvest", "1932"),
    ("grain_harvest", "1937"),
    ("state_grain_procurement", "1930"),
    ("state_grain_procurement", "1932"),
    ("births_total", "1930"),
    ("births_total", "1933"),
    ("deaths_total", "1930"),
    ("deaths_total", "1933"),
)
"""Summed over the calendar year."""

STOCKS = (
    ("collectivized_households_share", "1930-03"),
    ("collectivized_households_share", "1930-07"),
    ("collectivized_households_share", "1932-07"),
    ("sown_area_grain", "1930-07"),
    ("sown_area_grain", "1932-07"),
    ("livestock_horses", "1930-07"),
    ("livestock_horses", "1933-07"),
    ("livestock_cattle", "1930-07"),
    ("livestock_cattle", "1933-07"),
    ("livestock_pigs", "1933-07"),
    ("livestock_sheep_goats", "1933-07"),
    ("population_total", "1933-01"),
    ("population_total", "1939-01"),
    ("population_urban", "1939-01"),
)
"""On the first day of the month."""


PAGE_TEXT = """# Convergence

Results with several numbers of simulated villages. At each size the country of December 1926 was
drawn several times; weather was the same in all runs, `sampled` draws, historical decisions. A
value is the mean over these countries, followed by the standard deviation over them: the sampling
error of one run of that size. The last columns give the difference of the means from the largest
size, in per cent and, in brackets, in standard errors of that difference. The standard deviation is
scaled between sizes by the square root of the number of villages and pooled, because each size has
few draws.

{table}

{verdict}

perelom {version}, {date}; countries drawn: {countries}.
"""


@dataclass(frozen=True)
class Size:
    """The results of one number of villages, [country, result]."""

    villages: int
    values: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        return np.asarray(self.values.mean(axis=0))

    @property
    def squares(self) -> NDArray[np.float64]:
        """Squared deviations from the mean, as if of a country of one village."""
        return np.asarray(((self.values - self.mean) ** 2).sum(axis=0) * self.villages)


def national(villages: int, country: int) -> NDArray[np.float64]:
    """Run one drawing of the country and return the national results, flows first."""
    world = build(villages, seed=1926 + country)
    settings = Settings(villages=villages, draws="sampled")
    chunks = [c.monthly for c in simulate(load("historical"), settings, world=world)]
    months = np.concatenate([np.datetime_as_string(c["month"], "M") for c in chunks])

    def series(name: str) -> NDArray[np.float64]:
        return np.concatenate([c[name].sum("region").to_numpy() for c in chunks])

    found = [series(name)[np.char.startswith(months, year)].sum() for name, year in FLOWS]
    for name, month in STOCKS:
        here = int(np.flatnonzero(months == month)[0])
        known = variables()[name]
        if known.kind == "share":
            found.append(series(known.numerator)[here] / series(known.denominator)[here])
        else:
            found.append(series(name)[here])
    return np.asarray(found)


def differences(
    sizes: list[Size],
) -> tuple[list[tuple[str, ...]], NDArray[np.float64], NDArray[np.float64]]:
    """Return a line for each result, and all differences, [result, size], in two measures.

    First in standard errors of the difference of means, then in sampling errors of single runs.
    """
    largest = sizes[-1]
    freedom = sum(len(size.values) - 1 for size in sizes)
    of_one = np.sqrt(np.sum([size.squares for size in sizes], axis=0) / freedom)
    lines, scores, single = [], [], []
    for n, (name, when) in enumerate((*FLOWS, *STOCKS)):
        known = variables()[name]
        line = [f"{known.long_name}, {when}", known.unit]
        line += [f"{short(s.mean[n])} ± {short(of_one[n] / s.villages**0.5)}" for s in sizes]
        score = []
        for size in sizes[:-1]:
            parts = [1 / (s.villages * len(s.values)) for s in (size, largest)]
            difference = size.mean[n] - largest.mean[n]
            score.append(difference / (of_one[n] * sum(parts) ** 0.5))
            line.append(f"{difference / largest.mean[n]:+.1%} ({score[-1]:+.1f})")
            alone = of_one[n] * (1 / size.villages + 1 / largest.villages) ** 0.5
            single.append(difference / alone)
        lines.append(tuple(line))
        scores.append(score)
    return lines, np.asarray(scores), np.asarray(single).reshape(len(lines), -1)


def short(value: float) -> str:
    """Return a number with four digits."""
    return f"{value / 1e6:,.4g} million" if abs(value) >= 1e4 else f"{value:.4g}"


def main() -> None:
    """Run all sizes and write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--countries", nargs="+", metavar="VILLAGES=N", help="draws at each size")
    given = parser.parse_args().countries
    countries = COUNTRIES
    if given:
        countries = {int(size): int(n) for size, n in (pair.split("=") for pair in given)}
    sizes = []
    for villages, count in countries.items():
        values = []
        for country in range(count):
            started = time.perf_counter()
            values.append(national(villages, country))
            seconds = time.perf_counter() - started
            print(f"{villages} villages, country {country}: {seconds:.1f} s", flush=True)
        sizes.append(Size(villages, np.asarray(values)))
    lines, scores, single = differences(sizes)
    heads = ["Result", "Unit", *(f"{size.villages:,}" for size in sizes)]
    heads += [f"{s.villages:,} against {sizes[-1].villages:,}" for s in sizes[:-1]]
    apart = int((np.abs(single) > 2).sum())
    biased = int((np.abs(scores) > 2).sum())
    chance = round(0.05 * scores.size)
    verdict = (
        f"Measured by the sampling error of single runs, {apart} of {single.size} differences are "
        f"larger than two standard errors (about {chance} would be by chance). Means over several "
        f"countries see finer: {biased} differ by more than two of their standard errors, which is "
        "what remains of a small-sample bias."
    )
    page = PAGE_TEXT.format(
        table=table(tuple(heads), lines),
        verdict=verdict,
        version=code_version(),
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        countries=", ".join(f"{n} of {size:,} villages" for size, n in countries.items()),
    )
    PAGE.write_text(page, encoding="utf-8")
    print(page)


if __name__ == "__main__":
    main()
