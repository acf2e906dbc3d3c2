from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.did import METHODS, DidDocument, Resolver, issuer_metadata, web_document
from testamur.encoding import encode_base64url, encode_multibase
from testamur.errors import EvidenceUnusable, KeyNotAuthorized, Malformed, Unsupported
from testamur.fetch import Fetched, NoNetwork
from testamur.jsontext import Json, write_json
from testamur.keys import PrivateKey, VerificationMethod

SCHOOL = "did:web:diplomas.example.edu"
WHERE = "https://diplomas.example.edu/.well-known/did.json"
TODAY = datetime(2026, 7, 1, tzinfo=UTC)
DAY = timedelta(days=1)
KEY = PrivateKey.generate("Ed25519").public_key
SHORT = encode_multibase(b"\xed\x01" + bytes(31))  # an Ed25519 key that lacks a byte


class Web:
    """The pages of a small web; what was asked is kept in ``asked``."""

    def __init__(self, **pages: str) -> None:
        self.pages = pages
        self.asked: list[str] = []

    def get(self, url: str, *, accept: str = "*/*", max_bytes: int = 0) -> Fetched:
        self.asked.append(url)
        if url not in self.pages:
            raise EvidenceUnusable("it could not be reached")
        return Fetched(url, self.pages[url].encode(), "application/json", TODAY)


def key(name: str = "key-1", **windows: datetime | str) -> VerificationMethod:
    return VerificationMethod(f"{SCHOOL}#{name}", SCHOOL, KEY, **windows)  # type: ignore[arg-type]


def school(*methods: VerificationMethod, **members: object) -> Json:
    return web_document(SCHOOL, methods) | members


def resolver(page: Json, **options: object) -> Resolver:
    return Resolver(Web(**{WHERE: write_json(page)}), **options)  # type: ignore[arg-type]


def test_the_key_a_proof_names_is_found() -> None:
    assert resolver(school(key())).method(f"{SCHOOL}#key-1", "assertionMethod", TODAY) == key()


def test_a_key_kept_for_status_lists_says_so() -> None:
    found = resolver(school(key(use="status"))).method(f"{SCHOOL}#key-1", "assertionMethod", TODAY)
    assert found.use == "status"


@pytest.mark.parametrize(
    "url", ["", SCHOOL, f"{SCHOOL}#", "key-1", "#key-1", f"{SCHOOL}#a#b", "https://#a", f"{SCHOOL}# a"]
)
def test_what_is_no_key_address_is_malformed(url: str) -> None:
    with pytest.raises(Malformed):
        resolver(school(key())).method(url, "assertionMethod", TODAY)


def test_a_key_that_is_not_listed_is_not_authorized() -> None:
    with pytest.raises(KeyNotAuthorized, match="no key"):
        resolver(school(key())).method(f"{SCHOOL}#key-2", "assertionMethod", TODAY)


def test_a_purpose_that_does_not_list_the_key_is_not_authorized() -> None:
    with pytest.raises(KeyNotAuthorized, match="authentication") as refused:
        resolver(school(key(), authentication=[])).method(f"{SCHOOL}#key-1", "authentication", TODAY)
    assert refused.value.problem.endswith("#INVALID_RELATIONSHIP_FOR_VERIFICATION_METHOD")


@pytest.mark.parametrize("purpose", ["", "verificationMethod", "id", "service", "assertionmethod"])
def test_a_purpose_nobody_knows_is_not_authorized(purpose: str) -> None:
    with pytest.raises(KeyNotAuthorized):
        resolver(school(key())).method(f"{SCHOOL}#key-1", purpose, TODAY)


def test_a_key_of_another_controller_is_not_authorized() -> None:
    page = school(key())
    page["verificationMethod"][0]["controller"] = "did:web:other.example"
    with pytest.raises(KeyNotAuthorized, match="another controller"):
        resolver(page).method(f"{SCHOOL}#key-1", "assertionMethod", TODAY)


def test_a_key_listed_but_belonging_to_another_document_is_not_authorized() -> None:
    foreign = "did:web:other.example#key-1"
    page = school(key())
    page["assertionMethod"].append(foreign)
    web = Web(
        **{
            WHERE: write_json(page),
            "https://other.example/.well-known/did.json": write_json({"id": "did:web:other.example"}),
        }
    )
    with pytest.raises(KeyNotAuthorized):
        Resolver(web).method(foreign, "assertionMethod", TODAY)


def test_a_document_with_another_id_is_no_evidence() -> None:
    with pytest.raises(EvidenceUnusable, match="that of did:web:other") as unusable:
        resolver(school(key(), id="did:web:other.example")).method(
            f"{SCHOOL}#key-1", "assertionMethod", TODAY
        )
    assert unusable.value.problem.endswith("#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT_ID")


