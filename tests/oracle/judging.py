"""Whether an answer was right: what is accepted must be what was signed, and be shown as it was."""

from __future__ import annotations

import random
from dataclasses import fields

from testamur.checks import Headline, Report
from testamur.credentials import Facts
from testamur.errors import TestamurError
from testamur.jsontext import Json, parse_object
from testamur.proofs import decode
from testamur.scanning import examine
from tests.oracle import world
from tests.oracle.specimens import Specimen, signed_bytes, statements
from tests.town import NOW

SIGNING_STATEMENTS = (
    "eddsa-rdfc-2022",
    "ecdsa-rdfc-2019",
    "Ed25519Signature2020",
    "mldsa44-rdfc-2024",
    "ecdsa-sd-2023",
    "bbs-2023",
)
SIGNING_BYTES = ("eddsa-jcs-2022", "ecdsa-jcs-2019")
_SAME_SENTENCE = ("dates", "status", "schema", "issuer", "holder")


def answer(specimen: Specimen, text: str, chance: random.Random) -> Report | None:
    """The employer's report on a text, asked as a file or as a document; None where it is none at all."""
    employer = world.employer(asks=specimen.asks)
    try:
        if chance.random() < 0.5:
            return employer.verify(decode(text), at=NOW)
        (report,) = examine(text.encode("utf-8", "surrogatepass"), employer, at=NOW, source="").reports
    except (TestamurError, ValueError):
        return None
    return report


def is_accepted(report: Report | None) -> bool:
    return report is not None and report.headline is Headline.GENUINE


def check_document(specimen: Specimen, text: str, report: Report, what: str) -> None:
    """An accepted document with proofs in it: what each of the known proofs signed is unchanged."""
    changed = parse_object(text)
    assert_same_signed(specimen.claims, changed, what)
    assert_shown_alike(specimen.report(), report, what)


def check_token(specimen: Specimen, text: str, report: Report, what: str) -> None:
    """An accepted token: the bytes under its signature are unchanged."""
    before, after = specimen.text.rpartition(".")[0], text.removeprefix("\ufeff").strip().rpartition(".")[0]
    assert after == before, what
    assert_shown_alike(specimen.report(), report, what)


def assert_same_signed(original: Json, changed: Json, what: str) -> None:
    suites = [_suite(proof) for proof in _proofs(changed) if _is_ours(proof, original)]
    assert suites, f"{what}: accepted without a proof of those it had"
    if changed["@context"] != original["@context"] and set(suites) & set(SIGNING_STATEMENTS):
        suites = [suite for suite in suites if suite in SIGNING_STATEMENTS]  # the others were not counted
    for suite in suites:
        if suite in SIGNING_BYTES:
            length = len(original["@context"])
            assert changed["@context"][:length] == original["@context"], what
            shortened = changed | {"@context": original["@context"]}
            assert signed_bytes(shortened) == signed_bytes(original), what
        else:
            assert suite in SIGNING_STATEMENTS, what
            assert statements(changed) == statements(original), what


def assert_shown_alike(original: Report, changed: Report, what: str) -> None:
    """Every displayed fact is equal, and so is what was found out about dates, status and issuer."""
    for field in fields(Facts):
        told = getattr(changed.facts, field.name)
        assert told == getattr(original.facts, field.name), f"{what}: {field.name} is now {told!r}"
    assert (changed.listed_as, changed.doubts) == (original.listed_as, original.doubts), what
    for name in _SAME_SENTENCE:
        assert changed.check(name) == original.check(name), f"{what}: {changed.check(name)}"
    assert len(changed.inner) == len(original.inner), what
    before = sorted(original.inner, key=lambda report: report.facts.id)
    after = sorted(changed.inner, key=lambda report: report.facts.id)
    for one, other in zip(before, after, strict=True):
        assert_shown_alike(one, other, what)


def _proofs(document: Json) -> list[Json]:
    proofs = document.get("proof", [])
    return [proof for proof in (proofs if isinstance(proofs, list) else [proofs]) if isinstance(proof, dict)]


def _suite(proof: Json) -> str:
    """The name a proof gives its suite, "" where it gives it in no way that is known."""
    if proof.get("type") == "DataIntegrityProof":
        return str(proof.get("cryptosuite"))
    return "Ed25519Signature2020" if proof.get("type") == "Ed25519Signature2020" else ""


def _is_ours(proof: Json, original: Json) -> bool:
    known = [each["verificationMethod"] for each in _proofs(original)]
    method = proof.get("verificationMethod")
    name = method.get("id") if isinstance(method, dict) else method
    return name in known and _suite(proof) in (*SIGNING_BYTES, *SIGNING_STATEMENTS)
