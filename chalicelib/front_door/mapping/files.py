"""The files of the city's map in its bucket: what draws it comes through us, the tiles straight from there.

Scripts of the bucket's own address no page of ours would run (pages/frame/edge.py). They are there compressed, under
names that change with what is in them.
"""

from functools import lru_cache
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.core import settings
from chalicelib.core.observability import log
from chalicelib.core.refusals import Busy

TILES = "city.pmtiles"
# By the name in the address: what it is. infra/city_map/package.json has the versions too.
MAPLIBRE, WORKER, STYLE, PMTILES = (
    *("maplibre-gl-6.17.0.mjs", "maplibre-gl-worker-6.17.0.mjs", "maplibre-gl-6.17.0.css"),
    "pmtiles-4.5.0.js",
)
KINDS = {
    MAPLIBRE: "text/javascript; charset=utf-8",
    WORKER: "text/javascript; charset=utf-8",
    STYLE: "text/css; charset=utf-8",
    PMTILES: "text/javascript; charset=utf-8",
}
# Where npm has it.
SOURCES = {
    MAPLIBRE: "maplibre-gl/dist/maplibre-gl.mjs",
    WORKER: "maplibre-gl/dist/maplibre-gl-worker.mjs",
    STYLE: "maplibre-gl/dist/maplibre-gl.css",
    PMTILES: "pmtiles/dist/pmtiles.js",
}
TILES_SECONDS = 3600


def script(name: str) -> bytes | None:
    """Compressed; None: the bucket has none. Raises Busy."""
    try:
        content: bytes = client().get_object(Bucket=settings.city_map(), Key=name)["Body"].read()
    except (ClientError, BotoCoreError) as error:
        code = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
        if code in ("NoSuchKey", "NoSuchBucket", "AccessDenied"):  # so it is called where one may not list
            return None
        log.error("map_unreachable", error=code)
        raise Busy from error
    return content


def tiles_address() -> str:
    """Leave to read the tiles, in parts, for an hour."""
    address: str = client().generate_presigned_url(
        "get_object", {"Bucket": settings.city_map(), "Key": TILES}, TILES_SECONDS
    )
    return address


def origin() -> str:
    """The origin of the tiles, for the policy of a page with a map."""
    scheme, _, rest = tiles_address().partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


@lru_cache
def client() -> Any:
    import boto3  # noqa: PLC0415 for who looks at the map only
    from botocore.config import Config  # noqa: PLC0415

    config = Config(
        connect_timeout=2,
        read_timeout=5,
        retries={"total_max_attempts": 2},
        signature_version="s3v4",
        s3={"addressing_style": "virtual"},
    )
    return boto3.client("s3", config=config)
