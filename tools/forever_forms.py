"""The further forms of one record, copies and presentations of them, for ``tools/forever.py``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from testamur.checks import Headline
from testamur.credentials import IN_PART, Template, disclosures, shipped_template
from testamur.forming import FURTHER_FORMS, Terms, file_of, further_form
from testamur.issuing import Draft, Issuer
from testamur.keys import LocalSigner
from testamur.presenting import Asked, present
from testamur.proofs import SecuredDocument, decode, derivation_of
from testamur.store import REVOCATION, Ledger, Record
from testamur.ways import further_forms, second_proofs, terms_of

FORM_KEYS = {"forms-1": "P-256", "forms-2": "BLS12-381", "forms-3": "ML-DSA-44"}
ASKED = Asked("https://employer.example", "for ever")
SECOND = ("mldsa44-rdfc-2024", "mldsa44-jcs-2024")
SHOWN = ("holder.name", "name", "number", "result")  # places, and claims of an SD-JWT VC

Input = tuple[str, tuple[bytes, Headline]]


class School(Protocol):
    """What ``forever.School`` has."""

    ledger: Ledger
    did: str
    url: str
    name: str

    def signer(self, name: str) -> LocalSigner:
        """The key of a name."""
        ...


def further_inputs(
    school: School, holder: LocalSigner, row: dict[str, str], *, at: datetime, shown_at: datetime
) -> Iterator[Input]:
    """A diploma with a second proof in every further form, what its holder makes of it, and one that was revoked."""
    record = _issue(school, holder, row, "1", SECOND[0], at)
    for name in FURTHER_FORMS:
        is_base = bool(FURTHER_FORMS[name].algorithm)
        headline = Headline.CANNOT_TELL if is_base else Headline.GENUINE  # a base proof is for its holder
        yield f"further.{_suffix(name)}", (_file(record, name), headline)
    yield "further.mldsa44-rdfc-2024.json", (_file(record, "full"), Headline.GENUINE)
    other = _issue(school, holder, row, "2", SECOND[1], at)
    yield "further.mldsa44-jcs-2024.json", (_file(other, "full"), Headline.GENUINE)
    copies = {name: _copy(_held(record, name)) for name in FURTHER_FORMS if name in IN_PART}
    for name, copy in copies.items():
        yield f"copy.{_suffix(name)}", (file_of(copy.format, copy.text), Headline.GENUINE)
    yield from _answers(record, copies, holder, shown_at)
    gone = _issue(school, holder, row, "3", SECOND[0], at)
    school.ledger.set_status(gone.id, REVOCATION, True, reason="issued_in_error", at=at + timedelta(days=9))
    for name in FURTHER_FORMS:
        if not FURTHER_FORMS[name].algorithm:
            yield f"revoked.{_suffix(name)}", (_file(gone, name), Headline.REVOKED)


def _answers(
    record: Record, copies: dict[str, SecuredDocument], holder: LocalSigner, at: datetime
) -> Iterator[Input]:
    """What the holder sends to one who asked, in each form that a presentation has."""
    shown = {
        "ldp_vp": [copies["ecdsa-sd-2023"], copies["bbs-2023"], _held(record, "full")],
        "vp+jwt": [_held(record, "vc+jwt"), _held(record, "vc+cose"), _held(record, "vc+sd-jwt")],
        "vp+cose": [_held(record, "vc+cose")],
        "vp+sd-jwt": [_held(record, "vc+jwt")],
        "sd-jwt": [copies["dc+sd-jwt"]],
    }
    for form, records in shown.items():
        made = present(records, holder, form=form, asked=ASKED, at=at)
        suffix = form.removeprefix("vp+") if form != "ldp_vp" else "json"
        name = "answer.dc.sd-jwt" if form == "sd-jwt" else f"answer.vp.{suffix}"
        yield name, (file_of(made.format, made.text), Headline.GENUINE)


def _issue(
    school: School, holder: LocalSigner, row: dict[str, str], number: str, second: str, at: datetime
) -> Record:
    """A record in every form, about the holder of this key."""
    column = '[[column]]\nname = "holder"\ngoes_to = "holder.id"\nrequired = true\n'
    template = Template.load(f"{shipped_template('diploma')}\n{column}")
    did = holder.verification_method.partition("#")[0]
    signers = [school.signer(name) for name in ("key-1", *FORM_KEYS)]
    terms = terms_of(template, school.url)
    issuer = Issuer(
        signers[0],
        school.ledger,
        school.did,
        f"{school.url}/status",
        second_proofs=second_proofs(second, signers),
        forms=(
            *further_forms([name for name in FURTHER_FORMS if name != "dc+sd-jwt"], signers, terms),
            *further_forms(["dc+sd-jwt"], signers, _with_key(terms, holder)),
        ),
    )
    document = template.fill(
        row | {"holder": did, "diploma_number": f"2026/F{number}"}, line=2, issuer_id=school.did,
        issuer_name=school.name, issuer_url=school.url, at=at, record_id=f"{school.url}/records/further-{number}",
    )  # fmt: skip
    draft = Draft(document=document, at=at, paper=template.paper_document, template="diploma")
    return issuer.issue_batch([draft])[0]


def _with_key(terms: Terms, holder: LocalSigner) -> Terms:
    return replace(terms, holder_key=holder.public_key)


def _copy(held: SecuredDocument) -> SecuredDocument:
    """A copy that shows a name, the number and the results."""
    way = derivation_of(held)
    chosen = [each for each in disclosures(way.read(held)) if each.place.startswith(SHOWN)]
    return way.derive(held, [pointer for each in chosen for pointer in each.pointers])


def _held(record: Record, name: str) -> SecuredDocument:
    form = record.form(name)
    assert form is not None
    return decode(form.text)


def _file(record: Record, name: str) -> bytes:
    form = record.form(name)
    assert form is not None
    return file_of(form.format, form.text)


def _suffix(name: str) -> str:
    return further_form(name).suffix
