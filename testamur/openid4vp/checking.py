"""The verifier checks a response: made for this question, by the holder, with what was asked and nothing else (§8.6)."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from testamur.checks import Audience, Outcome, Report
from testamur.errors import Malformed, TestamurError
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import DecryptionKey
from testamur.openid4vp.candidates import candidate
from testamur.openid4vp.dcql import CredentialQuery, Query
from testamur.openid4vp.matching import fits
from testamur.openid4vp.refusing import ResponseRefused
from testamur.proofs import SecuredDocument, decode, digest_text, hash_of, parse_jws, parse_sd_jwt, presented
from testamur.verifying import Verifier

MAX_RESPONSE = 4_000_000
_MAX_SHOWN = 32
_PRESENTED_IN = {
    "dc+sd-jwt": ("dc+sd-jwt",),
    "ldp_vc": ("ldp_vp",),
    "jwt_vc_json": ("vp+jwt", "jwt_vp_json"),
}


@dataclass(frozen=True, slots=True)
class Expected:
    """What a response has to answer."""

    client_id: str
    nonce: str
    query: Query
    state: str = ""
    response_mode: str = "direct_post"
    transaction_data: tuple[str, ...] = ()
    key: DecryptionKey | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One presentation that holds, and the report on it; what the record is worth is in the report."""

    query_id: str
    document: SecuredDocument
    report: Report
    is_bound: bool  # whether the record names its holder's key, and that key signed


@dataclass(frozen=True, slots=True)
class Checked:
    """A response that answers the question."""

    shown: tuple[Shown, ...]

    @property
    def reports(self) -> tuple[Report, ...]:
        """A report for each presentation, in the order of the queries."""
        return tuple(each.report for each in self.shown)


def check_response(
    form: Mapping[str, str], expected: Expected, verifier: Verifier, *, at: datetime
) -> Checked:
    """What was shown; raises ResponseRefused where it is not an answer to this question.

    A refusal by the wallet is one too. A presentation that does not hold spoils the whole response.
    """
    members = _members(form, expected)
    _check_state(members, expected)
    if "error" in members:
        raise ResponseRefused(f"the wallet gives no answer: {members['error']!s:.60}")
    token = members.get("vp_token")
    if isinstance(token, str):
        token = _parsed(token)
    return check_vp_token(token, expected, verifier, at=at)


def check_vp_token(token: Any, expected: Expected, verifier: Verifier, *, at: datetime) -> Checked:
    """What a ``vp_token`` shows; raises ResponseRefused."""
    if not isinstance(token, dict) or not token:
        raise ResponseRefused("vp_token is no object with answers", clause="OpenID4VP §8.1")
    unknown = [name for name in token if expected.query.credential(name) is None]
    if unknown:
        raise ResponseRefused(f"it answers {unknown[0]!r:.60}, which was not asked", clause="OpenID4VP §8.1")
    shown = [
        _one(each, query, expected, verifier, at)
        for query in expected.query.credentials
        if query.id in token
        for each in _listed(token[query.id], query)
    ]
    if not expected.query.is_satisfied(token):
        raise ResponseRefused("it does not hold all that was asked for", clause="OpenID4VP §8.6")
    return Checked(tuple(shown))


def _members(form: Mapping[str, str], expected: Expected) -> Json:
    """The response parameters; an encrypted response is opened, and one that should have been is refused."""
    if expected.response_mode != "direct_post.jwt" or "error" in form:
        if "response" in form:
            raise ResponseRefused("it is encrypted, and nobody asked for that", clause="OpenID4VP §8.3")
        return dict(form)
    if "response" not in form or "vp_token" in form or expected.key is None:
        raise ResponseRefused("it is not encrypted, as was asked", clause="OpenID4VP §8.3")
    try:
        opened = expected.key.decrypt(form["response"], max_bytes=MAX_RESPONSE)
        return parse_object(opened.plaintext, max_bytes=MAX_RESPONSE)
    except TestamurError as error:
        raise ResponseRefused(f"it could not be opened: {error}", clause="OpenID4VP §8.3") from None


def _check_state(members: Json, expected: Expected) -> None:
    state = members.get("state", "")
    if not isinstance(state, str) or not hmac.compare_digest(state.encode(), expected.state.encode()):
        raise ResponseRefused("it answers another question (state)", clause="OpenID4VP §8.2")


def _listed(value: Any, query: CredentialQuery) -> Sequence[Any]:
    if not isinstance(value, list) or not 0 < len(value) <= (_MAX_SHOWN if query.multiple else 1):
        raise ResponseRefused(
            f"{query.id}: one presentation was asked for, in a list", clause="OpenID4VP §8.1"
        )
    return value


