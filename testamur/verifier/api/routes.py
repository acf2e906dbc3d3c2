"""The verifier's endpoints (VCALM §3.3)."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Response

from testamur.checks import Audience
from testamur.credentials import check_rules
from testamur.errors import Malformed
from testamur.jsontext import Json, write_json
from testamur.proofs import SecuredDocument, decode, is_envelope
from testamur.vcalm import (
    Access,
    Body,
    Desk,
    Part,
    Server,
    Table,
    answer_json,
    flag_of,
    now,
    object_of,
    options_of,
    request_members,
    text_of,
    texts_of,
)
from testamur.verifier.api.answers import Wanted, credential_answer, presentation_answer
from testamur.verifier.api.documented import CREDENTIAL, PRESENTATION
from testamur.verifier.api.instance import Asked, VerifierInstance, checked_names
from testamur.verifier.api.settings import VerifierSettings
from testamur.verifier.api.shape import malformed
from testamur.verifier.api.unsigned import unsigned_answer

_CREDENTIAL = "verifiableCredential"
_PRESENTATION = "verifiablePresentation"
_PROOFLESS = "presentation"
_OPTIONS = ("checks", "challenge", "domain", "expectedProofPurpose", "returnProblemDetails")
_OF_CREDENTIALS = (*_OPTIONS, "returnResults", "returnCredential")


def verifiers(tables: Iterable[Table], server: Server, access: Access) -> Part:
    """The part of ``[verifiers.*]``; raises OperatorError for settings that do not work."""
    read = [VerifierSettings.read(table) for table in tables]
    instances = {each.name: VerifierInstance.of(each, server) for each in read}
    return Part(_router(Desk("verifier", instances, access)), instances)


def _router(desk: Desk[VerifierInstance]) -> APIRouter:
    router = APIRouter(prefix="/instances/{name}", tags=["verifier"])
    admitted = Depends(desk.admitted())

    @router.post("/credentials/verify", **CREDENTIAL)
    def verify_credential(body: Body, instance: VerifierInstance = admitted) -> Response:
        """Verify a credential, with its proof inside or in an envelope."""
        tolerant = instance.manner.tolerant
        members = request_members(body, (_CREDENTIAL, "options"), tolerant=tolerant)
        options = options_of(members, _OF_CREDENTIALS, tolerant=tolerant)
        sent = object_of(members, _CREDENTIAL)
        document = _document(sent, _CREDENTIAL, presentation=False)
        asked = _asked(options)
        report = instance.verify(document, asked, at=now())
        wanted = Wanted(
            results=flag_of(options, "returnResults"),
            problems=flag_of(options, "returnProblemDetails"),
            document=flag_of(options, "returnCredential"),
        )
        answer = credential_answer(report, sent, asked, wanted, instance.settings.excuse)
        return _answer(answer, sent, instance)

    @router.post("/presentations/verify", **PRESENTATION)
    def verify_presentation(body: Body, instance: VerifierInstance = admitted) -> Response:
        """Verify a presentation and every credential in it; one without a proof of its own, the credentials only."""
        tolerant = instance.manner.tolerant
        members = request_members(body, (_PRESENTATION, _PROOFLESS, "options"), tolerant=tolerant)
        options = options_of(members, _OPTIONS, tolerant=True)  # this object is open (VCALM §3.3.2)
        asked = _asked(options)
        wanted = Wanted(document=flag_of(options, "returnPresentation"))
        name = _PROOFLESS if _PROOFLESS in members and _PRESENTATION not in members else _PRESENTATION
        sent = object_of(members, name)
        document = _document(sent, name, presentation=True)
        report = instance.verify(document, asked, at=now())
        if name == _PROOFLESS:
            return _answer(
                unsigned_answer(report, sent, asked, wanted, instance.settings.excuse), sent, instance
            )
        answer = presentation_answer(report, sent, asked, wanted, instance.settings.excuse)
        return _answer(answer, sent, instance)

    return router


def _asked(options: Json) -> Asked:
    domain, challenge = text_of(options, "domain"), text_of(options, "challenge")
    return Asked(
        checks=checked_names(texts_of(options, "checks")),
        audience=Audience(domain, challenge) if domain or challenge else None,
        purpose=text_of(options, "expectedProofPurpose"),
    )


def _document(sent: Json, name: str, *, presentation: bool) -> SecuredDocument:
    """The document that was sent, its envelope opened; raises Malformed where it is of another kind."""
    if is_envelope(sent) and (broken := check_rules(sent)):
        raise broken[0]
    document = decode(write_json(sent))
    if document.is_presentation is not presentation:
        kind = "a presentation" if presentation else "a credential"
        raise Malformed(name, f"it must be {kind}", clause="VCALM §3.3")
    return document


def _answer(answer: Json, sent: Json, instance: VerifierInstance) -> Response:
    """200 whatever was found, as VCALM has it, or the status that the instance says no with."""
    status: int = instance.settings.on_failure
    if answer["verified"] or status == 200:
        return answer_json(answer)
    return answer_json(answer, 400 if malformed(sent) else status)
