"""*Ask a wallet*: pick a purpose, show a code or a link, see the answer come in."""

from __future__ import annotations

import base64
import hmac
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from testamur.errors import TestamurError
from testamur.jsontext import Json, parse_object, write_json
from testamur.leaves import tongue_of
from testamur.openid4vp import PURPOSES, REQUEST_TYPE, ResponseRefused, wallet_nonce_of
from testamur.scanning import portrait_of
from testamur.verifier.desk import Looked
from testamur.verifier.office import Office
from testamur.verifier.people import answers_page
from testamur.verifier.questions import ANSWERED, ASKED, DECLINED, Question, Questions
from testamur.words import say

_COOKIE = "testamur-asked"
_MAX_QUERY = 60_000
_GONE = "This question is over; ask again"
_EXAMPLE = PURPOSES[0].query(["https://school.example"])
_UNBOUND = say(
    "The record does not name its holder's key: whoever has a copy could show it. Compare the name with the "
    "person before you."
)


def ask_routes(office: Office, questions: Questions) -> APIRouter:
    """The pages of the one who asks, and the addresses that wallets use."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/ask")
    def choose(request: Request) -> Response:
        return _form(office, questions, request)

    @routes.post("/ask")
    async def ask(request: Request) -> Response:
        form = await _fields(request)
        return await run_in_threadpool(_asked, office, questions, request, form)

    @routes.get("/ask/{name}")
    def look(request: Request, name: str) -> Response:
        question = questions.find(name, at=office.desk.now())
        if question is None:
            raise HTTPException(404, _GONE)
        return _page(office, questions, request, question)

    @routes.get("/ask/{name}/state")
    def state(name: str) -> Response:
        question = questions.find(name, at=office.desk.now())
        return JSONResponse({"state": question.state if question else "over"})

    @routes.get("/ask/{name}/back")
    def back(request: Request, name: str, response_code: str = "") -> Response:
        """The way back on the same device: only into the browser that asked."""
        question = questions.find(name, at=office.desk.now())
        if question is None or not _is_same_browser(request, questions, name):
            raise HTTPException(403, "This answer belongs to another browser")
        if not _same(response_code, str(question.answer.get("code", " "))):
            raise HTTPException(403, "This answer belongs to another question")
        return RedirectResponse(f"/ask/{quote(name)}", 303)

    @routes.api_route("/ask/request/{handle}", methods=["GET", "POST"])
    async def request_there(request: Request, handle: str) -> Response:
        return await _object(office, questions, request, handle, here=False)

    @routes.api_route("/ask/request/{handle}/here", methods=["GET", "POST"])
    async def request_here(request: Request, handle: str) -> Response:
        return await _object(office, questions, request, handle, here=True)

    @routes.post("/ask/response/{handle}")
    async def response_there(request: Request, handle: str) -> Response:
        return await _response(office, questions, request, handle, here=False)

    @routes.post("/ask/response/{handle}/here")
    async def response_here(request: Request, handle: str) -> Response:
        return await _response(office, questions, request, handle, here=True)

    return routes


def _form(
    office: Office, questions: Questions, request: Request, refusal: str = "", dcql: str = ""
) -> Response:
    purposes = [each for each in PURPOSES if each.types or each.vct or questions.sites]
    example = dcql or write_json(_EXAMPLE)
    status = 422 if refusal else 200
    return office.leaves.page(request, "ask.html", status, purposes=purposes, refusal=refusal, dcql=example)


def _asked(office: Office, questions: Questions, request: Request, form: dict[str, str]) -> Response:
    purpose, own = form.get("purpose", ""), form.get("dcql", "")
    try:
        is_own = purpose == "own"
        dcql: Json = (
            parse_object(own, max_bytes=_MAX_QUERY, max_depth=16) if is_own else questions.query_of(purpose)
        )
        question = questions.ask(dcql, _base(request, questions), at=office.desk.now(), purpose=purpose)
    except KeyError:
        return _form(office, questions, request, tongue_of(request).say(say("Choose what to ask for.")))
    except TestamurError as error:
        return _form(office, questions, request, str(error), own)
    suffix = f"?lang={quote(request.query_params['lang'])}" if "lang" in request.query_params else ""
    answer = RedirectResponse(f"/ask/{question.asked.id}{suffix}", 303)
    secure = _base(request, questions).startswith("https://")
    answer.set_cookie(
        _COOKIE,
        questions.mark(question.asked.id),
        max_age=900,
        path="/ask",
        secure=secure,
        httponly=True,
        samesite="lax",
    )
    return answer


def _page(office: Office, questions: Questions, request: Request, question: Question) -> Response:
    tongue = tongue_of(request)
    if question.state == ANSWERED:
        try:
            checked = questions.shown(question)
        except TestamurError as error:  # what it was checked with is not to be had now
            raise HTTPException(503, str(error)) from None
        note = "" if all(each.is_bound for each in checked.shown) else tongue.say(_UNBOUND)
        return answers_page(
            office,
            request,
            [Looked("", "", checked.reports, portraits=tuple(map(portrait_of, checked.reports)))],
            note,
            is_asked=True,
        )
    titles = {each.id: each.title for each in PURPOSES}
    title = tongue.say(titles.get(question.asked.purpose, say("A question of your own")))
    return _waiting(office, questions, request, question, title)


def _waiting(
    office: Office, questions: Questions, request: Request, question: Question, title: str
) -> Response:
    base = _base(request, questions)
    return office.leaves.page(
        request,
        "asked.html",
        title=title,
        declined=question.state == DECLINED,
        code=_picture(questions.link(question, base)),
        link=questions.link(question, base, here=True),
        question=question.asked.id,
    )


def _picture(text: str) -> str:
    from testamur.render import make_qr

    return "data:image/svg+xml;base64," + base64.b64encode(make_qr(text).svg().encode()).decode("ascii")


async def _object(
    office: Office, questions: Questions, request: Request, handle: str, *, here: bool
) -> Response:
    at = office.desk.now()
    form = await _fields(request) if request.method == "POST" else {}
    question = await run_in_threadpool(questions.by_request, handle, at=at)
    if question is None or question.state != ASKED:
        raise HTTPException(404, _GONE)
    try:
        nonce = wallet_nonce_of(form)
    except TestamurError as error:
        return JSONResponse({"error": "invalid_request", "error_description": str(error)}, 400)
    return Response(questions.object(question, at=at, wallet_nonce=nonce, here=here), media_type=REQUEST_TYPE)


async def _response(
    office: Office, questions: Questions, request: Request, handle: str, *, here: bool
) -> Response:
    at, form = office.desk.now(), await _fields(request)
    question = await run_in_threadpool(questions.by_request, handle, at=at)
    if question is None:
        return JSONResponse({"error": "invalid_request", "error_description": _GONE}, 400)
    try:
        code = await run_in_threadpool(questions.take, question, form, at=at)
    except ResponseRefused as error:
        return JSONResponse({"error": "invalid_request", "error_description": str(error)[:300]}, 400)
    if here and code:
        place = f"{_base(request, questions)}/ask/{question.asked.id}/back?response_code={code}"
        return JSONResponse({"redirect_uri": place})
    return JSONResponse({})


async def _fields(request: Request) -> dict[str, str]:
    """The fields of a form; one that is there twice, or is a file, is refused."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        raise HTTPException(415, "A form was expected")
    async with request.form(max_files=0, max_fields=40) as form:
        pairs = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    if len({name for name, _ in pairs}) != len(pairs):
        raise HTTPException(400, "A field of the form is there twice")
    return dict(pairs)


def _base(request: Request, questions: Questions) -> str:
    return questions.url or str(request.base_url).rstrip("/")


def _is_same_browser(request: Request, questions: Questions, name: str) -> bool:
    return _same(request.cookies.get(_COOKIE, ""), questions.mark(name))


def _same(given: str, expected: str) -> bool:
    """Whether a stranger's text is the one expected, whatever it is made of, told in constant time."""
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