def _one(value: Any, query: CredentialQuery, expected: Expected, verifier: Verifier, at: datetime) -> Shown:
    document = _decoded(value, query)
    audience = Audience(expected.client_id, expected.nonce) if query.needs_holder else None
    asked = replace(verifier, policy=replace(verifier.policy, audience=audience))
    report = asked.verify(document, at=at)
    record = _record_in(document, query)
    is_bound = _check_holder(document, report, query)
    if not fits(query, candidate(query.id, record)):
        raise ResponseRefused(f"{query.id}: it is not what was asked for", clause="OpenID4VP §8.6")
    _check_data(document, query, expected)
    return Shown(query.id, document, report, is_bound)


def _decoded(value: Any, query: CredentialQuery) -> SecuredDocument:
    text = value if isinstance(value, str) else write_json(value) if isinstance(value, dict) else ""
    try:
        document = decode(text)
    except TestamurError as error:
        raise ResponseRefused(f"{query.id}: it cannot be read: {error}") from None
    wanted = _PRESENTED_IN.get(query.format, ()) if query.needs_holder else ()
    if wanted and document.format not in wanted:
        raise ResponseRefused(f"{query.id}: a {document.format} is no presentation of {query.format}")
    return document


def _record_in(document: SecuredDocument, query: CredentialQuery) -> SecuredDocument:
    """The one record that is presented; raises ResponseRefused where there are more, or none."""
    if not document.is_presentation:
        return document
    claims = document.claims.get("vp") if document.format == "jwt_vp_json" else document.claims
    try:
        held = presented(claims if isinstance(claims, dict) else {})
    except TestamurError as error:
        raise ResponseRefused(f"{query.id}: what it presents cannot be read: {error}") from None
    if len(held) != 1:
        raise ResponseRefused(f"{query.id}: it presents {len(held)} records, and one was asked for")
    return held[0]


def _check_holder(document: SecuredDocument, report: Report, query: CredentialQuery) -> bool:
    """Whether the record itself names the key that signed; raises ResponseRefused where another one signed, or none."""
    if not query.needs_holder:
        return False
    if report.outcome("holder") is not Outcome.PASSED or (document.is_presentation and not report.is_proved):
        check = report.check("holder")
        proof = report.check("proof")
        why = proof.sentence if proof and proof.outcome is Outcome.FAILED else check.sentence if check else ""
        raise ResponseRefused(
            f"{query.id}: {why or 'its holder did not sign it'}", clause="OpenID4VP §14.1.2"
        )
    if not document.is_presentation:
        return True
    named: list[str] = []
    for inner in report.inner:
        bound = inner.check("holder")
        if bound and bound.outcome is Outcome.FAILED:
            raise ResponseRefused(f"{query.id}: {bound.sentence}", clause="OpenID4VP §14.1.2")
        named += _holders(inner.claims)
    if named and report.author not in named:
        raise ResponseRefused(f"{query.id}: it was shown by {report.author:.120}, who is not its holder")
    return bool(named)


def _holders(claims: Json) -> list[str]:
    """The DIDs that a record has for its subjects, in the document or in the claim that stands for it."""
    subject = claims.get("credentialSubject")
    subjects = subject if isinstance(subject, list) else [subject]
    ids = [str(each.get("id", "")) for each in subjects if isinstance(each, dict)]
    return [each for each in ids if each.startswith("did:")]


def _check_data(document: SecuredDocument, query: CredentialQuery, expected: Expected) -> None:
    """Whether the holder agreed to every transaction of this record (B.3.3)."""
    texts = [text for text in expected.transaction_data if query.id in _ids(text)]
    if not texts:
        return
    try:
        bound = parse_object(parse_jws(parse_sd_jwt(document.text).key_binding).payload, max_depth=8)
        algorithm = hash_of({"_sd_alg": bound.get("transaction_data_hashes_alg", "sha-256")})
    except TestamurError:
        raise ResponseRefused(f"{query.id}: its holder did not agree to the transaction") from None
    if bound.get("transaction_data_hashes") != [digest_text(text, algorithm) for text in texts]:
        raise ResponseRefused(f"{query.id}: its holder agreed to something else", clause="OpenID4VP §8.4")


def _ids(text: str) -> list[str]:
    from testamur.encoding import decode_base64url

    ids = parse_object(decode_base64url(text)).get("credential_ids")
    return ids if isinstance(ids, list) else []


def _parsed(text: str) -> Any:
    try:
        return parse_object(text, max_bytes=MAX_RESPONSE)
    except Malformed as error:
        raise ResponseRefused(f"vp_token cannot be read: {error}") from None
