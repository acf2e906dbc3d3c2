import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from testamur.did import RELATIONSHIPS, DidDocument, Resolver, web_document
from testamur.errors import Malformed, Unsupported
from testamur.fetch import NoNetwork
from testamur.keys import PrivateKey, VerificationMethod
from testamur.trust import (
    TRUST_SOURCES,
    PinnedTrust,
    TrustedIssuer,
    TrustedMethod,
    add_issuer,
    all_pins,
    entry_from_document,
    first_vouch,
    remove_issuer,
)

SCHOOL = "did:web:diplomas.example.edu"
OTHER = "did:web:school.example"
DAY = datetime(2026, 7, 1, tzinfo=UTC)
KEY = PrivateKey.generate("Ed25519").public_key
ENTRY = TrustedIssuer(SCHOOL, "Universidad de Valdoria", fetched=DAY)

HAND_WRITTEN = f"""\
# Kept by the admissions office; ask Μαρία before you change it.
[[issuer]]
id = "{SCHOOL}"            # found on their letterhead
name = "Universidad de Valdoria"
from = 1998-10-01          # founded
until = 2030-01-01T00:00:00Z
types = ["OpenBadgeCredential", "AchievementCredential"]
url = "https://diplomas.example.edu"
digests = "https://diplomas.example.edu/digests.jwt"
fetched = 2026-07-01T02:00:00+02:00

  [[issuer.method]]
  id = "{SCHOOL}#key-1"
  multikey = "{KEY.multikey}"
  purposes = ["assertionMethod", "authentication"]
  expires = "2027-01-01T00:00:00Z"

[[issuer]]
id = "https://school.example/issuers/1"
name = "አዲስ አበባ ዩኒቨርሲቲ"
"""


def test_a_hand_written_file_vouches_and_pins() -> None:
    trust = PinnedTrust.load(HAND_WRITTEN, label="trusted.toml")
    vouch = trust.vouch(SCHOOL, types=["VerifiableCredential", "OpenBadgeCredential"], at=DAY)
    assert vouch is not None
    assert (vouch.name, vouch.source, vouch.fetched) == ("Universidad de Valdoria", "trusted.toml", DAY)
    assert vouch.since == datetime(1998, 10, 1, tzinfo=UTC)
    assert vouch.digests == "https://diplomas.example.edu/digests.jwt"
    offline = Resolver(NoNetwork(), pins=trust.pins(), offline=True)
    method = offline.method(f"{SCHOOL}#key-1", "authentication", DAY)
    assert method == VerificationMethod(
        f"{SCHOOL}#key-1", SCHOOL, KEY, expires=datetime(2027, 1, 1, tzinfo=UTC)
    )


def test_an_issuer_that_is_not_in_the_file_is_not_vouched_for() -> None:
    assert PinnedTrust.load(HAND_WRITTEN).vouch(OTHER, at=DAY) is None
    assert PinnedTrust.load("").vouch(SCHOOL, at=DAY) is None


@pytest.mark.parametrize(
    ("types", "at"),
    [
        ((), DAY),
        (("VerifiableCredential",), DAY),
        (("OpenBadgeCredential",), datetime(1998, 9, 30, tzinfo=UTC)),
        (("OpenBadgeCredential",), datetime(2030, 1, 1, tzinfo=UTC)),
        (("OpenBadgeCredential",), None),
    ],
)
def test_a_limit_that_is_not_met_means_no_vouch(types: tuple[str, ...], at: datetime | None) -> None:
    assert PinnedTrust.load(HAND_WRITTEN).vouch(SCHOOL, types=types, at=at) is None


def test_an_entry_without_limits_vouches_always() -> None:
    vouch = PinnedTrust.load(HAND_WRITTEN).vouch("https://school.example/issuers/1")
    assert vouch is not None
    assert vouch.name == "አዲስ አበባ ዩኒቨርሲቲ"


