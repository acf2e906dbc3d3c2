"""One diploma in every form of a token, with every kind of key: each verifies, and each says the same."""

from dataclasses import fields, replace

import pytest

from testamur.checks import Headline, Policy
from testamur.credentials import RECORD_KINDS, Facts, kind_metadata
from testamur.errors import Malformed, Unsupported
from testamur.forming import FURTHER_FORMS, Terms, TokenForm, further_form
from testamur.jsontext import write_json
from testamur.keys import LocalSigner, Named, PrivateKey
from testamur.proofs import PRESENTATIONS, SecuredDocument, decode, parse_sd_jwt
from testamur.scanning import examine
from testamur.status import sign_list_token, token_url
from tests.checks.wallet_records import ASKED, HOLDER, WalletTown, show
from tests.town import GRADUATION, NOW

ALGORITHMS = ("Ed25519", "P-256", "P-384", "P-521")
TOKEN_FORMS = tuple(name for name, form in FURTHER_FORMS.items() if not form.algorithm)


class FormTown(WalletTown):
    """A school with a key of each kind, whose site has what wallets look up."""

    def __init__(self) -> None:
        super().__init__()
        self.signers = {}
        for name in ALGORITHMS:
            size = {"P-384": 48, "P-521": 66}.get(name, 32)
            private = PrivateKey.from_secret(name, b"\0" + b"\x2a" * (size - 1))
            url = f"{self.school.did}#{name}"
            self.school.methods[url] = replace(
                self.school.methods[self.school.key.verification_method],
                id=url,
                public_key=private.public_key,
            )
            self.signers[name] = LocalSigner(private, url)
        self.school.publish()
        self.publish_keys()
        for kind in RECORD_KINDS:
            self.web.pages[f"{self.url}/types/{kind}.json"] = write_json(
                kind_metadata(kind, f"{self.url}/types/{kind}.json")
            ).encode()
        self.revoke()

    def revoke(self, *indexes: int) -> None:
        url = token_url(self.school.list_url, "jwt")
        signer = Named(self.school.status_key, "status-1")
        self.web.pages[url] = sign_list_token(url, dict.fromkeys(indexes, 1), signer, at=NOW).encode()
        self.school.set_bits["revocation"] = dict.fromkeys(indexes, "")
        self.school.publish()

    def make(self, form: str, document=None, algorithm: str = "Ed25519", **terms) -> SecuredDocument:
        """The record in a form, signed by the key of this kind."""
        settled = Terms(**{"url": self.url, "kind": "diploma"} | terms)
        text = write_json(document or self.diploma())
        return further_form(form).make(settled).secure(text, self.signers[algorithm], at=GRADUATION)

    def diploma(self):
        document = self.school.diploma()
        subject = document["credentialSubject"] | {"id": "did:example:holder"}
        return document | {"credentialSubject": subject, "validUntil": "2036-07-01T00:00:00Z"}


@pytest.fixture(scope="module")
def town() -> FormTown:
    return FormTown()


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("form", TOKEN_FORMS)
def test_a_diploma_in_every_form_verifies_and_says_the_same(
    town: FormTown, form: str, algorithm: str
) -> None:
    document = town.diploma()
    made = town.make(form, document, algorithm)
    expected = town.employer().verify(town.school.issue(document), at=NOW).facts
    (report,) = examine(made.text.encode(), town.employer(), at=NOW, source="record").reports
    assert report.headline is Headline.GENUINE, report.to_text()
    assert {check.name for check in report.checks if check.outcome == "passed"} >= {
        "form",
        "proof",
        "dates",
        "status",
        "schema",
        "issuer",
    }
    for field in fields(Facts):
        if field.name != "issuer":  # the school's site, or its DID
            assert getattr(report.facts, field.name) == getattr(expected, field.name), field.name


@pytest.mark.parametrize("form", ["dc+sd-jwt", "vc+sd-jwt"])
def test_a_learner_record_has_no_form_of_which_a_part_could_be_shown(town: FormTown, form: str) -> None:
    record = town.school.clr([town.school.course(1)])
    with pytest.raises(Unsupported, match="a learner record has no such form"):
        town.make(form, record)


