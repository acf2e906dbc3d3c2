"""The pages of templates: listed, made, changed with a preview that follows, and their older versions."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException

from testamur.credentials import SHIPPED
from testamur.credentials.languages import languages
from testamur.credentials.look import ORIENTATIONS, PAPERS, STYLES
from testamur.errors import Malformed, OperatorError, TestamurError
from testamur.issuer.desk import designing
from testamur.issuer.desk.acting import Refusal, sentence_of
from testamur.issuer.desk.designing import digest_of, draw, edited
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.sheet_pages import attached
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, Designing, Reading, Visit
from testamur.jsontext import write_json
from testamur.store.desk import designs, members
from testamur.words import Sentence


def template_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/templates``."""
    routes = APIRouter(prefix="/schools/{slug}/templates", include_in_schema=False)

    @routes.get("")
    def listed(visit: Designing) -> Response:
        return _list(visit)

    @routes.post("")
    def made(visit: Designing) -> Response:
        name = visit.form.text("name")
        try:
            designing.new_template(visit, visit.form.text("kind"), name)
        except Refusal as refusal:
            return _list(visit, refusal.sentence, 400)
        return go(visit.at_school(f"/templates/{name}"))

    @routes.get("/{name}")
    def opened(visit: Designing, name: str) -> Response:
        text = _text(visit, name)
        version = visit.request.query_params.get("version", "")
        if version.isdecimal():
            with visit.office.people.reading() as connection:
                older = designs.find(connection, visit.here.did, name, int(version[:9]))
            if older is None:
                raise HTTPException(404, NOT_THERE)
            return _page(visit, name, older.text, digest_of(text), shows=int(version))
        return _page(visit, name, text, digest_of(text))

    @routes.get("/{name}/empty.csv")
    def empty(visit: Reading, name: str) -> Response:
        try:
            template = visit.here.template(name)
        except TestamurError:
            raise HTTPException(404, NOT_THERE) from None
        return attached(f"{name}.csv", template.empty_csv().encode("utf-8-sig"), "text/csv; charset=utf-8")

    _editing(routes)
    return routes


def _editing(routes: APIRouter) -> None:
    @routes.post("/{name}")
    def kept(visit: Designing, name: str) -> Response:
        _text(visit, name)
        form = visit.form
        try:
            text = _written(visit)
            if form.text("act") == "keep":
                designing.keep_template(visit, name, text, form.text("base"))
                return go(visit.at_school(f"/templates/{name}"))
        except Refusal as refusal:
            return _page(visit, name, text, form.text("base"), refusal.sentence, 409)
        except (Malformed, OperatorError) as error:
            return _page(visit, name, form.raw("text"), form.text("base"), sentence_of(error), 400)
        return _page(visit, name, text, form.text("base"))

    @routes.post("/{name}/preview")
    def preview(visit: Designing, name: str) -> Response:
        """What the page shows while somebody types."""
        _text(visit, name)
        try:
            drawn = draw(visit.here, _written(visit, with_crest=False), visit.at)
        except TestamurError as error:
            return _json({"mistakes": [str(error)], "picture": ""})
        return _json({"mistakes": list(drawn.mistakes), "picture": _data_url(drawn.picture)})


def _written(visit: Visit, *, with_crest: bool = True) -> str:
    """The text that a form stands for; an uploaded crest is kept beside the templates."""
    form = visit.form
    upload = form.file("crest") if with_crest else None
    crest = designing.keep_crest(visit.here, upload.data) if upload else ""
    return edited(form.raw("text").replace("\r\n", "\n"), form, crest)


def _text(visit: Visit, name: str) -> str:
    if name not in visit.here.templates():
        raise HTTPException(404, NOT_THERE)
    return visit.here.template_text(name)


def _list(visit: Visit, wrong: Sentence | None = None, status: int = 200) -> Response:
    return visit.page(
        "templates.html", status, templates=list(visit.here.templates()), kinds=SHIPPED, wrong=wrong
    )


def _page(
    visit: Visit,
    name: str,
    text: str,
    base: str,
    wrong: Sentence | None = None,
    status: int = 200,
    *,
    shows: int = 0,
) -> Response:
    drawn = draw(visit.here, text, visit.at)
    with visit.office.people.reading() as connection:
        versions = designs.listed(connection, visit.here.did, name)
        people = {each.person: members.find(connection, each.person) for each in versions}
    return visit.page(
        "template.html",
        status,
        template=name,
        text=text,
        base=base,
        drawn=drawn,
        look=drawn.template.look if drawn.template else None,
        picture=_data_url(drawn.picture),
        versions=versions,
        people=people,
        shows=shows,
        languages=sorted(languages()),
        styles=STYLES,
        papers=PAPERS,
        orientations=ORIENTATIONS,
        signatories=designing.SIGNATORIES,
        wrong=wrong,
    )


def _data_url(picture: bytes) -> str:
    return f"data:image/png;base64,{b64encode(picture).decode()}" if picture else ""


def _json(value: dict[str, Any]) -> Response:
    return Response(write_json(value), media_type="application/json")
