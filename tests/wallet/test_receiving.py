"""What comes into a wallet: verified, kept as it came, told what it is worth."""

import io
import json
import zipfile

import pytest

from testamur.errors import EvidenceUnusable, Malformed, OperatorError
from testamur.jsontext import write_json
from testamur.papercode import encode
from testamur.presenting import holder_signer, present
from testamur.render import bake_png, make_qr
from testamur.vault import Contents
from testamur.wallet.exporting import export_bundle
from testamur.wallet.holder_keys import holder_signer_of, is_bound, new_key
from testamur.wallet.receiving import receive, receive_documents
from testamur.wallet.records import find_record, removed, told
from testamur.wallet.refreshing import fetch_corrected, refresh, refresh_address, runs_out
from testamur.wallet.sharing import share
from tests.town import NOW, Town, key
from tests.wallet.people import received, sd_jwt_vc


@pytest.fixture
def town() -> Town:
    return Town()


def take(town: Town, data: bytes, name: str = "diploma", contents: Contents | None = None, **options):
    return receive(contents or Contents(), data, name, town.employer(), at=NOW, **options)


def test_a_diploma_is_kept_to_the_letter_with_its_answer(town):
    full = town.school.issue()
    receipt = take(town, full.text.encode(), "diploma.json")
    (record,) = receipt.taken
    assert record.forms[0].text == full.text
    assert (told(record).headline, told(record).holder, told(record).issuer) == (
        "genuine",
        "ሰላም ተስፋዬ",
        "Universidad de Valdoria",
    )
    assert record.looks[0].at == "2026-09-01T12:00:00Z"
    assert "credential" not in record.looks[0].report
    assert [event.act for event in receipt.contents.history] == ["received"]
    assert receipt.contents.contacts[0].id == town.school.did


def test_the_forms_of_one_record_are_one_record_whatever_they_come_in(town):
    full, paper = town.school.issue(), town.school.issue_paper()
    contents = take(town, full.text.encode()).contents
    code = make_qr(encode(paper.text, town.school.host)).png()
    contents = take(town, code, "code.png", contents).contents
    picture = bake_png(make_qr("x").png(), full.text)
    receipt = take(town, picture, "badge.png", contents)
    (record,) = receipt.contents.records
    assert [form.format for form in record.forms] == ["ldp_vc", "vc+jwt"]
    assert [each.name for each in record.enclosures] == ["code.png", "badge.png"]
    assert not receipt.taken
    assert receipt.known


def test_an_archive_gives_all_it_holds_and_tells_what_it_refuses(town):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("one.json", town.school.issue().text)
        archive.writestr("two.json", town.school.issue(town.school.diploma(index=8)).text)
        archive.writestr("forged.json", town.school.issue().text.replace("17.5", "19.5"))
        archive.writestr("notes.txt", "hello")
    receipt = take(town, file.getvalue(), "all.zip")
    assert len(receipt.taken) == 2
    assert any("not genuine" in reason for reason in receipt.refused)
    assert any("notes.txt" in reason for reason in receipt.refused)


def test_what_cannot_be_told_is_kept_and_marked_and_a_forgery_only_when_asked_for(town):
    stranger = town.school.issue()
    town.web.pages.pop(town.school.list_url)
    receipt = take(town, stranger.text.encode())
    assert told(receipt.taken[0]).headline == "cannot_tell"
    forged = stranger.text.replace("17.5", "19.5").encode()
    assert not take(town, forged).taken
    assert told(take(town, forged, keep_forged=True).taken[0]).headline == "not_genuine"


def test_a_presentation_made_for_somebody_else_is_no_record(town):
    shown = present([town.school.issue()], holder_signer(key("selam")), at=NOW)
    receipt = take(town, shown.text.encode())
    assert not receipt.taken
    assert "somebody else" in receipt.refused[0]


@pytest.mark.parametrize("junk", [b"", b"hello", b"{}", b'{"a": 1}', b"%PDF-1.7", b"PK\x03\x04", b"[[[["])
def test_what_holds_no_record_is_told(town, junk):
    try:
        receipt = take(town, junk)
    except Malformed:
        return
    assert not receipt.taken
    assert receipt.refused


