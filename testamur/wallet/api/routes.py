"""The holder's endpoints (VCALM §3.4)."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import APIRouter, Depends, Response

from testamur.jsontext import write_json
from testamur.proofs import decode
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
from testamur.vcalm.documented import members, operation, record, text, texts
from testamur.vcalm.forms import as_answer
from testamur.wallet.api.instance import HolderInstance

_PRESENT = operation(
    members(
        {
            "presentation": record("A presentation without proof; its holder may be left out."),
            "options": members(
                {
                    "challenge": text("The question it answers."),
                    "domain": text("Whom it is made for."),
                },
                closed=True,
            ),
        },
        required=("presentation",),
        closed=True,
    ),
    members({"verifiablePresentation": record("The presentation with its proof, or in an envelope.")}),
    status=201,
    says="The presentation, signed.",
)


_DERIVE = operation(
    members(
        {
            "verifiableCredential": record("A record with a base proof (ecdsa-sd-2023, bbs-2023)."),
            "options": members(
                {"selectivePointers": texts("JSON pointers to what the copy shows beside what it must.")},
                closed=True,
            ),
        },
        required=("verifiableCredential",),
        closed=True,
    ),
    members({"verifiableCredential": record("The copy, which anyone can verify.")}),
    status=201,
    says="The copy.",
)


def holders(tables: Iterable[Table], server: Server, access: Access) -> Part:
    """The part of ``[holders.*]``; raises OperatorError for settings that do not work."""
    read = [HolderInstance.read(table, server) for table in tables]
    instances = {each.name: each for each in read}
    return Part(_router(Desk("holder", instances, access)), instances)


def _router(desk: Desk[HolderInstance]) -> APIRouter:
    router = APIRouter(prefix="/instances/{name}", tags=["holder"])
    admitted = Depends(desk.admitted())

    @router.post("/credentials/derive", **_DERIVE)
    def derive(body: Body, instance: HolderInstance = admitted) -> Response:
        """Make a copy of a record that shows only a part of it."""
        tolerant = instance.manner.tolerant
        request = request_members(body, ("verifiableCredential", "options"), tolerant=tolerant)
        options = options_of(request, ("selectivePointers",), tolerant=tolerant)
        document = decode(write_json(object_of(request, "verifiableCredential")))
        copy = instance.derive(document, texts_of(options, "selectivePointers"))
        return answer_json({"verifiableCredential": as_answer(copy)}, 201)

    @router.post("/presentations", **_PRESENT)
    def present(body: Body, instance: HolderInstance = admitted) -> Response:
        """Sign a presentation with the holder's key, for whoever asked."""
        tolerant = instance.manner.tolerant
        request = request_members(body, ("presentation", "options"), tolerant=tolerant)
        options = options_of(request, ("challenge", "domain"), tolerant=tolerant)
        secured = instance.present(
            object_of(request, "presentation"),
            challenge=text_of(options, "challenge"),
            domain=text_of(options, "domain"),
            at=now(),
        )
        return answer_json({"verifiablePresentation": as_answer(secured)}, 201)

    return router
