"""A map of a city that there is not: streets around a square, a canal, a park, as one PMTiles file.

`python -m infra.city_map.example` writes it, its border and its streets anew beside this file. The same code makes the
same bytes.
"""

import csv
import gzip
import io
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

HERE = Path(__file__).parent
TILES, BORDER, STREETS = HERE / "example.pmtiles", HERE / "example-border.geojson", HERE / "example-streets.csv"
# Where the square is; the city goes so many degrees from there.
LONG, LAT = 3.6150, 51.2170
WIDE, HIGH = 0.040, 0.025
ZOOMS = range(11, 15)
EXTENT = 4096

Line = list[tuple[float, float]]


def main() -> None:
    TILES.write_bytes(tiles())
    BORDER.write_text(json.dumps(border(), indent=1) + "\n", encoding="utf-8")
    STREETS.write_text(streets_file(), encoding="utf-8")


def around(radius: float, parts: int = 24, turn: float = 0.0) -> Line:
    """A closed line around the square, `radius` of 1 at the border."""
    angles = [turn + 2 * math.pi * part / parts for part in range(parts + 1)]
    return [(LONG + WIDE * radius * math.cos(one), LAT + HIGH * radius * math.sin(one)) for one in angles]


def ray(angle: float, begin: float, end: float) -> Line:
    """From the square outwards, a little bent."""
    steps = [begin + (end - begin) * part / 6 for part in range(7)]
    return [
        (LONG + WIDE * one * math.cos(angle + one * 0.15), LAT + HIGH * one * math.sin(angle + one * 0.15))
        for one in steps
    ]


def border() -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"name": "Kaprijke"},
        "geometry": {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in around(1.0)]]},
    }


def streets() -> dict[str, Line]:
    eighth = math.pi / 4
    rays = ("Veldstraat", "Molenstraat", "Kerkstraat", "Stationsstraat", "Vaartstraat", "Lindelaan", "Schoolstraat",
            "Eikenlaan")  # fmt: skip
    return {
        "Dorp": around(0.06, 8),
        "Binnenring": around(0.35),
        "Buitenring": around(0.75),
        **{name: ray(place * eighth + 0.2, 0.06, 0.95) for place, name in enumerate(rays)},
        "Sportpad": ray(1.0, 0.35, 0.75),
        "Weverstraat": ray(2.2, 0.35, 0.75),
        "Bakkerstraat": ray(4.4, 0.35, 0.75),
        "Lange Akker": ray(5.6, 0.35, 0.9),
    }


def areas() -> dict[str, tuple[str, Line]]:
    """By name: what it is, and its outline."""
    return {
        "Stadspark": ("park", [(x + WIDE * 0.22, y + HIGH * 0.2) for x, y in around(0.13, 12)]),
        "De Vaart": ("water", [*ray(3.3, 0.1, 1.0), *reversed(ray(3.36, 0.1, 1.0))]),
        "Sportveld": ("park", [(x - WIDE * 0.3, y + HIGH * 0.5) for x, y in around(0.1, 4, 0.4)]),
    }


def streets_file() -> str:
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(("name", "lat", "long"))
    for name, line in sorted(streets().items()):
        x, y = line[len(line) // 2]
        rows.writerow((name, f"{y:.5f}", f"{x:.5f}"))
    return written.getvalue()


def tiles() -> bytes:
    archive = io.BytesIO()
    writer = Writer(archive)
    for zoom, x, y in sorted(_wanted(), key=lambda one: zxy_to_tileid(*one)):
        writer.write_tile(zxy_to_tileid(zoom, x, y), gzip.compress(_tile(zoom, x, y), 9, mtime=0))
    writer.finalize(
        {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_zoom": ZOOMS[0],
            "max_zoom": ZOOMS[-1],
            "min_lon_e7": int((LONG - WIDE) * 1e7),
            "min_lat_e7": int((LAT - HIGH) * 1e7),
            "max_lon_e7": int((LONG + WIDE) * 1e7),
            "max_lat_e7": int((LAT + HIGH) * 1e7),
            "center_zoom": 13,
            "center_lon_e7": int(LONG * 1e7),
            "center_lat_e7": int(LAT * 1e7),
        },
        {"name": "Example city", "attribution": "", "vector_layers": [{"id": one, "fields": {}} for one in LAYERS]},
    )
    return archive.getvalue()


LAYERS = ("land", "streets", "border")


def _wanted() -> Iterator[tuple[int, int, int]]:
    for zoom in ZOOMS:
        west, north = _world(LONG - WIDE, LAT + HIGH, zoom)
        east, south = _world(LONG + WIDE, LAT - HIGH, zoom)
        for x in range(int(west), int(east) + 1):
            for y in range(int(north), int(south) + 1):
                yield zoom, x, y


def _tile(zoom: int, x: int, y: int) -> bytes:
    features: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name, (kind, outline) in areas().items():
        features["land"].append(_feature("Polygon", [outline], zoom, x, y, kind=kind, name=name))
    for name, line in streets().items():
        kind = "main" if name.endswith("ring") else "street"
        features["streets"].append(_feature("LineString", line, zoom, x, y, kind=kind, name=name))
    features["border"].append(_feature("LineString", around(1.0), zoom, x, y))
    encoded: bytes = mapbox_vector_tile.encode(
        [{"name": layer, "features": features[layer]} for layer in LAYERS],
        default_options={"y_coord_down": True, "extents": EXTENT},
    )
    return encoded


def _feature(shape: str, points: Any, zoom: int, x: int, y: int, **said: str) -> dict[str, Any]:
    """With what lies outside of the tile: the browser cuts it off."""
    rings = [_on_tile(ring, zoom, x, y) for ring in points] if shape == "Polygon" else _on_tile(points, zoom, x, y)
    return {"geometry": {"type": shape, "coordinates": rings}, "properties": said}


def _on_tile(points: Iterable[tuple[float, float]], zoom: int, x: int, y: int) -> list[tuple[int, int]]:
    return [
        (round((across - x) * EXTENT), round((down - y) * EXTENT))
        for across, down in (_world(long, lat, zoom) for long, lat in points)
    ]


def _world(long: float, lat: float, zoom: int) -> tuple[float, float]:
    """In tiles from the north-west of the world (Web Mercator)."""
    number = 2**zoom
    down = math.asinh(math.tan(math.radians(lat)))
    return (long + 180) / 360 * number, (1 - down / math.pi) / 2 * number


if __name__ == "__main__":
    main()
