"""The codebook as a page of the docs."""

from collections import defaultdict

from perelom.evidence import sources, systems
from perelom.model.mechanisms import MECHANISMS
from perelom.results.codebook import Compared, Entry, codebook

_TEXT = """\
# Codebook

Every output variable of a run: {count} of them. The same as a table: `perelom codebook --out
FILE.csv` (or `.json`); one of them: `perelom codebook livestock_horses`.

*Layer true* is what happens in the model, *layer reported* what its officials report of it. A value
of the row `USSR` is the sum of the regions; for a share it is the ratio of the sums.

*Made by* names the lines of [the month](model.md) that move or count the variable. It is read off
the program. *Mechanisms* are the [switches](ablation.md) that act on it within those lines and
belong to its systems; what acts by way of another line or an earlier month is not listed.

*Compared with* names the series of observations, with the number of figures that have a counterpart
in the model's borders, their grades (A seen in a scholarly or primary text, B at second hand, C
recalled and unchecked), their use and their sources. `perelom evidence SERIES` shows the figures. A
variable that is compared with nothing rests on the model alone.

Numbers of deaths count what the definition says and nothing else; other definitions give other
numbers.
"""
_USES = {"fit": "fitted", "held_out": "held out", "context": "context"}


def page() -> str:
    """Return the codebook as Markdown, by part of the country that a variable belongs to."""
    parts = dict(systems().select("id", "part").iter_rows())
    grouped: dict[str, list[Entry]] = defaultdict(list)
    for one in codebook().values():
        grouped[parts[one.systems[0]]].append(one)
    text = _TEXT.format(count=len(codebook()))
    for part in dict.fromkeys(parts.values()):
        if part in grouped:
            text += f"\n## {part}\n" + "".join(_entry(one) for one in grouped[part])
    return text + _sources()


def _entry(one: Entry) -> str:
    ratio = f", `{one.numerator}` over `{one.denominator}`" if one.denominator else ""
    lines = [
        f"**{one.long_name}.** {one.definition.rstrip('.')}.",
        "",
        f"- Unit: {one.unit.replace('_', ' ')}; {one.kind}, {one.moment}{ratio}; "
        f"layers: {', '.join(one.layers)}",
        f"- Made by: {', '.join(one.lines)}",
    ]
    if one.mechanisms:
        told = (f"`{name}` ({MECHANISMS[name].note.lower()})" for name in one.mechanisms)
        lines.append(f"- Mechanisms: {'; '.join(told)}")
    lines += [_compared(series) for series in one.compared] or ["- Compared with: nothing"]
    return f"\n### {one.name}\n\n" + "\n".join(lines) + "\n"


def _compared(series: Compared) -> str:
    grades = ", ".join(f"{number} {grade}" for grade, number in series.grades.items())
    uses = ", ".join(f"{number} {_USES[use]}" for use, number in series.uses.items())
    return (
        f"- Compared with: `{series.series}`, {series.figures} figures of {series.first} to "
        f"{series.last} (grades: {grades}; {uses}): {', '.join(series.sources)}"
    )


def _sources() -> str:
    used = {key for one in codebook().values() for each in one.compared for key in each.sources}
    rows = [row for row in sources().sort("key").iter_rows(named=True) if row["key"] in used]
    lines = [
        f"| `{row['key']}` | {row['author'] or '–'} | {row['title']} | {row['year'] or '–'} |"
        for row in rows
    ]
    head = "\n## Sources\n\n| Key | Author | Title | Year |\n|---|---|---|---|\n"
    return head + "\n".join(line.replace("\n", " ") for line in lines) + "\n"
