import contextlib
import hashlib
import json
import runpy
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from testamur.encoding import decode_base64url
from testamur.errors import Malformed, ProofInvalid
from testamur.papercode import decode, encode
from testamur.papercode.code import MAX_DIGITS, MAX_PACKED, _dictionary
from tests.papercode.records import GRADUATES, KEY, compact, record, signed, token

HEADER = '{"alg":"EdDSA","kid":"did:web:a.example#key-1","typ":"vc+jwt","form":"extract"}'
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))


def holds(jwt: str) -> bool:
    data, _, signature = jwt.rpartition(".")
    try:
        KEY.public_key.verify(decode_base64url(signature), data.encode())
    except (ProofInvalid, Malformed):
        return False
    return True


@pytest.mark.parametrize("language", GRADUATES)
def test_a_token_comes_back_to_the_letter(language):
    jwt = signed(record(language))
    assert decode(encode(jwt, "verify.example")) == jwt
    assert holds(jwt)


@pytest.mark.parametrize("language", GRADUATES)
def test_a_lean_diploma_takes_far_less_than_the_450_bytes_of_the_study(language):
    digits = encode(signed(record(language)), "verify.example").partition("#")[2]
    assert int(digits).bit_length() <= 8 * 330


def test_the_text_is_an_address_in_capitals_with_only_a_host_and_q():
    text = encode(signed(record("es")), "verify.example.edu:8443")
    address, _, digits = text.partition("#")
    assert address == "HTTPS://VERIFY.EXAMPLE.EDU:8443/Q"
    assert digits.isdigit()


def test_any_host_or_none_leads_to_the_same_token():
    jwt = signed(record("am"))
    digits = encode(jwt, "one.example").partition("#")[2]
    for text in (digits, f"https://two.example/q#{digits}", f"HTTPS://127.0.0.1:8443/Q#{digits}"):
        assert decode(text) == jwt


@pytest.mark.parametrize("vector", VECTORS["codes"], ids=lambda vector: vector["name"])
def test_published_vectors_are_read(vector):
    assert decode(vector["text"]) == vector["jwt"]


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["name"])
def test_published_broken_vectors_are_refused(vector):
    with pytest.raises(Malformed):
        decode(vector["text"])


def test_the_released_vocabulary_never_changes():
    assert hashlib.sha256(_dictionary(1)).hexdigest() == VECTORS["vocabulary_1"]


def test_the_vocabulary_is_what_its_tool_builds():
    built = runpy.run_path(str(Path(__file__).parents[2] / "tools" / "vocabulary.py"))
    assert built["build"]() == _dictionary(1)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_changed_digit_is_refused_by_the_code_or_by_the_signature(language):
    digits = encode(signed(record(language)), "v.example").partition("#")[2]
    for place in range(len(digits)):
        changed = digits[:place] + str((int(digits[place]) + 1 + place % 9) % 10) + digits[place + 1 :]
        if changed != digits:
            assert not accepted(changed), place


@pytest.mark.soak
@pytest.mark.parametrize("language", GRADUATES)
def test_every_digit_changed_to_every_other_is_refused(language):
    digits = encode(signed(record(language)), "v.example").partition("#")[2]
    for place in range(len(digits)):
        for other in "0123456789".replace(digits[place], ""):
            assert not accepted(digits[:place] + other + digits[place + 1 :]), (place, other)


def accepted(text: str) -> bool:
    try:
        return holds(decode(text))
    except Malformed:
        return False


def test_another_stream_for_the_same_token_needs_another_mask():
    """The bytes beside the signature are part of it: a stream that unpacks to the same text is refused."""
    digits = encode(signed(record("es")), "v.example").partition("#")[2]
    packed = int(digits).to_bytes((int(digits).bit_length() + 7) // 8, "big")
    front, stream = packed[: 66 + packed[1]], packed[66 + packed[1] :]
    text = zlib.decompressobj(-15, zdict=_dictionary(1)).decompress(stream)
    engine = zlib.compressobj(1, zlib.DEFLATED, -15, 9, zlib.Z_FIXED, _dictionary(1))
    other = engine.compress(text) + engine.flush()
    assert other != stream
    assert not accepted(str(int.from_bytes(front + other, "big")))


@pytest.mark.parametrize(
    "text",
    ["", "0", "1", "01", "12345", "9" * MAX_DIGITS, "1" * (MAX_DIGITS + 1), "9" * 1_000_000, "١٢٣", "HTTPS://A/Q#",
     "http://a.example/q#123", "HTTPS://A.EXAMPLE/R#123", "https://a.example/q?#123", " 123", "123\n", "12e5"],
)  # fmt: skip
def test_what_is_no_paper_code_is_refused(text):
    with pytest.raises(Malformed):
        decode(text)


def test_a_bomb_stops_at_the_limit():
    engine = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_dictionary(1))
    bomb = engine.compress(b"a" * 1_000_000) + engine.flush()
    with pytest.raises(Malformed, match="unpacks to more"):
        decode(str(int.from_bytes(b"\1\0" + bytes(64) + bomb, "big")))


