"""A file becomes answers: what it holds is verified, and must agree with itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from testamur.checks import Headline, Report, worst
from testamur.errors import TestamurError
from testamur.jsontext import write_json
from testamur.proofs import SecuredDocument
from testamur.scanning.agreement import differences, record_key
from testamur.scanning.found import Found
from testamur.scanning.reading import read_scan
from testamur.verifying import Verifier
from testamur.words import because, joined, say


@dataclass(frozen=True, slots=True)
class Examined:
    """One report for each record in a file, and what else was seen there."""

    reports: tuple[Report, ...]
    notes: tuple[str, ...]  # "page 2: a code with something else: https://…"
    forms: tuple[tuple[SecuredDocument, ...], ...] = ()  # of each report, the fullest form first


@dataclass(frozen=True, slots=True)
class _Answer:
    found: Found
    report: Report


def examine(data: bytes, verifier: Verifier, *, at: datetime, source: str) -> Examined:
    """Every record in the file with its report; raises Malformed where the file cannot be read at all.

    Attachments and codes of one document must agree: where they do not, where a place could not be read,
    or where printed words differ from the signed ones, the report carries the doubt.
    """
    found = read_scan(data, source)
    reports: list[Report] = []
    forms: list[tuple[SecuredDocument, ...]] = []
    for _, group in groupby(found, key=lambda item: item.file):
        for report, documents in _reports(list(group), verifier, at):
            reports.append(report)
            forms.append(documents)
    notes = tuple(note for item in found if (note := _note(item)))
    return Examined(tuple(reports), notes, tuple(forms))


def _note(found: Found) -> str:
    place = joined(", ", filter(None, (found.file, found.where)))
    if found.error is not None:
        return because(say("{place} could not be read", place=place), found.error.message)
    return (
        say("{place}: a code with something else: {text}", place=place, text=found.text) if found.text else ""
    )


def _reports(
    group: Sequence[Found], verifier: Verifier, at: datetime
) -> list[tuple[Report, tuple[SecuredDocument, ...]]]:
    answers = list(_answers(group, verifier, at))
    records = _records(answers)
    doubts = _unread(group) + _strangers(records)
    return [(_one_answer(forms, doubts), _documents(forms)) for forms in records]


def _documents(forms: Sequence[_Answer]) -> tuple[SecuredDocument, ...]:
    """The forms of one record, each text once, the fullest first."""
    ordered = sorted(forms, key=_fullness, reverse=True)
    found = {item.found.document.text: item.found.document for item in ordered if item.found.document}
    return tuple(found.values())


def _answers(group: Sequence[Found], verifier: Verifier, at: datetime) -> Iterator[_Answer]:
    """Each document with its report; one that stands in several places is verified once."""
    known: dict[str, Report] = {}
    for item in group:
        if item.document is not None:
            text = item.document.text
            if text not in known:
                known[text] = verifier.verify(item.document, at=at, source=item.file)
            yield _Answer(item, known[text])


def _records(answers: Sequence[_Answer]) -> list[list[_Answer]]:
    """The answers, those about one record together; a text that is there twice is there once."""
    records: dict[object, list[_Answer]] = {}
    for answer in answers:
        text = answer.found.document.text if answer.found.document else ""
        records.setdefault(record_key(answer.report.claims) or text, []).append(answer)
    return list(records.values())


def _unread(group: Sequence[Found]) -> list[str]:
    return [
        because(say("{place} could not be read", place=item.where), item.error.message)
        for item in group
        if item.error is not None
    ]


def _strangers(records: Sequence[Sequence[_Answer]]) -> list[str]:
    """A page, and a document with attachments, is about one record; pages of a scan may each have their own."""
    firsts = [forms[0].found for forms in records]
    pages = [found.page for found in firsts]
    attached = any(item.found.origin in ("attachment", "baked") for forms in records for item in forms)
    if len(records) > 1 and (attached or len(set(pages)) < len(pages)):
        places = joined(", ", dict.fromkeys(found.where for found in firsts[:3]))
        return [say("one document holds different records: {places}", places=places)]
    return []


def _one_answer(forms: Sequence[_Answer], doubts: Sequence[str]) -> Report:
    """The report of the fullest form, or of the one that fares worst, with every doubt about the others."""
    fullest = max(forms, key=_fullness)
    answer = worst(item.report.headline for item in forms)
    shown = fullest if fullest.report.headline is answer else _first(forms, answer)
    disagreements = [
        doubt for item in forms if item is not fullest for doubt in _disagreements(fullest, item)
    ]
    every = dict.fromkeys((*shown.report.doubts, *doubts, *disagreements, *_printed(forms)))
    return replace(shown.report, doubts=tuple(every))


def _first(forms: Sequence[_Answer], headline: Headline) -> _Answer:
    return next(item for item in forms if item.report.headline is headline)


def _disagreements(one: _Answer, other: _Answer) -> list[str]:
    if paths := differences(one.report.claims, other.report.claims):
        members = ", ".join(paths[:5])
        return [
            say(
                "{one} and {other} say different things about {members}",
                one=one.found.where,
                other=other.found.where,
                members=members,
            )
        ]
    if one.report.headline is not other.report.headline:
        return [
            because(
                say("{one} and {other} do not fare alike", one=one.found.where, other=other.found.where),
                f"{one.report.headline}, {other.report.headline}",
            )
        ]
    return []


def _fullness(answer: _Answer) -> int:
    return len(write_json(answer.report.claims))


def _printed(forms: Sequence[_Answer]) -> list[str]:
    """How the printed words differ from the signed ones, where the record is attached to a PDF."""
    attached = [item for item in forms if item.found.sheet is not None and item.report.is_proved]
    fullest = max(attached, key=_fullness, default=None)
    if fullest is None or fullest.found.sheet is None:
        return []
    from testamur.scanning.cage import CAGE

    try:
        found = CAGE.differences(fullest.found.sheet, fullest.report.claims)
    except TestamurError as error:
        return [because(say("the printed words could not be compared with the signed ones"), error.message)]
    return [because(say("the printed page"), difference) for difference in found]
