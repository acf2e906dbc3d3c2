"""Learner records as tokens, in the states that matter to the page: what they hold, and whose word it is."""

from __future__ import annotations

import json

from testamur.jsontext import Json, write_json
from testamur.proofs import VcJwt
from tests.town import GRADUATION
from tests.web.states import STATES, State, add

__all__ = ["STATES"]  # these and the others

add("a transcript as it stands on paper")(lambda s: _record(s, [_programme(s)]))
add("a transcript with courses")(
    lambda s: _record(s, [_programme(s), s.school.course(1), s.school.course(2)])
)
add("a transcript that names its programme")(lambda s: _parts(s))
add("a transcript is revoked")(lambda s: (s.set_bit(), _record(s, [_programme(s)], index=7)))
add("a transcript holds the record of another issuer")(
    lambda s: _record(s, [_programme(s), s.school.diploma() | {"issuer": "did:web:other.example"}])
)
add("a transcript holds a record with a proof of its own")(
    lambda s: _record(s, [_programme(s), json.loads(s.school.issue().text.replace("17.5", "19.5"))])
)
add("a transcript holds the record of somebody else")(
    lambda s: _record(s, [_programme(s), s.school.course(1) | {"credentialSubject": _somebody(s)}])
)


def _programme(s: State) -> Json:
    return s.school.diploma(
        issuer=s.school.did, id="urn:uuid:0b34f9ec-93b5-4f0e-8a14-61bb1b6b4f4c", credentialStatus=None
    )


def _somebody(s: State) -> Json:
    return s.school.diploma("Somebody Else", latin="")["credentialSubject"]


def _parts(s: State) -> None:
    programme, course = _programme(s), s.school.course(1)
    source, target = (item["credentialSubject"]["achievement"]["id"] for item in (course, programme))
    part = {"type": "Association", "associationType": "isPartOf", "sourceId": source, "targetId": target}
    _record(s, [course, programme], association=[part])


def _record(s: State, held: list[Json], *, index: int = 99, **subject: object) -> None:
    record = s.school.clr(held, index=index)
    record["credentialSubject"] |= subject
    s.token = VcJwt(extract=True).secure(write_json(record), s.school.key, at=GRADUATION).text
