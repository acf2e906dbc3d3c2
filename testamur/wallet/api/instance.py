"""A holder instance: ``[holders.NAME]``, a key that presents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from testamur.credentials import check_rules
from testamur.errors import Malformed, OperatorError
from testamur.jsonld import check_meaning
from testamur.jsontext import Json, write_json
from testamur.keys import Signer
from testamur.proofs import (
    DERIVATIONS,
    DataIntegrity,
    Format,
    SecuredDocument,
    SelectiveDerivation,
    Suite,
    VpJwt,
    decode,
    derivation_of,
    suite_for,
)
from testamur.vcalm import Manner, Server, Table, signer_of

_TOKENS: Mapping[str, Format] = {"vp+jwt": VpJwt()}


@dataclass(frozen=True, slots=True)
class HolderInstance:
    """What ``/instances/NAME`` presents with."""

    name: str
    manner: Manner
    signer: Signer
    form: Format
    server: Server

    @classmethod
    def read(cls, table: Table, server: Server) -> HolderInstance:
        """The instance of a table; raises OperatorError naming what is wrong."""
        manner, key, form = Manner.read(table), table.text("key"), table.text("form")
        table.finish()
        if not key:
            raise OperatorError(f"[{table.name}] needs a key")
        signer = signer_of(key, server)
        return cls(table.key, manner, signer, _form(form, signer, server.suites), server)

    @property
    def holder_id(self) -> str:
        """The DID that presents."""
        return self.signer.verification_method.partition("#")[0]

    @property
    def described(self) -> Json:
        """What the line at the start says of it."""
        how = self.form.suite if isinstance(self.form, DataIntegrity) else self.form.name
        return {"id": self.holder_id, "form": how, "algorithm": self.signer.public_key.algorithm}

    def derive(self, document: SecuredDocument, pointers: tuple[str, ...]) -> SecuredDocument:
        """A copy that shows these and what every copy shows; raises Malformed for a record signed as a whole."""
        how = derivation_of(document, (SelectiveDerivation(self.server.suites), *DERIVATIONS))
        return how.derive(document, pointers)

    def present(self, presentation: Json, *, challenge: str, domain: str, at: datetime) -> SecuredDocument:
        """The presentation signed for whoever asked; the holder may be left out."""
        document = presentation if "holder" in presentation else presentation | {"holder": self.holder_id}
        if broken := check_rules(document):
            raise broken[0]
        if not decode(write_json(document)).is_presentation:
            raise Malformed("presentation", "it must be a presentation", clause="VCALM §3.4")
        holder = document["holder"]
        if (holder["id"] if isinstance(holder, dict) else holder) != self.holder_id:
            raise Malformed("holder", f"this instance presents as {self.holder_id} only", clause="VCDM §4.13")
        if "proof" in document:
            raise Malformed("proof", "a presentation to be signed carries no proof yet")
        check_meaning(document, contexts=self.server.contexts)
        how = _for_whom(self.form, challenge, domain)
        return how.secure(write_json(document), self.signer, at=at)


def _form(name: str, signer: Signer, suites: Mapping[str, Suite]) -> Format:
    if name in _TOKENS:
        return _TOKENS[name]
    suite = name or suite_for(signer.public_key)
    if suite not in suites:
        raise OperatorError(
            f"there is no form {suite!r:.60}", hint=f"there are {', '.join([*suites, *_TOKENS])}"
        )
    return DataIntegrity(suite, purpose="authentication", suites=suites)


def _for_whom(form: Format, challenge: str, domain: str) -> Format:
    if isinstance(form, DataIntegrity):
        return replace(form, challenge=challenge, domain=(domain,) if domain else ())
    if isinstance(form, VpJwt):
        return replace(form, audience=domain, nonce=challenge)
    return form
