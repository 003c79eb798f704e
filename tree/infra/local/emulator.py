"""AWS on this machine: MiniStack as a process of its own, on loopback, with IAM enforced, its state in our folder."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from infra.local.package import REGION, ROOT, short

HOST = "127.0.0.1"
# The emulator's root user; what the functions may do, their roles say (AUTH).
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
MAILS = "mails"  # the folder of the mails that were sent
UNPACKED = "code"  # the folder of the functions' code: nothing of anybody's data, and slow to make
START_SECONDS = 60
STOP_SECONDS = 30


class EmulatorFailed(Exception):
    """Its text is for whoever typed the command."""


class PortTaken(EmulatorFailed):
    pass


def endpoint(port: int) -> str:
    return f"http://{HOST}:{port}"


def fetch(url: str) -> bytes:
    """The answer of an address on this machine, never through a proxy. Raises URLError."""
    with build_opener(ProxyHandler({})).open(url, timeout=30) as answer:
        content: bytes = answer.read()
        return content


def check_port(port: int) -> None:
    """Raises PortTaken unless we may listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            why = "is taken" if error.errno == errno.EADDRINUSE else f"cannot be used ({error.strerror})"
            other = port + 1 if port < 65535 else 5000
            raise PortTaken(f"Port {port} {why}. Choose another one: make run PORT={other}") from None


@contextmanager
def emulator(port: int, home: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """MiniStack until the end of the `with`; then it has saved its state, and nothing of it runs."""
    scratch = home / "tmp"
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    (home / MAILS).mkdir(exist_ok=True)
    _forget_old_code(home)
    log = home / "ministack.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "infra.local.ministack"],
            cwd=ROOT,
            env=_environment(port, home, scratch),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        _wait_until_ready(process, port, log)
        yield process
    finally:
        _stop(process)
        shutil.rmtree(scratch, ignore_errors=True)


def _environment(port: int, home: Path, scratch: Path) -> dict[str, str]:
    return {
        **os.environ,
        **CREDENTIALS,
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "AUTH": "true",
        "MINISTACK_REGION": REGION,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(home / "state"),
        "TMPDIR": str(scratch),
        "MAILS_FOLDER": str(home / MAILS),
        "UNPACKED_FOLDER": str(home / UNPACKED),
        "LOG_LEVEL": "WARNING",
        # Listeners that we have no use for, on ports of their own.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
    }


def _forget_old_code(home: Path) -> None:
    """What ministack.py unpacked for functions that have other code by now."""
    in_use = {package.stem for package in (home / "state" / "lambda-blobs").glob("*.zip")}
    for unpacked in (home / UNPACKED).glob("*"):
        if in_use and unpacked.name not in in_use:
            shutil.rmtree(unpacked)


def _wait_until_ready(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        with suppress(URLError, OSError):
            fetch(f"{endpoint(port)}/_ministack/health")
            return
        time.sleep(0.1)
    raise EmulatorFailed(f"The emulator did not start; {short(log)} says why.")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Lets it save its state, then ends what is left of its session: the functions' processes."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        print("The emulator does not stop; ending it.", file=sys.stderr)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
