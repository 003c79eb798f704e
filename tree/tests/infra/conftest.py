"""The package as it would go to AWS, made once for all of these tests (and not at all if nothing changed)."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

import pytest
import time_machine
import yaml

from infra.local.package import Package, package


@pytest.fixture(autouse=True, scope="module")
def today() -> Iterator[None]:
    """The emulator is a process of its own and judges signatures by its clock. For each file: what runs next is not
    always of this folder."""
    with time_machine.travel(time_machine.escape_hatch.datetime.datetime.now(UTC), tick=True):
        yield


@pytest.fixture(scope="session")
def packaged() -> Package:
    return package()


@pytest.fixture(scope="session")
def emulator(packaged: Package) -> None:
    """For who starts `make run`, MiniStack and all: what it deploys is packaged before."""


@pytest.fixture(scope="session")
def template(packaged: Package) -> Any:
    return yaml.safe_load(packaged.template.read_text())


@pytest.fixture(scope="session")
def resources(template: Any) -> dict[str, Any]:
    found: dict[str, Any] = template["Resources"]
    return found


@pytest.fixture(scope="session")
def functions(resources: dict[str, Any]) -> dict[str, Any]:
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
