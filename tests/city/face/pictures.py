"""Given: pictures, as small as they can be."""

import struct
import zlib
from collections.abc import Sequence


def part(name: bytes, data: bytes = b"") -> bytes:
    """Of a PNG."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, before: Sequence[bytes] = ()) -> bytes:
    """Of one green; `before`: parts that stand before the picture. Of large ones only the head is true."""
    rows = (b"\0" + b"\x1b\x5e\x20" * width) * height if width * height < 1_000_000 else b""
    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(before) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND")


def webp(kind: bytes, width: int, height: int, more: Sequence[tuple[bytes, bytes]] = ()) -> bytes:
    """Its head is true, its picture is not."""
    parts = [picture(kind, width, height), *more]
    body = b"WEBP" + b"".join(
        name + struct.pack("<I", len(found)) + found + bytes(len(found) % 2) for name, found in parts
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def picture(kind: bytes, width: int, height: int) -> tuple[bytes, bytes]:
    """Of a WebP, the part that holds it."""
    if kind == b"VP8L":
        return kind, b"\x2f" + struct.pack("<I", (width - 1) | (height - 1) << 14)
    return kind, bytes(3) + b"\x9d\x01\x2a" + struct.pack("<HH", width, height)
