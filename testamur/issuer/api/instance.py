"""An issuer instance: it makes a credential ready, reserves its places in the status lists, signs and keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NoReturn
from uuid import uuid4

from testamur.credentials import StatusEntry, facts
from testamur.errors import AlreadyIssued, Malformed, Unsupported
from testamur.issuer.api.equipment import Equipment
from testamur.issuer.api.making import prepared, with_proof_context
from testamur.issuer.api.settings import AS_CHAIN, IssuerSettings
from testamur.jsonld import check_meaning
from testamur.jsontext import Json, write_json
from testamur.proofs import DataIntegrity, Format, SecuredDocument, Suite, suite_for
from testamur.store import Form, Ledger, NewRecord, Record, StatusSlot
from testamur.times import parse_instant
from testamur.vcalm import Manner, Server
from testamur.vcalm.forms import credential_form, showing

FULL = "full"
_STATUS = "BitstringStatusListEntry"
_MAX_ID = 2048


@dataclass(frozen=True, slots=True)
class IssuerInstance:
    """What ``/instances/NAME`` issues with."""

    settings: IssuerSettings
    equipment: Equipment
    form: Format
    server: Server

    @classmethod
    def of(cls, settings: IssuerSettings, equipment: Equipment, server: Server) -> IssuerInstance:
        """The instance; raises OperatorError for a form that does not exist."""
        suites = _suites(settings, server)
        name = settings.form or suite_for(equipment.signer.public_key)
        return cls(settings, equipment, credential_form(name, suites), server)

    @property
    def name(self) -> str:
        """Its name in the settings and in its address."""
        return self.settings.name

    @property
    def manner(self) -> Manner:
        """How it receives a request."""
        return self.settings.manner

    @property
    def described(self) -> Json:
        """What the line at the start says of it."""
        how = self._suite or self.form.name
        algorithm = self.equipment.signer.public_key.algorithm
        return {"id": self.equipment.issuer_id, "form": how, "algorithm": algorithm}

    @property
    def _suite(self) -> str:
        return self.form.suite if isinstance(self.form, DataIntegrity) else ""

    @property
    def ledger(self) -> Ledger:
        """Where it keeps what it issued; raises Unsupported where it keeps nothing."""
        if self.equipment.ledger is None:
            raise Unsupported(f"the instance {self.name} keeps no records")
        return self.equipment.ledger

    def issue(
        self, credential: Json, *, credential_id: str, mandatory: tuple[str, ...] | None, at: datetime
    ) -> SecuredDocument:
        """The credential, signed and kept; raises Malformed naming what speaks against it."""
        server = self.server
        document = prepared(credential, self.settings, self.equipment.issuer_id, server.contexts)
        record_id = _record_id(document, credential_id)
        self._check_new(record_id)
        slots = self._reserve()
        document = with_proof_context(document, self._suite) | self._status(slots)
        secured = self._form_for(document, mandatory).secure(
            write_json(document), self.equipment.signer, at=at
        )
        self._keep(record_id, document, secured, slots, at)
        return secured

    def record(self, record_id: str) -> Record | None:
        """The record that this instance keeps under an id."""
        found = self.ledger.get(record_id)
        return found if found and found.organisation == self.equipment.issuer_id else None

    def _check_new(self, record_id: str) -> None:
        if self.equipment.ledger and self.equipment.ledger.get(record_id):
            raise _issued_before(record_id)

    def _reserve(self) -> tuple[StatusSlot, ...]:
        return tuple(
            self.ledger.reserve(self.equipment.issuer_id, purpose, 1)[0] for purpose in self.settings.status
        )

    def _status(self, slots: tuple[StatusSlot, ...]) -> Json:
        entries = [self._entry(slot) for slot in slots]
        return {"credentialStatus": entries[0] if len(entries) == 1 else entries} if entries else {}

    def _entry(self, slot: StatusSlot) -> Json:
        url = f"{self.equipment.status_url}/{slot.list_number}{self.equipment.status_suffix}"
        return StatusEntry(_STATUS, slot.purpose, slot.index, url).document

    def _form_for(self, document: Json, mandatory: tuple[str, ...] | None) -> Format:
        form = self.form
        if "rdfc" not in self._suite:
            unsigned = {name: value for name, value in document.items() if name != "proof"}
            check_meaning(unsigned, contexts=self.server.contexts)
        if mandatory is not None:
            form = showing(form, lambda _: list(mandatory)) or _refuse_pointers()
        if isinstance(form, DataIntegrity) and self.settings.existing_proofs == AS_CHAIN:
            return replace(form, previous=_proof_ids(document))
        return form

    def _keep(
        self,
        record_id: str,
        document: Json,
        secured: SecuredDocument,
        slots: tuple[StatusSlot, ...],
        at: datetime,
    ) -> None:
        if self.equipment.ledger is None:
            return
        said = facts(document)
        valid_from = document.get("validFrom") or document.get("issuanceDate")
        new = NewRecord(
            id=record_id,
            organisation=self.equipment.issuer_id,
            forms=(Form(FULL, secured.format, secured.text),),
            slots=slots,
            issued_at=at,
            valid_from=parse_instant(valid_from, "validFrom") if valid_from else at,
            holder=said.holder,
            holder_latin=said.holder_latin,
            award=said.award,
            number=said.number,
        )
        try:
            self.equipment.ledger.record([new])
        except AlreadyIssued:
            raise _issued_before(record_id) from None


def _suites(settings: IssuerSettings, server: Server) -> Mapping[str, Suite]:
    if settings.conformance:
        return server.suites
    return {name: suite for name, suite in server.suites.items() if name != "Ed25519Signature2020"}


def _issued_before(record_id: str) -> Malformed:
    return Malformed("credential.id", f"{record_id:.200} was issued before", clause="VCALM §3.2.1")


def _refuse_pointers() -> NoReturn:
    raise Malformed("options.mandatoryPointers", "this instance signs without selective disclosure")


def _record_id(document: Json, credential_id: str) -> str:
    """What the credential can be referred to by; one that has neither can be found in the ledger only."""
    own = document.get("id", "")
    if own and credential_id and own != credential_id:
        raise Malformed("options.credentialId", "the credential has an id of its own", clause="VCALM §3.2.1")
    if len(credential_id) > _MAX_ID or len(own) > _MAX_ID:
        raise Malformed("credential.id", f"it is longer than {_MAX_ID} characters")
    return str(own or credential_id or f"urn:uuid:{uuid4()}")


def _proof_ids(document: Json) -> tuple[str, ...]:
    proofs = document.get("proof", [])
    listed = proofs if isinstance(proofs, list) else [proofs]
    ids = tuple(proof.get("id", "") for proof in listed if isinstance(proof, dict))
    if not all(isinstance(each, str) and each for each in ids):
        raise Malformed("proof.id", "only a proof with an id can be built on", clause="VC-DI §2.1.2")
    return ids
