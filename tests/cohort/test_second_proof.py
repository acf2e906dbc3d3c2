"""A second proof that no quantum computer forges, on every record of a cohort."""

import re
from hashlib import sha256

import pytest

from testamur.cohort.press import Press
from testamur.errors import OperatorError, ProofInvalid
from testamur.jsontext import parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from testamur.proofs import SUITES, DataIntegrity, decode, open_document
from testamur.ways import second_proofs
from tests.cohort.sheets import CountingIssuer, by_the_library, cohort_of, sheet, slots_of, uuids
from tests.issuing.school import KEY, SCHOOL, SIGNER

SUITE = "mldsa44-rdfc-2024"
SECOND = LocalSigner(
    PrivateKey.from_secret("ML-DSA-44", sha256(b"a key for tests only").digest()), f"{SCHOOL}#form-1"
)
KEYS = {SIGNER.verification_method: KEY.public_key, SECOND.verification_method: SECOND.public_key}


def find_key(url, purpose, at):
    return VerificationMethod(url, SCHOOL, KEYS[url])


def unsigned(record):
    return [re.sub(r'"proofValue":"[^"]*"', "", form.text) for form in record.forms]


@pytest.mark.parametrize("name", ["diploma", "enrolment"])
def test_pressed_records_have_both_proofs_and_say_what_the_library_says(name):
    issuer = CountingIssuer(second_proofs=second_proofs(SUITE, (SIGNER, SECOND)))
    rows, slots = list(sheet(name, 200, 5)), slots_of(name, 200)
    records = Press(cohort_of(name), issuer, new_uuid=uuids().__next__).records(rows, slots)
    assert issuer.ordinary < 150
    for record, row, own, uuid in zip(records, rows, slots, uuids(), strict=False):
        assert unsigned(record) == unsigned(by_the_library(issuer, cohort_of(name), row, own, uuid))
    for record in records[-20:]:
        opened = open_document(decode(record.forms[0].text), find_key)
        assert [(each.algorithm, each.holds) for each in opened.signatures] == [
            ("eddsa-rdfc-2022", True),
            (SUITE, True),
        ]


def test_a_verifier_that_does_not_know_the_second_suite_sees_one_good_proof_and_names_the_other():
    issuer = CountingIssuer(second_proofs=second_proofs(SUITE, (SIGNER, SECOND)))
    (record,) = Press(cohort_of("badge"), issuer).records(list(sheet("badge", 1, 1)), slots_of("badge", 1))
    fewer = {name: suite for name, suite in SUITES.items() if "mldsa" not in name}
    opened = open_document(decode(record.forms[0].text), find_key, {"ldp_vc": DataIntegrity(suites=fewer)})
    assert [each.holds for each in opened.signatures] == [True, False]
    assert "not supported" in str(opened.signatures[1].error)


def test_a_second_proof_that_was_changed_fails_the_record_although_the_first_holds():
    issuer = CountingIssuer(second_proofs=second_proofs(SUITE, (SIGNER, SECOND)))
    (record,) = Press(cohort_of("badge"), issuer).records(list(sheet("badge", 1, 1)), slots_of("badge", 1))
    document = parse_object(record.forms[0].text)
    value = document["proof"][1]["proofValue"]
    document["proof"][1]["proofValue"] = value[:9] + ("A" if value[9] != "A" else "B") + value[10:]
    first, second = open_document(decode(write_json(document)), find_key).signatures
    assert first.holds
    assert isinstance(second.error, ProofInvalid)


def test_a_school_without_such_a_key_is_told_how_to_make_one():
    with pytest.raises(OperatorError) as told:
        second_proofs(SUITE, (SIGNER,))
    assert told.value.hint == "make one: testamur key new --for forms --algorithm ML-DSA-44"
