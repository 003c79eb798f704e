"""The command line as a clerk meets it."""

import os
import runpy
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from chalicelib.core import table as stormloop_table
from chalicelib.programme.files.commands import import_programme
from chalicelib.programme.sessions.commands import open_registration
from chalicelib.programme.sessions.table import all_sessions, get
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, OMNISPORT, PROGRAMME, bouwkamp, sheet

ROOT = Path(__file__).parents[3]


def stormloop(*arguments: str, inside: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`python -m chalicelib` in a folder, in an environment that knows nothing of AWS."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "TABLE", "HOME"))}
    bare |= {"PYTHONPATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true", "HOME": str(inside)}
    return subprocess.run(
        [sys.executable, "-m", "chalicelib", *arguments],
        cwd=inside,
        env=bare | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def invoke(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kaprijke.csv"


@pytest.mark.usefixtures("table")
class TestOpen:
    SUMMER = BOUWKAMP.replace("2019", str(datetime.now(UTC).year + 1))

    def publish(self, file: Path, *rows: str) -> None:
        file.write_bytes(sheet(*rows))
        assert invoke(import_programme, file).exit_code == 0

    def test_everything_that_can_opens_at_a_moment_in_brussels(self, file: Path) -> None:
        year = datetime.now(UTC).year + 1
        self.publish(file, self.SUMMER, BEESTENBOEL, OMNISPORT)

        done = invoke(open_registration, "--at", f"{year}-05-07T19:00")

        assert (done.exit_code, done.stdout.splitlines()) == (
            0,
            [
                f"Sessions that open on {year}-05-07 19:00:00 (Brussels): 1.",
                "Sessions that begin before that and stay closed: 1.",
                "Drafts, which cannot open: 1.",
            ],
        )
        assert {s.title: s.opens_at for s in all_sessions()} == {
            "Bouwkamp (Lembeke)": datetime(year, 5, 7, 17, 0, tzinfo=UTC),
            "Beestenboel (Lembeke)": None,
            "Omnisportkamp (per week)": None,
        }

    def test_now_leaves_what_is_open_as_it_is(self, file: Path) -> None:
        self.publish(file, self.SUMMER)
        begun = datetime.now(UTC).replace(microsecond=0)
        assert "): 1." in invoke(open_registration, "--at", "now").stdout
        (before,) = all_sessions()

        done = invoke(open_registration, "--at", "now")

        assert done.stdout.splitlines()[1] == "Sessions that were open already: 1."
        assert all_sessions() == [before]
        assert before.opens_at
        assert begun <= before.opens_at <= datetime.now(UTC)

    def test_a_later_moment_closes_what_was_open(self, file: Path) -> None:
        self.publish(file, self.SUMMER)
        invoke(open_registration, "--at", "now")
        later = (datetime.now(UTC) + timedelta(hours=1)).replace(microsecond=0)

        invoke(open_registration, "--at", later.isoformat())

        assert all_sessions()[0].opens_at == later

    def test_one_municipality_opens_alone(self, file: Path) -> None:
        self.publish(file, self.SUMMER, self.SUMMER.replace("Kaprijke", "Asse", 1))

        assert "): 1." in invoke(open_registration, "--at", "now", "--municipality", "kaprijke").stdout

        assert {s.municipality: s.opens_at is not None for s in all_sessions()} == {"Kaprijke": True, "Asse": False}

    def test_an_unknown_municipality_is_an_error_that_names_the_known_ones(self, file: Path) -> None:
        self.publish(file, BOUWKAMP, OMNISPORT)

        done = invoke(open_registration, "--at", "now", "--municipality", "Gent")

        assert done.exit_code == 1
        assert done.stderr == 'There is no session of "Gent". The programme has: Buggenhout, Kaprijke.\n'

    def test_an_empty_programme_is_an_error(self) -> None:
        done = invoke(open_registration, "--at", "now")

        assert (done.exit_code, done.stderr) == (1, "The programme is empty. Import a file first.\n")

    @pytest.mark.parametrize(
        ("moment", "complaint"),
        [
            ("morgen", 'neither "now" nor a moment'),
            ("", 'neither "now" nor a moment'),
            ("2027-02-29T10:00", 'neither "now" nor a moment'),
            ("2027-03-28T02:30", "the clocks change at that moment"),
            ("2027-10-31T02:30", "the clocks change at that moment"),
            ("0001-01-01T00:00", "the year must lie between 2000 and 2100"),
            ("9999-12-31T23:59:59-12:00", "the year must lie between 2000 and 2100"),
        ],
    )
    def test_a_moment_that_cannot_be_is_a_line(self, moment: str, complaint: str) -> None:
        done = invoke(open_registration, "--at", moment)

        assert done.exit_code == 2
        assert complaint in done.stderr

    def test_an_offset_says_which_of_two_equal_hours_is_meant(self, file: Path) -> None:
        year = datetime.now(UTC).year + 1
        self.publish(file, self.SUMMER)

        invoke(open_registration, "--at", f"{year}-05-07T19:00:00.5+01:00")

        assert get(bouwkamp(starts_on=all_sessions()[0].starts_on).session_id).opens_at == datetime(
            year, 5, 7, 18, 0, tzinfo=UTC
        )


class TestEnvironment:
    def test_without_a_system_to_work_on_it_says_so_in_one_line(self, tmp_path: Path) -> None:
        done = stormloop("import", str(PROGRAMME), inside=tmp_path)

        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (
            "There is no system to work on: start one with `make run`, which writes .stormloop/env, or set TABLE.\n"
        )

    def test_help_needs_no_system(self, tmp_path: Path) -> None:
        done = stormloop("import", "--help", inside=tmp_path)

        assert done.returncode == 0
        assert "--move-to-summer" in done.stdout

    def test_without_a_region_it_says_so_in_one_line(self, tmp_path: Path) -> None:
        done = stormloop("open", "--at", "now", inside=tmp_path, TABLE="stormloop")

        assert done.returncode == 2
        assert done.stderr == "There is no AWS region: set AWS_DEFAULT_REGION, for example to eu-west-1.\n"

    def test_without_credentials_it_says_so_in_one_line(self, tmp_path: Path) -> None:
        done = stormloop("open", "--at", "now", inside=tmp_path, TABLE="stormloop", AWS_DEFAULT_REGION="eu-west-1")

        assert done.returncode == 2
        assert done.stderr == (
            "There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n"
        )

    def test_a_system_that_is_down_is_one_line(self, tmp_path: Path) -> None:
        # Given the environment of a `make run` that is no longer there
        (tmp_path / ".stormloop").mkdir()
        (tmp_path / ".stormloop" / "env").write_text(
            "# of make run\nTABLE=stormloop\nAWS_DEFAULT_REGION=eu-west-1\nAWS_ACCESS_KEY_ID=x\n\n"
            "AWS_SECRET_ACCESS_KEY=a=b\nAWS_ENDPOINT_URL=http://127.0.0.1:9\n"
        )

        done = stormloop("import", str(PROGRAMME), inside=tmp_path)

        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 1
        assert "http://127.0.0.1:9" in done.stderr
        assert "`make run`" in done.stderr

    def test_an_environment_that_names_no_table_is_none(self, tmp_path: Path) -> None:
        (tmp_path / ".stormloop").mkdir()
        (tmp_path / ".stormloop" / "env").write_text("AWS_DEFAULT_REGION=eu-west-1\n")

        assert stormloop("open", "--at", "now", inside=tmp_path).stderr.startswith("There is no system to work on")

    def test_a_table_that_is_not_there_is_one_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(sys, "argv", ["stormloop", "open", "--at", "now"])
        with mock_aws():
            boto3.client("dynamodb").list_tables()
            stormloop_table.connect()
            with pytest.raises(SystemExit) as ended:
                runpy.run_module("chalicelib", run_name="__main__")
        stormloop_table.connect()

        assert ended.value.code == 2
        assert capsys.readouterr().err == (
            "There is no table stormloop in this account and region. Deploy the system first, or set TABLE.\n"
        )

    def test_all_commands_are_there(self, tmp_path: Path) -> None:
        done = stormloop("--help", inside=tmp_path, TABLE="stormloop", AWS_DEFAULT_REGION="eu-west-1")

        assert done.returncode == 0
        assert all(f"\n  {name} " in done.stdout for name in ("import", "open", "undelivered"))
