"""The issuer's endpoints (VCALM §3.2)."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Response
from starlette.exceptions import HTTPException

from testamur.issuer.api.answers import DELETED, ISSUE, LIST, RECORD, STATUS
from testamur.issuer.api.equipment import equip
from testamur.issuer.api.instance import FULL, IssuerInstance
from testamur.issuer.api.lists import StatusLists
from testamur.issuer.api.settings import IssuerSettings
from testamur.issuer.api.standing import change_status
from testamur.proofs import SecuredDocument, decode
from testamur.vcalm import (
    Access,
    Body,
    Desk,
    Part,
    Server,
    Table,
    answer_json,
    now,
    object_of,
    options_of,
    request_members,
    text_of,
    texts_of,
)
from testamur.vcalm.forms import as_answer

_OPTIONS = ("credentialId", "mandatoryPointers")


def issuers(tables: Iterable[Table], server: Server, access: Access) -> Part:
    """The part of ``[issuers.*]``; raises OperatorError for settings that do not work."""
    read = [IssuerSettings.read(table) for table in tables]
    instances = {each.name: IssuerInstance.of(each, equip(each, server), server) for each in read}
    lists = {name: StatusLists(instance) for name, instance in instances.items()}
    for name, found in lists.items():
        server.fetch.add(f"{server.address(name)}/status-lists", found.page)
    return Part(_router(Desk("issuer", instances, access), lists), instances)


def _router(desk: Desk[IssuerInstance], lists: dict[str, StatusLists]) -> APIRouter:
    router = APIRouter(prefix="/instances/{name}", tags=["issuer"])
    admitted = Depends(desk.admitted())

    @router.post("/credentials/issue", **ISSUE)
    def issue(body: Body, instance: IssuerInstance = admitted) -> Response:
        """Sign a credential, give it its place in a status list, and keep it where the instance keeps records."""
        tolerant = instance.manner.tolerant
        members = request_members(body, ("credential", "options"), tolerant=tolerant)
        credential = object_of(members, "credential")
        options = options_of(members, _OPTIONS, tolerant=tolerant)
        secured = instance.issue(
            credential,
            credential_id=text_of(options, "credentialId"),
            mandatory=texts_of(options, "mandatoryPointers") if "mandatoryPointers" in options else None,
            at=now(),
        )
        return answer_json({"verifiableCredential": as_answer(secured)}, 201)

    @router.post("/credentials/status", **STATUS)
    def status(body: Body, instance: IssuerInstance = admitted) -> Response:
        """Set or clear a status of an issued credential."""
        change_status(instance, body, at=now())
        return answer_json({}, 200)

    @router.get("/credentials/{credential_id:path}", **RECORD)
    def get_credential(credential_id: str, instance: IssuerInstance = admitted) -> Response:
        """An issued credential by its id, or by the ``credentialId`` it was given."""
        return answer_json({"verifiableCredential": as_answer(_kept(instance, credential_id))}, 200)

    @router.delete("/credentials/{credential_id:path}", **DELETED)
    def delete_credential(credential_id: str, instance: IssuerInstance = admitted) -> Response:
        """Hand a credential out no more; its status can still be looked up and changed."""
        _kept(instance, credential_id)
        instance.ledger.hide(credential_id, now())
        return Response(status_code=202)

    @router.get("/status-lists/{number}", **LIST)
    def status_list(name: str, number: str) -> Response:
        """A status list, signed; for everybody."""
        desk.find(name)
        secured = lists[name].find(number)
        if secured is None:
            raise HTTPException(404, "There is no such status list")
        return Response(secured.text, media_type=secured.media_type)

    return router


def _kept(instance: IssuerInstance, credential_id: str) -> SecuredDocument:
    record = instance.record(credential_id) if instance.equipment.ledger else None
    form = record.form(FULL) if record else None
    if record is None or form is None:
        raise HTTPException(404, "There is no such credential")
    if instance.ledger.is_hidden(record.id):
        raise HTTPException(410, "The credential was deleted")
    return decode(form.text)
