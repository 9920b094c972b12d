"""Shapes of the units of space on a map, from today's provinces grouped to the borders of 1930-33.

The drawing is an equal-area one, so that a region takes the part of the picture that it took of
the country. `regions_1930.md` beside the data says what is approximate.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from perelom.errors import ShapeError
from perelom.evidence.places import regions
from perelom.evidence.tables import data_path

FILE = "regions_1930.topo.json"
EARTH_RADIUS_KM = 6371.007
"""Radius of the sphere that has the surface of the Earth."""
CENTRAL_MERIDIAN = 100.0
ORIGIN_LATITUDE = 55.0
STANDARD_PARALLELS = (47.0, 62.0)
"""The two parallels without distortion: most of the rural population lived between them."""

VIEW = (1000, 630)
"""Width and height of the drawing, in points."""
WEST = (5, 135, 310, 335)
"""The west of the drawing: left edge, top, width and height, in points."""
_KM_PER_POINT = 8.4
_LEFT_KM = -4650.0
_TOP_KM = 3620.0

Points = NDArray[np.float64]
Rings = list[list[Points]]
"""Polygons; of each the outer ring first, then its holes; a ring is an (n, 2) array, closed."""


@dataclass(frozen=True)
class RegionShape:
    """The shape of one unit of space, drawn in `VIEW`."""

    id: str
    """The name as an identifier for a page: lower case, hyphens."""
    name: str
    """The name in `regions.csv`, which the `region` axis of a run holds."""
    path: str
    """SVG path data, one decimal; holes by the even-odd rule."""
    centre: tuple[float, float]
    """Where a label stands: the point of the largest part farthest from its border."""
    approximate: bool
    """Whether the outline is known to differ from that of 1930-33."""
    area: float
    """Thousand km2 on the sphere, lakes included."""


def albers(longitude: Points, latitude: Points) -> tuple[Points, Points]:
    """Return eastings and northings in km of Albers' equal-area conic projection of a sphere.

    With n = (sin p1 + sin p2) / 2 for the standard parallels p1 and p2, C = cos^2 p1 + 2 n sin p1,
    r(p) = R sqrt(C - 2 n sin p) / n and t = n (longitude - central meridian):
    x = r(latitude) sin t, y = r(origin latitude) - r(latitude) cos t.
    Arrays in degrees; longitudes east of the antimeridian run on past 180. Source: Snyder, "Map
    Projections: A Working Manual" (1987), pp. 98-103.
    """
    first, second = np.radians(STANDARD_PARALLELS)
    n = (np.sin(first) + np.sin(second)) / 2
    c = np.cos(first) ** 2 + 2 * n * np.sin(first)
    to_pole = EARTH_RADIUS_KM * np.sqrt(c - 2 * n * np.sin(np.radians(latitude))) / n
    origin = EARTH_RADIUS_KM * np.sqrt(c - 2 * n * np.sin(np.radians(ORIGIN_LATITUDE))) / n
    turn = n * np.radians(longitude - CENTRAL_MERIDIAN)
    return to_pole * np.sin(turn), origin - to_pole * np.cos(turn)


def to_view(degrees: Points) -> Points:
    """Return points of the drawing for rows of longitude and latitude, both (n, 2)."""
    x, y = albers(degrees[:, 0], degrees[:, 1])
    return np.column_stack([x - _LEFT_KM, _TOP_KM - y]) / _KM_PER_POINT


def spherical_area(polygons: Rings) -> float:
    """Return the surface on the sphere of polygons in degrees, in thousand km2."""
    return sum(
        abs(_ring_area(rings[0])) - sum(abs(_ring_area(hole)) for hole in rings[1:])
        for rings in polygons
    )


@lru_cache(maxsize=1)
def region_outlines() -> dict[str, Rings]:
    """Return the polygons of every unit of space in degrees, in the order of `regions.csv`."""
    topology = _topology()
    arcs = _arcs(topology)
    return {
        name: [[_ring(ring, arcs) for ring in polygon] for polygon in geometry["arcs"]]
        for name, geometry in _geometries(topology).items()
    }


@lru_cache(maxsize=1)
def region_shapes() -> dict[str, RegionShape]:
    """Return the shape of every unit of space by name, in the order of the `region` axis.

    Raises
    ------
    ShapeError
        The file does not hold exactly the units of `regions.csv`.

    """
    geometries = _geometries(_topology())
    return {
        name: _shape(name, polygons, geometries[name]["properties"])
        for name, polygons in region_outlines().items()
    }


def provenance() -> str:
    """Return what is printed under a map: where the shapes are from and how far to trust them."""
    shapes = region_shapes().values()
    rough = sum(shape.approximate for shape in shapes)
    return (
        "Outlines: today's provinces of Natural Earth (public domain), grouped to the regions of "
        f"1930-33. {rough} of {len(shapes)} are approximate: later changes of borders inside a "
        "province are drawn by judgement or left out."
    )


def _shape(name: str, polygons: Rings, properties: dict[str, Any]) -> RegionShape:
    ((x, y),) = to_view(np.array([properties["centre"]], dtype=float)).tolist()
    return RegionShape(
        id=re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"),
        name=name,
        path="".join(_path(ring) for rings in polygons for ring in rings),
        centre=(round(x, 1), round(y, 1)),
        approximate=properties["approximate"],
        area=spherical_area(polygons),
    )


def _path(ring: Points) -> str:
    points = np.round(to_view(ring), 1)
    moved = np.append(True, np.any(np.diff(points, axis=0) != 0, axis=1))
    first, *others = [f"{x:g} {y:g}" for x, y in points[moved][:-1]]
    return f"M{first}L{' '.join(others)}Z"


def _ring_area(ring: Points) -> float:
    """Return the signed surface inside a ring whose edges are straight in longitude and sine."""
    longitude, height = np.radians(ring[:, 0]), np.sin(np.radians(ring[:, 1]))
    steps = np.diff(longitude) * (height[1:] + height[:-1]) / 2
    return float(steps.sum()) * EARTH_RADIUS_KM**2 / 1000


@lru_cache(maxsize=1)
def _topology() -> dict[str, Any]:
    topology: dict[str, Any] = json.loads(data_path(FILE).read_text(encoding="utf-8"))
    return topology


def _geometries(topology: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = {item["id"]: item for item in topology["objects"]["regions"]["geometries"]}
    names = regions()["name"].to_list()
    if set(found) != set(names):
        wrong = sorted(set(found) ^ set(names))
        raise ShapeError(f"{FILE} and regions.csv differ in {', '.join(wrong)}")
    return {name: found[name] for name in names}


def _arcs(topology: dict[str, Any]) -> list[Points]:
    """Return the arcs in degrees: each is stored as steps in units of the grid."""
    scale = np.array(topology["transform"]["scale"])
    origin = np.array(topology["transform"]["translate"])
    return [np.cumsum(arc, axis=0) * scale + origin for arc in topology["arcs"]]


def _ring(indices: Sequence[int], arcs: list[Points]) -> Points:
    """Return the ring that arcs make end to end; a negative index is an arc walked backwards."""
    pieces = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([pieces[0], *[piece[1:] for piece in pieces[1:]]])
