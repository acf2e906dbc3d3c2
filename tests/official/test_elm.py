"""Exports to the European Learning Model, held against its published context and samples."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from testamur.credentials import to_elm
from testamur.errors import Malformed
from tests.town import Town
from tests.transcripts.papers import filled
from tests.vectors_home import vectors

pytestmark = pytest.mark.official

Json = dict[str, Any]
VCDM = {
    "@context", "id", "type", "issuer", "credentialSubject", "credentialSchema", "issuanceDate", "validFrom",
    "expirationDate", "validUntil", "evidence", "proof",
}  # fmt: skip


def objects(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        yield value
        for name, item in value.items():
            if name != "@context":
                yield from objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from objects(item)


def context() -> Json:
    return json.loads((vectors("elm-edc") / "edc-ap-context.jsonld").read_text("utf-8"))["@context"]


def samples() -> list[Json]:
    return [json.loads(path.read_text("utf-8")) for path in vectors("elm-edc").rglob("*unsigned.jsonld")]


def exports() -> list[Json]:
    levelled = filled("am", 3)
    programme = levelled["credentialSubject"]["verifiableCredential"][0]["credentialSubject"]["achievement"]
    programme["alignment"] = [
        {"type": ["Alignment"], "targetName": "EQF level 6", "targetUrl": "https://europa.eu/europass/eqf-level-6",
         "targetFramework": "European Qualifications Framework"},
        {"type": ["Alignment"], "targetName": "Nursing and midwifery", "targetUrl": "https://data.europa.eu/snb/isced-f/0913",
         "targetFramework": "ISCED-F 2013", "targetCode": "0913"},
    ]  # fmt: skip
    return [
        to_elm(Town().school.diploma(), language="es", country="PRT"),
        to_elm(levelled, language="am", country="ETH", credits_are_ects=True),
    ]


def languages_of(context: Json) -> set[str]:
    return {
        name
        for name, term in context.items()
        if isinstance(term, dict) and term.get("@container") == "@language"
    }


def test_every_member_is_a_term_of_the_model_and_texts_are_language_maps() -> None:
    terms = context()
    by_language = languages_of(terms)
    for document in exports():
        for item in objects(document):
            if "type" not in item:
                continue
            for name, value in item.items():
                assert name in VCDM or name in terms, name
                if name in by_language:
                    assert isinstance(value, dict)
                    assert all(isinstance(text, str) and text for text in value.values()), (name, value)


def test_every_class_has_the_shape_that_the_samples_give_it() -> None:
    """A class has no member of another kind than in the samples: a concept, a note, a text."""
    shapes: dict[tuple[str, str], set[type]] = {}
    for sample in samples():
        for item in objects(sample):
            for name, value in item.items():
                for one in value if isinstance(value, list) else [value]:
                    shapes.setdefault((str(item.get("type")), name), set()).add(type(one))
    compared = 0
    for document in exports():
        for item in objects(document):
            for name, value in item.items():
                known = shapes.get((str(item.get("type")), name))
                for one in value if isinstance(value, list) else [value]:
                    if known:
                        assert type(one) in known, (item.get("type"), name)
                        compared += 1
    assert compared > 100


def test_level_field_credits_and_grades_are_told_in_the_models_own_words() -> None:
    _, transcript = exports()
    claim = transcript["credentialSubject"]["hasClaim"]
    specification = claim["specifiedBy"]
    assert specification["type"] == "Qualification"
    assert specification["eqfLevel"]["id"] == "http://data.europa.eu/snb/eqf/6"
    assert specification["thematicArea"][0]["id"] == "http://data.europa.eu/snb/isced-f/0913"
    first = claim["hasPart"][0]
    assert first["creditReceived"]["point"] == "3.5"
    assert first["provenBy"][0]["grade"]["noteLiteral"] == {"am": "A"}
    assert len(claim["hasPart"]) == 3


def test_the_file_says_that_it_is_not_sealed_and_carries_no_proof() -> None:
    for document in exports():
        assert next(iter(document["displayParameter"]["description"].values())).startswith("Not sealed")
        assert "proof" not in json.dumps(document)


def test_what_the_model_has_no_form_for_is_refused() -> None:
    with pytest.raises(Malformed, match="only Open Badges and learner records"):
        to_elm({"type": ["VerifiableCredential"]})
    with pytest.raises(Malformed, match="is no country"):
        to_elm(Town().school.diploma(), country="Portugal")
