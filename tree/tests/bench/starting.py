"""What a cold start costs: imports, and the size of the package."""

import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from statistics import median

from tests.bench.table import Row

ROOT = Path(__file__).parent.parent.parent
STARTS = 15
BARE = "import boto3; boto3.client('dynamodb')"
OURS = "import app"
# Its own peak; getrusage would count what the bench took before it started the other process.
RESIDENT_MB = (
    """print(next(int(line.split()[1]) // 1024 for line in open("/proc/self/status") if line.startswith("VmHWM")))"""
)
PACKAGE = ROOT / ".build" / "package" / "deployment.zip"
NOT_FOR_A_REGISTRATION = ("boto3", "jinja2", "babel", "icalendar", "click", "moto")


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


def cold_start() -> list[Row]:
    """Of the package as Lambda unpacks it, where nothing that Python compiles can be kept; `make package` makes it."""
    with zipfile.ZipFile(PACKAGE) as package, tempfile.TemporaryDirectory() as scratch:
        unpacked = sum(one.file_size for one in package.infolist())
        compiled, plain = Path(scratch, "compiled"), Path(scratch, "plain")
        package.extractall(compiled)
        package.extractall(plain, [name for name in package.namelist() if "__pycache__" not in name])
        # -S and -B: only what is in the package, and nothing is written beside it.
        took = {
            folder: [_processor_ms(OURS, "-S", "-B", cwd=folder) for _ in range(STARTS)] for folder in (compiled, plain)
        }
        resident = int(_python(f"{OURS}\n{RESIDENT_MB}", "-S", "-B", cwd=compiled))
    ratio = median(took[compiled]) / median(took[plain])
    medians = f"medians of {STARTS}: {median(took[compiled]):.0f} ms and {median(took[plain]):.0f} ms"
    return [
        Row("cold start: import from the package / the same not compiled", round(ratio, 2), "x", None, medians),
        Row("memory of a process that has imported it", resident, "MB", None, "at its peak"),
        Row("package, unpacked", round(unpacked / 1e6, 1), "MB", 250, f"{PACKAGE.stat().st_size / 1e6:.1f} MB zipped"),
    ]


def _processor_ms(code: str, *options: str, cwd: Path = ROOT) -> float:
    timed = f"import time; started = time.process_time()\n{code}\nprint((time.process_time() - started) * 1000)"
    return float(_python(timed, *options, cwd=cwd))


def _needless() -> list[str]:
    asked = f"{OURS}; import sys; print(*[name for name in {NOT_FOR_A_REGISTRATION!r} if name in sys.modules])"
    return _python(asked).split()


def _python(code: str, *options: str, cwd: Path = ROOT) -> str:
    command = [sys.executable, *options, "-c", code]
    # Compiled modules are kept, as pip keeps those of the libraries, also where the environment says not to.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return subprocess.run(command, cwd=cwd, env=environment, check=True, capture_output=True, text=True).stdout.strip()
