"""What a form brings, bounded, and only from our own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException

_MAX_FILES, _MAX_FIELDS, _MAX_TEXT = 20, 5_000, 4_000_000
_FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form, in the order they came."""

    fields: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, Upload], ...] = ()

    def text(self, name: str) -> str:
        """The first field of this name, stripped; "" where there is none."""
        return next((value.strip() for key, value in self.fields if key == name), "")

    def texts(self, name: str) -> list[str]:
        """Every field of this name."""
        return [value.strip() for key, value in self.fields if key == name]

    def raw(self, name: str) -> str:
        """The first field of this name as it came: passwords may begin with a space."""
        return next((value for key, value in self.fields if key == name), "")

    def uploads(self, name: str) -> list[Upload]:
        """Every file of this name that holds anything."""
        return [file for key, file in self.files if key == name and file.data]

    def file(self, name: str) -> Upload | None:
        """The first of them."""
        return next(iter(self.uploads(name)), None)


async def form_of(request: Request) -> Form:
    """The form of a request; raises HTTPException where it comes from elsewhere or cannot be read."""
    if request.method in ("GET", "HEAD"):
        return Form()
    _check_origin(request)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _FORMS:
        return Form()
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, Upload]] = []
    try:
        limits = {"max_files": _MAX_FILES, "max_fields": _MAX_FIELDS, "max_part_size": _MAX_TEXT}
        async with request.form(**limits) as given:
            for name, value in given.multi_items():
                if isinstance(value, UploadFile):
                    files.append((name, Upload(value.filename or "", await value.read())))
                else:
                    fields.append((name, value))
    except MultiPartException as error:
        raise HTTPException(400, error.message) from None
    return Form(tuple(fields), tuple(files))


Arrived = Annotated[Form, Depends(form_of)]


def _check_origin(request: Request) -> None:
    """A form of another site is refused whatever cookies it brings (Fetch Metadata, else Origin)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        if site == "same-origin":
            return
    else:
        origin = urlsplit(request.headers.get("origin", ""))
        if origin.netloc and origin.netloc == request.headers.get("host"):
            return
    raise HTTPException(403, "This form was not sent from a page of ours")
