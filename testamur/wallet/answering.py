"""Answering a request: what she has that answers it, what the other side would see, and the answer, noted before it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from testamur.errors import TestamurError
from testamur.openid4vp import (
    Answer,
    Asked,
    Candidate,
    Match,
    Matches,
    RequestRefused,
    answer,
    candidate,
    is_encrypted,
    match,
    shown_names,
    warnings,
)
from testamur.proofs import decode
from testamur.vault import Contents, HeldForm, HeldRecord
from testamur.wallet.holder_keys import holder_signer_of, is_bound, new_key
from testamur.wallet.records import met, noted


@dataclass(frozen=True, slots=True)
class Offered:
    """A request held against what is in the wallet; nothing of it has left yet."""

    contents: Contents  # with the key for this relation, where one was made
    asked: Asked
    matches: Matches

    def warnings(self, chosen: Mapping[str, Sequence[Match]]) -> list[str]:
        """What she is told before she answers, the weightiest first."""
        return warnings(self.asked, [each for picked in chosen.values() for each in picked])

    def record(self, one: Match) -> HeldRecord | None:
        """The record that a match is about."""
        return self.contents.record(one.candidate.id.partition("#")[0])


def offer(contents: Contents, asked: Asked, *, at: datetime) -> Offered:
    """What of the wallet answers a request; records that nobody's key is in are shown with a key for this relation."""
    contents, candidates = candidates_of(contents, asked.request.client_id, at=at)
    return Offered(contents, asked, match(asked.request.query, candidates))


def candidates_of(contents: Contents, relation: str, *, at: datetime) -> tuple[Contents, list[Candidate]]:
    """Every form in the wallet that could be shown to somebody, with what would sign for its holder."""
    found: list[Candidate] = []
    relative = next((key for key in contents.keys if key.relation == relation), None)
    for record in contents.records:
        for number, form in enumerate(record.forms):
            try:
                document = decode(form.text, media_type=form.media_type)
                one = candidate(f"{record.id}#{number}", document)
            except TestamurError:  # kept as "cannot tell", and not readable: it answers nothing
                continue
            is_free = not form.key and not is_bound(document) and not form.format.endswith("+sd-jwt")
            if is_free and relative is None:
                contents, relative = new_key(contents, relation, at=at, algorithm="P-256")
            key = contents.key(form.key) if form.key else relative if is_free else None
            found.append(replace(one, signer=holder_signer_of(key) if key else None))
    return contents, found


def prepare(
    offered: Offered, chosen: Mapping[str, Sequence[Match]], *, at: datetime, why: str = ""
) -> tuple[Contents, Answer]:
    """The answer, and the content whose history tells of it; keep the content, then send.

    Raises RequestRefused where what was chosen does not answer what is asked.
    """
    made = answer(offered.asked.request, offered.matches, chosen, at=at)
    asked = offered.asked
    picked = [each for several in chosen.values() for each in several]
    records = [record for each in picked if (record := offered.record(each)) is not None]
    names = list(dict.fromkeys(name for each in picked for name in shown_names(each)))
    who = asked.requester.listed_as or asked.requester.called or asked.requester.host
    contents = noted(
        offered.contents,
        "presented",
        records,
        at=at,
        who=who,
        why=why,
        terms="\n".join(_terms(asked)),
        shown=names,
        more={
            "client_id": asked.request.client_id,
            "to": asked.requester.host,
            "proved": asked.requester.is_proved,
            "encrypted": is_encrypted(asked.request),
        },
    )
    return met(contents, asked.request.client_id, who, at=at), made


def refused(contents: Contents, asked: Asked, error: RequestRefused, *, at: datetime) -> Contents:
    """The content whose history tells that she gave no answer."""
    who = asked.requester.listed_as or asked.requester.called or asked.requester.host
    return noted(contents, "refused", at=at, who=who, why=error.error)


def form_of_match(offered: Offered, one: Match) -> HeldForm | None:
    """The form of the record that would be shown."""
    record = offered.record(one)
    number = one.candidate.id.partition("#")[2]
    return record.forms[int(number)] if record and number.isdigit() else None


def _terms(asked: Asked) -> list[str]:
    from testamur.openid4vp import agreement_text

    found = [agreement_text(each) for each in asked.request.transaction_data]
    policy = asked.request.client_metadata.get("policy_uri")
    return [each for each in (*found, policy) if isinstance(each, str) and each]