LINE = '\n[[issuer]]\nid = "did:web:a.example"\nname = "A"\n'
METHOD = f'[[issuer.method]]\nid = "did:web:a.example#k"\nmultikey = "{KEY.multikey}"\n'


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("issuer = 5", "issuer"),
        ("issuer = [5]", r"issuer\[0\]"),
        ("[issuer]\nid = 'x'", "issuer"),
        ("not toml", "not usable as TOML"),
        ("a = " + "[" * 5000, "not usable as TOML"),
        ("a." * 900_000 + "a = 1", "four parts"),
        ('x = {"a" . ' + "'b'." * 900_000, "four parts"),
        ('# "\n"' + 'a"."' * 900_000, "four parts"),
        ('"' + '\\"' * 900_000, "not usable as TOML"),
        ('"""' + "\\" * 900_000, "not usable as TOML"),
        ("version = 1", "'version' is not known"),
        ('[[issuer]]\nname = "A"', r"issuer\[0\]\.id"),
        ('[[issuer]]\nid = "school"\nname = "A"', "neither a DID"),
        ('[[issuer]]\nid = "did:web:a.example"', "name"),
        ('[[issuer]]\nid = "did:web:a.example"\nname = " "', "name"),
        (LINE + LINE, "twice"),
        (LINE + 'untill = "2030-01-01T00:00:00Z"', "'untill' is not known here; known are"),
        (LINE + "until = 2030-01-01T00:00:00", "zone"),
        (LINE + 'until = "2030"', "until"),
        (LINE + "until = 5", "until"),
        (LINE + 'types = "OpenBadgeCredential"', "types"),
        (LINE + "types = [1]", "types"),
        (LINE + 'url = "ftp://a"', "url"),
        (LINE + "digests = 5", "digests"),
        (LINE + "method = 5", r"issuer\[0\]\.method"),
        (LINE + METHOD.replace("#k", ""), "no key of this issuer"),
        (LINE + METHOD.replace("a.example#", "b.example#"), "no key of this issuer"),
        (LINE + METHOD.replace(KEY.multikey, "z6Mk"), "multikey"),
        (LINE + METHOD + 'purposes = ["everything"]', "a purpose is one of"),
        (LINE + METHOD + 'use = "all"', "use"),
        (LINE + METHOD + 'revoke = "2026-07-01T00:00:00Z"', "'revoke' is not known"),
        (LINE + METHOD + METHOD, "same id"),
    ],
)
def test_a_mistake_is_named_with_its_place(text: str, where: str) -> None:
    with pytest.raises(Malformed, match=where):
        PinnedTrust.load(text)


def test_a_file_that_is_too_long_is_not_parsed() -> None:
    for media in ("application/toml", "application/json"):
        with pytest.raises(Malformed):
            PinnedTrust.load("#" * 4_000_001, media)


def test_another_kind_of_file_is_not_supported() -> None:
    with pytest.raises(Unsupported):
        PinnedTrust.load("<trust/>", "application/xml")


def test_sources_are_found_by_the_suffix_of_the_file() -> None:
    assert TRUST_SOURCES[".toml"](HAND_WRITTEN, "t").vouch("https://school.example/issuers/1") is not None
    assert TRUST_SOURCES[".json"]('{"issuer":[]}', "t").vouch(SCHOOL) is None


def test_the_first_source_that_vouches_counts() -> None:
    mine = PinnedTrust.of([ENTRY], "mine")
    theirs = PinnedTrust.load(HAND_WRITTEN, label="theirs")
    vouch = first_vouch([mine, theirs], SCHOOL, types=["OpenBadgeCredential"], at=DAY)
    assert vouch is not None
    assert vouch.source == "mine"
    assert first_vouch([mine, theirs], OTHER, at=DAY) is None
    assert all_pins([mine, theirs]).keys() == {SCHOOL, SCHOOL.replace("did:web:", "https://")}


MOMENTS = st.none() | st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
NAMES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=1, max_size=12)
METHODS = st.builds(
    lambda expires, revoked, use, purposes: TrustedMethod(
        VerificationMethod(f"{SCHOOL}#key-1", SCHOOL, KEY, expires, revoked, use), tuple(purposes)
    ),
    MOMENTS,
    MOMENTS,
    st.sampled_from(["", "status"]),
    st.lists(st.sampled_from(RELATIONSHIPS), min_size=1, unique=True),
)
ENTRIES = st.builds(
    TrustedIssuer,
    id=st.just(SCHOOL),
    name=NAMES,
    fetched=MOMENTS,
    url=st.sampled_from(["", "https://diplomas.example.edu"]),
    digests=st.sampled_from(["", "https://diplomas.example.edu/digests.jwt"]),
    since=MOMENTS,
    until=MOMENTS,
    types=st.lists(NAMES, max_size=2).map(tuple),
    methods=st.lists(METHODS, max_size=1).map(tuple),
)