@pytest.mark.parametrize(
    "page", ["", "[]", "<html>", '{"id":1}', "{" * 100, '{"id":"did:web:a","id":"did:web:b"}']
)
def test_a_document_that_cannot_be_read_is_no_evidence(page: str) -> None:
    with pytest.raises(EvidenceUnusable):
        Resolver(Web(**{WHERE: page})).resolve(SCHOOL)


def test_a_broken_key_in_a_fetched_document_is_no_evidence() -> None:
    page = school(key())
    page["verificationMethod"][0]["publicKeyMultibase"] = SHORT
    with pytest.raises(EvidenceUnusable):
        resolver(page).method(f"{SCHOOL}#key-1", "assertionMethod", TODAY)


@pytest.mark.parametrize("end", ["expires", "revoked"])
def test_a_retired_or_compromised_key_is_good_for_what_it_signed_before(end: str) -> None:
    find = resolver(school(key(**{end: TODAY}))).method
    found = find(f"{SCHOOL}#key-1", "assertionMethod", TODAY - DAY)
    assert getattr(found, end) == TODAY
    for late in (TODAY, TODAY + DAY):
        with pytest.raises(KeyNotAuthorized, match="in use until 2026-07-01"):
            find(f"{SCHOOL}#key-1", "assertionMethod", late)
    with pytest.raises(EvidenceUnusable, match="does not say when"):
        find(f"{SCHOOL}#key-1", "assertionMethod", None)


@given(st.none() | st.integers(-3, 3), st.none() | st.integers(-3, 3), st.integers(-3, 3))
def test_a_key_is_found_exactly_before_the_first_of_its_ends(
    expires: int | None, revoked: int | None, at: int
) -> None:
    ends = {"expires": expires, "revoked": revoked}
    method = key(**{name: TODAY + end * DAY for name, end in ends.items() if end is not None})
    find = resolver(school(method)).method
    if all(end is None or at < end for end in ends.values()):
        assert find(method.id, "assertionMethod", TODAY + at * DAY) == method
    else:
        with pytest.raises(KeyNotAuthorized):
            find(method.id, "assertionMethod", TODAY + at * DAY)


def test_one_document_is_fetched_once_and_so_is_a_failure() -> None:
    web = Web(**{WHERE: write_json(school(key()))})
    both = Resolver(web)
    for _ in range(5):
        both.method(f"{SCHOOL}#key-1", "assertionMethod", TODAY)
        with pytest.raises(EvidenceUnusable):
            both.resolve("did:web:down.example")
    assert len(web.asked) == 2


def test_an_unreachable_document_is_no_evidence_and_names_the_problem() -> None:
    with pytest.raises(EvidenceUnusable) as unusable:
        Resolver(NoNetwork()).resolve(SCHOOL)
    assert unusable.value.problem == "https://www.w3.org/ns/did#NOT_FOUND"


def pinned(*methods: VerificationMethod, fetched: datetime | None = TODAY) -> dict[str, DidDocument]:
    return {SCHOOL: DidDocument.parse(school(*methods), fetched=fetched)}


def test_offline_a_pinned_document_decides() -> None:
    offline = Resolver(NoNetwork(), pins=pinned(key()), offline=True)
    assert offline.method(f"{SCHOOL}#key-1", "assertionMethod", TODAY) == key()
    assert offline.resolve(SCHOOL).metadata == {
        "contentType": "application/did",
        "source": "pinned",
        "retrieved": "2026-07-01T00:00:00Z",
    }


def test_a_website_that_is_gone_is_replaced_by_the_pins() -> None:
    assert (
        Resolver(NoNetwork(), pins=pinned(key())).method(f"{SCHOOL}#key-1", "assertionMethod", TODAY) == key()
    )


def test_online_the_website_is_asked_first() -> None:
    live = resolver(school(key(expires=TODAY)), pins=pinned(key()))
    with pytest.raises(KeyNotAuthorized):
        live.method(f"{SCHOOL}#key-1", "assertionMethod", TODAY + DAY)


def test_a_pin_says_nothing_of_keys_that_may_be_newer() -> None:
    offline = Resolver(NoNetwork(), pins=pinned(key()), offline=True)
    with pytest.raises(KeyNotAuthorized):
        offline.method(f"{SCHOOL}#key-2", "assertionMethod", TODAY - DAY)
    for newer in (TODAY, TODAY + DAY, None):
        with pytest.raises(EvidenceUnusable, match="as known on 2026-07-01; it may have been added since"):
            offline.method(f"{SCHOOL}#key-2", "assertionMethod", newer)


def test_a_key_pinned_as_compromised_stays_so_whatever_its_website_says() -> None:
    live = resolver(school(key()), pins=pinned(key(revoked=TODAY)))
    assert live.method(f"{SCHOOL}#key-1", "assertionMethod", TODAY - DAY).revoked == TODAY
    with pytest.raises(KeyNotAuthorized):
        live.method(f"{SCHOOL}#key-1", "assertionMethod", TODAY)


