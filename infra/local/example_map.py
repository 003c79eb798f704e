"""The map of the example city, into the emulator: its border, its streets, its tiles, and what npm has to draw them."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.local.emulator import EmulatorFailed
from infra.local.package import ROOT, short

CITY_MAP = ROOT / "infra" / "city_map"
SCRIPTS = CITY_MAP / "node_modules"
MARK = SCRIPTS / ".package-lock.json"  # npm writes it last


def put_map(environment: Mapping[str, str]) -> None:
    """Without npm, or its registry, there is no map; whatever it says, the list says too."""
    files = [short(CITY_MAP / f"example-{name}") for name in ("border.geojson", "streets.csv")]
    if scripts_are_there():
        files += ["--tiles", short(CITY_MAP / "example.pmtiles"), "--scripts", short(SCRIPTS)]
    command = [sys.executable, "-m", "chalicelib", "city-map", *files]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, check=False)
    if done.returncode:
        raise EmulatorFailed("The example city's map could not be put in its place.")


def scripts_are_there() -> bool:
    """Fetched once, as infra/city_map/package-lock.json pins them."""
    if _is_fetched():
        return True
    npm = shutil.which("npm")
    if npm is None:
        print("No npm here, so the example city has no map.", flush=True)
        return False
    print("Fetching what draws the map, 10 MB, once ...", flush=True)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"],
        cwd=CITY_MAP,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        print(f"npm could not fetch it, so the example city has no map: {done.stderr[-300:]}", flush=True)
    return done.returncode == 0


def _is_fetched() -> bool:
    lock = CITY_MAP / "package-lock.json"
    return MARK.exists() and Path(MARK).stat().st_mtime >= lock.stat().st_mtime