def test_the_exports_of_other_wallets_are_taken_in(town):
    full, paper = town.school.issue(), town.school.issue_paper(town.school.diploma(index=8))
    universal = {"@context": ["https://w3id.org/wallet/v1"], "contents": [json.loads(full.text)]}
    backup = {
        "profileMetadata": {"data": {"profileName": "Selam"}},
        "credentialRecords": [{"rawCredential": full.text}, {"rawCredential": paper.text}],
    }
    assert len(take(town, write_json(universal).encode(), "wallet.json").taken) == 1
    assert len(take(town, write_json(backup).encode(), "backup.json").taken) == 2
    assert len(take(town, write_json([json.loads(full.text), paper.text]).encode()).taken) == 2
    locked = {"credential": {"ciphertext": "x", "recipients": []}}
    with pytest.raises(Malformed, match="locked"):
        take(town, write_json(locked).encode())


def test_our_own_bundle_brings_records_answers_and_history_back(town):
    contents = received(town, town.school.issue().text, sd_jwt_vc(town.school, None).text)
    contents = share(contents, contents.records[0], "qr", to="Hotel", why="a job", at=NOW).contents
    data = export_bundle(contents, at=NOW)
    receipt = take(town, data, "bundle.zip")
    assert {f.text for r in receipt.contents.records for f in r.forms} == {
        f.text for r in contents.records for f in r.forms
    }
    assert [event.act for event in receipt.contents.history].count("shared") == 1
    assert receipt.contents.records[0].looks[0] == contents.records[0].looks[0]
    again = take(town, data, "bundle.zip", receipt.contents)
    assert not again.taken
    assert len(again.contents.records) == 2
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert not any("key" in name for name in archive.namelist())
        manifest = json.loads(archive.read("wallet.json"))
    assert manifest["records"][0]["name"] == "Bachelor of Science"


def _bundle(manifest: object, **files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(
            "wallet.json", json.dumps({"format": "testamur wallet bundle 1", "records": manifest})
        )
        for name, data in files.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_a_bundle_that_names_one_file_many_times_is_read_once(town, monkeypatch):
    forms = {"forms": [{"file": "one"}] * 1000}
    data = _bundle([forms] * 100, one=town.school.issue().text.encode())
    verified = []
    real = type(town.employer()).verify

    def verify(self, document, **options):
        verified.append(document)
        return real(self, document, **options)

    monkeypatch.setattr(type(town.employer()), "verify", verify)
    assert len(take(town, data).taken) == 1
    assert len(verified) < 5


def test_a_bundle_whose_names_are_no_texts_is_told(town):
    data = _bundle([{"forms": [{"file": []}, {"file": {"a": 1}}], "files": [{"file": 1}]}, 1, None])
    receipt = take(town, data)
    assert not receipt.taken
    assert receipt.refused == ("'' is not in the bundle",)


def test_a_forgery_that_is_kept_changes_no_record_that_is_there(town):
    full = town.school.issue()
    contents = received(town, full.text)
    forged = full.text.replace("17.5 of 20", "19.9 of 20")
    receipt = take(town, forged.encode(), contents=contents, keep_forged=True)
    genuine, other = receipt.contents.records
    assert genuine == contents.records[0]
    assert told(other).headline == "not_genuine"


def test_a_bundle_that_lies_is_verified_all_the_same(town):
    contents = received(town, town.school.issue().text)
    data = export_bundle(contents, at=NOW)
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"17.5 of 20", b"19.9 of 20"))
    receipt = take(town, file.getvalue(), "bundle.zip")
    assert not receipt.taken
    assert any("not genuine" in reason for reason in receipt.refused)


def test_a_corrected_copy_takes_the_place_of_the_replaced_one(town):
    contents = received(town, town.school.issue().text)
    town.school.set_bits["revocation"][7] = "replaced"
    town.school.publish()
    contents, changes = refresh(contents, town.employer(), at=NOW)
    assert [(change.before, change.now) for change in changes] == [("genuine", "replaced")]
    document = town.school.diploma(index=8)
    document["credentialSubject"]["licenseNumber"] = "VU-2026-0007"
    receipt = take(town, town.school.issue(document).text.encode(), contents=contents)
    old, new = receipt.contents.records
    assert (old.replaced_by, new.replaces) == (new.id, old.id)
    assert "replaced" in [event.act for event in receipt.contents.history]


def test_another_record_never_takes_the_place_of_one_that_stands(town):
    contents = received(town, town.school.issue().text)
    document = town.school.diploma(index=8)
    document["credentialSubject"]["licenseNumber"] = "VU-2026-0007"
    receipt = take(town, town.school.issue(document).text.encode(), contents=contents)
    assert not any(record.replaced_by for record in receipt.contents.records)