def test_a_host_repeated_without_end_stops_at_the_limit():
    host = b"a" * 250
    engine = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=_dictionary(1))
    bomb = engine.compress(b"{}\0" + host + b"\0" + b"\7" * 60_000) + engine.flush()
    with pytest.raises(Malformed, match="unpacks to more"):
        decode(str(int.from_bytes(b"\1\0" + bytes(64) + bomb, "big")))


@pytest.mark.parametrize("kind", [0, 3, 7, 255])
def test_a_kind_that_is_not_known_is_refused(kind):
    with pytest.raises(Malformed):
        decode(str(int.from_bytes(bytes([kind]) + bytes(100), "big") or 1))


@given(st.binary(min_size=0, max_size=400))
def test_any_bytes_are_a_token_or_malformed(data):
    number = int.from_bytes(b"\1" + data, "big")
    with contextlib.suppress(Malformed):
        assert decode(str(number)).count(".") == 2


JSON_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)


@given(
    name=JSON_TEXT,
    other=JSON_TEXT,
    number=st.integers(0, 10**12),
    issuer=st.sampled_from(
        ["did:web:a.example", "did:web:a.example:dept", "did:key:z6Mk", "https://x", 'a"\\#']
    ),
    alg=st.sampled_from(["EdDSA", "Ed25519", "ES256", "ES384", "RS1"]),
)
def test_any_compact_token_comes_back_to_the_letter(name, other, number, issuer, alg):
    payload = compact(
        {
            "issuer": {"id": issuer, "name": name},
            "a.example": other,
            "n": number,
            "s": str(number),
            "x": f"#{number}",
        }
    )
    header = compact({"alg": alg, "kid": f"{issuer}#{name or 'key-1'}", "typ": "vc+jwt"})
    jwt = token(header, payload, bytes(96 if alg == "ES384" else 64))
    assert decode(encode(jwt, "v.example")) == jwt


@pytest.mark.parametrize(
    "value",
    ["1969-12-31T00:00:00Z", "2150-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "0000-01-01T00:00:00Z",
     "2107-01-01T10:00:00Z", "2026-01-01T24:00:00Z", "00000000-0000-0000-0000-000000000000", "16777216", "099"],
)  # fmt: skip
def test_values_at_the_edges_come_back(value):
    jwt = token(HEADER, compact({"issuer": "did:web:a.example", "v": value, "iat": 9_999_999_999}))
    assert decode(encode(jwt, "v.example")) == jwt


def test_more_values_than_fit_are_written_out():
    ids = [f"{number:08x}-0000-4000-8000-000000000000" for number in range(30)]
    jwt = token(HEADER, compact({"issuer": "did:web:a.example", "ids": ids}))
    assert decode(encode(jwt, "v.example")) == jwt


def test_more_scripts_than_there_are_slots_are_written_as_utf8():
    text = "".join(chr(point) for point in range(0x4E00, 0x9000, 128))
    jwt = token(HEADER, compact({"issuer": "did:web:a.example", "text": text}))
    assert decode(encode(jwt, "v.example")) == jwt


@pytest.mark.parametrize("length", [0, 63, 65, 128])
def test_a_signature_of_another_length_is_refused(length):
    with pytest.raises(Malformed):
        encode(token(HEADER, '{"issuer":"did:web:a.example"}', bytes(length)), "v.example")


@pytest.mark.parametrize(
    "jwt", ["", "a.b", "a.b.c.d", "e30.e30." + "A" * 85, "e30.IA==." + "A" * 86, "[].{}.x"]
)
def test_what_is_no_compact_token_is_refused(jwt):
    with pytest.raises(Malformed):
        encode(jwt, "v.example")


def test_a_token_with_line_breaks_in_its_json_is_refused():
    with pytest.raises(Malformed, match="line breaks"):
        encode(token(HEADER, '{\n"issuer":"did:web:a.example"}'), "v.example")


def test_a_token_too_long_for_any_code_is_refused():
    noise = hashlib.shake_256(b"noise").hexdigest(MAX_PACKED * 2)
    with pytest.raises(Malformed, match="bytes"):
        encode(token(HEADER, compact({"issuer": "did:web:a.example", "n": noise})), "v.example")


@pytest.mark.parametrize(
    "host", ["", "a b", "a/b", "a#b", "é.example", "-a.example", "a" * 300, "user@a.example"]
)
def test_what_is_no_host_is_refused(host):
    with pytest.raises(Malformed):
        encode(signed(record("en")), host)
