"""A record signed once more for the key of its holder: the same id, the same place in the status lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from testamur.credentials import check_rules, check_schema
from testamur.errors import Malformed
from testamur.forming import Making, make_form
from testamur.jsontext import Json, parse_object, write_json
from testamur.openid4vci.holder_keys import HolderKey
from testamur.proofs import DataIntegrity, SecuredDocument, suite_for
from testamur.store import Form, Record


@dataclass(frozen=True, slots=True)
class Binder:
    """Signs for a school; ``making`` says with which key, and ``kind_of`` of which kind a record is."""

    making: Callable[[Record, datetime], Making]

    def __call__(self, record: Record, name: str, holder: HolderKey, at: datetime) -> Form:
        """The form of a record for a holder; raises Malformed, Unsupported."""
        full = record.form("full")
        if full is None:
            raise Malformed("", "the record has no full form")
        secured = bind(name, parse_object(full.text), self.making(record, at), holder)
        return Form(name, secured.format, secured.text)


def bind(name: str, document: Json, making: Making, holder: HolderKey) -> SecuredDocument:
    """A record in a form, bound to a key: in ``cnf``, or as the id of whom it speaks of."""
    document = {key: value for key, value in document.items() if key != "proof"}
    if name.endswith("+sd-jwt"):
        return make_form(name, document, replace(making, holder_key=holder.public_key))
    named = _named(document, holder.did)
    if name != "ldp_vc":
        return make_form(name, named, making)
    if broken := check_rules(named) or check_schema(named):
        raise broken[0]
    suite = DataIntegrity(suite_for(making.signer.public_key))
    return suite.secure(write_json(named), making.signer, at=making.at)


def _named(document: Json, did: str) -> Json:
    """The same document, its subject identified by a DID of the holder."""
    subject: Any = document.get("credentialSubject")
    if not isinstance(subject, dict):
        raise Malformed("credentialSubject", "only a record about one person is bound to a key")
    return {**document, "credentialSubject": {"id": did, **_without_id(subject)}}


def _without_id(subject: Json) -> Json:
    return {name: value for name, value in subject.items() if name != "id"}
