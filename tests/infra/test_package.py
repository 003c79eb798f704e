"""What the package carries: all that the functions need, for any processor, and nothing for developers."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.local.contents import SERVICES, is_used
from infra.local.package import ROOT, Package

# The only compiled files: MarkupSafe's, which it does without where they do not fit.
COMPILED = {"markupsafe/_speedups"}
DEVELOPERS_ONLY = {
    *("cfnlint", "click", "hypothesis", "importlinter", "inquirer", "ministack", "moto", "mypy", "pip", "pytest"),
    *("ruff", "samtranslator", "schemathesis", "setuptools", "wheel"),
}


@pytest.fixture(scope="module")
def names(packaged: Package) -> list[str]:
    with zipfile.ZipFile(packaged.code) as code:
        return code.namelist()


@pytest.fixture(scope="module")
def unpacked(packaged: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("package")
    with zipfile.ZipFile(packaged.code) as code:
        code.extractall(folder)
    return folder


def test_our_code_is_in_it(names: list[str]) -> None:
    ours = {"app.py", *(str(file.relative_to(ROOT)) for file in (ROOT / "chalicelib").rglob("*.py"))}
    assert ours <= set(names)


def test_translations_are_in_it(names: list[str]) -> None:
    assert {f"chalicelib/core/languages/{one}/LC_MESSAGES/stormloop.mo" for one in ("nl", "fr")} <= set(names)


def test_python_has_compiled_what_starts_with_a_request(names: list[str]) -> None:
    """Lambda cannot keep what it compiles: it would do so at every cold start."""
    modules = {"app.py", *(name for name in names if name.startswith(("chalicelib/", "botocore/")))}
    for module in filter(lambda name: name.endswith(".py"), modules):
        folder, _, file = module.rpartition("/")
        assert f"{folder}/__pycache__/{file[:-3]}.cpython-311.pyc".removeprefix("/") in names


@pytest.mark.parametrize(
    ("name", "used"),
    [
        ("app.py", True),
        ("chalicelib/__pycache__/table.cpython-311.pyc", False),  # of whoever's machine made the archive
        ("botocore/data/endpoints.json", True),
        ("botocore/data/dynamodb/2012-08-10/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("babel/locale-data/nl_BE.dat", True),
        ("babel/locale-data/root.dat", True),
        ("babel/locale-data/enn.dat", False),
        ("icalendar/tests/test_icalendar.py", False),
        ("holidays/countries/belgium.py", True),
        ("holidays/countries/__init__.py", False),
        ("holidays/countries/france.py", False),
        ("holidays/financial/euronext.py", False),
        ("holidays/locale/fr/LC_MESSAGES/BE.mo", True),
        ("holidays/locale/fr/LC_MESSAGES/FR.mo", False),
        ("anyascii/_data/001", True),
        ("anyascii/_data/01e", True),
        ("anyascii/_data/__init__.py", True),
        ("anyascii/_data/04e", False),
        ("holidays/locale/uk/LC_MESSAGES/BE.mo", False),
    ],
)
def test_what_no_function_opens_stays_behind(name: str, used: bool) -> None:
    assert is_used(name) == used


def test_every_service_of_aws_that_our_code_asks_for_is_packed() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in sorted((ROOT / "chalicelib").rglob("*.py")))
    asked = set(re.findall(r'boto3\.client\(\s*"([a-z0-9-]+)"', code))
    assert asked - {"pricing"} == set(SERVICES)  # a developer's command asks for prices (insight/cost/asking.py)


def test_nothing_is_compiled_for_one_processor(names: list[str]) -> None:
    compiled = {name for name in names if name.endswith((".so", ".pyd", ".dylib"))}
    assert {name.split(".")[0] for name in compiled} <= COMPILED


def test_nothing_is_for_developers(names: list[str]) -> None:
    """If these come with chalice: it belongs in requirements-dev.txt. `chalice package` packs its runtime by itself."""
    assert not DEVELOPERS_ONLY & {name.split("/")[0] for name in names}


def test_every_distribution_is_pinned(names: list[str]) -> None:
    """Also what those that we chose need: else the package has whatever is the newest on its day."""
    packed = {
        match.groups()
        for match in (re.match(r"([\w.]+)-([^/]+)\.dist-info/METADATA$", name) for name in names)
        if match
    }
    pins = re.findall(r"^([^#\s=]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert {(canonical(name), version) for name, version in packed} == {
        (canonical(name), version) for name, version in pins
    }


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_chalice_leaves_no_copies(packaged: Package) -> None:
    assert not (ROOT / ".chalice" / "deployments").exists()


def test_lambda_takes_it(packaged: Package) -> None:
    with zipfile.ZipFile(packaged.code) as code:
        assert sum(one.file_size for one in code.infolist()) < 250_000_000


def test_it_needs_nothing_else(unpacked: Path) -> None:
    """Every function starts with the package alone, and loads whatever it may come to need: without the libraries of
    this machine."""
    modules = [
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for file in sorted((ROOT / "chalicelib").rglob("*.py"))
        if file.stem not in {"__init__", "__main__", "commands", "moving", "what_it_cost"}  # commands are a developer's
    ]
    run_in(unpacked, f"import app, {', '.join(modules)}")


def test_what_is_left_of_large_libraries_works(unpacked: Path) -> None:
    run_in(
        unpacked,
        "import boto3, holidays\n"
        f"for service in {SERVICES}: boto3.client(service)\n"
        "assert holidays.country_holidays('BE', language='fr')['2027-07-21'] == 'Fête nationale'\n"
        "assert holidays.country_holidays('NL', language='nl')['2027-04-27'] == 'Koningsdag'\n",
    )


def test_who_packages_or_runs_it_needs_nothing_of_aws_in_their_shell() -> None:
    """Given a fresh machine: our own modules that speak to AWS ask for a region when they are imported."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-c", "import infra.local.package, infra.local.run, infra.local.sign_in"],
        cwd=ROOT,
        env=bare,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def run_in(unpacked: Path, program: str) -> None:
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "AWS_DEFAULT_REGION": "eu-west-1", "TABLE": "none"}
    # -S: no site-packages, whoever's.
    done = subprocess.run(
        [sys.executable, "-S", "-c", program],
        cwd=unpacked,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
