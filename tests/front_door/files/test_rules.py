"""Which files are kept, and under which name."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from chalicelib.front_door.files.rules import MOST_NAME, CameFile, Unkept, plain_name, sorted_out, why_not

PDF = b"%PDF-1.7 ..."


def packed(*names: str, size: int = 10) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            # Without the clock, which would stand in the ids of tests: workers must agree on them.
            made.writestr(zipfile.ZipInfo(name, (2027, 3, 8, 9, 30, 0)), b"0" * size, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def locked(content: bytes) -> bytes:
    """The same, said to be encrypted."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("brief.pdf", PDF, None),
        ("foto.heic", b"\0\0\0\x18ftypheic", None),
        ("winmail.dat", b"\x78\x9f\x3e\x22", None),
        ("brief.docx", packed("[Content_Types].xml", "word/document.xml"), None),
        ("oud.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        ("leeg", b"", None),
        ("setup.exe", b"", Unkept.PROGRAM),
        ("factuur.pdf", b"MZ...", Unkept.PROGRAM),
        ("factuur.pdf.lnk. .", PDF, Unkept.PROGRAM),
        ("FOTO.JPG.SCR", PDF, Unkept.PROGRAM),
        ("fotos.zip", packed("een.jpg", "SETUP.EXE"), Unkept.PROGRAM),
        ("fotos.zip", locked(packed("een.jpg")), Unkept.ARCHIVE),
        ("fotos.zip", packed("nog-een.zip"), Unkept.ARCHIVE),
        ("fotos.zip", packed("een.jpg")[:-30], Unkept.ARCHIVE),
        ("fotos.rar", b"Rar!\x1a\x07\x01\x00", Unkept.ARCHIVE),
        ("bom.zip", packed("0", "1", size=200_000_000), Unkept.ARCHIVE),
    ],
)
def test_what_is_kept_and_what_not(name: str, content: bytes, why: Unkept | None) -> None:
    assert why_not(name, content) is why


def test_fifteen_megabytes_of_one_mail_are_kept_and_the_others_are_said() -> None:
    files = [CameFile(f"{size}.pdf", PDF + b"0" * size * 1_000_000) for size in (9, 8, 4)]

    assert [one.unkept for one in sorted_out(files)] == [None, Unkept.TOO_LARGE, None]
    assert {one.unkept for one in sorted_out(files, has_virus=True)} == {Unkept.VIRUS}
    many = sorted_out([CameFile("a.txt", b"a")] * 40)
    assert [one.unkept for one in many] == [None] * 30 + [Unkept.TOO_MANY] * 10
    assert [one.unkept for one in sorted_out([CameFile("a.pdf", PDF, is_cut=True)])] == [Unkept.TOO_LARGE]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("../../x", "x"),
        ("C:\\Users\\An\\brief.pdf", "brief.pdf"),
        ("..", "file"),
        ("a\x00b\r\nSet-Cookie: x\u202efdp.exe", "ab Set-Cookie_ xfdp.exe"),
        ("a" * 300 + ".pdf", "a" * (MOST_NAME - 4) + ".pdf"),
        ("a" * 300, "a" * MOST_NAME),
        ("café.pdf", "café.pdf"),
    ],
)
def test_a_name_is_plain(said: str, name: str) -> None:
    assert plain_name(said, "file") == name


@given(some.text(max_size=400), some.binary(max_size=200))
@settings(max_examples=50)
def test_whatever_comes_has_a_name_that_any_machine_may_save(said: str, content: bytes) -> None:
    name = plain_name(said, "file")
    assert 0 < len(name) <= MOST_NAME
    assert not set(name) & set('/\\<>:"|?*\n\r\0')
    why_not(name, b"PK\x03\x04" + content)
