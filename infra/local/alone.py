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
    """AWS: Lambda's python3.11 on arm64, which is Amazon Linux 2: glibc 2.26, too old for manylinux_2_28."""

    AWS = "arm64"
    HERE = "here"


WHEELS = {
    Machine.AWS: ("--platform", "manylinux2014_aarch64", "--implementation", "cp", "--python-version", "3.11"),
    Machine.HERE: (),
}


class WheelsMissing(Exception):
    """Its text is for whoever typed the command."""


# What such a function carries of the repository besides its folder, each file at its own path there.
CARRIES: Mapping[str, tuple[str, ...]] = {}


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
            command += ["--only-binary=:all:", "--no-deps", *WHEELS[machine], "--target", str(scratch), "-r", str(pins)]
            done = subprocess.run(command, check=False, capture_output=True, text=True)
            if done.returncode:
                raise WheelsMissing(f"What the function {name} needs is not there:\n{done.stdout}{done.stderr}")
            shutil.rmtree(scratch / "bin", ignore_errors=True)  # commands, for nobody there
    return place


def archive(name: str, machine: Machine) -> Path:
    """Its package; made once for each state of its pins and code. Raises WheelsMissing."""
    needed = libraries(name, machine)
    with _kept(f"{name}-{machine}", "zip", files(name)) as (place, scratch):
        if scratch:
            with tempfile.TemporaryDirectory() as folder:
                shutil.copytree(needed, folder, dirs_exist_ok=True)
                for file in files(name):
                    if file.suffix == ".py":
                        home = ROOT / "infra" / name
                        own = Path(folder) / file.relative_to(home if file.is_relative_to(home) else ROOT)
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
