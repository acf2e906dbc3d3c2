import json

import pytest

from testamur.errors import Malformed, ProofInvalid, Unsupported
from testamur.proofs import DataIntegrity
from tests.proofs.school import AT, SIGNER, SIGNERS, TEXT, find_key
from tests.proofs.test_data_integrity import opened

FIRST, SECOND = (
    "urn:uuid:00000000-0000-4000-8000-000000000001",
    "urn:uuid:00000000-0000-4000-8000-000000000002",
)


def chain(suite="eddsa-jcs-2022"):
    """The school signs, a ministry signs over that, an embassy over the ministry."""
    text = DataIntegrity(suite, proof_id=FIRST).secure(TEXT, SIGNER, at=AT).text
    text = (
        DataIntegrity("ecdsa-jcs-2019", proof_id=SECOND, previous=(FIRST,))
        .secure(text, SIGNERS["P-256"], at=AT)
        .text
    )
    made = DataIntegrity("ecdsa-jcs-2019", previous=(FIRST, SECOND)).secure(text, SIGNERS["P-384"], at=AT)
    return json.loads(made.text)


def errors(document):
    return [type(each.error) for each in opened(document).signatures]


OK = type(None)


@pytest.mark.parametrize("suite", ["eddsa-jcs-2022", "eddsa-rdfc-2022"])
def test_a_chain_of_three_holds_in_any_order(suite):
    document = chain(suite)
    assert errors(document) == [OK, OK, OK]
    document["proof"].reverse()
    assert errors(document) == [OK, OK, OK]


def test_a_link_does_not_hold_without_the_proof_it_builds_on():
    document = chain()
    document["proof"].pop(0)
    assert errors(document) == [ProofInvalid, ProofInvalid]


def test_a_link_does_not_hold_over_a_broken_proof():
    document = chain()
    document["proof"][0]["created"] = "2026-07-02T00:00:00Z"
    assert errors(document) == [ProofInvalid] * 3


def test_a_link_over_a_proof_that_cannot_be_checked_is_undecided():
    document = chain()
    document["proof"][0]["cryptosuite"] = "future-2035"
    assert errors(document) == [Unsupported] * 3


def test_a_link_cannot_be_cut_out_of_its_chain():
    document = chain()
    del document["proof"][2]["previousProof"]
    assert errors(document) == [OK, OK, ProofInvalid]


def test_proofs_that_build_on_each_other_in_a_circle_do_not_hold():
    document = chain()
    document["proof"][0]["previousProof"] = SECOND
    assert errors(document) == [ProofInvalid] * 3
    document = chain()
    document["proof"][0]["previousProof"] = FIRST
    assert errors(document) == [ProofInvalid] * 3


def test_two_proofs_with_the_same_id_are_built_on_by_none():
    document = chain()
    document["proof"].append(document["proof"][0])
    assert errors(document) == [OK, ProofInvalid, ProofInvalid, OK]


def test_a_set_of_independent_proofs_holds_each_for_itself():
    text = DataIntegrity("eddsa-jcs-2022").secure(TEXT, SIGNER, at=AT).text
    document = json.loads(DataIntegrity("ecdsa-rdfc-2019").secure(text, SIGNERS["P-384"], at=AT).text)
    assert errors(document) == [OK, OK]
    document["proof"][0]["proofValue"] = document["proof"][1]["proofValue"]
    assert errors(document) == [ProofInvalid, OK]


def test_a_set_takes_sixteen_proofs_and_no_more():
    document = json.loads(DataIntegrity("eddsa-jcs-2022").secure(TEXT, SIGNER, at=AT).text)
    document["proof"] = [document["proof"]] * 16
    assert errors(document) == [OK] * 16
    with pytest.raises(Malformed):
        DataIntegrity("eddsa-jcs-2022").secure(json.dumps(document), SIGNER, at=AT)


def test_a_proof_is_not_made_over_one_that_is_not_there():
    with pytest.raises(ProofInvalid):
        DataIntegrity("eddsa-jcs-2022", previous=(FIRST,)).secure(TEXT, SIGNER, at=AT)


def test_each_proof_asks_for_its_own_key_once():
    asked = []

    def finder(url, purpose, at):
        asked.append(url)
        return find_key(url, purpose, at)

    from testamur.proofs import decode

    DataIntegrity().open(decode(json.dumps(chain())), finder)
    assert sorted(asked) == sorted(each["verificationMethod"] for each in chain()["proof"])
