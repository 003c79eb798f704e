import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.core.http.problems import Problem
from chalicelib.core.languages import translate
from chalicelib.programme.sessions import importing, table
from chalicelib.programme.sessions.changes import Fate, ProgrammeRow
from chalicelib.programme.sessions.preview import MOST_BYTES, Preview, preview
from tests.programme.sessions.examples import BEESTENBOEL, BOUWKAMP, OMNISPORT, PROGRAMME, bouwkamp, sheet
from tests.programme.sessions.test_workbook import book, camp

NO_TITLE = BEESTENBOEL.replace("Beestenboel (Lembeke)", "")


def shown(found: Preview) -> list[tuple[int, str, str]]:
    return [(line.line, line.name, line.fate.value) for line in found.lines]


def errors_of(found: Preview) -> list[tuple[int, str]]:
    return [(line.line, translate(error.text, "en", **error.values)) for line in found.lines for error in line.errors]


class TestLooking:
    def test_each_row_says_what_becomes_of_it(self) -> None:
        # Given a programme with the Bouwkamp, and a draft of the Beestenboel that lacks its price
        beestenboel = bouwkamp(title="Beestenboel (Lembeke)", price_cents=None)
        known = [bouwkamp(), beestenboel]
        # When a file has both of them, with a first day for neither, and another one
        found = preview(sheet(BOUWKAMP, BEESTENBOEL.replace("2019-08-22", "2019-08-19"), OMNISPORT), known)
        # Then
        assert shown(found) == [
            (2, "Kaprijke, Bouwkamp (Lembeke)", "unchanged"),
            (3, "Kaprijke, Beestenboel (Lembeke)", "changed"),
            (4, "Buggenhout, Omnisportkamp (per week)", "new"),
        ]
        assert found.is_right
        assert found.lines[2].missing == ["starts_on", "ends_on", "capacity"]

    def test_what_is_wrong_stands_beside_its_row_and_the_rest_is_judged_all_the_same(self) -> None:
        found = preview(sheet(BOUWKAMP, NO_TITLE, OMNISPORT.replace("60.00", "60 euro")), [])

        assert shown(found) == [
            (2, "Kaprijke, Bouwkamp (Lembeke)", "new"),
            (3, "Kaprijke", "wrong"),
            (4, "Buggenhout, Omnisportkamp (per week)", "wrong"),
        ]
        assert errors_of(found) == [
            (3, "title is missing."),
            (4, 'price_eur is "60 euro". Write a price in euros from 0 to 10000, for example 60.00.'),
        ]
        assert not found.is_right

    def test_a_published_session_that_would_change_is_wrong_by_each_of_its_columns(self) -> None:
        found = preview(sheet(BOUWKAMP), [bouwkamp(age_max=5, price_cents=4000)])

        assert [line for line, _ in errors_of(found)] == [2, 2]

    def test_a_new_session_has_three_hundred_places_at_most_and_one_that_had_more_keeps_them(self) -> None:
        large = BOUWKAMP.replace(",20,", ",350,")
        too_large = (
            "capacity is 350. A session has at most 300 places, so that all of them can be given within a second or"
        )
        too_large += " two. Divide it into groups, and make each group a session of its own."

        assert errors_of(preview(sheet(large), [])) == [(2, too_large)]
        assert errors_of(preview(sheet(large), [bouwkamp(capacity=None)])) == [(2, too_large)]
        assert shown(preview(sheet(large), [bouwkamp(capacity=350)])) == [
            (2, "Kaprijke, Bouwkamp (Lembeke)", "unchanged")
        ]

    def test_a_file_that_cannot_be_read_is_one_line_with_the_reason(self) -> None:
        found = preview(b"\xff\xfeK\0a\0", [])

        assert shown(found) == [(1, "", "wrong")]
        assert not found.rows

    def test_a_workbook_is_looked_at_like_a_sheet(self) -> None:
        assert shown(preview(book(camp()), [])) == shown(preview(sheet(BOUWKAMP), []))

    def test_a_file_that_is_too_large_is_not_read(self) -> None:
        found = preview(b"a" * (MOST_BYTES + 1), [])

        assert errors_of(found) == [
            (1, "The file is larger than 128 KB. Divide it into several files, or use the command line.")
        ]

    @given(st.binary(max_size=300))
    def test_nothing_that_somebody_uploads_breaks_it(self, data: bytes) -> None:
        assert not preview(data, []).is_right


@pytest.mark.usefixtures("table")
class TestImporting:
    def test_what_was_looked_at_is_imported(self) -> None:
        data = PROGRAMME.read_bytes()

        imported = importing.confirm(data, importing.look(data).digest)

        assert imported == table.Imported(imported=17, unchanged=0)
        assert len(table.all_sessions()) == 17

    def test_looking_writes_nothing(self) -> None:
        importing.look(PROGRAMME.read_bytes())

        assert not table.all_sessions()

    def test_another_file_than_the_one_that_was_looked_at_is_refused(self) -> None:
        digest = importing.look(sheet(BOUWKAMP)).digest

        with pytest.raises(Problem) as raised:
            importing.confirm(sheet(BOUWKAMP, BEESTENBOEL), digest)
        assert raised.value.kind.slug == "changed"
        assert not table.all_sessions()

    def test_a_file_that_would_do_something_else_by_now_is_looked_at_again(self) -> None:
        data = sheet(BOUWKAMP, BEESTENBOEL)
        digest = importing.look(data).digest
        table.save_import([ProgrammeRow(2, bouwkamp())])

        with pytest.raises(Problem) as raised:
            importing.confirm(data, digest)
        assert raised.value.kind.slug == "changed"
        assert table.all_sessions() == [bouwkamp()]

    def test_a_file_with_an_error_is_not_imported_in_part(self) -> None:
        data = sheet(BOUWKAMP, NO_TITLE)

        with pytest.raises(Problem) as raised:
            importing.confirm(data, importing.look(data).digest)
        assert raised.value.kind.slug == "not-now"
        assert not table.all_sessions()

    def test_the_same_file_again_changes_nothing(self) -> None:
        data = sheet(BOUWKAMP)
        importing.confirm(data, importing.look(data).digest)

        again = importing.look(data)

        assert again.counts == {Fate.UNCHANGED: 1}
        assert importing.confirm(data, again.digest) == table.Imported(imported=0, unchanged=1)
