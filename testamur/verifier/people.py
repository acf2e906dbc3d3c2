"""The pages for people: give files or a text, read the answer, keep it if it must be kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse

from testamur.checks import Headline, worst
from testamur.errors import TestamurError
from testamur.jsontext import write_json
from testamur.leaves import tongue_of
from testamur.verifier.answers import Page, page_of
from testamur.verifier.desk import Looked, Upload
from testamur.verifier.headlines import TOLD
from testamur.verifier.incoming import Incoming, incoming
from testamur.verifier.office import Office
from testamur.words import Tongue, say

_NOTHING = say("Choose a file first, or paste a text.")
_NO_RECORD = say("No record was found")
_ONE_TEXT = say("What you pasted could not be opened. Give a text or an https address.")
Sent = Annotated[Incoming, Depends(incoming)]


def people_routes(office: Office) -> APIRouter:
    """The pages, none of which is part of the interface for programs."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/")
    def start(request: Request) -> Response:
        receipts = office.receipts is not None
        asks = office.questions is not None
        return office.leaves.page(request, "start.html", refusal="", slips=" ", receipts=receipts, asks=asks)

    @routes.post("/")
    def check(request: Request, sent: Sent) -> Response:
        tongue = tongue_of(request)
        try:
            uploads = [*sent.files, *office.desk.opened(sent.texts)]
        except TestamurError as error:
            return _refused(office, request, tongue.say(_ONE_TEXT), str(error))
        if not uploads:
            return _refused(office, request, tongue.say(_NOTHING))
        return answers_page(office, request, list(office.desk.look(uploads)))

    @routes.post("/look")
    def look(request: Request, sent: Sent) -> Response:
        """The answers in short, a line of JSON for each file as it was looked at: for many files at once."""
        lines = _lines(office, tongue_of(request), sent.files)
        return StreamingResponse(lines, media_type="application/jsonl")

    return routes


def _refused(office: Office, request: Request, refusal: str, detail: str = "") -> Response:
    return office.leaves.page(request, "refused.html", 422, refusal=refusal, detail=detail)


def answers_page(
    office: Office, request: Request, looked: Sequence[Looked], note: str = "", *, is_asked: bool = False
) -> Response:
    """The answers for what was looked at, or for what a wallet was asked, under a note where there is one."""
    tongue, at = tongue_of(request), office.desk.now()
    slips = [office.seal.slip(each, at) for each in looked]
    pages = [page_of(each, tongue) for each in looked]
    titles = _titles(tongue)
    counts = Counter(_counted(page, titles, tongue) for page in pages)
    first = pages[0].answers[0].title if len(pages) == 1 and pages[0].answers else ""
    return office.leaves.page(
        request,
        "answers.html",
        note=note,
        is_asked=is_asked,
        pages=pages,
        title=first or tongue.say(say("Answers for {count} files", count=len(pages))),
        titles=titles,
        counts=[(title, headline, count) for (title, headline), count in counts.most_common()],
        moment=tongue.moment(at),
        slips="\n".join(slips),
        receipts=office.receipts is not None,
    )


def _counted(page: Page, titles: dict[str, str], tongue: Tongue) -> tuple[str, str]:
    """Under what a file is counted, and the headline whose colour that has."""
    headline = worst(map(Headline, page.headlines)).value
    return (titles[headline] if page.answers else tongue.say(_NO_RECORD)), headline


def _titles(tongue: Tongue) -> dict[str, str]:
    return {headline.value: tongue.say(TOLD[headline].title) for headline in Headline}


def _lines(office: Office, tongue: Tongue, uploads: Sequence[Upload]) -> Iterator[str]:
    titles = _titles(tongue)
    for looked in office.desk.look(uploads):
        page = page_of(looked, tongue)
        yield write_json(_line(page, titles) | {"slip": office.seal.slip(looked, office.desk.now())}) + "\n"


def _line(page: Page, titles: dict[str, str]) -> dict[str, Any]:
    headline = page.headlines[0]
    title = titles[headline] if page.answers else ""
    return {"name": page.name, "headline": headline, "title": title, "who": page.who, "error": page.error}
