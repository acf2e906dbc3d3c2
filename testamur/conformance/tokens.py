"""``testamur conformance jose|sd-jwt|cose``: issue and verify as the W3C's vc-jose-cose suite asks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from testamur import proofs
from testamur.conformance.answering import answer, read_input
from testamur.contexts import SHIPPED
from testamur.credentials import check_rules
from testamur.errors import KeyNotAuthorized, Malformed, Unsupported
from testamur.jsonld import canonize
from testamur.jsontext import Json, parse_json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, PublicKey, VerificationMethod
from testamur.proofs import FORMATS, FindKey, Format, decode, open_document, parse_path

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
_CONTEXTS = SHIPPED.plus({_EXAMPLES: {"@context": {"@vocab": "https://www.w3.org/ns/credentials/examples#"}}})
_CLAIMS = ("iss", "sub", "aud", "exp", "nbf", "iat", "jti")

Act = Callable[..., int]
MakeFormat = Callable[[tuple[proofs.Path, ...]], Format]

FEATURES: dict[str, dict[str, MakeFormat]] = {
    "jose": {
        "credential_jose": lambda paths: proofs.VcJwt(),
        "presentation_jose": lambda paths: proofs.VpJwt(),
    },
    "cose": {
        "credential_cose": lambda paths: proofs.VcCose(),
        "presentation_cose": lambda paths: proofs.VpCose(),
    },
    "sd-jwt": {
        "credential_sdjwt": lambda paths: proofs.VcSdJwt(disclosable=paths),
        "presentation_sdjwt": lambda paths: proofs.VpSdJwt(disclosable=paths),
    },
}
"""The suite's features and the format of each, given the paths that are left to the holder."""


def _issue(kind: str, source: Path, key: Path, feature: str, hide: str) -> str:
    """The input signed with the key; claims of a token in it are the token's own business."""
    made = FEATURES[kind][feature](_paths(hide))
    document = {
        name: value for name, value in parse_object(read_input(source)).items() if name not in _CLAIMS
    }
    _check_terms(document)
    written = parse_object(read_input(key))
    signer = LocalSigner(PrivateKey.from_jwk(written.get("secretKeyJwk")), str(written.get("id", "")))
    text = made.secure(write_json(document), signer, at=datetime.now(UTC)).text
    return text.rstrip("=") if kind == "cose" else text


def _verify(kind: str, source: Path, key: Path, feature: str) -> str:
    """What the input says, once its signature holds; what it presents is in envelopes, which stay closed."""
    wanted = FEATURES[kind][feature](()).name
    document = decode(read_input(source).strip())
    if document.format != wanted:
        raise Malformed("", f"it is {document.format} and not {wanted}")
    opened = open_document(document, _finder(parse_object(read_input(key))), {wanted: FORMATS[wanted]})
    for signature in opened.signatures:
        if signature.error is not None:
            raise Malformed("", str(signature.error))
    _check_terms(opened.claims)
    return write_json(opened.claims)


def _paths(hide: str) -> tuple[proofs.Path, ...]:
    listed = parse_json(hide) if hide else []
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise Malformed("--sd", "this must be a JSON list of paths")
    return tuple(map(parse_path, listed))


def _finder(written: Json) -> FindKey:
    """Finds the one key of the suite, by its id or under the name that its JWK gives it."""
    public = written.get("publicKeyJwk")
    name = str(public.get("kid", "")) if isinstance(public, dict) else ""
    key = PublicKey.from_jwk(public)
    found = VerificationMethod(str(written.get("id", "")), str(written.get("controller", "")), key)

    def find_key(url: str, purpose: str, at: datetime | None) -> VerificationMethod:
        if url != found.id and url.partition("#")[2] != name:
            raise KeyNotAuthorized(f"{url:.120} is not the key that was given")
        return found

    return find_key


def _check_terms(document: Json) -> None:
    """Raise Malformed for a broken rule, and for a member that only the examples' vocabulary would define."""
    contexts = document.get("@context")
    listed = contexts if isinstance(contexts, list) else [contexts]
    if broken := _broken(document | {"@context": listed}):
        raise broken[0]
    said = {name: value for name, value in document.items() if name not in ("cnf", "verifiableCredential")}
    try:
        canonize(said, contexts=_CONTEXTS)
    except Unsupported as error:
        raise Malformed("@context", str(error)) from None
    base = SHIPPED.load("https://www.w3.org/ns/credentials/v2")["@context"]
    types = document.get("type")
    kind = "VerifiablePresentation" if "VerifiablePresentation" in (types or ()) else "VerifiableCredential"
    known = {"@context", "cnf", *base[kind]["@context"]}
    for name in document:
        if _EXAMPLES in listed and name not in known:
            raise Malformed(name, "the data model defines no such member", clause="VCDM §4.2")


def _broken(document: Json) -> list[Malformed]:
    """Broken rules; the suite's status entries are examples, and its envelopes are looked at as tokens are read."""
    if "verifiableCredential" in document:
        return []
    return check_rules({name: value for name, value in document.items() if name != "credentialStatus"})


def _group(kind: str) -> click.Group:
    group = click.Group(kind, help="Issue or verify one input of the W3C's vc-jose-cose suite.")
    options = (
        click.option("--input", "source", type=_FILE, required=True, help="The document."),
        click.option(
            "--key", type=_FILE, required=True, help="A verification method with its keys, as JSON."
        ),
        click.option(
            "--feature", type=click.Choice(list(FEATURES[kind])), required=True, help="What is asked."
        ),
        click.option(
            "--output", type=click.Path(path_type=Path), required=True, help="Where the answer goes."
        ),
    )

    def issue(source: Path, key: Path, feature: str, output: Path, hide: str = "") -> int:
        """Sign a document."""
        return answer(output, partial(_issue, kind, source, key, feature, hide))

    def verify(source: Path, key: Path, feature: str, output: Path) -> int:
        """Verify what was signed."""
        return answer(output, partial(_verify, kind, source, key, feature))

    hidden = click.option(
        "--sd", "hide", default="", help="A JSON list of paths that are left to the holder."
    )
    group.add_command(click.command("issue")(_with((*options, hidden), issue)))
    group.add_command(click.command("verify")(_with(options, verify)))
    return group


def _with(options: Sequence[Callable[[Act], Act]], act: Act) -> Act:
    for option in reversed(options):
        act = option(act)
    return act


COMMANDS: dict[str, click.Command] = {kind: _group(kind) for kind in FEATURES}
