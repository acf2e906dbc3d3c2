"""QR symbols of paper codes (ISO/IEC 18004).

The writer finds the shortest mix of modes by itself: the address is alphanumeric, the digits are numeric.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass

from testamur.errors import Malformed

QUIET = 4  # modules of white around the symbol (ISO/IEC 18004 §9.1)
SMALLEST_MODULE = 0.38  # mm: below it, paper and an ordinary camera blur modules into one another
USUAL_MODULE = 0.5
USUAL_SIZE = 40.0
EASY_VERSION = 23

_MIXED = re.compile(r"([0-9A-Z $%*+./:-]+)(#)([0-9]+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Qr:
    """A symbol at level M: its modules row by row, without the quiet zone."""

    text: str
    version: int
    modules: tuple[tuple[bool, ...], ...]

    @property
    def side(self) -> int:
        """Modules along one side, the quiet zone included."""
        return len(self.modules) + 2 * QUIET

    @property
    def size_mm(self) -> float:
        """The side to print it at: comfortable where there is room, never below the smallest module."""
        module = max(SMALLEST_MODULE, min(USUAL_MODULE, USUAL_SIZE / self.side))
        return round(module * self.side, 2)

    @property
    def module_mm(self) -> float:
        """The side of one module at that size."""
        return self.size_mm / self.side

    @property
    def warning(self) -> str:
        """Why it may be hard to read, or nothing."""
        if self.version <= EASY_VERSION:
            return ""
        return f"the code is version {self.version}; above {EASY_VERSION} many cameras fail, so put less on paper"

    def svg(self) -> str:
        """The symbol as SVG; a run of dark modules is one rectangle of one path."""
        side = self.side
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{self.size_mm}mm" height="{self.size_mm}mm" '
            f'viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img" aria-label="QR code">'
            f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{"".join(self._runs())}"/></svg>'
        )

    def png(self, *, dots: int = 8) -> bytes:
        """The symbol as a black and white PNG with so many dots along a module."""
        from PIL import Image

        rows = b"".join(bytes(0 if dark else 255 for dark in row) for row in self.modules)
        image = Image.new("L", (self.side, self.side), 255)
        image.paste(Image.frombytes("L", (len(self.modules),) * 2, rows), (QUIET, QUIET))
        file = io.BytesIO()
        image.resize((self.side * dots,) * 2, Image.Resampling.NEAREST).convert("1").save(file, "PNG")
        return file.getvalue()

    def _runs(self) -> list[str]:
        path: list[str] = []
        for y, row in enumerate(self.modules, QUIET):
            line = "".join("1" if dark else "0" for dark in row)
            path += (
                f"M{run.start() + QUIET} {y}h{len(run.group())}v1h-{len(run.group())}z"
                for run in re.finditer("1+", line)
            )
        return path


def make_qr(text: str) -> Qr:
    """The smallest symbol of a text at level M; raises Malformed where none holds it."""
    from PIL import Image
    from zxingcpp import BarcodeFormat, create_barcode

    try:
        drawn = create_barcode(text, BarcodeFormat.QRCode, ec_level="M").to_image(
            scale=1, add_quiet_zones=False
        )
    except (ValueError, RuntimeError):
        raise Malformed("", f"a text of {len(text)} characters does not fit into a QR code") from None
    image = Image.fromarray(drawn)
    dots, side = image.tobytes(), image.width
    rows = tuple(
        tuple(dot == 0 for dot in dots[start : start + side]) for start in range(0, side * side, side)
    )
    return Qr(text, (side - 17) // 4, rows)


def qr_svg(text: str) -> str:
    """The QR code of a text as SVG, at the size it should be printed."""
    return make_qr(text).svg()


def qr_png(text: str) -> bytes:
    """The QR code of a text as PNG."""
    return make_qr(text).png()


def qr_terminal(text: str) -> str:
    """The QR code of a text in half blocks, for a phone that scans it off a terminal."""
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import MODE_8BIT_BYTE, MODE_ALPHA_NUM, MODE_NUMBER, QRData

    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    parts = _MIXED.fullmatch(text)
    modes = (MODE_ALPHA_NUM, MODE_8BIT_BYTE, MODE_NUMBER)
    for part, mode in zip(parts.groups(), modes, strict=True) if parts else [(text, MODE_8BIT_BYTE)]:
        code.add_data(QRData(part.encode("utf-8"), mode=mode), optimize=0)
    drawn = io.StringIO()
    try:
        code.print_ascii(out=drawn, invert=True)
    except ValueError:
        raise Malformed("", f"a text of {len(text)} characters does not fit into a QR code") from None
    return drawn.getvalue()
