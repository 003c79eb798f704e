"""Commands of whoever deploys: the city's own map."""

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import click

from chalicelib.front_door.mapping.geometry import NotAShape, shape_of
from chalicelib.front_door.mapping.streets import Street

FOLDER = click.Path(exists=True, path_type=Path)


@click.command("city-map")
@click.argument("border", type=FOLDER)
@click.argument("streets", type=FOLDER)
@click.option("--tiles", type=FOLDER, help="One PMTiles file of the city; without one there is a list and no map.")
@click.option("--scripts", type=FOLDER, help="The folder node_modules of `make map-scripts`.")
def city_map(border: Path, streets: Path, tiles: Path | None, scripts: Path | None) -> None:
    """Puts the city's border (GeoJSON), its streets (CSV: name,lat,long) and its map in the place of those before."""
    try:
        shape = shape_of(json.loads(border.read_text(encoding="utf-8")))
        known = streets_of(streets.read_text(encoding="utf-8"))
    except (NotAShape, ValueError, KeyError) as fault:
        raise click.ClickException(f"That cannot be read: {fault}") from None
    put(shape, known, tiles, scripts)
    click.echo(f"The border, {len(known)} streets{' and the map' if tiles else ''} are in use within a minute.")


def streets_of(text: str) -> tuple[Street, ...]:
    rows = csv.DictReader(text.splitlines())
    return tuple(Street(row["name"].strip(), float(row["lat"]), float(row["long"])) for row in rows)


def put(shape: dict[str, Any], streets: tuple[Street, ...], tiles: Path | None, scripts: Path | None) -> None:
    """First the files, then that there is a map."""
    from chalicelib.core import settings  # noqa: PLC0415 its import connects
    from chalicelib.front_door.mapping import files, table  # noqa: PLC0415

    bucket = settings.city_map()
    if scripts:
        for name, source in files.SOURCES.items():
            content = gzip.compress((scripts / source).read_bytes(), 9, mtime=0)
            files.client().put_object(Bucket=bucket, Key=name, Body=content)
    if tiles:
        files.client().put_object(
            Bucket=bucket, Key=files.TILES, Body=tiles.read_bytes(), ContentType="application/octet-stream"
        )
    table.put(table.CityMap(shape, streets, has_tiles=tiles is not None))
