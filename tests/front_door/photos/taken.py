"""Photos as telephones take them, made here: JPEG, PNG, HEIC, with where they were taken and by what."""

import io
import struct
import zlib

import pillow_heif
from PIL import ExifTags, Image

CAMERA = "Secret-Camera-7"
BUSY = ((51, 3, 25.2), (3, 43, 12.0))  # the Korenmarkt in Ghent, or nearly


def exif(*, orientation: int = 1, lat: object = None, long: object = None, halves: str = "NE") -> Image.Exif:
    told = Image.Exif()
    told[ExifTags.Base.Make] = CAMERA
    told[ExifTags.Base.Orientation] = orientation
    if lat is not None:
        gps = told.get_ifd(ExifTags.IFD.GPSInfo)
        gps |= {
            ExifTags.GPS.GPSLatitudeRef: halves[0],
            ExifTags.GPS.GPSLatitude: lat,
            ExifTags.GPS.GPSLongitudeRef: halves[1],
            ExifTags.GPS.GPSLongitude: long,
        }
    return told


def picture(width: int = 64, height: int = 48, mode: str = "RGB") -> Image.Image:
    """Red at its left half, blue at its right one: one sees which side is up."""
    made = Image.new(mode, (width, height), (0, 0, 255) if mode == "RGB" else (0, 0, 255, 255))
    made.paste((255, 0, 0) if mode == "RGB" else (255, 0, 0, 255), (0, 0, width // 2, height))
    return made


def jpeg(width: int = 64, height: int = 48, told: Image.Exif | None = None) -> bytes:
    return written(picture(width, height), "JPEG", exif=told or exif(), comment=CAMERA)


def png(width: int = 64, height: int = 48, told: Image.Exif | None = None, mode: str = "RGB") -> bytes:
    return written(picture(width, height, mode), "PNG", exif=told or exif())


def heic(width: int = 64, height: int = 48, told: Image.Exif | None = None) -> bytes:
    pillow_heif.register_heif_opener()
    return written(picture(width, height), "HEIF", exif=(told or exif()).tobytes(), quality=80)


def written(made: Image.Image, kind: str, **how: object) -> bytes:
    file = io.BytesIO()
    made.save(file, kind, **how)
    return file.getvalue()


def bomb(width: int, height: int) -> bytes:
    """A PNG that says how large it is, and has its rows of nothing packed into a few bytes."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = zlib.compressobj(9)
    packed = b"".join(rows.compress(bytes(1 + width)) for _ in range(min(height, 100))) + rows.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def opened(content: bytes) -> Image.Image:
    made = Image.open(io.BytesIO(content))
    made.load()
    return made
