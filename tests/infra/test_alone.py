"""Packages of functions whose libraries are compiled: ours in them is all that they need of ours."""

import ast
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra.local import alone
from infra.local.alone import Alone
from infra.local.package import ROOT


@pytest.mark.parametrize("one", alone.ALL, ids=lambda one: one.function)
def test_what_it_imports_of_ours_is_in_it(one: Alone) -> None:
    imported = {
        f"{node.module.replace('.', '/')}.py"
        for file in one.files
        for node in ast.walk(ast.parse((ROOT / file).read_text()))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(("chalicelib", "infra"))
    }
    assert imported <= set(one.files)


@pytest.mark.parametrize("one", alone.ALL, ids=lambda one: one.function)
def test_it_starts_with_its_package_and_this_machines_libraries(one: Alone, tmp_path: Path) -> None:
    """As the emulator starts it; boto3 is Lambda's own."""
    with ZipFile(alone.for_this_machine(one, tmp_path)) as made:
        made.extractall(tmp_path / "code")
    done = subprocess.run(
        [sys.executable, "-c", f"import infra.{one.name}.function"],
        cwd=tmp_path / "code",
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("one", alone.ALL, ids=lambda one: one.function)
def test_the_same_content_is_the_same_package(one: Alone, tmp_path: Path) -> None:
    first, again = (alone.for_this_machine(one, tmp_path / folder).read_bytes() for folder in ("a", "b"))
    assert first == again
