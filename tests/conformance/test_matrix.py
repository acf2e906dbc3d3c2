"""One diploma in every form with every kind of key, checked through every door: a file, a PDF, paper, the command line, the API."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from testamur import papercode
from testamur.checks import Outcome, Policy
from testamur.cli import run
from testamur.did import Resolver
from testamur.fetch import NoNetwork
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import DataIntegrity, SelectiveDerivation, VcCose, VcJwt, VcSdJwt, decode, envelope
from testamur.scanning import examine
from testamur.vcalm.forms import showing
from testamur.verifying import Verifier
from tests.conformance.suites import REFUSED
from tests.scanning import papers
from tests.town import Town

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True)
class Copies:
    """The copy that shows everything, of a record with a base proof."""

    name: str

    def secure(self, text, signer, *, at):
        form = showing(DataIntegrity(self.name), lambda _: ["/issuer"])
        shown = [f"/{name}" for name in json.loads(text) if name not in ("@context", "issuer")]
        return SelectiveDerivation().derive(form.secure(text, signer, at=at), shown)


JOSE = ("Ed25519", "P-256", "P-384", "P-521")
FORMS = [
    *[(suite, DataIntegrity(suite), key) for suite, keys in {
        "eddsa-rdfc-2022": ["Ed25519"],
        "eddsa-jcs-2022": ["Ed25519"],
        "ecdsa-rdfc-2019": ["P-256", "P-384"],
        "ecdsa-jcs-2019": ["P-256", "P-384"],
        "mldsa44-rdfc-2024": ["ML-DSA-44"],
        "mldsa44-jcs-2024": ["ML-DSA-44"],
    }.items() for key in keys],
    *[(form.name, form, key) for form in (VcJwt(), VcSdJwt(), VcCose()) for key in JOSE],
    ("ecdsa-sd-2023", Copies("ecdsa-sd-2023"), "P-256"),
    ("bbs-2023", Copies("bbs-2023"), "BLS12-381"),
]  # fmt: skip


def signer_of(algorithm):
    private = PrivateKey.generate(algorithm)
    multikey = private.public_key.multikey
    return LocalSigner(private, f"did:key:{multikey}#{multikey}")


def diploma(did):
    """The town's diploma by an issuer whose key is its name, so that every door can find it."""
    document = Town().school.diploma()
    del document["credentialStatus"]
    issuer = document["issuer"]
    named = issuer | {"id": did} if isinstance(issuer, dict) else did
    return document | {"issuer": named, "validFrom": "2026-07-01T00:00:00Z"}


@pytest.fixture(scope="module", params=FORMS, ids=lambda case: f"{case[0]} {case[2]}")
def signed(request):
    _, form, algorithm = request.param
    signer = signer_of(algorithm)
    document = diploma(signer.verification_method.partition("#")[0])
    return form.secure(write_json(document), signer, at=NOW - timedelta(seconds=5))


@pytest.fixture(scope="module")
def verifier():
    offline = NoNetwork()
    return Verifier(Resolver(offline), offline, (), Policy())


def told(report):
    return report.headline.value, report.facts.holder, report.facts.award, report.facts.number


def expected(signed, verifier):
    report = verifier.verify(decode(signed.text), at=NOW)
    assert report.outcome("proof") is Outcome.PASSED, report.to_text()
    is_copy = any(name in signed.text for name in ("ecdsa-sd-2023", "bbs-2023"))
    # of a copy without a status nobody can know whether its holder left it out
    assert report.headline.value == ("cannot_tell" if is_copy else "issuer_unlisted")
    assert report.facts.holder == "ሰላም ተስፋዬ"
    return told(report)


def test_a_file_and_an_attachment_say_the_same(signed, verifier):
    wanted = expected(signed, verifier)
    text = signed.text.encode()
    suffix = "json" if signed.format.startswith("ldp") else "txt"
    (report,) = examine(text, verifier, at=NOW, source="diploma").reports
    assert told(report) == wanted
    sheet = papers.pdf(attachments={f"credential.{suffix}": text})  # a blank page leaves a doubt of its own
    (report,) = examine(sheet, verifier, at=NOW, source="diploma.pdf").reports
    assert report.outcome("proof") is Outcome.PASSED
    assert told(report)[1:] == wanted[1:]


def test_the_command_line_says_the_same(signed, verifier, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "diploma").write_text(signed.text, encoding="utf-8")
    assert run(["verify", "diploma", "--json", "--offline"]) == 3
    report = json.loads(capsys.readouterr().out)
    facts = report["facts"]
    assert (report["headline"], facts["holder"], facts["award"], facts["number"]) == expected(
        signed, verifier
    )


def test_the_api_says_the_same_and_refuses_what_was_changed(signed, server):
    sent = json.loads(signed.text) if signed.format.startswith("ldp") else envelope(signed)
    assert server.verify(sent).json == {"verified": True}  # which excuses a status that is not shown
    if signed.format.startswith("ldp"):
        changed = sent | {"name": "Another award"}
    else:
        half = len(sent["id"]) // 2
        changed = sent | {
            "id": sent["id"][:half] + ("B" if sent["id"][half] == "A" else "A") + sent["id"][half + 1 :]
        }
    assert server.verify(changed).status in REFUSED


@pytest.mark.parametrize("algorithm", ["Ed25519", "P-256"])
def test_a_code_on_paper_says_the_same(verifier, algorithm):
    """An extract in a code; other forms and longer signatures do not fit on paper."""
    signer = signer_of(algorithm)
    document = diploma(signer.verification_method.partition("#")[0])
    token = VcJwt(extract=True).secure(write_json(document), signer, at=NOW - timedelta(seconds=5))
    photo = papers.saved(papers.page(papers.code(papercode.encode(token.text, papers.HOST))))
    (report,) = examine(photo, verifier, at=NOW, source="photo.png").reports
    assert told(report) == expected(token, verifier)
