"""What a scanned thing turned out to hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from testamur.errors import TestamurError
    from testamur.proofs import SecuredDocument


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed document whose words can be compared with the signed ones."""

    pdf: bytes
    look: str  # the text of the attachment look.json; "" where there is none


@dataclass(frozen=True, slots=True)
class Found:
    """A secured document, a text that is none, or a place that could not be read; one of the three."""

    where: str  # "attachment diploma.json"; "" for the file as a whole
    document: SecuredDocument | None = None
    text: str = ""
    error: TestamurError | None = None
    file: str = ""  # the member of an archive; what one file holds must agree
    origin: str = "file"  # "file", "attachment", "code" or "baked"
    page: int = 0
    sheet: Sheet | None = None  # for what is attached to a PDF
