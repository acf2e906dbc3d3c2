import io

import pytest
import zxingcpp
from PIL import Image

from testamur.errors import Malformed
from testamur.papercode import encode
from testamur.render import make_qr, qr_png, qr_svg
from tests.papercode.records import GRADUATES, record, signed


@pytest.mark.parametrize("language", GRADUATES)
def test_a_lean_diploma_fits_version_14_with_wide_modules(language):
    qr = make_qr(encode(signed(record(language)), "verify.example.edu"))
    assert qr.version <= 14
    assert qr.module_mm >= 0.38
    assert not qr.warning
    assert len(qr.modules) == 17 + 4 * qr.version


def test_digits_are_packed_three_to_ten_bits():
    assert make_qr("HTTPS://VERIFY.EXAMPLE/Q#" + "7" * 550).version <= 12


def test_the_picture_reads_back():
    text = encode(signed(record("hi")), "verify.example")
    with Image.open(io.BytesIO(qr_png(text))) as picture:
        code = zxingcpp.read_barcode(picture.convert("L"))
    assert (code.text, code.ec_level) == (text, "M")


def test_svg_and_modules_agree():
    qr = make_qr("HTTPS://A.EXAMPLE/Q#123")
    svg = qr_svg(qr.text)
    dark = sum(int(run.partition("h")[2].partition("v")[0]) for run in svg.split("M")[2:])
    assert dark == sum(sum(row) for row in qr.modules)
    assert f'width="{qr.size_mm}mm"' in svg


def test_a_large_code_keeps_its_modules_and_warns():
    qr = make_qr("HTTPS://A.EXAMPLE/Q#" + "8" * 2500)
    assert qr.version > 23
    assert "version" in qr.warning
    assert round(qr.module_mm, 3) >= 0.38


def test_a_text_that_no_code_holds_is_refused():
    with pytest.raises(Malformed):
        make_qr("9" * 8000)


def test_the_code_on_a_terminal_is_the_one_on_paper() -> None:
    from testamur.render import qr_terminal

    text = "HTTPS://VALDORIA.EXAMPLE/Q#" + "0123456789" * 60
    lines = qr_terminal(text).splitlines()
    assert make_qr(text).side == len(lines[0])
    rows = [[mark in "█▀" for mark in line] for line in lines]
    lower = [[mark in "█▄" for mark in line] for line in lines]
    light = [row for pair in zip(rows, lower, strict=True) for row in pair]
    image = Image.new("L", (len(lines[0]), len(light)))
    image.putdata([255 if dot else 0 for row in light for dot in row])
    found = zxingcpp.read_barcode(image.resize((image.width * 6, image.height * 6), Image.Resampling.NEAREST))
    assert found is not None
    assert found.text == text
