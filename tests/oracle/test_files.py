"""Files that carry a record, with the record in them or the file itself changed."""

from __future__ import annotations

import json
import random
from functools import cache

import pytest

from testamur.checks import Report
from testamur.encoding import digest_multibase
from testamur.errors import TestamurError
from testamur.jsontext import Json, write_json
from testamur.papercode import encode
from testamur.proofs import DataIntegrity, VcJwt
from testamur.render import Enclosed, badge_picture, badge_png, bake_png, bake_svg, page_fields, pdf
from testamur.scanning import examine
from tests.oracle import world
from tests.oracle.judging import assert_same_signed, assert_shown_alike, check_document, is_accepted
from tests.oracle.mutations import mutated
from tests.oracle.specimens import Specimen, specimens
from tests.render.pages import CREST, look
from tests.town import GRADUATION, NOW

LOOK = look("am")


def counts(few: int, many: int) -> list[object]:
    soak = [pytest.mark.soak, pytest.mark.timeout(7200)]
    return [pytest.param(few, 1, id="slice"), pytest.param(many, 2, id="full", marks=soak)]


def opened(data: bytes) -> Report | None:
    """The one report on a file; None where it holds no record or several."""
    try:
        reports = examine(data, world.employer(), at=NOW, source="").reports
    except TestamurError:
        return None
    return reports[0] if len(reports) == 1 else None


def baked(kind: str, text: str) -> bytes:
    """A badge with a text in it."""
    if kind == "png":
        return bake_png(badge_png(LOOK, "Biology"), text)
    return bake_svg(badge_picture(LOOK, "Biology"), text).encode()


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize(("count", "seed"), counts(40, 20_000))
def test_a_badge_with_a_changed_record_is_accepted_only_if_it_says_the_same(
    kind: str, count: int, seed: int
) -> None:
    specimen = specimens("eddsa-rdfc-2022")[0]
    for number in range(count):
        chance = random.Random(f"{kind} {seed} {number}")
        document, done = mutated(specimen.claims, chance)
        text = json.dumps(document, ensure_ascii=False)
        report = opened(baked(kind, text))
        if report is not None and is_accepted(report):
            check_document(specimen, text, report, f"seed {number}: {done}")


@pytest.mark.parametrize("kind", ["png", "svg"])
@pytest.mark.parametrize(("count", "seed"), counts(60, 20_000))
def test_a_badge_with_flipped_bytes_is_accepted_only_if_it_shows_the_same(
    kind: str, count: int, seed: int
) -> None:
    specimen = specimens("eddsa-rdfc-2022")[0]
    whole = baked(kind, specimen.text)
    assert is_accepted(opened(whole))
    for number in range(count):
        report = opened(_flipped(whole, random.Random(f"{kind} {seed} {number}")))
        if report is not None and is_accepted(report):
            assert_shown_alike(specimen.report(), report, f"seed {number}")


@cache
def page() -> tuple[Specimen, Enclosed]:
    """A diploma as it is printed: the record, and what is attached to its page."""
    school = world.town().school
    related = {
        "id": f"https://{school.host}/look.json",
        "digestMultibase": digest_multibase(LOOK.text.encode()),
    }
    document = school.diploma(relatedResource=[related])
    extract = {name: value for name, value in document.items() if name != "relatedResource"}
    full = DataIntegrity().secure(write_json(document), world.signer("Ed25519"), at=GRADUATION).text
    paper = VcJwt(extract=True).secure(write_json(extract), world.signer("Ed25519"), at=GRADUATION).text
    return Specimen("a page", full), Enclosed(full, paper, encode(paper, "verify.example"), CREST)


def printed(shown: Json, enclosed: Enclosed) -> bytes:
    return pdf(page_fields(shown, LOOK), LOOK, enclosed)


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seed"), counts(8, 1_000))
def test_a_page_with_a_changed_record_attached_is_accepted_only_if_it_says_the_same(
    count: int, seed: int
) -> None:
    specimen, enclosed = page()
    assert is_accepted(opened(printed(specimen.claims, enclosed)))
    for number in range(count):
        document, done = mutated(specimen.claims, random.Random(f"page {seed} {number}"))
        other = Enclosed(json.dumps(document), enclosed.paper, enclosed.code, CREST)
        report = opened(printed(specimen.claims, other))
        if report is not None and is_accepted(report):
            assert_same_signed(specimen.claims, document, f"seed {number}: {done}")
            assert_shown_alike(specimen.report(), report, f"seed {number}: {done}")


@pytest.mark.slow
@pytest.mark.parametrize(("count", "seed"), counts(8, 1_000))
def test_a_page_with_flipped_bytes_is_accepted_only_if_it_shows_the_same(count: int, seed: int) -> None:
    specimen, enclosed = page()
    whole = printed(specimen.claims, enclosed)
    for number in range(count):
        report = opened(_flipped(whole, random.Random(f"bytes {seed} {number}")))
        if report is not None and is_accepted(report):
            assert_shown_alike(specimen.report(), report, f"seed {number}")


@pytest.mark.slow
def test_a_page_that_prints_another_fact_than_the_one_attached_is_not_accepted() -> None:
    specimen, enclosed = page()
    subject = specimen.claims["credentialSubject"]
    for member, value in (
        ("licenseNumber", "VU-2026-0008"),
        ("result", [{"type": ["Result"], "value": "20 of 20"}]),
    ):
        shown = specimen.claims | {"credentialSubject": subject | {member: value}}
        assert not is_accepted(opened(printed(shown, enclosed)))


def _flipped(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5))):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)
