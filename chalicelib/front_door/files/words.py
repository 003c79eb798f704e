"""Why a file was not kept, for a person, and what to do."""

from collections.abc import Mapping

from chalicelib.core.languages import N_, translate
from chalicelib.front_door.files.rules import MOST_FILES, Unkept
from chalicelib.front_door.photos.rules import MOST_BYTES

UNKEPT: Mapping[Unkept, str] = {
    Unkept.TOO_LARGE: N_("too large: we keep {most} MB of one mail. Send it smaller, or in another mail."),
    Unkept.TOO_MANY: N_("too many at once: we keep {files} files of one mail. Send the others in another mail."),
    Unkept.PROGRAM: N_("a program, or with a program in it: we keep none. Send it as a PDF or a photo."),
    Unkept.ARCHIVE: N_("an archive into which we cannot look, or that is locked. Send the files themselves."),
    Unkept.VIRUS: N_("our mail service found a virus in this mail. Send the files from another device."),
    Unkept.UNREAD: N_("a part of the mail that we could not read. Send it as plain text, or as a PDF."),
}


def why(unkept: Unkept, language: str) -> str:
    return translate(UNKEPT[unkept], language, most=MOST_BYTES // 1_000_000, files=MOST_FILES)
