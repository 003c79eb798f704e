"""Which files of a mail or a letter are kept with a case, and why another one is not. Plain rules.

Nothing is unpacked and nothing is run: a file is judged by its name, by what it begins with, and a zip by the list at
its end. What is kept is given out as bytes to be saved.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.front_door.photos.rules import MOST_BYTES

MOST_FILES, MOST_NAME = 30, 80
# Control characters, and those that make a line read otherwise than it is written.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
# What somebody who opens it runs, on whichever machine a city has.
_PROGRAMS = (
    "app appref-ms apk application bat chm cmd com cpl desktop diagcab dll dmg exe gadget hta img inf ins iso jar js "
    "jse lnk msc msh msi msix msp mst pif ps1 psm1 reg scf scr sct settingcontent-ms sh sys url vb vbe vbs vhd vhdx ws "
    "wsc wsf wsh xll"
)
PROGRAMS = frozenset(_PROGRAMS.split())
_RUN = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"L\0\0\0\x01\x14\x02")
# Packed so that nobody sees what is in it without unpacking.
_CLOSED = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"MSCF", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd")
CLOSED = frozenset({"7z", "ace", "arj", "bz2", "cab", "gz", "lha", "lzh", "rar", "tar", "tgz", "xz", "z", "zip", "zst"})
_ZIP, _ENTRY, _END = (b"PK\x03\x04", b"PK\x05\x06"), b"PK\x01\x02", b"PK\x05\x06"
_ENCRYPTED = 0x2041  # encrypted, strongly, with its list masked
MOST_ENTRIES, MOST_UNPACKED = 5_000, 300_000_000


class Unkept(StrEnum):
    """Why a file is not kept. ARCHIVE: one that is locked, unpacks to too much, or into which nobody can look. VIRUS:
    as SES says. UNREAD: what of a mail could not be read."""

    TOO_LARGE = "too-large"
    TOO_MANY = "too-many"
    PROGRAM = "program"
    ARCHIVE = "archive"
    VIRUS = "virus"
    UNREAD = "unread"


@dataclass(frozen=True)
class CameFile:
    """A file as it came. `is_cut`: its end is missing, because the mail was too long."""

    name: str
    content: bytes
    is_cut: bool = False


@dataclass(frozen=True)
class ReceivedFile:
    """`size`: in bytes. `unkept`: None for one that is kept."""

    name: str
    size: int
    unkept: Unkept | None = None


@dataclass(frozen=True)
class FileBatch:
    """Files that came together. `entry`: the number of the history's entry with which they came. `source`: what a mail
    is kept as, until its files are; "" for scans. `is_stored`: those to be kept lie where nothing deletes them."""

    batch_id: str
    at: datetime
    files: tuple[ReceivedFile, ...]
    source: str = ""
    is_stored: bool = False
    entry: int = 1

    @property
    def unkept(self) -> list[ReceivedFile]:
        return [one for one in self.files if one.unkept]

    @property
    def kept(self) -> list[ReceivedFile]:
        return [one for one in self.files if not one.unkept]


def sorted_out(files: Iterable[CameFile], *, has_virus: bool = False) -> tuple[ReceivedFile, ...]:
    """Each of them, in their order: MOST_FILES of them and MOST_BYTES in all are kept."""
    found: list[ReceivedFile] = []
    room, count = MOST_BYTES, 0
    for file in files:
        size = len(file.content)
        why = Unkept.VIRUS if has_virus else why_not(file.name, file.content)
        if why in (None, Unkept.ARCHIVE) and (file.is_cut or size > room):
            why = Unkept.TOO_LARGE
        if why is None and count == MOST_FILES:
            why = Unkept.TOO_MANY
        if why is None:
            room, count = room - size, count + 1
        found.append(ReceivedFile(file.name, size, why))
    return tuple(found)


def why_not(name: str, content: bytes) -> Unkept | None:
    """None: it may be kept, if it fits."""
    if _extension(name) in PROGRAMS or content.startswith(_RUN):
        return Unkept.PROGRAM
    if content.startswith(_CLOSED):
        return Unkept.ARCHIVE
    if content.startswith(_ZIP):
        return _of_zip(content)
    return Unkept.ARCHIVE if _extension(name) in CLOSED else None


def plain_name(text: str, otherwise: str) -> str:
    """A file's name as people may read it and any machine may save it: no path, nothing that is not printed, at most
    MOST_NAME characters with its ending. `otherwise`: for one that is left with none."""
    line = UNSEEN.sub("", re.sub(r"\s+", " ", text)).encode("utf-8", "replace").decode()
    name = re.sub(r'[<>:"|?*]', "_", re.split(r"[/\\]", line)[-1]).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if len(name) > MOST_NAME and dot and len(ending) <= MOST_NAME // 4:
        return f"{stem[: MOST_NAME - len(ending) - 1]}.{ending}"
    return name[:MOST_NAME].strip() or otherwise


def _extension(name: str) -> str:
    return name.rstrip(". ").rpartition(".")[2].lower()


def _of_zip(content: bytes) -> Unkept | None:
    """By the list at its end; each entry is looked at once."""
    unpacked = 0
    try:
        for name, flags, size in _entries(content):
            ending = _extension(name)
            if ending in PROGRAMS:
                return Unkept.PROGRAM
            unpacked += size
            if flags & _ENCRYPTED or ending in CLOSED or unpacked > MOST_UNPACKED:
                return Unkept.ARCHIVE
    except ValueError:
        return Unkept.ARCHIVE
    return None


def _entries(content: bytes) -> Iterator[tuple[str, int, int]]:
    """Name, flags and unpacked size of each; raises ValueError for a zip that is none, or has too many."""
    end = content.rfind(_END, max(0, len(content) - 66_000))
    if end < 0 or end + 22 > len(content):
        raise ValueError
    count, place = _whole(content, end + 10, 2), _whole(content, end + 16, 4)
    if count > MOST_ENTRIES:
        raise ValueError
    for _ in range(count):
        if content[place : place + 4] != _ENTRY or place + 46 > end:
            raise ValueError
        name, extra, comment = (_whole(content, place + offset, 2) for offset in (28, 30, 32))
        yield (
            content[place + 46 : place + 46 + name].decode("cp437"),
            _whole(content, place + 8, 2),
            _whole(content, place + 24, 4),
        )
        place += 46 + name + extra + comment
    if place != end:
        raise ValueError


def _whole(content: bytes, place: int, length: int) -> int:
    return int.from_bytes(content[place : place + length], "little")


def numbered(batches: Sequence[FileBatch]) -> list[tuple[int, FileBatch, int]]:
    """Each file of a case: its number, from 1, its batch, and its place there. The numbers stay: more come behind."""
    every = [(batch, place) for batch in batches for place in range(len(batch.files))]
    return [(number, batch, place) for number, (batch, place) in enumerate(every, 1)]
