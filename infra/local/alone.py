"""Packages of functions with compiled parts: each alone, so that the package of all others stays pure Python.

`infra/NAME/` is such a function: its code, and requirements.txt with every distribution that it needs, pinned. The
template names its package `./NAME.zip`. Wheels alone are taken, so that nothing is compiled
here: for AWS those of arm64, for `make run` and the tests those of this machine.
"""

import fcntl
import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

from infra.local.contents import pack

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build" / "alone"
REQUIREMENTS = "requirements.txt"


class Machine(StrEnum):
    """AWS: Lambda on arm64."""

    AWS = "arm64"
    HERE = "here"


# Lambda's Python, where it is not 3.11, and the wheels that its Linux takes. 3.11 is on Amazon Linux 2, whose glibc
# 2.26 is too old for the newest Pillow and libheif; and what opens strangers' files must be the newest.
PYTHONS: Mapping[str, str] = {"photos": "3.12"}
PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "3.11": ("manylinux2014_aarch64",),
    "3.12": ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux2014_aarch64"),
}


class WheelsMissing(Exception):
    """Its text is for whoever typed the command."""


# What such a function carries of the repository besides its folder, each file at its own path there.
# Its own code keeps its path then too, because it is imported by it; that of others lies at the root.
CARRIES: Mapping[str, tuple[str, ...]] = {
    "photos": (
        *(f"{folder}/__init__.py" for folder in ("infra", "chalicelib", "chalicelib/front_door")),
        *(f"chalicelib/front_door/photos/{file}.py" for file in ("__init__", "rules")),
    )
}


def names() -> list[str]:
    """Of all such functions, as their folders are called."""
    return sorted(file.parent.name for file in (ROOT / "infra").glob(f"*/{REQUIREMENTS}"))


def files(name: str) -> Iterator[Path]:
    """What its package is made of: pins and code."""
    folder = ROOT / "infra" / name
    yield folder / REQUIREMENTS
    yield from (file for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix == ".py")
    yield from (ROOT / file for file in CARRIES.get(name, ()))


def libraries(name: str, machine: Machine) -> Path:
    """The folder of what it needs; fetched once for each state of its pins. Raises WheelsMissing."""
    pins = ROOT / "infra" / name / REQUIREMENTS
    with _kept(f"{name}-{machine}", "libraries", [pins]) as (place, scratch):
        if scratch:
            _say(f"Fetching what the function {name} needs ({machine}): half a minute, once ...")
            command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
            command += [
                "--only-binary=:all:",
                "--no-deps",
                *_wheels(name, machine),
                "--target",
                str(scratch),
                "-r",
                str(pins),
            ]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                raise WheelsMissing(f"What the function {name} needs is not there:\n{done.stdout}{done.stderr}")
            shutil.rmtree(scratch / "bin", ignore_errors=True)  # commands, for nobody there
    return place


def _wheels(name: str, machine: Machine) -> list[str]:
    if machine is Machine.HERE:
        return []
    python = PYTHONS.get(name, "3.11")
    platforms = [part for platform in PLATFORMS[python] for part in ("--platform", platform)]
    return [*platforms, "--implementation", "cp", "--python-version", python]


def archive(name: str, machine: Machine) -> Path:
    """Its package; made once for each state of its pins and code. Raises WheelsMissing."""
    needed = libraries(name, machine)
    with _kept(f"{name}-{machine}", "zip", files(name)) as (place, scratch):
        if scratch:
            with tempfile.TemporaryDirectory() as folder:
                shutil.copytree(needed, folder, dirs_exist_ok=True)
                for file in files(name):
                    if file.suffix == ".py":
                        own = Path(folder) / file.relative_to(ROOT if name in CARRIES else ROOT / "infra" / name)
                        own.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy(file, own)
                pack(Path(folder), scratch)
    return place


@contextmanager
def _kept(name: str, kind: str, sources: Iterable[Path]) -> Iterator[tuple[Path, Path | None]]:
    """Where something made of these files is kept, and where it is to be made, if it is not there yet: it is in its
    place at the end of the `with`, the one of other files gone. One process at a time, whoever else asks."""
    digest = hashlib.sha256()
    for file in sources:
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + hashlib.sha256(file.read_bytes()).digest())
    place = BUILD / f"{name}-{digest.hexdigest()[:12]}.{kind}"
    BUILD.mkdir(parents=True, exist_ok=True)
    with (BUILD / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if place.exists():
            yield place, None
            return
        scratch = BUILD / f"{name}.part"
        _remove(scratch)
        yield place, scratch
        for old in BUILD.glob(f"{name}-*.{kind}"):
            _remove(old)
        scratch.rename(place)


def _remove(place: Path) -> None:
    if place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink(missing_ok=True)


def _say(line: str) -> None:
    print(line, flush=True)
