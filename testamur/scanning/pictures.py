"""Codes in a picture: a photograph of a diploma, a scan, a screenshot."""

from __future__ import annotations

import io
from collections.abc import Iterator

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from testamur.errors import Malformed
from testamur.scanning.parts import Part

MAX_PIXELS = 64_000_000
_FORMATS = ("PNG", "JPEG", "WEBP")
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_LARGE = 4_000_000
_SMALL = 1_500_000
_WORTH_HALVING = 8_000_000

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def picture_parts(data: bytes) -> list[Part]:
    """The codes in a PNG, JPEG or WebP file, the right way up as its EXIF data has it; raises Malformed."""
    texts = _at_half_size(data) or read_codes(open_picture(data))
    return [Part("code", "the picture", text) for text in texts]


def _at_half_size(data: bytes) -> list[str]:
    """The codes of a large photograph, which JPEG decodes at half its size in a quarter of the time.

    None where there is a code that this is too small for, so that none of several is overlooked.
    """
    if not _is_large_jpeg(data):
        return []
    picture = open_picture(data, reduce=2)
    codes = zxingcpp.read_barcodes(
        picture, formats=_QR, text_mode=zxingcpp.TextMode.Plain, return_errors=True
    )
    whole = all(code.valid and code.text for code in codes)
    return list(dict.fromkeys(code.text for code in codes)) if whole else []


def _is_large_jpeg(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            return bool(picture.width * picture.height >= _WORTH_HALVING)
    except Exception:  # whatever Pillow makes of hostile bytes; they are told of when they are opened
        return False


def open_picture(data: bytes, *, reduce: int = 1) -> Image.Image:
    """The picture in grey, a JPEG at a part of its size if asked.

    Raises Malformed where it is broken or larger than 64 million pixels.
    """
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS:
                raise Malformed("", f"the picture has {width} x {height} pixels; 64 million are the limit")
            picture.draft("L", (width // reduce, height // reduce))
            return _grey(ImageOps.exif_transpose(picture))
    except Malformed:
        raise
    except Image.DecompressionBombError:
        raise Malformed("", "the picture is too large: 64 million pixels are the limit") from None
    except Exception as error:  # whatever Pillow's decoders make of hostile bytes
        raise Malformed("", f"the picture cannot be read: {type(error).__name__}") from None


def read_codes(picture: Image.Image) -> list[str]:
    """The texts of the QR codes in a grey picture, each once, trying harder while none is found."""
    for attempt in _attempts(picture):
        codes = zxingcpp.read_barcodes(attempt, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
        texts = list(dict.fromkeys(code.text for code in codes if code.valid and code.text))
        if texts:
            return texts
    return []


def _attempts(picture: Image.Image) -> Iterator[Image.Image]:
    yield picture
    levelled = ImageOps.autocontrast(picture, cutoff=1)
    yield levelled.filter(ImageFilter.UnsharpMask(radius=2, percent=250, threshold=0))
    pixels = picture.width * picture.height
    if pixels > _LARGE:
        half = levelled.reduce(2)
        yield half
        yield half.filter(ImageFilter.UnsharpMask(radius=2, percent=250, threshold=0))
    if pixels < _SMALL:
        double = levelled.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)
        yield double.filter(ImageFilter.UnsharpMask(radius=4, percent=250, threshold=0))
    yield levelled.filter(ImageFilter.GaussianBlur(1.5))


def _grey(picture: Image.Image) -> Image.Image:
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        paper = Image.new("RGBA", picture.size, "white")
        paper.alpha_composite(picture.convert("RGBA"))
        return paper.convert("L")
    if picture.mode.startswith("I"):  # 16 bits a pixel
        return picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    return picture.convert("L")
