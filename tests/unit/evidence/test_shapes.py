"""Shapes of the units of space: whole, without overlap, to scale, and those of the registry."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from perelom.errors import ShapeError
from perelom.evidence import observations, regions, shapes
from perelom.evidence.shapes import EARTH_RADIUS_KM, albers, region_outlines, region_shapes
from perelom.evidence.tables import data_path
from perelom.world.geography import REGION_NAMES

TOOLS = Path(__file__).parents[3] / "tools"
SIZE_OF_UNION = 21_176.0
"""Thousand km2 in the borders of before September 1939, as handbooks of the time print it."""


@lru_cache(maxsize=1)
def outlines() -> dict[str, MultiPolygon]:
    return {
        name: MultiPolygon([Polygon(rings[0], rings[1:]) for rings in polygons])
        for name, polygons in region_outlines().items()
    }


@lru_cache(maxsize=1)
def drawn() -> dict[str, BaseGeometry]:
    """What a browser draws: path data read back, holes by the even-odd rule."""
    found = {}
    for name, shape in region_shapes().items():
        area: BaseGeometry = Polygon()
        for part in shape.path.removesuffix("Z").split("Z"):
            numbers = np.array(re.findall(r"-?[0-9.]+", part), dtype=float)
            area = area.symmetric_difference(Polygon(numbers.reshape(-1, 2)).buffer(0))
        found[name] = area
    return found


def published(region: str) -> float:
    rows = observations().filter(series="territory_area", region=region)
    return float(rows["value"].item())


def test_one_shape_for_every_unit_in_the_order_of_the_region_axis() -> None:
    assert tuple(region_shapes()) == REGION_NAMES == tuple(regions()["name"])
    for name, shape in region_shapes().items():
        assert shape.name == name
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", shape.id)
        assert re.fullmatch(r"(M[-0-9. ]+L[-0-9. ]+Z)+", shape.path)
    assert len({shape.id for shape in region_shapes().values()}) == len(REGION_NAMES)


def test_outlines_are_valid_and_share_their_borders_exactly() -> None:
    for name, outline in outlines().items():
        assert outline.is_valid, name
        assert outline.area > 0, name
    assert shapely.coverage_is_valid(list(outlines().values()))


def test_no_slivers_between_regions() -> None:
    together = shapely.union_all(list(outlines().values()))
    holes = [hole for part in shapely.get_parts(together) for hole in part.interiors]
    sizes = [shapes.spherical_area([[np.array(hole.coords)]]) for hole in holes]
    assert all(size > 10 for size in sizes), "only the gulf of Kara-Bogaz-Gol is a hole"


def test_drawn_regions_do_not_overlap() -> None:
    names = list(drawn())
    for index, name in enumerate(names):
        for other in names[index + 1 :]:
            overlap = drawn()[name].intersection(drawn()[other]).area
            assert overlap < 1e-3 * min(drawn()[name].area, drawn()[other].area), (name, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tatar ASSR", "Bashkir ASSR"),
        ("Moldavian ASSR", "Odesa oblast"),
        ("Moldavian ASSR", "Vinnytsia oblast"),
        ("Kuznetsk okrug", "West Siberia krai (rest)"),
        ("Leningrad oblast", "Karelian ASSR"),
        ("Western oblast", "Belorussian SSR"),
        ("Karakalpak ASSR", "Kazakh ASSR"),
        ("Far Eastern krai", "Yakut ASSR"),
    ],
)
def test_neighbours_have_a_border_in_common(one: str, other: str) -> None:
    assert outlines()[one].boundary.intersection(outlines()[other].boundary).length > 0.5


def test_regions_far_apart_do_not_touch() -> None:
    assert not outlines()["Crimean ASSR"].touches(outlines()["North Caucasus krai"])
    assert not outlines()["Odesa oblast"].touches(outlines()["Donetsk oblast"])


@given(
    west=st.floats(19, 189),
    south=st.floats(35, 80),
    width=st.floats(0.2, 3),
    height=st.floats(0.2, 3),
)
def test_the_projection_keeps_areas(west: float, south: float, width: float, height: float) -> None:
    along, level = np.linspace(0, 1, 200), np.ones(200)
    east = np.concatenate([along, level, along[::-1], 0 * level])
    north = np.concatenate([0 * level, along, level, along[::-1]])
    x, y = albers(west + width * east, south + height * north)
    on_map = Polygon(np.column_stack([x, y])).area
    sines = np.diff(np.sin(np.radians([south, south + height]))).item()
    on_sphere = EARTH_RADIUS_KM**2 * np.radians(width) * sines
    assert on_map == pytest.approx(on_sphere, rel=1e-4)


def test_the_projection_has_its_origin_and_true_scale_on_the_standard_parallels() -> None:
    origin = np.array([shapes.CENTRAL_MERIDIAN]), np.array([shapes.ORIGIN_LATITUDE])
    assert np.allclose(albers(*origin), 0)
    for parallel in shapes.STANDARD_PARALLELS:
        x, y = albers(np.array([99.99, 100.01]), np.array([parallel, parallel]))
        length = np.hypot(*np.diff([x, y]).ravel())
        true = EARTH_RADIUS_KM * np.radians(0.02) * np.cos(np.radians(parallel))
        assert length == pytest.approx(true, rel=1e-6)


def test_every_region_is_drawn_to_one_scale() -> None:
    scales = {name: drawn()[name].area / shape.area for name, shape in region_shapes().items()}
    middle = float(np.median(list(scales.values())))
    for name, found in scales.items():
        assert found == pytest.approx(middle, rel=0.01), name


@pytest.mark.parametrize(
    ("region", "tolerance"),
    [
        ("Central Black Earth oblast", 0.02),
        ("Western oblast", 0.03),
        ("Nizhny Novgorod krai", 0.03),
        ("North Caucasus krai", 0.05),
        ("Middle Volga krai", 0.20),
        ("Kuznetsk okrug", 0.20),
    ],
)
def test_sizes_agree_with_those_of_the_handbooks(region: str, tolerance: float) -> None:
    assert region_shapes()[region].area == pytest.approx(published(region), rel=tolerance)


def test_size_of_west_siberia_and_of_the_union() -> None:
    parts = regions().filter(parent="West Siberia krai")["name"]
    west_siberia = sum(region_shapes()[name].area for name in parts)
    assert west_siberia == pytest.approx(published("West Siberia krai"), rel=0.10)
    union = sum(shape.area for shape in region_shapes().values())
    assert union == pytest.approx(SIZE_OF_UNION, rel=0.01)


def test_label_points_lie_inside() -> None:
    for name, shape in region_shapes().items():
        assert drawn()[name].contains(Point(shape.centre)), name


def test_seats_of_the_registry_lie_in_their_regions() -> None:
    for name, latitude, longitude in regions()["name", "latitude", "longitude"].iter_rows():
        assert outlines()[name].contains(Point(longitude, latitude)), name


def test_the_frontier_is_that_of_before_1939() -> None:
    together = shapely.union_all(list(outlines().values()))
    abroad = {
        "Lviv": (24.03, 49.84),
        "Brest": (23.70, 52.10),
        "Maladzyechna": (26.86, 54.31),
        "Riga": (24.11, 56.95),
        "Chisinau": (28.86, 47.01),
        "Izmail": (28.84, 45.35),
        "Viipuri": (28.75, 60.71),
        "Sortavala": (30.69, 61.70),
        "Petsamo": (31.00, 69.45),
        "Koenigsberg": (20.51, 54.71),
        "Kyzyl": (94.45, 51.72),
        "Toyohara": (142.74, 46.96),
    }
    inside = {
        "Minsk": (27.56, 53.90),
        "Kamianets-Podilskyi": (26.58, 48.68),
        "Tiraspol": (29.64, 46.84),
        "Beloostrov": (30.02, 60.15),
        "Murmansk": (33.08, 68.97),
        "Alexandrovsk-Sakhalinsky": (142.16, 50.90),
    }
    for name, place in abroad.items():
        assert not together.contains(Point(place)), name
    for name, place in inside.items():
        assert together.contains(Point(place)), name


def test_chukotka_runs_on_past_the_antimeridian() -> None:
    west, _, east, _ = outlines()["Far Eastern krai"].bounds
    assert west > 100
    assert east == pytest.approx(190.3, abs=0.5)
    assert outlines()["Far Eastern krai"].contains(Point(180.0, 68.0))


def test_the_drawing_fills_the_view_and_the_west_lies_in_it() -> None:
    left, top, right, bottom = shapely.total_bounds(list(drawn().values()))
    width, height = shapes.VIEW
    assert 0 < left < 20
    assert 0 < top < 20
    assert width - 20 < right < width
    assert height - 20 < bottom < height
    x, y, west_width, west_height = shapes.WEST
    west = box(x, y, x + west_width, y + west_height)
    for name in regions().filter(union_republic="Ukrainian SSR")["name"]:
        assert west.contains(drawn()[name]), name
    for name in ("Georgian SSR", "Azerbaijan SSR", "Belorussian SSR", "Middle Volga krai"):
        assert west.contains(drawn()[name]), name


def test_what_is_approximate_says_so() -> None:
    rough = {name for name, shape in region_shapes().items() if shape.approximate}
    assert set(regions().filter(pl.col("parent").is_not_null())["name"]) <= rough
    assert "Tatar ASSR" not in rough
    assert "Natural Earth" in shapes.provenance()
    assert f"{len(rough)} of 40 are approximate" in shapes.provenance()
    note = data_path("regions_1930.md").read_text(encoding="utf-8")
    assert all(f"| {name} |" in note for name in REGION_NAMES)


def test_the_file_is_small_and_made_from_the_tables_beside_the_script() -> None:
    assert data_path(shapes.FILE).stat().st_size < 250_000
    tables = [TOOLS / name for name in ("region_crosswalk.csv", "region_cuts.csv")]
    made_from = hashlib.sha256(b"".join(path.read_bytes() for path in tables)).hexdigest()
    assert made_from in data_path("regions_1930.md").read_text(encoding="utf-8")


def test_shapes_of_other_units_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "regions", lambda: regions().head(39))
    region_outlines.cache_clear()
    with pytest.raises(ShapeError, match=r"West Siberia krai \(rest\)"):
        region_outlines()


def test_shapely_is_not_needed_to_draw() -> None:
    code = (
        "import sys; from perelom.evidence.shapes import region_shapes; region_shapes(); "
        "print('shapely' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
