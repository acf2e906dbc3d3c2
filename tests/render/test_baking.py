import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from testamur.errors import Malformed
from testamur.render import badge_picture, badge_png, bake_png, bake_svg, unbake_png, unbake_svg
from tests.papercode.records import compact, record, signed
from tests.render.pages import look

NS = 'xmlns="http://www.w3.org/2000/svg"'
DRAWINGS = (
    f"<svg {NS}/>", f"<svg {NS} />", f"<svg {NS}></svg>", f'<?xml version="1.0"?>\n<!-- > --><svg {NS}>\n<g/></svg>',
    '<a:svg xmlns:a="http://www.w3.org/2000/svg" a="&gt;>"/>', f"<!DOCTYPE svg><svg {NS}><!-- ሰላም --><g>ሄኖክ</g></svg>",
)  # fmt: skip
CREDENTIALS = (compact(record("am")), '{"a":"]]><![CDATA[ <b>&amp; ]]>"}', signed(record("km")))


def picture() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "navy").save(file, "PNG")
    return file.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_png_carries_its_credential_and_keeps_its_picture(credential):
    baked = bake_png(picture(), credential)
    assert unbake_png(baked) == credential
    with Image.open(io.BytesIO(baked)) as seen, Image.open(io.BytesIO(picture())) as before:
        assert seen.text["openbadgecredential"] == credential
        assert seen.tobytes() == before.tobytes()


def test_baking_a_png_again_replaces_the_credential():
    assert bake_png(bake_png(picture(), '{"old":1}'), CREDENTIALS[0]) == bake_png(picture(), CREDENTIALS[0])


@pytest.mark.parametrize("drawing", DRAWINGS)
@pytest.mark.parametrize("credential", CREDENTIALS)
def test_an_svg_carries_its_credential(drawing, credential):
    baked = bake_svg(drawing, credential)
    assert unbake_svg(baked.encode()) == credential
    assert bake_svg(bake_svg(drawing, '{"old":1}'), credential) == baked
    assert bake_svg(bake_svg(drawing, "a.b.c"), credential) == baked


def test_pictures_without_a_credential_have_none():
    assert unbake_png(picture()) is None
    assert unbake_svg(DRAWINGS[3].encode()) is None


@pytest.mark.parametrize("place", range(8, 60, 3))
def test_a_damaged_png_is_refused(place):
    baked = bytearray(bake_png(picture(), "a.b.c"))
    baked[place] ^= 1
    with pytest.raises(Malformed):
        unbake_png(bytes(baked))


@pytest.mark.parametrize(
    "file",
    [b"", b"GIF89a", picture()[:-5], picture() + b"x", picture()[:8], picture()[:8] + b"\x7f\xff\xff\xffIHDR",
     picture()[:8] + chunk(b"IEND", b""), b"\x89PNG\r\n\x1a\n" + b"\0" * 10_000_001],
)  # fmt: skip
def test_what_is_no_whole_png_is_refused(file):
    with pytest.raises(Malformed):
        unbake_png(file)


def test_two_credentials_in_one_picture_are_refused():
    text = chunk(b"iTXt", b"openbadgecredential\0\0\0\0\0a.b.c")
    with pytest.raises(Malformed, match="more than one"):
        unbake_png(picture()[:33] + text + text + picture()[33:])
    element = '<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="a.b.c"/>'
    with pytest.raises(Malformed, match="more than one"):
        unbake_svg(f"<svg {NS}>{element}{element}</svg>".encode())


def test_a_compressed_credential_is_refused():
    text = chunk(b"iTXt", b"openbadgecredential\0\1\0\0\0" + zlib.compress(b"a" * 100_000))
    with pytest.raises(Malformed, match="compressed"):
        unbake_png(picture()[:33] + text + picture()[33:])


@pytest.mark.parametrize(
    "drawing",
    [f'<!DOCTYPE s [<!ENTITY a "x">]><svg {NS}>&a;</svg>', f'<!DOCTYPE s [<!ENTITY a SYSTEM "/etc/passwd">]><svg {NS}>&a;</svg>',
     f'<!DOCTYPE s [<!ENTITY % p SYSTEM "http://127.0.0.1/">%p;]><svg {NS}/>', f"<svg {NS}>&b;</svg>", "<html/>", "",
     f"<svg {NS}><g></svg>", f"<svg {NS}>" + "<g>" * 300 + "</g>" * 300 + "</svg>", f"<svg {NS}/>x", "\x00"],
)  # fmt: skip
def test_hostile_drawings_are_refused(drawing):
    with pytest.raises(Malformed):
        unbake_svg(drawing.encode())


def test_an_svg_of_ten_megabytes_is_refused():
    with pytest.raises(Malformed, match="larger"):
        unbake_svg(b"<svg>" + b" " * 10_000_001)


@pytest.mark.parametrize(
    "credential", ["", "a b", 'a" onload="x', "<x>", "a\0b", "é.b.c", "{" + " " * 2_000_001]
)
def test_what_is_no_credential_is_not_baked(credential):
    with pytest.raises(Malformed):
        bake_svg(DRAWINGS[0], credential)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_drawing_or_malformed(data):
    try:
        assert unbake_svg(data) is None
    except Malformed:
        return


@pytest.mark.parametrize("name", ["Research Data Management", "የነርሲንግ ዲግሪ", "بكالوريوس الهندسة", "<b>&\"'"])
def test_a_badge_is_drawn_with_the_award_s_name(name):
    page_look = look("en")
    drawing = badge_picture(page_look, name)
    assert unbake_svg(bake_svg(drawing, CREDENTIALS[0]).encode()) == CREDENTIALS[0]
    baked = bake_png(badge_png(page_look, name), CREDENTIALS[0])
    with Image.open(io.BytesIO(baked)) as seen:
        seen.load()
        assert seen.width >= 400
    assert unbake_png(baked) == CREDENTIALS[0]


def test_a_badge_s_name_that_no_font_covers_is_refused():
    with pytest.raises(Malformed, match=r"U\+1F600"):
        badge_png(look("en"), "😀")