def test_an_issuer_named_by_a_web_address_is_known_from_pins_where_its_site_says_nothing() -> None:
    page = "https://school.example/issuers/1"
    method = {"id": f"{page}#k", "type": "Multikey", "controller": page, "publicKeyMultibase": KEY.multikey}
    pins = {page: DidDocument.parse({"id": page, "assertionMethod": [method]}, fetched=TODAY)}
    assert Resolver(Web(), pins=pins).method(f"{page}#k", "assertionMethod", TODAY).public_key == KEY
    with pytest.raises(EvidenceUnusable):
        Resolver(Web()).method(f"{page}#k", "assertionMethod", TODAY)
    with pytest.raises(Unsupported):
        Resolver(Web()).method(f"{page}?a=b#k", "assertionMethod", TODAY)


def test_a_did_method_nobody_knows_is_not_supported() -> None:
    with pytest.raises(Unsupported) as unsupported:
        Resolver(NoNetwork()).resolve("did:example:123")
    assert unsupported.value.problem == "https://www.w3.org/ns/did#METHOD_NOT_SUPPORTED"


def test_a_smaller_table_is_an_allow_list() -> None:
    only_web = Resolver(NoNetwork(), methods={"web": METHODS["web"]})
    with pytest.raises(Unsupported):
        only_web.resolve(f"did:key:{KEY.multikey}")


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did",
        "did:",
        "did:key:",
        "did:Key:z6",
        "did:key:z 6",
        "did:key:%zz",
        "DID:key:z6",
        "did:a:" + "b" * 5000,
    ],
)
def test_what_is_no_did_is_malformed(did: str) -> None:
    with pytest.raises(Malformed) as malformed:
        Resolver(NoNetwork()).resolve(did)
    assert malformed.value.problem == "https://www.w3.org/ns/did#INVALID_DID"


@given(st.sampled_from(["Ed25519", "P-256", "P-384"]))
def test_a_did_key_is_its_key(algorithm: str) -> None:
    public = PrivateKey.generate(algorithm).public_key
    did = f"did:key:{public.multikey}"
    for purpose in ("assertionMethod", "authentication"):
        assert Resolver(NoNetwork()).method(f"{did}#{public.multikey}", purpose, None).public_key == public
    with pytest.raises(KeyNotAuthorized):
        Resolver(NoNetwork()).method(f"{did}#{KEY.multikey}", "assertionMethod", None)


@given(st.sampled_from(["Ed25519", "P-256", "P-384"]), st.sampled_from([{}, {"use": "sig"}, {"kid": "ወርቅ"}]))
def test_a_did_jwk_is_its_key(algorithm: str, more: Json) -> None:
    public = PrivateKey.generate(algorithm).public_key
    did = "did:jwk:" + encode_base64url(write_json(public.jwk | more).encode())
    assert Resolver(NoNetwork()).method(f"{did}#0", "assertionMethod", None).public_key == public


@pytest.mark.parametrize(
    "jwk",
    [PrivateKey.generate("P-256").public_key.jwk | {"d": "AAAA"}, {"kty": "oct", "k": "AAAA"}, [], {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}],
)  # fmt: skip
def test_a_did_jwk_of_a_private_symmetric_or_broken_key_is_malformed(jwk: object) -> None:
    with pytest.raises(Malformed):
        Resolver(NoNetwork()).resolve("did:jwk:" + encode_base64url(write_json(jwk).encode()))


def test_the_keys_of_a_site_stand_in_its_metadata_with_their_days() -> None:
    site, page = "https://school.example/faculty", "https://school.example/.well-known/jwt-vc-issuer/faculty"
    methods = [
        VerificationMethod(f"{site}#new", site, KEY),
        VerificationMethod(f"{site}#old", site, KEY, expires=TODAY),
        VerificationMethod(f"{site}#lists", site, KEY, use="status"),
    ]
    web = Web(**{page: write_json(issuer_metadata(site, methods))})
    resolver = Resolver(web)
    assert resolver.method(f"{site}#new", "assertionMethod", TODAY).public_key == KEY
    assert resolver.method(f"{site}#lists", "assertionMethod", TODAY).use == "status"
    with pytest.raises(KeyNotAuthorized):
        resolver.method(f"{site}#old", "assertionMethod", TODAY)
    with pytest.raises(KeyNotAuthorized):
        resolver.method(f"{site}#new", "authentication", TODAY)
    elsewhere = write_json({"issuer": site, "jwks_uri": "https://keys.example/all"})
    keys = write_json(issuer_metadata(site, methods)["jwks"])
    moved = Resolver(Web(**{page: elsewhere, "https://keys.example/all": keys}))
    assert moved.method(f"{site}#new", "assertionMethod", TODAY).public_key == KEY
