"""The import as a clerk meets it on the command line."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from chalicelib.programme.files.commands import import_programme
from chalicelib.programme.sessions.table import all_sessions
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, OMNISPORT, PROGRAMME, sheet

FILES = Path(__file__).parent / "excel"


def invoke(command: object, *arguments: object) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)  # type: ignore[arg-type]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kaprijke.csv"


@pytest.mark.usefixtures("table")
class TestImport:
    def test_the_report_lists_each_draft_with_its_line_and_what_it_lacks(self) -> None:
        done = invoke(import_programme, PROGRAMME)

        assert done.exit_code == 0
        report = done.stdout.splitlines()
        assert report[0] == f"{PROGRAMME}: 17 imported, 0 unchanged."
        assert report[1] == "17 of these are drafts, which nobody sees yet, because something is missing:"
        assert [line[:53] for line in report[2:4]] == [
            "row  session                                         ",
            "  2  Kaprijke, Kleutersportkamp (krokus)             ",
        ]
        assert report[12].endswith("  starts_on, ends_on, capacity")
        assert len({line.index(re.split(" {2,}", line)[-1]) for line in report[2:20]}) == 1  # the columns are aligned
        assert report[20:] == [
            "Letters: UTF-8.",
            "Columns are separated by commas.",
            "Row 1 names the columns.",
        ]

    def test_a_second_time_it_says_that_nothing_changed(self, file: Path) -> None:
        file.write_bytes(sheet(BOUWKAMP, BEESTENBOEL))

        assert invoke(import_programme, file).stdout.startswith(f"{file}: 2 imported, 0 unchanged.\n")
        assert invoke(import_programme, file).stdout.startswith(f"{file}: 0 imported, 2 unchanged.\n")

    def test_every_error_is_a_line_and_nothing_is_imported(self, file: Path) -> None:
        file.write_bytes(sheet(BOUWKAMP.replace(",3,6,20,", ",6,3,-1,"), BEESTENBOEL, OMNISPORT.replace("60.00", "x")))

        done = invoke(import_programme, file)

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.splitlines() == [
            f"{file}: nothing was imported. Errors: 3.",
            "row 2: Column G (capacity) is “-1”. Write a whole number, without anything else, for example 12.",
            "row 2: The highest age must not be below the lowest one.",
            "row 4: Column H (price_eur) is “x”. Write a price in euros from 0 to 10000, for example 82,50.",
        ]
        assert all_sessions() == []

    def test_what_is_published_already_is_an_error_with_its_line(self, file: Path) -> None:
        file.write_bytes(sheet(BOUWKAMP))
        invoke(import_programme, file)
        file.write_bytes(sheet(BEESTENBOEL, BOUWKAMP.replace(",20,", ",25,")))

        done = invoke(import_programme, file)

        assert done.exit_code == 1
        assert done.stderr.splitlines()[1] == (
            "row 3: Already published with Column G (capacity) 20, and the file says 25. "
            "A published session is not changed by an import."
        )

    def test_the_dates_move_to_the_coming_summer(self, file: Path) -> None:
        file.write_bytes(sheet(BOUWKAMP))

        assert invoke(import_programme, "--move-to-summer", file).exit_code == 0

        (session,) = all_sessions()
        assert session.starts_on.strftime("%a") == "Mon"
        assert session.starts_on.month in (7, 8)
        assert session.starts_on > datetime.now(UTC).date()
        assert invoke(import_programme, "--move-to-summer", file).stdout.startswith(
            f"{file}: 0 imported, 1 unchanged.\n"
        )

    def test_who_changes_the_programme_meanwhile_is_named_in_one_line(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        file.write_bytes(sheet(BOUWKAMP))
        invoke(import_programme, file)
        # Given checks that do not see yet what somebody else has published
        monkeypatch.setattr("chalicelib.programme.sessions.table.all_sessions", lambda **_: [])

        done = invoke(import_programme, file)

        assert (done.exit_code, done.stdout) == (1, "")
        assert done.stderr.startswith("Somebody else changed the programme at the same time.")

    def test_a_file_as_cities_have_it_says_how_it_was_read_and_asks(self, tmp_path: Path) -> None:
        # Given the clerk's own list, without the row of the thirty-first of April
        file = FILES / "semicolon-windows-1252.csv"
        data = b"\r\n".join(
            line for line in file.read_bytes().split(b"\r\n") if b"Avontuur" not in line and b"31/04" not in line
        )
        copy = tmp_path / "kampen.csv"
        copy.write_bytes(data)

        refused = CliRunner().invoke(import_programme, [str(copy), "--municipality", "Eeklo"], input="n\n")
        done = CliRunner().invoke(import_programme, [str(copy), "--municipality", "Eeklo"], input="y\n")

        assert refused.exit_code == 1
        assert "row 6: Column G (Prijs) is “1.250,00”. Is that €1,250.00?" in refused.stderr
        assert "row 6: This was asked, and nobody said yes." in refused.stderr
        assert done.exit_code == 0
        assert "row 5: Column G (Prijs): “€ 60” read as €60.00" in done.stdout
        assert {one.municipality for one in all_sessions()} == {"Eeklo"}
        assert len(all_sessions()) == 4

    def test_without_a_municipality_it_says_what_is_missing(self) -> None:
        done = invoke(import_programme, FILES / "as-cities-make-them.xlsx")

        assert done.exit_code == 1
        assert "does not say of which municipality" in done.stderr

    def test_what_is_no_longer_in_the_file_is_named(self, file: Path) -> None:
        summer = str(datetime.now(UTC).year + 1)
        camps = [BOUWKAMP.replace("2019", summer), BEESTENBOEL.replace("2019", summer)]
        between = (
            BOUWKAMP.replace("2019", summer).replace("Bouw", "Zee").replace("-19,", "-20,").replace(",3,6,", ",9,12,")
        )
        file.write_bytes(sheet(*camps, between))
        invoke(import_programme, file)
        file.write_bytes(sheet(*camps))

        assert (
            "In the programme and no longer in the file: Kaprijke, Zeekamp (Lembeke)."
            in invoke(import_programme, file).stdout
        )

    def test_a_new_title_is_not_silently_a_second_camp(self, file: Path) -> None:
        summer = BOUWKAMP.replace("2019", str(datetime.now(UTC).year + 1))
        file.write_bytes(sheet(summer))
        invoke(import_programme, file)
        file.write_bytes(sheet(summer.replace("Bouwkamp", "Timmerkamp")))

        done = invoke(import_programme, file)

        assert done.exit_code == 1
        assert "Kaprijke, Timmerkamp (Lembeke): is that another session than Bouwkamp (Lembeke)" in done.stderr
        assert len(all_sessions()) == 1

    def test_a_file_that_is_not_there_is_a_line(self, tmp_path: Path) -> None:
        done = invoke(import_programme, tmp_path / "nowhere.csv")

        assert done.exit_code == 2
        assert "does not exist" in done.stderr
