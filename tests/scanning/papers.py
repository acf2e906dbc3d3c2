"""Files as people send them: pictures of codes, PDFs with attachments, archives."""

from __future__ import annotations

import io
import zipfile
import zlib

import pypdf
import qrcode
from PIL import Image, ImageFilter

HOST = "diplomas.valdoria.example"


def code(text: str, *, box: int = 6) -> Image.Image:
    symbol = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=box, border=4)
    symbol.add_data(text)
    return symbol.make_image().get_image().convert("L")


def page(*codes: Image.Image) -> Image.Image:
    """A sheet of paper with codes side by side."""
    width = sum(each.width for each in codes) + 100 * (len(codes) + 1)
    sheet = Image.new("L", (max(width, 1240), 1754), 255)
    left = 100
    for each in codes:
        sheet.paste(each, (left, 700))
        left += each.width + 100
    return sheet


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def photographed(picture: Image.Image) -> bytes:
    """A phone's picture: turned, a little blurred, poorly lit and squeezed by JPEG."""
    turned = picture.convert("L").rotate(7, expand=True, fillcolor=235, resample=Image.Resampling.BICUBIC)
    grey = turned.filter(ImageFilter.GaussianBlur(1.2)).point(lambda value: 60 + value * 0.6)
    return saved(grey, "JPEG", quality=40)


def pdf(*pages: Image.Image, attachments: dict[str, bytes] | None = None) -> bytes:
    writer = pypdf.PdfWriter()
    for each in pages:
        stream = io.BytesIO(saved(each, "PDF", resolution=150))
        writer.append(pypdf.PdfReader(stream))
    if not pages:
        writer.add_blank_page(595, 842)
    for name, data in (attachments or {}).items():
        writer.add_attachment(name, data)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def archive(*, stored: bool = False, **files: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("__", "."), data)
    return stream.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A part of a PNG file."""
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")


def png_bomb(side: int) -> bytes:
    """A picture of a few kilobytes that says it is side by side pixels."""
    header = side.to_bytes(4, "big") * 2 + bytes((1, 0, 0, 0, 0))
    pixels = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf_bomb(size: int) -> bytes:
    """A PDF with an attachment that inflates to zeros of this size."""
    packed = zlib.compress(bytes(size), 9)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(diploma.json)4 0 R]>>>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
        b"<</Type/Filespec/F(diploma.json)/UF(diploma.json)/EF<</F 5 0 R>>>>",
        b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed),
    ]
    text, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(text))
        text += b"%d 0 obj%b endobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 6\n0000000000 65535 f \n%btrailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        rows,
        len(text),
    )
    return text + table