def test_a_corrected_copy_is_fetched_where_the_record_says(town):
    address = "https://diplomas.valdoria.example/records/7/newest"
    service = {
        "id": address,
        "type": "https://purl.imsglobal.org/spec/vc/ob/vocab.html#1EdTechCredentialRefresh",
    }
    contents = received(town, town.school.issue(town.school.diploma(refreshService=service)).text)
    (record,) = contents.records
    assert refresh_address(record) == address
    town.school.set_bits["revocation"][7] = "replaced"
    town.school.publish()
    contents, _ = refresh(contents, town.employer(), at=NOW)
    with pytest.raises(EvidenceUnusable):
        fetch_corrected(contents, contents.records[0], town.employer(), town.web, at=NOW)
    corrected = town.school.diploma(index=8)
    corrected["credentialSubject"]["licenseNumber"] = "VU-2026-0007"
    town.web.pages[address] = town.school.issue(corrected).text.encode()
    receipt = fetch_corrected(contents, contents.records[0], town.employer(), town.web, at=NOW)
    assert receipt.taken[0].replaces == record.id


def test_without_a_network_an_older_answer_is_not_forgotten(town):
    contents = received(town, town.school.issue().text)
    town.web.pages.pop(town.school.list_url)
    contents, changes = refresh(contents, town.employer(), at=NOW)
    assert not changes
    assert told(contents.records[0]).headline == "genuine"


def test_answers_do_not_pile_up_and_the_first_is_kept(town):
    contents = received(town, town.school.issue().text)
    first = contents.records[0].looks[0]
    for _ in range(20):
        contents, _ = refresh(contents, town.employer(), at=NOW)
    assert len(contents.records[0].looks) == 12
    assert contents.records[0].looks[0] == first


def test_what_ends_soon_is_told(town):
    ends = town.school.issue(town.school.diploma(validUntil="2026-10-01T00:00:00Z"))
    later = town.school.issue(town.school.diploma(index=8, validUntil="2030-10-01T00:00:00Z"))
    contents = received(town, ends.text, later.text)
    assert [runs_out(record, NOW) for record in contents.records] == [True, False]


@pytest.mark.parametrize("method", ["did:key", "did:jwk", "jwk"])
@pytest.mark.parametrize("algorithm", ["P-256", "Ed25519"])
def test_each_relation_has_a_key_of_its_own_and_a_record_finds_it(town, method, algorithm):
    contents, first = new_key(Contents(), "https://one.example", at=NOW, method=method, algorithm=algorithm)
    contents, second = new_key(contents, "https://two.example", at=NOW, method=method, algorithm=algorithm)
    assert first.secret != second.secret
    form = sd_jwt_vc(town.school, second)
    receipt = receive_documents(contents, [form], town.employer(), at=NOW, source="offer of x")
    assert receipt.taken[0].forms[0].key == second.id
    assert is_bound(form)
    assert not is_bound(sd_jwt_vc(town.school, None))
    signer = holder_signer_of(second)
    if second.name:
        found = town.employer().resolver.method(signer.verification_method, "authentication", None)
        assert found.public_key == signer.public_key


def test_a_record_is_found_by_number_id_and_words_and_taken_out(town):
    other = town.school.diploma(index=8, name="Master of Arts")
    other["credentialSubject"]["achievement"]["name"] = "Master of Arts"
    contents = received(town, town.school.issue().text, town.school.issue(other).text)
    first, second = contents.records
    assert find_record(contents, "2") == find_record(contents, "master") == find_record(contents, second.id)
    for name in ("3", "of", "nothing", ""):
        with pytest.raises(OperatorError):
            find_record(contents, name)
    left = removed(contents, first.id, at=NOW)
    assert left.records == (second,)
    assert left.history[-1].more["names"] == ["Bachelor of Science"]


def test_a_copy_that_shows_more_takes_the_place_of_one_that_shows_less(town):
    whole = sd_jwt_vc(town.school, None)
    contents = received(town, whole.text.rsplit("~", 2)[0] + "~", whole.text)
    assert contents.records[0].forms[0].text == whole.text
    assert (
        received(town, whole.text, whole.text.rsplit("~", 2)[0] + "~").records[0].forms[0].text == whole.text
    )


def test_a_wallet_takes_no_more_than_it_holds(town, monkeypatch):
    monkeypatch.setattr("testamur.wallet.receiving.MAX_RECORDS", 1)
    contents = received(town, town.school.issue().text)
    receipt = take(town, town.school.issue(town.school.diploma(index=8)).text.encode(), contents=contents)
    assert "no more than" in receipt.refused[0]
