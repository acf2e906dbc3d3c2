"""Forms of which a holder can show a part, made for a whole cohort."""

from hashlib import sha256

import pytest

from testamur import forming
from testamur.cohort.press import Press
from testamur.credentials import FURTHER_FORMS, IN_PART, Template, TemplateMistakes, facts, shipped_template
from testamur.errors import OperatorError
from testamur.forming import Terms, further_form
from testamur.issuer import form_commands
from testamur.jsontext import parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import SUITES, decode, derivation_of, parse_jws
from testamur.ways import further_forms, terms_of
from tests.cohort.sheets import CountingIssuer, cohort_of, sheet, slots_of
from tests.issuing.school import SCHOOL, SIGNER

NAMES = ("ecdsa-sd-2023", "bbs-2023")
SECRET = bytes(1) + sha256(b"a key for tests only").digest()[1:]
KEYS = {
    name: PrivateKey.from_secret(kind, SECRET)
    for name, kind in zip(NAMES, ("P-256", "BLS12-381"), strict=True)
}
SIGNERS = [SIGNER, *(LocalSigner(key, f"{SCHOOL}#{name}") for name, key in KEYS.items())]


def test_every_record_of_a_cohort_has_them_and_copies_of_them_hold():
    issuer = CountingIssuer(forms=further_forms(NAMES, SIGNERS, Terms()))
    records = Press(cohort_of("diploma"), issuer).records(
        list(sheet("diploma", 160, 3)), slots_of("diploma", 160)
    )
    assert issuer.ordinary < 130
    for record in (*records[:2], *records[-6:]):
        assert [form.name for form in record.forms] == ["full", "paper", *NAMES]
        full = parse_object(record.forms[0].text)
        for form in record.forms[2:]:
            held = decode(form.text)
            assert {**held.parsed, "proof": 0} == {**full, "proof": 0}
            copy = derivation_of(held).derive(held, ["/credentialSubject/licenseNumber"]).parsed
            proof = copy.pop("proof")
            SUITES[form.name].verify(copy, proof, KEYS[form.name].public_key)


TOKENS = ("dc+sd-jwt", "vc+sd-jwt", "vc+jwt", "vc+cose")
CELLS = ("holder", "holder_latin", "award", "result", "number", "awarded", "valid_until")


def test_every_record_of_a_cohort_is_a_token_too_and_each_says_what_its_row_says():
    """Pressed or made the ordinary way: the token of a row is genuine and has the row's words, no other row's."""
    terms = Terms(url="https://diplomas.example.edu", kind="diploma", always_shown=("holder.name",))
    issuer = CountingIssuer(forms=further_forms(TOKENS, SIGNERS, terms))
    records = Press(cohort_of("diploma"), issuer).records(
        list(sheet("diploma", 120, 3)), slots_of("diploma", 120)
    )
    assert issuer.ordinary < 110
    method = VerificationMethod(SIGNER.verification_method, SCHOOL, SIGNER.public_key)
    for record in (*records[:2], *records[-6:]):
        full = parse_object(record.forms[0].text)
        for form in record.forms[2:]:
            way = further_form(form.name).make(terms)
            opened = way.open(decode(form.text), lambda url, purpose, at: method)
            assert [each.holds for each in opened.signatures] == [True]
            told = facts(opened.claims)
            assert {name: getattr(told, name) for name in CELLS} == {
                name: getattr(facts(full), name) for name in CELLS
            }
            assert str(full["credentialStatus"]["statusListIndex"]) in write_json(opened.claims)
            if form.name.endswith("sd-jwt"):
                token = parse_object(parse_jws(form.text.partition("~")[0]).payload)
                assert told.holder in write_json(token).replace("\\u2028", "\u2028") or not told.holder
                assert not told.number or f'"{told.number}"' not in write_json(token)


def test_what_a_template_cannot_have_is_said_before_anything_is_signed():
    text = shipped_template("diploma")
    with pytest.raises(TemplateMistakes, match="holder by an id"):
        Template.load(f'forms = ["jwt_vc_json"]\n{text}')
    for wrong in ("diploma", "http://ministry.example/degree", "https://", "urn:x", "urn:UPPER:x"):
        with pytest.raises(TemplateMistakes, match="vct"):
            Template.load(f'vct = "{wrong}"\n{text}')
    named = Template.load(f'forms = ["dc+sd-jwt"]\nvct = "https://ministry.example/types/degree"\n{text}')
    assert terms_of(named, "https://school.example").vct == "https://ministry.example/types/degree"
    assert terms_of(Template.load(text), "https://school.example").vct == (
        "https://school.example/types/diploma.json"
    )


def test_the_names_of_forms_are_those_that_are_made():
    """What a template and the command line call forms is the table that makes them."""
    assert tuple(forming.FURTHER_FORMS) == FURTHER_FORMS
    assert set(form_commands.COMMANDS["form"].params[1].type.choices) == set(FURTHER_FORMS)
    assert set(IN_PART) <= set(FURTHER_FORMS)


def test_a_school_without_such_a_key_is_told_how_to_make_one():
    with pytest.raises(OperatorError) as told:
        further_forms(NAMES, [SIGNER], Terms())
    assert told.value.hint == "make one: testamur key new --for forms --algorithm P-256"
