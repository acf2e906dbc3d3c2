"""What is published, what the log tells, and what the organisation has decided for itself."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Response
from starlette.responses import StreamingResponse

from testamur.errors import TestamurError
from testamur.issuer.deciding import SETTINGS, checked_setting
from testamur.issuer.desk.acting import refused, sentence_of
from testamur.issuer.desk.draft_pages import person_called
from testamur.issuer.desk.event_words import told
from testamur.issuer.desk.office import Office
from testamur.issuer.desk.publishing_acts import (
    PUBLISH,
    ask_to_publish,
    check_folder,
    public_folder,
    published_files,
)
from testamur.issuer.desk.setting_words import ABOUT, KIND_WORDS
from testamur.issuer.desk.sign_in_pages import go
from testamur.issuer.desk.visits import Auditing, Publishing, Setting, Visit
from testamur.publishing import GOOD_FOR
from testamur.store.audit.checking import Findings
from testamur.store.desk import jobs
from testamur.store.drafts import KINDS, TWO_PERSONS
from testamur.words import Sentence, say

_ENTRIES = 100


def office_routes(office: Office) -> APIRouter:
    """``/schools/SLUG/publishing``, ``/audit``, ``/settings``."""
    routes = APIRouter(prefix="/schools/{slug}", include_in_schema=False)
    _publishing(routes)
    _auditing(routes)
    _deciding(routes)
    return routes


def _publishing(routes: APIRouter) -> None:
    @routes.get("/publishing")
    def seen(visit: Publishing) -> Response:
        return _published(visit)

    @routes.post("/publishing")
    def asked(visit: Publishing) -> Response:
        if why := refused(lambda: check_folder(visit.office, visit.here)):
            return _published(visit, why, 409)
        ask_to_publish(visit.office, visit.here, visit.person.id)
        return go(visit.at_school("/publishing"))


def _published(visit: Visit, wrong: Sentence | None = None, status: int = 200) -> Response:
    home, ledger = visit.here.home, visit.here.ledger
    with visit.office.people.reading() as connection:
        job = jobs.newest(connection, visit.here.did, PUBLISH, "")
    published, change = home.published, ledger.last_change(visit.here.did)
    return visit.page(
        "publishing.html",
        status,
        folder=public_folder(visit.office, visit.here),
        files=published_files(visit.office, visit.here),
        published=published,
        until=published + GOOD_FOR if published else None,
        waits=bool(published and change and change >= published.replace(microsecond=0)),
        job=job,
        wrong=wrong,
    )


def _auditing(routes: APIRouter) -> None:
    @routes.get("/audit")
    def seen(visit: Auditing) -> Response:
        return _log(visit)

    @routes.post("/audit/verify")
    def verified(visit: Auditing) -> Response:
        ledger, home = visit.here.ledger, visit.here.home
        return _log(visit, ledger.audit.verify(visit.here.did, noted=home.noted_head))

    @routes.get("/audit/log.jsonl")
    def exported(visit: Auditing) -> Response:
        lines = visit.here.ledger.audit.export(visit.here.did)
        headers = {"content-disposition": f'attachment; filename="audit-{visit.here.slug}.jsonl"'}
        return StreamingResponse(_ended(lines), media_type="application/jsonl", headers=headers)


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n"


def _log(visit: Visit, findings: Findings | None = None) -> Response:
    log, did = visit.here.ledger.audit, visit.here.did
    newest = log.head(did).number
    asked = visit.request.query_params.get("before", "")
    before = int(asked) if asked.isdecimal() and len(asked) < 12 else newest + 1
    first = max(before - _ENTRIES, 1)
    entries = [entry for entry in log.page(did, after=first - 1, limit=_ENTRIES) if entry.number < before]
    who = {account: person_called(visit, account) for account in {entry.who for entry in entries}}
    return visit.page(
        "audit.html",
        entries=entries[::-1],
        who=who,
        told=told,
        older=first if first > 1 else 0,
        head=log.head(did).text,
        findings=findings,
        may_read=visit.may("read"),
    )


def _deciding(routes: APIRouter) -> None:
    @routes.get("/settings")
    def seen(visit: Setting) -> Response:
        return _settings(visit)

    @routes.post("/settings")
    def decided(visit: Setting) -> Response:
        form, registry = visit.form, visit.ledger.registry
        given = {name: form.text(f"setting:{name}") for name in SETTINGS if name != TWO_PERSONS}
        given[TWO_PERSONS] = " ".join(kind for kind in KINDS if kind in form.texts("two"))
        try:
            checked = {name: checked_setting(name, value) for name, value in given.items()}
        except TestamurError as error:
            return _settings(visit, sentence_of(error), 400)
        for name, value in checked.items():
            registry.set_setting(visit.here.did, name, value, at=visit.at)
        return _settings(visit, done=say("Saved."))


def _settings(
    visit: Visit, wrong: Sentence | None = None, status: int = 200, *, done: Sentence | None = None
) -> Response:
    values = visit.here.ledger.registry.settings(visit.here.did)
    return visit.page(
        "settings.html",
        status,
        home=visit.here.home,
        values=values,
        two=values.get(TWO_PERSONS, "").split(),
        kinds=[(kind, KIND_WORDS[kind]) for kind in KINDS],
        others=[
            (name, ABOUT.get(name, say("{reason}", reason=about)))
            for name, about in SETTINGS.items()
            if name != TWO_PERSONS
        ],
        keys=visit.here.ledger.keys(visit.here.did),
        wrong=wrong,
        done=done,
    )
