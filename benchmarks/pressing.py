"""A cohort as ``testamur issue`` makes it: both forms of each row, by the press, with and without the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import count
from pathlib import Path

from benchmarks.diplomas import World
from benchmarks.measuring import Contender, timed
from benchmarks.own import FLOOR
from testamur.cohort import Cohort, Decided, Decision, issue_cohort
from testamur.cohort.press import Press, Slots
from testamur.encoding import encode_base64url
from testamur.issuing import Issuer
from testamur.jsonld import canonize
from testamur.jsontext import parse_object, write_json
from testamur.proofs import decode
from testamur.store import REVOCATION, Ledger, StatusSlot
from tests.issuing.school import Graduates, a_cohort

SHARD = 500
BLOCK = "a cohort, both forms"
PRESS = "testamur, the press"


def press_ways(world: World) -> Iterator[Contender]:
    """A row of a cohort by the press, and the floors of its two forms together."""
    yield Contender(BLOCK, FLOOR, "create", timed(_floor(world)))
    records = pressing(world)
    turn = timed(lambda _: records(SHARD))

    def by_row(calls: int) -> list[float]:
        return [each / SHARD for each in turn(max(2, calls // SHARD))]

    yield Contender(BLOCK, PRESS, "create", by_row, "rows of the shipped diploma, a shard at a time")


def _floor(world: World) -> Callable[[int], None]:
    """For each form what a proof cannot do without: parse, hash or base64url, sign."""
    signer, texts = world.signers["Ed25519"], []
    options = sha256(b"the options of all").digest()
    for record in _press(world).records(_rows(), [_slots(number) for number in range(SHARD)]):
        full, paper = record.forms
        document = {name: value for name, value in parse_object(full.text).items() if name != "proof"}
        texts.append((write_json(document), canonize(document), decode(paper.text).token.payload))

    def create(number: int) -> None:
        text, canonical, payload = texts[number % SHARD]
        json.loads(text)
        signer.sign(options + sha256(canonical).digest())
        json.loads(payload)
        signer.sign(encode_base64url(payload).encode())

    return create


def pressing(world: World) -> Callable[[int], None]:
    """Make the records of so many rows of the shipped diploma, ready to be kept; no ledger takes part."""
    press, rows, slots = _press(world), _rows(), [_slots(number) for number in range(SHARD)]
    press.records(rows, slots)  # its first rows teach it

    def records(wanted: int) -> None:
        for begin in range(0, wanted, SHARD):
            made = press.records(rows[: wanted - begin], slots[: wanted - begin])
            if {len(record.forms) for record in made} != {2}:
                raise AssertionError("a record without both of its forms")

    return records


def keeping(world: World, folder: Path) -> Callable[[int], None]:
    """Issue a whole cohort in shards into a ledger of its own: indexes, both forms, one transaction a shard."""
    ledgers = (Ledger.open(f"sqlite:///{folder}/cohort-{number}.sqlite") for number in count())
    waiting = [next(ledgers), next(ledgers)]

    def issue(wanted: int) -> None:
        ledger = waiting.pop(0)
        issued = issue_cohort(_cohort(wanted), _issuer(world, ledger))
        if issued.new != wanted:
            raise AssertionError(issued)

    return issue


def _press(world: World) -> Press:
    return Press(a_cohort(SHARD), _issuer(world, None))


def _rows() -> list[Decided]:
    return [Decided(row, Decision.NEW, None) for row in a_cohort(SHARD).rows.samples]


def _cohort(rows: int) -> Cohort:
    return replace(a_cohort(rows), rows=_Few(rows))


class _Few(Graduates):
    """So many rows, of which the rules need to see a few: they are all of one kind."""

    @property
    def samples(self) -> Sequence[object]:
        return list(Graduates(10).rows())


def _issuer(world: World, ledger: Ledger | None) -> Issuer:
    return Issuer(
        world.signers["Ed25519"], ledger, "did:web:valdoria.example", f"https://{world.school.host}/status"
    )


def _slots(number: int) -> Slots:
    return (StatusSlot(1, 1, number * 7919 % 131_072, REVOCATION),)
