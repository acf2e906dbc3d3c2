"""The peer's side of the talk, for peers in Python; it runs in their environment and needs nothing of ours."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Offer:
    """A way to create something from a document, and to verify what was created; either may be None."""

    block: str
    create: Callable[[Json], Any]
    verify: Callable[[Any], object]


def serve(offers: Callable[[Json], list[Offer]]) -> None:
    """Answer questions until there are none; whatever a peer prints goes to its standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    acts: list[Callable[[int], object]] = []
    for line in sys.stdin:
        try:
            answer = {"answer": _answer(json.loads(line), acts, offers)}
        except BaseException as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:300]}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _answer(
    question: Json, acts: list[Callable[[int], object]], offers: Callable[[Json], list[Offer]]
) -> Any:
    if "begin" in question:
        material = question["begin"]
        return [each for offer in offers(material) for each in _accepted(offer, material, acts)]
    if "memory" in question:
        return _peak()
    return _timed(acts[question["act"]], question["calls"])


def _accepted(offer: Offer, material: Json, acts: list[Callable[[int], object]]) -> Iterator[Json]:
    """The acts of an offer on the first documents that it takes, or why it takes none."""
    refusals = []
    for each in material["documents"]:
        documents, note = each["documents"], each["note"]
        try:
            made = [offer.create(document) for document in documents[:10]]
            offer.verify(made[0])
        except Exception as error:
            refusals.append(f"{type(error).__name__}: {error}"[:200])
            continue
        for name, act in _ways(offer, documents, made):
            acts.append(act)
            first = refusals[0] if refusals else ""
            yield {"block": offer.block, "act": name, "number": len(acts) - 1, "note": note, "refused": first}
        return
    yield {"block": offer.block, "refuses": refusals[0]}


def _peak() -> int:
    """The most memory held so far, in kilobytes; what the parent held before is not in it."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM:"))


def _ways(offer: Offer, documents: list[Json], made: list[Any]) -> list[tuple[str, Callable[[int], object]]]:
    return [
        ("create", lambda number: offer.create(documents[number % len(documents)])),
        ("verify", lambda number: offer.verify(made[number % len(made)])),
    ]


def _timed(act: Callable[[int], object], calls: int) -> list[float]:
    seconds = []
    with contextlib.redirect_stdout(sys.stderr):
        for number in range(calls):
            start = time.perf_counter()
            act(number)
            seconds.append(time.perf_counter() - start)
    return seconds
