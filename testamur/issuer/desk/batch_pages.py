"""The page of a batch: its records, its files, and the way to undo it."""

from __future__ import annotations

from fastapi import APIRouter, Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from testamur.errors import TestamurError
from testamur.issuer.desk import record_acts
from testamur.issuer.desk.acting import Refusal, sentence_of
from testamur.issuer.desk.making import made_folder
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.record_acts import name_of
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import NOT_THERE, HandingOut, Preparing, Reading, Visit
from testamur.issuer.desk.works import MADE
from testamur.jsontext import write_json
from testamur.store import Batch
from testamur.store.desk import Job, JobState, jobs
from testamur.words import Sentence

_SHOWN = 500


def batch_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/batches``."""
    routes = APIRouter(prefix="/schools/{slug}/batches", include_in_schema=False)

    @routes.get("")
    def seen(visit: Reading) -> Response:
        return _page(visit, _find(visit, visit.request.query_params.get("name", "")))

    @routes.post("/undo")
    def undone(visit: Preparing) -> Response:
        batch = _find(visit, visit.form.text("name"))
        try:
            draft = record_acts.undo_batch(visit, batch.name, visit.form.text("reason"))
        except Refusal as refusal:
            return _page(visit, batch, refusal.sentence, 409)
        except TestamurError as error:
            return _page(visit, batch, sentence_of(error), 409)
        return go(visit.at_school(f"/drafts/{draft}") if draft else _place(visit, batch.name))

    _file_routes(routes)
    return routes


def _file_routes(routes: APIRouter) -> None:
    @routes.post("/files")
    def asked(visit: HandingOut) -> Response:
        batch, kind = _find(visit, visit.form.text("name")), visit.form.text("kind")
        if kind not in MADE:
            raise HTTPException(404, NOT_THERE)
        with visit.office.people.writing() as connection:
            jobs.add(
                connection, visit.here.did, visit.person.id, kind, batch.name, visit.at, total=batch.valid
            )
        return go(_place(visit, batch.name))

    @routes.get("/files/{job}")
    def file(visit: HandingOut, job: str) -> Response:
        found = _job(visit, job)
        path = made_folder(visit.office) / found.result
        if found.state is not JobState.DONE or not found.result or not path.is_file():
            raise HTTPException(404, NOT_THERE)
        visit.ledger.audit.note(
            visit.here.did, "handed_out", at=visit.at, subject=found.subject, detail={"form": found.kind}
        )
        name = f"{found.subject}{path.suffix}".replace("/", "-").replace("\\", "-")
        return FileResponse(path, filename=name)

    @routes.get("/files/{job}/progress")
    def progress(visit: Reading, job: str) -> Response:
        found = _job(visit, job)
        told = {"state": str(found.state), "done": found.done, "total": found.total}
        return Response(write_json(told), media_type="application/json")


def _job(visit: Visit, job: str) -> Job:
    with visit.office.people.reading() as connection:
        found = jobs.find(connection, visit.here.did, job[:32])
    if found is None or found.kind not in MADE:
        raise HTTPException(404, NOT_THERE)
    return found


def _place(visit: Visit, name: str) -> str:
    from urllib.parse import quote

    return visit.at_school(f"/batches?name={quote(name, safe='')}")


def _find(visit: Visit, name: str) -> Batch:
    found = [each for each in visit.here.ledger.batches(visit.here.did, limit=10_000) if each.name == name]
    if not found:
        raise HTTPException(404, NOT_THERE)
    return found[0]


def _page(visit: Visit, batch: Batch, wrong: Sentence | None = None, status: int = 200) -> Response:
    ledger, did = visit.here.ledger, visit.here.did
    with visit.office.people.reading() as connection:
        made = [(kind, words, jobs.newest(connection, did, kind, batch.name)) for kind, words in MADE.items()]
    return visit.page(
        "batch.html",
        status,
        batch=batch,
        records=ledger.find(did, batch=batch.name, limit=_SHOWN),
        name_of=name_of,
        made=made,
        reasons=record_acts.PUBLISHED,
        alone=record_acts.may_alone(visit, "undo"),
        wrong=wrong,
    )
