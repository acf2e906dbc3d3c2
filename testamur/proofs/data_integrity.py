"""Data Integrity: a credential or presentation with its proofs inside (VC-DI)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from testamur.errors import Malformed, Unsupported
from testamur.jsontext import MAX_BYTES, Json, compact_bytes, parse_object, write_json
from testamur.keys import Signer
from testamur.proofs.proof import MAX_PROOFS
from testamur.proofs.proof_set import ProofSet, as_signed
from testamur.proofs.stamps import ProofStamp
from testamur.proofs.suite import HashSuite, Suite
from testamur.proofs.suites import SUITES
from testamur.proofs.values import FindKey, Opened, SecuredDocument
from testamur.times import write_instant


@dataclass(frozen=True, slots=True)
class DataIntegrity:
    """The format ``ldp_vc``, and with the purpose ``authentication`` the format ``ldp_vp``."""

    suite: str = "eddsa-rdfc-2022"
    purpose: str = "assertionMethod"
    domain: tuple[str, ...] = ()
    challenge: str = ""
    expires: datetime | None = None
    proof_id: str = ""  # needed only where another proof will build on this one
    previous: tuple[str, ...] = ()  # ids of the proofs in the document that this one builds on
    suites: Mapping[str, Suite] = field(default_factory=lambda: SUITES, repr=False)

    @property
    def name(self) -> str:
        """``ldp_vp`` for presentations, else ``ldp_vc``."""
        return "ldp_vp" if self.purpose == "authentication" else "ldp_vc"

    def secure(self, text: str, signer: Signer, *, at: datetime) -> SecuredDocument:
        """The document with a proof added; its text is kept and the proof stands at its end.

        A document that has proofs already gets one more in its set (and is written anew).
        """
        suite = self._issuing_suite()
        document = parse_object(text)
        proofs = listed_proofs(document)
        unsecured = {name: value for name, value in document.items() if name != "proof"}
        if not unsecured or len(proofs) == MAX_PROOFS:
            raise Malformed("", f"an empty document or one with {len(proofs)} proofs takes no further proof")
        proof_set = ProofSet(unsecured, proofs, self.purpose, self.suites)
        options = self._options(suite, signer, at)
        unread = text if "proof" not in document else ""
        proof = suite.create(proof_set.document_for(self.previous), options, signer, unread)
        claims = unsecured | {"proof": [*proofs, proof] if proofs else proof}
        secured = write_json(claims) if proofs else append_member(text, "proof", proof)
        if len(secured) > MAX_BYTES:
            raise Malformed("", f"with its proof it is longer than {MAX_BYTES} bytes")
        media_type = "application/vp" if self.name == "ldp_vp" else "application/vc"
        return SecuredDocument(secured, media_type, self.name, claims, read_from=secured)

    def stamp(self, context: object, signer: Signer, at: datetime) -> ProofStamp:
        """What ``secure`` does, for many documents with this ``@context`` whose canonical bytes are known.

        Raises Unsupported for a suite that signs no statements, and for a proof that builds on others.
        """
        suite = self._issuing_suite()
        if not isinstance(suite, HashSuite) or not suite.signs_statements or self.previous:
            raise Unsupported("only a proof of a document's statements alone can be put on as a stamp")
        options = self._options(suite, signer, at)
        hash_name = suite.hash_for(signer.public_key)
        options_hash = suite.hash_options({"@context": context}, options, hash_name)
        head = write_json(options | {"proofValue": suite.base})[:-3]
        return ProofStamp(head, suite.base, options_hash, hash_name, signer)

    def open(self, document: SecuredDocument, find_key: FindKey) -> Opened:
        """Every proof looked at, in sets and chains; raises Malformed only where ``proof`` is no proof at all."""
        secured = document.parsed
        proofs = listed_proofs(secured)
        unsecured = {name: value for name, value in secured.items() if name != "proof"}
        signed = as_signed(unsecured, proofs, self.suites)
        is_read = signed is unsecured and any(map(self._signs_statements, proofs))
        text = _text_of(unsecured, document.text) if is_read else ""
        return Opened(signed, ProofSet(signed, proofs, self.purpose, self.suites, text).look(find_key))

    def _signs_statements(self, proof: object) -> bool:
        """Whether a proof is of a suite that may ask for the text of the document; one of JCS does not."""
        name = proof.get("cryptosuite") if isinstance(proof, dict) else ""
        suite = self.suites.get(name) if isinstance(name, str) else None
        return suite is None or not suite.keeps_context

    def _issuing_suite(self) -> Suite:
        suite = self.suites.get(self.suite)
        if suite is None or suite.retired:
            raise Unsupported(f"{self.suite!r:.60} is not a cryptosuite that is issued here")
        return suite

    def _options(self, suite: Suite, signer: Signer, at: datetime) -> Json:
        options: Json = {"type": suite.proof_type}
        if self.proof_id:
            options["id"] = self.proof_id
        if suite.proof_type == "DataIntegrityProof":
            options["cryptosuite"] = suite.name
        options["created"] = write_instant(at)
        if self.expires:
            options["expires"] = write_instant(self.expires)
        options |= {"verificationMethod": signer.verification_method, "proofPurpose": self.purpose}
        if self.domain:
            options["domain"] = _one_or_list(self.domain)
        if self.challenge:
            options["challenge"] = self.challenge
        if self.previous:
            options["previousProof"] = _one_or_list(self.previous)
        return options


def listed_proofs(document: Json) -> list[object]:
    """What stands under ``proof``, as a list; raises Malformed when it is neither object nor short list."""
    proofs = document.get("proof", [])
    listed = [proofs] if isinstance(proofs, dict) else proofs
    if not isinstance(listed, list):
        raise Malformed("proof", "it must be an object or a list of objects", clause="VC-DI §2.1")
    if len(listed) > MAX_PROOFS:
        raise Malformed("proof", f"{len(listed)} proofs are more than the {MAX_PROOFS} that are looked at")
    return listed


def append_member(text: str, name: str, value: object) -> str:
    """The text of a JSON object that has members, with one more at its end; the rest is kept as it is."""
    return f"{text.rstrip()[:-1].rstrip()},{write_json({name: value})[1:]}"


def _text_of(unsecured: Json, secured: str) -> str:
    """The text of a document in that of the secured one; "" where it is not there letter by letter."""
    text = without_proof(secured)
    return text if text and compact_bytes(unsecured) == text.encode() else ""


def without_proof(text: str) -> str:
    """The text of a secured document without the one plain proof at its end; "" where that is not how it ends.

    The text is well-formed JSON. If nothing after the last ``,"proof":{"`` opens or closes an object but the two
    braces at the very end, these close the proof and the document, and nothing else stands there.
    """
    start = text.rfind(',"proof":{"')
    if start < 0 or not text.endswith("}}") or text.count("{", start) != 1 or text.count("}", start) != 2:
        return ""
    return text[:start] + "}"


def _one_or_list(values: tuple[str, ...]) -> str | list[str]:
    return values[0] if len(values) == 1 else list(values)
