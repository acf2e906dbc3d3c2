"""SD-JWTs and COSE_Sign1 changed in every way: disclosures may be left out, nothing else; no flipped byte passes."""

from __future__ import annotations

import base64
import random
from collections import Counter
from dataclasses import fields
from functools import cache

import pytest

from testamur.checks import Headline, Policy, Report
from testamur.credentials import Facts
from testamur.encoding import decode_base64url, encode_base64url
from testamur.errors import TestamurError
from testamur.jsontext import parse_object, write_json
from testamur.presenting import Asked, present
from testamur.proofs import SdJwt, decode, parse_sd_jwt
from testamur.proofs.sd_jwt import make_disclosure, read_disclosure
from tests.checks.wallet_records import ASKED, HOLDER, show
from tests.oracle import world
from tests.oracle.mutations import mutated
from tests.oracle.token_mutations import changed_token
from tests.town import NOW
from tests.verifying.test_forms import FormTown

SLICE, FULL = 90, 20_000
COUNTS = [
    pytest.param(SLICE, 1, id="slice"),
    pytest.param(FULL, 2, id="full", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
]
STRIDES = [
    pytest.param(211, id="slice"),
    pytest.param(1, id="every byte", marks=[pytest.mark.soak, pytest.mark.timeout(7200)]),
]
SHOWN = ("vc+sd-jwt", "dc+sd-jwt", "vc+sd-jwt bound", "dc+sd-jwt bound")
BYTES = ("vc+cose", "vp+cose")


@cache
def town() -> FormTown:
    return FormTown()


@cache
def specimen(name: str) -> str:
    """A genuine document, as text; COSE as base64."""
    form, _, bound = name.partition(" ")
    if form == "vp+cose":
        record = town().make("vc+cose", algorithm="P-256")
        asked = Asked(ASKED.domain, ASKED.challenge)
        return present([record], world.holder(), form=form, asked=asked, at=NOW).text
    text = town().make(form, algorithm="P-256", holder_key=HOLDER.public_key).text
    return show(text) if bound else text


@cache
def employer(name: str):
    asks = "bound" in name or name.startswith("vp")
    return town().employer(policy=Policy(audience=ASKED if asks else None))


@cache
def genuine(name: str) -> Report:
    return employer(name).verify(decode(specimen(name)), at=NOW)


def answer(name: str, text: str | bytes) -> Report | None:
    try:
        return employer(name).verify(decode(text), at=NOW)
    except (TestamurError, ValueError):
        return None


def is_accepted(report: Report | None) -> bool:
    return report is not None and report.headline is Headline.GENUINE


@pytest.mark.parametrize("name", [*SHOWN, *BYTES])
def test_each_specimen_is_genuine_as_it_stands(name: str) -> None:
    assert genuine(name).headline is Headline.GENUINE, genuine(name).to_text()


@pytest.mark.parametrize("every", STRIDES)
@pytest.mark.parametrize("name", [*SHOWN, *BYTES])
def test_no_text_with_a_flipped_byte_is_accepted(name: str, every: int) -> None:
    raw = specimen(name).encode()
    for place in range(random.Random(name).randrange(every), len(raw), every):
        for bit in range(8):
            text = (raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]).decode("latin-1")
            assert not is_accepted(answer(name, text)), (place, bit)


@pytest.mark.parametrize("every", STRIDES)
@pytest.mark.parametrize("name", BYTES)
def test_no_cose_with_a_flipped_byte_is_accepted(name: str, every: int) -> None:
    raw = base64.b64decode(specimen(name))
    for place in range(random.Random(name).randrange(every), len(raw), every):
        for bit in range(8):
            changed = raw[:place] + bytes([raw[place] ^ 1 << bit]) + raw[place + 1 :]
            assert not is_accepted(answer(name, changed)), (place, bit)


@pytest.mark.parametrize(("count", "seed"), COUNTS)
@pytest.mark.parametrize("name", SHOWN)
def test_what_is_accepted_was_signed_and_only_leaves_things_out(name: str, count: int, seed: int) -> None:
    original = parse_sd_jwt(specimen(name))
    seen: Counter[bool] = Counter()
    for number in range(count):
        chance = random.Random(f"{name} {seed} {number}")
        act = chance.choice(ACTS)
        text = act(original, chance)
        report = answer(name, text)
        seen[is_accepted(report)] += 1
        if report is None or not is_accepted(report):
            continue
        what = f"seed {number}: {act.__name__}"
        parts = parse_sd_jwt(text.removeprefix("\ufeff").strip())
        assert parts.token == original.token, what
        assert len(set(parts.disclosures)) == len(parts.disclosures), what
        assert set(parts.disclosures) <= set(original.disclosures), what
        if "bound" in name:
            assert parts == original, what
        assert_shown_alike(genuine(name), report, what)
    assert seen[False] > count // 2
    assert "bound" in name or seen[True] > 3


