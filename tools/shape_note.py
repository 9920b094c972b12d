"""The note that ships with the shapes of the map, and the tables beside the scripts."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent

Row = dict[str, str]

NOTE = """\
# Shapes of the regions of 1930-33

Made by `tools/build_region_shapes.py` from the npm package {package} {version} (licence
{licence}), whose data are the provinces of Natural Earth, 1:10 million, in the public domain.
"Made with Natural Earth. Free vector and raster map data @ naturalearthdata.com."

Today's provinces are grouped to units of space, cut where a rule below says so, dissolved,
simplified with common borders kept common, and rounded to 0.001 degree. Longitudes run past 180
in Chukotka. Islands below 1,000 km2 are left out. Lakes and the Aral Sea are part of the land
around them. SHA-256 of crosswalk and cuts: `{checksum}`.

"By judgement" means: from general knowledge of the divisions of 1926-32, not checked on a map of
the time (grade C).

No open vector set of the borders of 1930-33 was found. Outlines serve to show figures on a map,
not to say where a border ran. Natural Earth draws control as it is in fact today; only units of
1930-33 are shown. Names in English; `regions.csv` has the others.

## Size and limits

Thousand km2 on a sphere; a dash: no known difference that the map would show.

| region | size | approximate because |
|---|---|---|
{limits}
## Crosswalk

Codes are ISO 3166-2 or Natural Earth's own. Rows of a province apply in order: a cut takes what
lies inside it, the next row the rest.

| region | province | cut | note |
|---|---|---|---|
{crosswalk}
Left out because no row names them: Kaliningrad, Tuva, the Baltic states, Moldova west of the
Dniester, western Ukraine (UA-07, 21, 26, 46, 56, 61, 77), Brest and Grodno.

## Cuts

| cut | what it stands for |
|---|---|
{rings}
## Notice of the package

{notice}
"""


def table(name: str) -> list[Row]:
    """Return the rows of a table beside this script."""
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def provenance_note(package: dict[str, Any], notice: str, sizes: dict[str, float]) -> str:
    """Return the text that ships with the shapes; sizes in thousand km2."""
    limits = "".join(
        f"| {row['region']} | {sizes[row['region']]:,.0f} | {row['limit'] or '–'} |\n"
        for row in table("region_limits.csv")
    )
    crosswalk = "".join(
        f"| {row['region'] or 'left out'} | {row['province']} | {row['cut']} | {row['note']} |\n"
        for row in table("region_crosswalk.csv")
    )
    rings = "".join(f"| {row['cut']} | {row['basis']} |\n" for row in table("region_cuts.csv"))
    return NOTE.format(
        package=package["name"],
        version=package["version"],
        licence=package["license"],
        notice=" ".join(notice.split()),
        checksum=checksum("region_crosswalk.csv", "region_cuts.csv"),
        limits=limits,
        crosswalk=crosswalk,
        rings=rings,
    )


def checksum(*names: str) -> str:
    """Return the SHA-256 of tables beside this script."""
    return hashlib.sha256(b"".join((HERE / name).read_bytes() for name in names)).hexdigest()
