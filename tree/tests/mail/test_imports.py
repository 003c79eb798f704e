"""What a cold start loads: each function its own, and a registration nothing of mails."""

import subprocess
import sys

import pytest

OF_MAILS = ("jinja2", "babel", "icalendar", "mypy_boto3_sesv2", "chalicelib.mail.mails")


@pytest.mark.parametrize("module", ["app", "chalicelib.mail.handlers", "chalicelib.mail.outbox"])
def test_nothing_of_mails_is_loaded(module):
    program = f"import sys, {module}; print(*(name for name in {OF_MAILS!r} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
