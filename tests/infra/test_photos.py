"""The function Photos as it is packaged: with its own libraries, and of ours what it carries."""

import os
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from infra.local import alone
from infra.local.alone import Machine
from tests.front_door.photos.taken import heic, jpeg, png

# Run with the package alone; boto3 is Lambda's own, so the handler itself is not loaded.
PROGRAM = """
import sys
from pathlib import Path
from infra.photos.developing import develop
for file in sorted(Path(sys.argv[1]).iterdir()):
    print(file.name, develop(file.read_bytes()).large[:3].hex())
"""


def test_it_develops_with_its_package_alone(tmp_path: Path) -> None:
    with ZipFile(alone.archive("photos", Machine.HERE)) as made:
        made.extractall(tmp_path / "code")
    (tmp_path / "photos").mkdir()
    for name, make in (("heic", heic), ("jpeg", jpeg), ("png", png)):
        (tmp_path / "photos" / name).write_bytes(make())

    done = subprocess.run(
        [sys.executable, "-S", "-c", PROGRAM, str(tmp_path / "photos")],
        env={"PYTHONPATH": os.fspath(tmp_path / "code")},
        check=False,
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == ["heic", "ffd8ff", "jpeg", "ffd8ff", "png", "ffd8ff"]
