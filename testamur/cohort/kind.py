"""Rows of one kind: the first ones teach a skeleton, which then does for the others what the ordinary way does."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from testamur.cohort.learning import learn
from testamur.cohort.making import Making
from testamur.cohort.skeleton import Printed, Skeleton
from testamur.errors import TestamurError, Unsupported
from testamur.jsonld import Value, canonize
from testamur.keys import Signer
from testamur.proofs import DataIntegrity, Format, ProofSetStamp, ProofStamp, TokenStamp, VcJwt
from testamur.store import Form, NewRecord

_ROWS_TO_LEARN = 40
"""Records made the ordinary way before a skeleton is learned: that takes about as long as they do."""

_SAMPLES = 5

_PROOF_VALUE = re.compile(r'"proofValue":"[^"]*"').sub  # in a text a quotation mark is escaped

FullStamp = ProofStamp | ProofSetStamp

Pressed = tuple[tuple[Form, ...], tuple[str, str, str, str]]
"""The signed forms of a record, and the ledger's columns: holder, holder_latin, award, number."""


class Kind:
    """Rows that fill the same places in the same way."""

    def __init__(self, making: Making, *, learns: bool = True) -> None:
        self.making = making
        self._samples: deque[tuple[list[Value], NewRecord]] = deque(maxlen=_SAMPLES)
        self._to_learn = _ROWS_TO_LEARN if learns else 0
        self._skeleton: Skeleton | None = None
        self._stamps: tuple[FullStamp, TokenStamp] | None = None

    def press(self, sources: Sequence[Value]) -> Pressed | None:
        """What is kept of a row, signed, or None where it has to be made the ordinary way."""
        printed = self._print(sources)
        if printed is None or self._stamps is None:
            return None
        proof, token = self._stamps
        full = Form("full", "ldp_vc", proof.secure(printed.full, printed.canonical))
        paper = Form("paper", "vc+jwt", token.secure(printed.paper))
        further = self.making.issuer.further_forms(printed.full, self.making.cohort.at)
        return (full, paper, *further), printed.columns

    def saw(self, sources: list[Value], record: NewRecord) -> None:
        """Learn from a row whose record was made the ordinary way."""
        if self._skeleton is not None:
            self._skeleton.accept(self._skeleton.texts(sources, self.making.unsecured))
            if not self._agrees(sources, record):
                self._skeleton = None
        elif self._to_learn:
            self._samples.append((sources, record))
            self._to_learn -= 1
            if not self._to_learn:
                self._learn()

    def _print(self, sources: Sequence[Value]) -> Printed | None:
        if self._skeleton is None:
            return None
        texts = self._skeleton.texts(sources, self.making.unsecured)
        return self._skeleton.print(sources, texts) if self._skeleton.allows(texts) else None

    def _learn(self) -> None:
        """Learn a skeleton from the last sample and hold it against all of them."""
        sources = self._samples[-1][0]
        try:
            self._stamps = stamps(self.making, sources)
            self._skeleton = learn(self.making, sources, self._stamps[0].hash_name)
        except TestamurError:
            return
        for sources, record in self._samples:
            self.saw(sources, record)
        self._samples.clear()

    def _agrees(self, sources: Sequence[Value], record: NewRecord) -> bool:
        """Whether what is pressed is what the record says: the signed texts, the canonical form, the columns."""
        printed, pressed = self._print(sources), self.press(sources)
        if printed is None or pressed is None or self._stamps is None:
            return True
        forms, columns = pressed
        return (
            [_unsigned(form) for form in forms[:2]] == [_unsigned(form) for form in record.forms[:2]]
            and columns == (record.holder, record.holder_latin, record.award, record.number)
            and printed.canonical == canonize(self.making.document(sources), digest=self._stamps[0].hash_name)
        )


def stamps(making: Making, sources: Sequence[Value]) -> tuple[FullStamp, TokenStamp]:
    """What both forms of all records have in common; raises Unsupported where they are secured in other ways."""
    issuer, at = making.issuer, making.cohort.at
    full, paper = issuer.formats
    if not isinstance(paper, VcJwt):
        raise Unsupported("there is no stamp for this format of the paper form")
    context = making.document(sources)["@context"]
    first = _proof_stamp(full, context, issuer.signer, at)
    others = [_proof_stamp(way.format, context, way.signer, at) for way in issuer.second_proofs]
    if any(other.hash_name != first.hash_name for other in others):
        raise Unsupported("the proofs are over canonical forms of different hashes")
    stamp = ProofSetStamp((first, *others)) if others else first
    return stamp, paper.stamp(issuer.signer, at)


def _proof_stamp(how: Format, context: object, signer: Signer, at: datetime) -> ProofStamp:
    if not isinstance(how, DataIntegrity):
        raise Unsupported("there is no stamp for this format of the full form")
    return how.stamp(context, signer, at)


def _unsigned(form: Form) -> Form:
    """A form without its signatures, which are others each time with some keys."""
    text = _PROOF_VALUE("", form.text) if form.name == "full" else form.text.rpartition(".")[0]
    return replace(form, text=text)
