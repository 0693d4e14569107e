"""Without a boundary file the city is still drawn, and says that it is a schema."""

import ast
from pathlib import Path

import pytest
import shapely

from parvis.kernel import territories
from parvis.kernel.territories import drawing, reference, schematic


def test_the_schema_has_seventeen_sectors_that_cover_the_outline_without_overlap():
    shapes = schematic.sectors()
    assert list(shapes) == ["centre", *map(str, range(5, 21))]
    assert all(shape.is_valid and not shape.is_empty for shape in shapes.values())
    outline = shapely.Polygon(schematic.OUTLINE)
    assert sum(s.area for s in shapes.values()) == pytest.approx(outline.area, rel=1e-6)


def test_each_centroid_stands_in_its_own_sector():
    shapes = schematic.sectors()
    for row in reference.table("arrondissements.csv"):
        assert shapes[row["sector"]].contains(shapely.Point(float(row["longitude"]), float(row["latitude"])))


def test_neighbours_of_the_schema_are_neighbours_in_the_city():
    shapes = schematic.sectors()
    for one, other in [("centre", "9"), ("19", "20"), ("5", "6"), ("17", "18"), ("15", "16"), ("11", "20")]:
        assert shapes[one].distance(shapes[other]) < 1e-9
    assert shapes["16"].distance(shapes["20"]) > 0.05


def test_the_drawing_says_that_it_is_a_schema_and_places_every_label_inside_its_sector():
    sheet = drawing.schema()
    assert sheet.is_schematic
    assert "Schéma" in sheet.origin
    assert len(sheet.shapes) == 17
    assert all(0 < s.x < drawing.WIDTH and 0 < s.y < sheet.height and s.path.startswith("M") for s in sheet.shapes)


def test_nothing_that_locates_leans_on_the_schema():
    folder = Path(territories.__file__).parent
    drawers = {"schematic.py", "drawing.py", "printed.py"}
    for file in folder.glob("*.py"):
        if file.name in drawers:
            continue
        names = {
            alias.name
            for node in ast.walk(ast.parse(file.read_text()))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        } | {getattr(n, "module", "") or "" for n in ast.walk(ast.parse(file.read_text()))}
        assert not any("schematic" in n or "drawing" in n for n in names), file.name