@given(ENTRIES, st.sampled_from(["application/toml", "application/json"]))
@settings(max_examples=50)
def test_what_is_written_is_what_is_read(entry: TrustedIssuer, media: str) -> None:
    text = add_issuer("", TrustedIssuer(OTHER, "前の学校"), media)
    trust = PinnedTrust.load(add_issuer(text, entry, media), media)
    assert trust.issuers == {OTHER: TrustedIssuer(OTHER, "前の学校"), SCHOOL: entry}
    assert PinnedTrust.load(
        remove_issuer(add_issuer(text, entry, media), SCHOOL, media), media
    ).issuers.keys() == {OTHER}


@given(ENTRIES)
@settings(max_examples=20)
def test_toml_and_json_say_the_same(entry: TrustedIssuer) -> None:
    toml, js = (
        PinnedTrust.load(add_issuer("", entry, media), media)
        for media in ("application/toml", "application/json")
    )
    assert toml == js


def test_an_update_keeps_comments_limits_and_other_entries() -> None:
    other_key = PrivateKey.generate("P-256").public_key
    method = VerificationMethod(f"{SCHOOL}#key-2", SCHOOL, other_key)
    entry = TrustedIssuer(
        SCHOOL,
        "Universidad de Valdoria (UV)",
        fetched=DAY + timedelta(days=5),
        methods=(TrustedMethod(method),),
    )
    text = add_issuer(HAND_WRITTEN, entry)
    for comment in ("ask Μαρία", "# found on their letterhead", "# founded"):
        assert comment in text
    trust = PinnedTrust.load(text)
    changed = trust.issuers[SCHOOL]
    assert changed.name == entry.name
    assert changed.fetched == entry.fetched
    assert changed.methods == entry.methods
    assert changed.types == ("OpenBadgeCredential", "AchievementCredential")
    assert "https://school.example/issuers/1" in trust.issuers


def test_a_broken_file_is_not_added_to() -> None:
    with pytest.raises(Malformed):
        add_issuer("issuer = 5", ENTRY)
    with pytest.raises(Malformed):
        remove_issuer(HAND_WRITTEN, OTHER)


def test_an_inline_list_of_issuers_is_not_rewritten() -> None:
    with pytest.raises(Malformed, match=r"\[\[issuer\]\]"):
        add_issuer(f'issuer = [{{id = "{OTHER}", name = "B"}}]', ENTRY)


def test_removing_the_last_issuer_leaves_a_file_that_can_be_read() -> None:
    text = remove_issuer(add_issuer("", ENTRY), SCHOOL)
    assert PinnedTrust.load(text).issuers == {}
    assert PinnedTrust.load(add_issuer(text, ENTRY)).issuers == {SCHOOL: ENTRY}


def test_an_entry_pins_what_a_document_says_today() -> None:
    methods = [
        VerificationMethod(f"{SCHOOL}#key-1", SCHOOL, KEY, expires=DAY),
        VerificationMethod(f"{SCHOOL}#status", SCHOOL, PrivateKey.generate("P-384").public_key, use="status"),
    ]
    written = web_document(SCHOOL, methods, digests="https://diplomas.example.edu/digests.jwt")
    written["verificationMethod"].append({"id": "#odd", "type": "Odd", "controller": SCHOOL})
    written["verificationMethod"].append({**written["verificationMethod"][0], "id": f"{SCHOOL}#unused"})
    entry = entry_from_document(DidDocument.parse(json.dumps(written)), "Valdoria", DAY)
    assert [pin.method for pin in entry.methods] == methods
    assert [pin.purposes for pin in entry.methods] == [
        ("assertionMethod", "authentication"),
        ("assertionMethod",),
    ]
    assert entry.digests == "https://diplomas.example.edu/digests.jwt"
    pinned = PinnedTrust.load(add_issuer("", entry)).pins()[SCHOOL]
    assert list(pinned.readable_methods()) == methods
    assert pinned.fetched == DAY


def test_dots_in_texts_and_comments_are_no_keys() -> None:
    dotted = "www.a.b.c.d.e.example"
    for text in (f'"{dotted}"', f"'{dotted}'", f'"""\n{dotted}"""', f"'''{dotted}'''", f'"\\"" # {dotted}'):
        source = f'# {dotted}\n[[issuer]]\nid = "{OTHER}"\nname = {text}\nurl = "https://{dotted}/x.y"\n'
        assert PinnedTrust.load(source).issuers[OTHER].name
