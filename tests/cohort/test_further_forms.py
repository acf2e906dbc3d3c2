"""Forms of which a holder can show a part, made for a whole cohort."""

from hashlib import sha256

import pytest

from testamur.cohort.press import Press
from testamur.errors import OperatorError
from testamur.jsontext import parse_object
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import SUITES, decode, derivation_of
from testamur.ways import further_forms
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
    issuer = CountingIssuer(forms=further_forms(NAMES, SIGNERS, None))
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


def test_a_school_without_such_a_key_is_told_how_to_make_one():
    with pytest.raises(OperatorError) as told:
        further_forms(NAMES, [SIGNER], None)
    assert told.value.hint == "make one: testamur key new --for forms --algorithm P-256"
