"""What a cold start costs: imports, and the size of the package."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path
from statistics import median

from tests.bench.table import Row

ROOT = Path(__file__).parent.parent.parent
STARTS = 15
BARE = "import boto3; boto3.client('dynamodb')"
OURS = "import app"
NOT_FOR_A_REGISTRATION = ("boto3", "jinja2", "babel", "icalendar", "click", "apispec", "moto")


def import_time() -> list[Row]:
    """Of app.py, with its client made, beside that of boto3's client alone, in turns, each in a new process."""
    ours, bare = [], []
    for _ in range(STARTS):
        bare.append(_processor_ms(BARE))
        ours.append(_processor_ms(OURS))
    return [
        Row(
            "import of app.py / boto3 and its client: processor time",
            round(median(ours) / median(bare), 2),
            "x",
            1.3,
            f"medians of {STARTS}: {median(ours):.0f} ms and {median(bare):.0f} ms",
        ),
        Row(
            "libraries for mails, files and the command line that it imports",
            len(_needless()),
            "",
            0,
            " ".join(_needless()),
        ),
    ]


def package_size() -> list[Row]:
    archive = ROOT / ".build" / "package" / "deployment.zip"
    if not archive.exists():
        return []
    with zipfile.ZipFile(archive) as package:
        unpacked = sum(one.file_size for one in package.infolist())
    return [
        Row(
            "Lambda package, unpacked",
            round(unpacked / 1e6, 1),
            "MB",
            250,
            f"{archive.stat().st_size / 1e6:.1f} MB zipped",
        )
    ]


def _processor_ms(code: str) -> float:
    timed = f"import time; started = time.process_time()\n{code}\nprint((time.process_time() - started) * 1000)"
    return float(_python(timed))


def _needless() -> list[str]:
    return _python(
        f"{OURS}; import sys; print(*[name for name in {NOT_FOR_A_REGISTRATION!r} if name in sys.modules])"
    ).split()


def _python(code: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=dict(os.environ), check=True, capture_output=True, text=True
    ).stdout.strip()
