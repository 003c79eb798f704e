"""What a logo may be: a picture that stands still, runs nothing, and is small in bytes and in pixels."""

import struct
import zlib

import pytest

from chalicelib.city.face import logos
from chalicelib.city.face.logos import IS_BROKEN, IS_LARGE, IS_NONE, IS_OTHER, IS_SVG, MOVES, TOO_MANY_PIXELS
from chalicelib.core.http.problems import FieldError
from tests.city.face.pictures import part, picture, png, webp


def refused(content: bytes) -> str:
    errors: list[FieldError] = []
    assert logos.checked_logo("logo", content, errors) is None
    return errors[0].message


def test_a_png_is_taken_under_a_name_that_its_content_gives_it():
    one, other = (logos.checked_logo("logo", png(400, height), []) for height in (120, 121))

    assert one is not None
    assert other is not None
    assert (one.width, one.height) == (400, 120)
    assert logos.LOGO_NAME.fullmatch(one.name)
    assert one.name.endswith(".png")
    assert one.name != other.name


@pytest.mark.parametrize("content", [webp(b"VP8L", 300, 100), webp(b"VP8 ", 300, 100)])
def test_a_webp_is_taken(content):
    found = logos.checked_logo("logo", content, [])

    assert found is not None
    assert (found.width, found.height, found.name[-5:]) == (300, 100, ".webp")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", IS_NONE),
        (b"Kaprijke", IS_NONE),
        (b"<html><script>alert(1)</script>", IS_NONE),
        (b'<?xml version="1.0"?><!-- --><svg onload="alert(1)"/>', IS_SVG),
        (b"<SVG/>", IS_SVG),
        (b"GIF89a" + bytes(50), IS_OTHER),
        (b"\xff\xd8\xff\xe0" + bytes(50), IS_OTHER),
        (png(400, 120, before=[part(b"acTL", struct.pack(">II", 2, 0))]), MOVES),
        (webp(b"VP8L", 300, 100, more=[(b"ANIM", bytes(6))]), MOVES),
        # A browser shows the first picture, however small the last one is.
        (webp(b"VP8L", 16_000, 16_000, more=[picture(b"VP8L", 300, 100)]), IS_BROKEN),
        (webp(b"VP8 ", 16_000, 16_000, more=[picture(b"VP8L", 300, 100)]), IS_BROKEN),
        (webp(b"VP8L", 16_000, 16_000, more=[picture(b"VP8 ", 300, 100)]), IS_BROKEN),
        (png(400, 120, before=[part(b"tEXt", bytes(100_000))]), IS_LARGE),
        (png(50_000, 50_000), TOO_MANY_PIXELS),
        (png(8, 8), TOO_MANY_PIXELS),
        (png(400, 120) + b"<script>alert(1)</script>", IS_BROKEN),
        (png(400, 120)[:-5], IS_BROKEN),
        (png(400, 120).replace(b"IHDR", b"IHDX"), IS_BROKEN),
        (logos.PNG, IS_BROKEN),
        (webp(b"VP8L", 300, 100) + b"more", IS_BROKEN),
        (webp(b"VP8L", 300, 100)[:-1], IS_BROKEN),
        (b"RIFF\x04\x00\x00\x00WEBP", IS_BROKEN),
    ],
)
def test_what_is_no_logo_is_refused_in_words_of_its_own(content, why):
    assert refused(content) == why


def test_five_megabytes_are_refused_with_how_much_there_may_be():
    errors: list[FieldError] = []
    logos.checked_logo("logo", logos.PNG + bytes(5_000_000), errors)

    assert errors[0].values == {"size": 5001, "most": 100}


def test_a_part_that_says_another_sum_is_damaged():
    content = bytearray(png(400, 120))
    content[-1] ^= 1

    assert refused(bytes(content)) == IS_BROKEN
    assert zlib.crc32(b"IEND").to_bytes(4, "big") != bytes(content[-4:])
