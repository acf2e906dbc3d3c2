"""What a reader takes away: a spreadsheet, or a signed receipt; both are made of slips that come back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from starlette.exceptions import HTTPException

from testamur.errors import Malformed
from testamur.jsontext import Json
from testamur.verifier.incoming import Incoming, incoming
from testamur.verifier.office import Office
from testamur.verifier.output import sheet

Sent = Annotated[Incoming, Depends(incoming)]
_COLUMN_OF_REASONS = -1


def keeping_routes(office: Office) -> APIRouter:
    """The two downloads."""
    routes = APIRouter(include_in_schema=False)

    @routes.post("/spreadsheet")
    def spreadsheet(request: Request, sent: Sent) -> Response:
        rows = [row for slip in _slips(office, sent) for row in _rows(slip)]
        return _download(sheet(rows), "checked.csv", "text/csv; charset=utf-8")

    receipts = office.receipts
    if receipts is not None:

        @routes.post("/receipt")
        def receipt(request: Request, sent: Sent) -> Response:
            text = receipts.write(_slips(office, sent), office.desk.now())
            return _download(text.encode(), "receipt.json", "application/vc")

    return routes


def _slips(office: Office, sent: Incoming) -> list[Json]:
    texts = [line for name, value in sent.fields if name == "slips" for line in value.splitlines()]
    try:
        return office.seal.open_all(texts)
    except Malformed as error:
        raise HTTPException(422, str(error)) from None


def _rows(slip: Json) -> list[list[str]]:
    """Its rows; a file without a record has one that says why."""
    if slip["rows"]:
        return [[str(value) for value in row] for row in slip["rows"]]
    row = [slip["name"], "no_record", "undecided", *[""] * 10]
    row[_COLUMN_OF_REASONS] = slip["error"]
    return [row]


def _download(body: bytes, name: str, kind: str) -> Response:
    return Response(body, media_type=kind, headers={"content-disposition": f'attachment; filename="{name}"'})