@pytest.mark.parametrize("form", TOKEN_FORMS)
def test_every_form_is_revoked_with_the_record(form: str) -> None:
    town = FormTown()
    made = town.make(form)
    town.revoke(7)
    assert town.employer().verify(made, at=NOW).headline is Headline.REVOKED


@pytest.mark.parametrize("form", ["vc+sd-jwt", "dc+sd-jwt"])
def test_with_its_wallets_key_a_form_is_shown_to_whoever_asks(town: FormTown, form: str) -> None:
    made = town.make(form, holder_key=HOLDER.public_key)
    asked = town.employer(policy=Policy(audience=ASKED))
    for keep in (bool, lambda each: False):
        report = asked.verify(decode(show(made.text, keep)), at=NOW)
        assert report.headline is Headline.GENUINE, report.to_text()
    bare = asked.verify(made, at=NOW)
    assert bare.headline is Headline.NOT_GENUINE


def test_a_school_without_a_site_of_its_own_is_named_by_its_did(town: FormTown) -> None:
    made = town.make("dc+sd-jwt", url="https://www.valdoria.example/diplomas")
    assert decode(made.text).claims["iss"] == town.school.did
    report = town.employer().verify(made, at=NOW)
    assert report.outcome("proof") == "passed"


def test_nothing_personal_stands_in_the_signed_part(town: FormTown) -> None:
    for form in ("vc+sd-jwt", "dc+sd-jwt"):
        claims = write_json(decode(town.make(form).text).claims)
        for private in ("ሰላም", "Selam", "17.5", "VU-2026-0007"):
            assert private not in claims


def test_salts_are_never_the_same_and_long(town: FormTown) -> None:
    salts = set()
    for _ in range(3):
        for text in parse_sd_jwt(town.make("dc+sd-jwt").text).disclosures:
            assert len(text) > 22
            salts.add(text)
    assert len(salts) == 15


def test_unknown_forms_and_badges_without_a_holder_are_refused(town: FormTown) -> None:
    with pytest.raises(Unsupported):
        town.make("mdoc")
    with pytest.raises(Malformed, match=r"credentialSubject\.id"):
        town.make("jwt_vc_json", town.school.diploma())
    assert not set(TOKEN_FORMS) & PRESENTATIONS


def test_the_places_a_template_always_shows_are_no_choice_of_the_holder(town: FormTown) -> None:
    places = ("holder.name", "result.", "number")
    for form in ("dc+sd-jwt", "vc+sd-jwt"):
        everything, part = town.make(form), town.make(form, always_shown=places)
        bare = town.employer().verify(decode(f"{parse_sd_jwt(part.text).token}~"), at=NOW)
        assert bare.headline is Headline.GENUINE, bare.to_text()
        assert (bare.facts.holder, bare.facts.number) == ("ሰላም ተስፋዬ", "VU-2026-0007")
        assert bare.facts.result
        assert not bare.facts.holder_latin
        hidden = town.employer().verify(decode(f"{parse_sd_jwt(everything.text).token}~"), at=NOW)
        assert hidden.headline is Headline.GENUINE
        assert (hidden.facts.holder, hidden.facts.number, hidden.facts.result) == ("", "", "")


def test_a_type_of_the_ministrys_stands_in_the_token(town: FormTown) -> None:
    made = town.make("dc+sd-jwt", type_name="https://ministry.example/types/degree")
    assert made.claims["vct"] == "https://ministry.example/types/degree"


def test_a_school_knows_its_own_tokens_by_its_did(town: FormTown) -> None:
    """Before a cohort is signed the first record is verified with the school's own keys, which its DID names."""
    for form in ("dc+sd-jwt", "vc+cose", "jwt_vc_json", "vc+jwt", "vc+sd-jwt"):
        made = town.make(form)
        how = further_form(form).make(Terms(url=town.url, kind="diploma"))
        assert isinstance(how, TokenForm)
        opened = how.open(made, lambda url, purpose, at: town.school.methods[url])
        assert [each.holds for each in opened.signatures] == [True]
