"""A photo that somebody uploads becomes two clean JPEGs, or is refused before it costs anything."""

import io
import resource
import struct
import zlib

import pillow_heif
import pytest
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

from chalicelib.front_door.photos.rules import LARGE, MOST_BYTES, SMALL, Position, Unfit
from infra.photos import developing
from infra.photos.developing import NotTaken, develop
from tests.front_door.photos.taken import BUSY, CAMERA, bomb, exif, heic, jpeg, opened, picture, png, written

AT = Position(51.05700, 3.72000)
MAKERS = [jpeg, png, heic]


def refused(content: bytes) -> Unfit:
    with pytest.raises(NotTaken) as refusal:
        develop(content)
    return refusal.value.unfit


@pytest.mark.parametrize("make", MAKERS)
def test_a_photo_is_made_anew_without_a_word_of_where_or_by_what(make) -> None:
    developed = develop(make(told=exif(lat=BUSY[0], long=BUSY[1])))

    assert developed.position == AT
    for content in (developed.large, developed.small):
        clean = opened(content)
        assert (clean.format, dict(clean.getexif()), clean.info.get("comment")) == ("JPEG", {}, None)
        assert not {"exif", "icc_profile", "xmp", "photoshop", "adobe"} & set(clean.info)
        assert CAMERA.encode() not in content
        assert b"Exif" not in content


@pytest.mark.parametrize("make", MAKERS)
def test_a_photo_stands_upright(make) -> None:
    """Given one that says that it has to be turned to the right, by a quarter: its left side comes up."""
    clean = opened(develop(make(64, 48, exif(orientation=6))).large)

    assert clean.size == (48, 64)
    top, bottom = clean.getpixel((24, 8)), clean.getpixel((24, 56))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


def test_a_large_photo_is_made_smaller_and_a_small_one_is_not_made_larger() -> None:
    large = develop(jpeg(4000, 3000))

    assert opened(large.large).size == (LARGE, LARGE * 3 // 4)
    assert opened(large.small).size == (SMALL, SMALL * 3 // 4)
    assert opened(develop(jpeg(64, 48)).large).size == (64, 48)


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "LA"])
def test_every_kind_of_png_is_read(mode) -> None:
    developed = develop(written(picture(mode="RGB").convert(mode), "PNG"))

    assert opened(developed.large).mode == "RGB"


def test_a_scan_in_65_536_greys_is_not_white() -> None:
    scan = written(Image.new("I;16", (40, 40), 0x6400), "PNG")

    assert opened(develop(scan).large).getpixel((10, 10)) == (100, 100, 100)


def test_a_photo_for_printers_has_its_colours() -> None:
    """CMYK; and one of a single dot."""
    red, blue = (opened(develop(written(picture().convert("CMYK"), "JPEG")).large).getpixel((x, 8)) for x in (4, 60))

    assert red[0] > 200 > red[2]
    assert blue[2] > 200 > blue[0]
    assert opened(develop(written(Image.new("CMYK", (1, 1)), "JPEG")).small).size == (1, 1)


def test_nothing_that_stands_in_any_corner_of_a_file_is_kept() -> None:
    """XMP, a profile of colours, IPTC, a comment, what an application wrote, a tail; and a HEIC's own small picture."""
    corners = {
        0xE1: b"http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>51,3.42N</exif:GPSLatitude>",
        0xE2: b"ICC_PROFILE\0\1\1" + bytes(128),
        0xED: b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e",
        0xFE: b"<html><script>",
        0xE4: b"",
    }
    told = b"".join(
        struct.pack(">BBH", 0xFF, mark, len(content) + 9) + content + b"SECRET\0" for mark, content in corners.items()
    )
    plain = jpeg(told=exif(lat=BUSY[0], long=BUSY[1]))
    small = io.BytesIO()
    preview = pillow_heif.from_pillow(picture(640, 480))
    preview.save(small, exif=exif(lat=BUSY[0], long=BUSY[1]).tobytes(), xmp=b"SECRET", thumbnails=[128], quality=80)

    for content in (plain[:2] + told + plain[2:] + b"SECRET", small.getvalue()):
        developed = develop(content)
        assert developed.position == AT
        for clean in (developed.large, developed.small):
            assert marks_of(clean) == {0xE0, 0xDB, 0xC0, 0xC4}, "JFIF, and what the picture is packed by"
            assert b"SECRET" not in clean


def marks_of(content: bytes) -> set[int]:
    """Of what stands in a JPEG before its picture."""
    found, at = set(), 2
    while content[at + 1] != 0xDA:
        found.add(content[at + 1])
        at += 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return found


