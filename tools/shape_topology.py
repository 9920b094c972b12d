"""From polygons that share borders to TopoJSON: every shared border is one arc."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from shapely.geometry import MultiPolygon

Cell = tuple[int, int]
DECIMALS = 3
GRID_DEGREES = 10.0**-DECIMALS


def topology(
    shapes: Mapping[str, MultiPolygon], properties: Mapping[str, dict[str, Any]]
) -> dict[str, Any]:
    """Return polygons in degrees as a TopoJSON topology on a grid of 0.001 degree."""
    rings = {name: _rings(shape) for name, shape in shapes.items()}
    nodes = _nodes(ring for polygons in rings.values() for rings in polygons for ring in rings)
    known: dict[tuple[Cell, ...], int] = {}
    geometries = [
        {
            "type": "MultiPolygon",
            "id": name,
            "properties": properties[name],
            "arcs": [[_walk(ring, nodes, known) for ring in polygon] for polygon in polygons],
        }
        for name, polygons in rings.items()
    ]
    return {
        "type": "Topology",
        "transform": {"scale": [GRID_DEGREES, GRID_DEGREES], "translate": [0, 0]},
        "objects": {"regions": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": [_steps(arc) for arc in known],
    }


def _rings(shape: MultiPolygon) -> list[list[list[Cell]]]:
    """Return polygons as rings on the grid, without the closing point, the outer ring first."""
    return [
        [_cells(ring.coords) for ring in (polygon.exterior, *polygon.interiors)]
        for polygon in shape.geoms
    ]


def _cells(points: Any) -> list[Cell]:
    grid = np.rint(np.asarray(points)[:-1] / GRID_DEGREES).astype(int)
    cells = [(int(x), int(y)) for x, y in grid]
    return [cell for index, cell in enumerate(cells) if cell != cells[index - 1]]


def _nodes(rings: Iterable[list[Cell]]) -> set[Cell]:
    """Return the points where arcs end: those with other than two neighbours."""
    neighbours: dict[Cell, set[Cell]] = defaultdict(set)
    for ring in rings:
        for index, cell in enumerate(ring):
            neighbours[cell].add(ring[index - 1])
            neighbours[ring[index - 1]].add(cell)
    return {cell for cell, beside in neighbours.items() if len(beside) != 2}


def _walk(ring: list[Cell], nodes: set[Cell], known: dict[tuple[Cell, ...], int]) -> list[int]:
    """Return the arcs of a ring, adding those not known; an arc walked backwards is ~index."""
    ends = [index for index, cell in enumerate(ring) if cell in nodes]
    ends = ends or [ring.index(min(ring))]
    turned = ring[ends[0] :] + ring[: ends[0]]
    stops = [*(end - ends[0] for end in ends), len(ring)]
    closed = [*turned, turned[0]]
    found = []
    for start, stop in pairwise(stops):
        arc = tuple(closed[start : stop + 1])
        if arc[::-1] in known:
            found.append(~known[arc[::-1]])
        else:
            found.append(known.setdefault(arc, len(known)))
    return found


def _steps(arc: tuple[Cell, ...]) -> list[list[int]]:
    points = np.array(arc)
    return np.vstack([points[:1], np.diff(points, axis=0)]).tolist()
