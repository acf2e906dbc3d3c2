"""Ways out of a record: QR code, printed page, baked badge; and whether a page shows what was signed.

Names are loaded when they are first used: typst, PDFium and Pillow take their time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from testamur.render.badge import badge_picture, badge_png
    from testamur.render.baking import bake_png, bake_svg, unbake_old_png, unbake_png, unbake_svg
    from testamur.render.checking import check_page
    from testamur.render.film import film_gif
    from testamur.render.merging import merge
    from testamur.render.page import PageData, page_fields
    from testamur.render.plain_sheet import PlainSheet, sheet_pdf
    from testamur.render.printing import Enclosed, pdf, specimen
    from testamur.render.qr import Qr, make_qr, qr_png, qr_svg, qr_terminal
    from testamur.render.slips import Slip, print_slips

__all__ = [
    "Enclosed",
    "PageData",
    "PlainSheet",
    "Qr",
    "Slip",
    "badge_picture",
    "badge_png",
    "bake_png",
    "bake_svg",
    "check_page",
    "film_gif",
    "make_qr",
    "merge",
    "page_fields",
    "pdf",
    "print_slips",
    "qr_png",
    "qr_svg",
    "qr_terminal",
    "sheet_pdf",
    "specimen",
    "unbake_old_png",
    "unbake_png",
    "unbake_svg",
]

_FILES = {
    "badge": ("badge_picture", "badge_png"),
    "baking": ("bake_png", "bake_svg", "unbake_old_png", "unbake_png", "unbake_svg"),
    "checking": ("check_page",),
    "film": ("film_gif",),
    "merging": ("merge",),
    "page": ("PageData", "page_fields"),
    "plain_sheet": ("PlainSheet", "sheet_pdf"),
    "printing": ("Enclosed", "pdf", "specimen"),
    "qr": ("Qr", "make_qr", "qr_png", "qr_svg", "qr_terminal"),
    "slips": ("Slip", "print_slips"),
}
_HOME = {name: file for file, names in _FILES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
