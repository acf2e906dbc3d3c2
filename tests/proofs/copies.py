"""A school's records in forms of which a part can be shown, and copies made of them."""

from __future__ import annotations

from functools import cache

from testamur.forming import Terms, further_form
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner
from testamur.proofs import SUITES, SecuredDocument, decode, derivation_of
from tests.credentials import samples
from tests.town import GRADUATION, School, Town, key

NAMES = ("ecdsa-sd-2023", "bbs-2023")
ALGORITHMS = {name: further_form(name).algorithm for name in NAMES}


@cache
def town() -> Town:
    """The town whose school has a key for each form."""
    made = Town()
    for name in NAMES:
        made.school.add_key(name, algorithm=ALGORITHMS[name])
    made.school.publish()
    return made


def signer(name: str, school: School | None = None) -> LocalSigner:
    school = school or town().school
    private = key(f"{school.host} {name}", ALGORITHMS[name])
    return LocalSigner(private, f"{school.did}#{name}")


def badge(number: int = 1) -> Json:
    """An Open Badge with lists of allowed values, results and two names, by the school."""
    school = town().school
    document = samples.diploma(number)
    document["issuer"] = {"id": school.did, "type": ["Profile"], "name": school.name}
    document["credentialStatus"] = school.status(number)
    return document


def record(
    name: str, document: Json | None = None, *, places: tuple[str, ...] | None = None
) -> SecuredDocument:
    """The record as its holder gets it."""
    form = further_form(name).make(Terms(always_shown=places))
    return form.secure(write_json(document or badge()), signer(name), at=GRADUATION)


def copy(held: SecuredDocument, *pointers: str) -> SecuredDocument:
    """What is shown of it."""
    return derivation_of(held).derive(held, pointers)


def check(shown: SecuredDocument | str) -> None:
    """Return if the one proof of a copy holds, else raise what is wrong with it."""
    document = parse_object(shown if isinstance(shown, str) else shown.text)
    proof = document.pop("proof")
    SUITES[proof["cryptosuite"]].verify(document, proof, signer(proof["cryptosuite"]).public_key)


def again(text: str) -> SecuredDocument:
    """The document somebody is sent."""
    return decode(text)