@pytest.mark.parametrize("chunk", [b"zTXt", b"iCCP"])
def test_a_text_of_20_mb_that_a_png_has_packed_is_not_unpacked(chunk) -> None:
    text = chunk + b"k\0\0" + zlib.compress(bytes(20_000_000), 1)
    packed = struct.pack(">I", len(text) - 4) + text + struct.pack(">I", zlib.crc32(text))
    whole = png()

    assert refused(whole[:33] + packed + whole[33:]) == Unfit.BROKEN


def test_what_one_can_see_through_is_white_and_not_black() -> None:
    clear = written(Image.new("RGBA", (20, 20), (0, 0, 0, 0)), "PNG")

    assert opened(develop(clear).large).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("lat", "long", "halves", "position"),
    [
        ((12, 30, 0), (45, 15, 36), "SW", Position(-12.5, -45.26)),
        ((0, 0, 0), (0, 0, 0), "NE", None),
        ((91, 0, 0), (3, 0, 0), "NE", None),
        ((IFDRational(51, 0), 0, 0), (3, 0, 0), "NE", None),
        ((51,), (3,), "NE", None),
    ],
)
def test_a_position_is_one_or_none_and_no_photo_is_refused_for_it(lat, long, halves, position) -> None:
    assert develop(jpeg(told=exif(lat=lat, long=long, halves=halves))).position == position


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 " + bytes(1000),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"GIF89a" + bytes(1000),
        b"",
        bytes(4) + b"ftypavif" + bytes(100),
        bytes(4) + b"ftypmp42" + bytes(100),
    ],
)
def test_what_is_no_photo_is_refused_whatever_it_is_called(content) -> None:
    assert refused(content) == Unfit.NOT_A_PHOTO


@pytest.mark.parametrize("make", MAKERS)
def test_what_only_begins_like_a_photo_is_refused(make) -> None:
    whole = make(640, 480)

    assert refused(whole[: len(whole) // 3]) in (Unfit.BROKEN, Unfit.NOT_A_PHOTO)
    assert refused(whole[:16] + bytes(2000)) in (Unfit.BROKEN, Unfit.NOT_A_PHOTO)


def test_sixteen_megabytes_are_refused_unread() -> None:
    assert refused(jpeg() + bytes(MOST_BYTES)) == Unfit.TOO_LARGE


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("size", [(50_000, 50_000), (20_000, 4_000), (65_000, 100), (5_001, 5_000)])
def test_a_png_bomb_costs_neither_memory_nor_time(size) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    assert refused(bomb(*size)) == Unfit.TOO_MANY_PIXELS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000  # KB


def test_a_jpeg_of_a_thousand_scans_is_not_unpacked(monkeypatch) -> None:
    """Each scan goes over the whole picture, and costs ten bytes to write."""
    monkeypatch.setattr(developing, "_developed", lambda _: pytest.fail("unpacked"))
    progressive = written(picture(640, 480), "JPEG", progressive=True)
    at = progressive.rindex(b"\xff\xda")
    scan = progressive[at : progressive.rindex(b"\xff\xd9")]

    assert refused(progressive[:at] + scan * 1000 + b"\xff\xd9") == Unfit.TOO_HARD


def test_a_moving_photo_is_a_photo_whatever_bytes_its_film_has() -> None:
    assert develop(written(picture(), "JPEG", progressive=True) + b"\xff\xda\x00\x02" * 10_000).large


def test_what_stands_behind_a_photo_is_gone() -> None:
    """Given a file that is a photo to some and a page to others."""
    page = b"<script>alert(document.cookie)</script>PK\x03\x04"

    for content in (jpeg() + page, png() + page, written(picture(), "JPEG", comment=page)):
        developed = develop(content)
        assert b"script" not in developed.large + developed.small


def test_the_preview_in_a_photo_is_no_way_round_a_cut() -> None:
    """Given a photo whose Exif still has the picture of before somebody cut a face off."""
    preview = written(Image.new("RGB", (160, 120), (0, 255, 0)), "JPEG")
    uncut = exif().tobytes() + preview

    developed = develop(written(picture(), "JPEG", exif=uncut))

    assert preview[20:200] not in developed.large + developed.small


def test_a_photo_of_many_pictures_gives_its_first() -> None:
    film = io.BytesIO()
    picture().save(film, "PNG", save_all=True, append_images=[picture(64, 48) for _ in range(5)])

    assert opened(develop(film.getvalue()).large).size == (64, 48)
