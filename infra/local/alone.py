"""Functions with a package of their own, because something in it is compiled: for arm64 at AWS, and for this machine.

At AWS a package has its libraries in it. Here the emulator runs every function with this environment's Python, which
has them (requirements-dev.txt), so the same package does without.
"""

import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.local.package import BUILD, ROOT, PackagingFailed

# What the Linux of Lambda's Python 3.12 (Amazon Linux 2023) takes.
PLATFORMS = ("manylinux_2_28_aarch64", "manylinux_2_27_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64")


@dataclass(frozen=True)
class Alone:
    """`function`: as the template names it; its `CodeUri` is `name.zip`. `files`: ours that it carries, below the
    repository. `python`: Lambda's."""

    function: str
    name: str
    files: tuple[str, ...]
    python: str = "3.12"

    @property
    def requirements(self) -> Path:
        return ROOT / "infra" / self.name / "requirements.txt"


PHOTOS = Alone(
    "Photos",
    "photos",
    (
        *(
            f"{folder}/__init__.py"
            for folder in ("chalicelib", "chalicelib/front_door", "chalicelib/front_door/photos")
        ),
        "chalicelib/front_door/photos/rules.py",
        *(
            f"infra/{file}"
            for file in ("__init__.py", "photos/__init__.py", "photos/developing.py", "photos/function.py")
        ),
    ),
)
ALL = (PHOTOS,)


def for_aws(alone: Alone, folder: Path) -> Path:
    """The package with its libraries, in `folder`. Raises PackagingFailed if they cannot be had."""
    return _zipped(alone, folder, _libraries(alone))


def for_this_machine(alone: Alone, folder: Path) -> Path:
    return _zipped(alone, folder, None)


def fingerprint(alone: Alone) -> str:
    digest = hashlib.sha256(alone.requirements.read_bytes())
    for file in alone.files:
        digest.update(file.encode() + (ROOT / file).read_bytes())
    return digest.hexdigest()


def _libraries(alone: Alone) -> Path:
    """Kept until what is pinned changes."""
    pinned = hashlib.sha256(f"{alone.python} {alone.requirements.read_text()}".encode()).hexdigest()[:12]
    folder = BUILD / "alone" / f"{alone.name}-{pinned}"
    if folder.exists():
        return folder
    begun = folder.with_suffix(".begun")
    shutil.rmtree(begun, ignore_errors=True)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"),
            *("--target", begun, "--only-binary=:all:", "--python-version", alone.python, "--no-deps"),
            *(part for platform in PLATFORMS for part in ("--platform", platform)),
            *("-r", alone.requirements),
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise PackagingFailed(f"The libraries of {alone.function} could not be had for arm64:\n{done.stderr}")
    begun.rename(folder)
    return folder


def _zipped(alone: Alone, folder: Path, libraries: Path | None) -> Path:
    """The same content makes the same archive, to the byte."""
    folder.mkdir(parents=True, exist_ok=True)
    archive = folder / f"{alone.name}.zip"
    content = {file: ROOT / file for file in alone.files}
    if libraries:
        content |= {str(file.relative_to(libraries)): file for file in libraries.rglob("*") if file.is_file()}
    with ZipFile(archive, "w") as made:
        for name in sorted(content):
            entry = ZipInfo(name)  # dated 1980
            entry.external_attr = 0o100644 << 16
            made.writestr(entry, content[name].read_bytes(), ZIP_DEFLATED)
    return archive
