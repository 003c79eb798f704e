"""The package that goes to AWS and to the emulator: template and code, made anew only when something in it changed."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from chalicelib.insight.cost.idle import TemplateUnknown
from infra.local import alone
from infra.local.alone import Machine, WheelsMissing
from infra.local.contents import finish

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"
REGION = "eu-west-1"
STAGE = "v1"
TEMPLATE = ROOT / "infra" / "template.yaml"


class PackagingFailed(Exception):
    """Its text is for whoever typed the command."""


@dataclass(frozen=True)
class Package:
    """`fingerprint` changes when something that is packaged changes, or how."""

    folder: Path
    fingerprint: str

    @property
    def template(self) -> Path:
        return self.folder / "sam.yaml"

    @property
    def code(self) -> Path:
        return self.folder / "deployment.zip"

    def alone(self, name: str, machine: Machine) -> Path:
        """The package of a function that has one of its own; for AWS it stands where the template looks for it. Raises
        PackagingFailed."""
        try:
            made = alone.archive(name, machine)
        except WheelsMissing as missing:
            raise PackagingFailed(str(missing)) from None
        return Path(shutil.copy(made, self.folder / f"{name}.zip")) if machine is Machine.AWS else made


def package() -> Package:
    """The package of what is in the repository now. One process at a time makes it, whoever else asks."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return _package()


def _package() -> Package:
    wanted = fingerprint()
    made = Package(BUILD / "package", wanted)
    mark = made.folder / "fingerprint"
    if made.code.exists() and made.template.exists() and mark.exists() and mark.read_text() == wanted:
        return made
    _say("Packaging the app: ten seconds, and once more after each change ...")
    shutil.rmtree(made.folder, ignore_errors=True)
    _chalice("package", "--stage", STAGE, "--merge-template", str(TEMPLATE), str(made.folder))
    try:
        finish(made.code, made.template)
    except TemplateUnknown as unknown:
        raise PackagingFailed(
            f"chalicelib/insight/cost/idle.py does not know what this costs while idle: {unknown}"
        ) from None
    shutil.rmtree(ROOT / ".chalice" / "deployments", ignore_errors=True)  # Chalice's copies, 30 MB for each change
    mark.write_text(wanted)
    return made


def fingerprint() -> str:
    digest = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for file in _packaged_files():
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _packaged_files() -> Iterator[Path]:
    yield from (ROOT / "app.py", ROOT / "requirements.txt", TEMPLATE)
    yield from (Path(__file__), Path(__file__).with_name("contents.py"), Path(alone.__file__))
    for name in alone.names():
        yield from alone.files(name)
    yield from sorted((ROOT / ".chalice").glob("*.json"))
    for file in sorted((ROOT / "chalicelib").rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file


def _chalice(*arguments: str) -> None:
    # Chalice imports app.py, and botocore then wants a region.
    environment = {**os.environ, "AWS_DEFAULT_REGION": REGION}
    chalice = Path(sys.executable).with_name("chalice")
    done = subprocess.run([chalice, *arguments], cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    if done.returncode:
        raise PackagingFailed(f"Chalice could not package the app:\n{done.stdout}{done.stderr}")


def short(path: Path) -> str:
    """`path` as whoever sits in the repository would type it."""
    return str(path.relative_to(ROOT) if path.is_relative_to(ROOT) else path)


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """`make package`."""
    try:
        made = package()
        codes = [made.code, *(made.alone(name, Machine.AWS) for name in alone.names())]
    except PackagingFailed as failure:
        print(failure, file=sys.stderr)
        return 1
    sizes = [f"{short(code)} ({code.stat().st_size / 1e6:.0f} MB)" for code in codes]
    _say(" and ".join([short(made.template), *sizes]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