def assert_shown_alike(before: Report, after: Report, what: str) -> None:
    """Each fact is told as before or not at all; of two names one may be left, and its day is never another's."""
    names = {before.facts.holder, before.facts.holder_latin, ""}
    for field in fields(Facts):
        told, was = getattr(after.facts, field.name), getattr(before.facts, field.name)
        allowed = names if field.name.startswith("holder") else {was, ""}
        assert told in allowed, f"{what}: {field.name} is now {told!r}"
    proof, signed = after.check("proof"), before.check("proof")
    assert proof
    assert signed
    less = f"{signed.sentence}; its holder may have left members out"
    assert proof.outcome is signed.outcome, what
    assert proof.sentence in (signed.sentence, less), what
    for name in ("dates", "status", "issuer", "holder"):
        assert after.check(name) == before.check(name), what


def leave_out(parts: SdJwt, chance: random.Random) -> str:
    kept = tuple(text for text in parts.disclosures if chance.random() < 0.6)
    return SdJwt(parts.token, kept, parts.key_binding).text


def put_in_another_order(parts: SdJwt, chance: random.Random) -> str:
    mixed = chance.sample(parts.disclosures, len(parts.disclosures))
    return SdJwt(parts.token, tuple(mixed), parts.key_binding).text


def repeat_one(parts: SdJwt, chance: random.Random) -> str:
    return SdJwt(parts.token, (*parts.disclosures, chance.choice(parts.disclosures)), parts.key_binding).text


def add_one(parts: SdJwt, chance: random.Random) -> str:
    one = make_disclosure(chance.choice(("name", "exp", "iss", "_sd", "award", None)), "Thief", "c2FsdA")
    place = chance.randrange(len(parts.disclosures) + 1)
    return SdJwt(
        parts.token, (*parts.disclosures[:place], one.text, *parts.disclosures[place:]), parts.key_binding
    ).text


def change_one(parts: SdJwt, chance: random.Random) -> str:
    place = chance.randrange(len(parts.disclosures))
    said = read_disclosure(parts.disclosures[place])
    value, _ = mutated({"value": said.value}, chance)
    one = make_disclosure(said.name, value.get("value"), "c2FsdA").text
    return SdJwt(
        parts.token, (*parts.disclosures[:place], one, *parts.disclosures[place + 1 :]), parts.key_binding
    ).text


def write_one_anew(parts: SdJwt, chance: random.Random) -> str:
    place = chance.randrange(len(parts.disclosures))
    spaced = decode_base64url(parts.disclosures[place]).decode().replace(",", ", ", 1).encode()
    one = encode_base64url(spaced)
    return SdJwt(
        parts.token, (*parts.disclosures[:place], one, *parts.disclosures[place + 1 :]), parts.key_binding
    ).text


def change_the_token(parts: SdJwt, chance: random.Random) -> str:
    text, _ = changed_token(parts.token, chance)
    return SdJwt(text, parts.disclosures, parts.key_binding).text


def change_the_binding(parts: SdJwt, chance: random.Random) -> str:
    if not parts.key_binding:
        return SdJwt(parts.token, parts.disclosures, parts.token).text
    text, _ = changed_token(parts.key_binding, chance)
    return SdJwt(parts.token, parts.disclosures, text).text


def show_a_digest(parts: SdJwt, chance: random.Random) -> str:
    """A digest or decoy put where a disclosure should be, and a payload with its digests taken out."""
    header, payload, signature = parts.token.split(".")
    claims = parse_object(decode_base64url(payload))
    claims.pop(chance.choice(list(claims)))
    token = f"{header}.{encode_base64url(write_json(claims).encode())}.{signature}"
    return SdJwt(token, parts.disclosures, parts.key_binding).text


def write_otherwise(parts: SdJwt, chance: random.Random) -> str:
    text = parts.text
    ways = (f" {text}\n", f"{text}~", f"~{text}", text.replace("~", "~~", 1), text.removesuffix("~"), f"\ufeff{text}",
            f"{parts.token}~{'~'.join(reversed(parts.disclosures))}~{parts.key_binding}", text * 2, parts.token)  # fmt: skip
    return str(chance.choice(ways))


ACTS = (
    leave_out, leave_out, put_in_another_order, repeat_one, add_one, change_one, write_one_anew, change_the_token,
    change_the_binding, show_a_digest, write_otherwise,
)  # fmt: skip
