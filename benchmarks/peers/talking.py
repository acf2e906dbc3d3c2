"""Talking to a peer: a line of JSON asks, a line of JSON answers; between two lines it waits and costs nothing."""

from __future__ import annotations

import contextlib
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.copies import copies_material
from benchmarks.diplomas import World
from benchmarks.measuring import Contender
from benchmarks.peers.installing import (
    NODE_PACKAGES,
    NODE_PACKAGES_FOR_COPIES,
    LeftOut,
    node,
    node_modules,
    python_for,
)
from benchmarks.sd_jwts import sd_jwt_material
from testamur.contexts import SHIPPED
from testamur.jsontext import Json
from testamur.keys import LocalSigner

_HERE = Path(__file__).resolve().parent
_DID_KEY = "did:key:"


@dataclass(frozen=True, slots=True)
class PeerKind:
    """An implementation, and the command that starts it; making the command installs what it needs."""

    name: str
    command: Callable[[], list[str]]
    crosses: bool = False  # it can be asked to issue and verify one text
    copies: bool = False  # it makes copies that show a part, and is given what that needs


def _python(script: str, *requirements: str) -> Callable[[], list[str]]:
    return lambda: [str(python_for(requirements)), str(_HERE / script)]


def _node(script: str, packages: Mapping[str, str] = NODE_PACKAGES) -> Callable[[], list[str]]:
    return lambda: [node(), str(_HERE / script), str(node_modules(packages))]


PEERS = (
    PeerKind("@digitalbazaar/vc", _node("run_digitalbazaar.mjs"), crosses=True),
    PeerKind("@digitalbazaar, copies", _node("run_copies.mjs", NODE_PACKAGES_FOR_COPIES), copies=True),
    PeerKind("openvc-core", _python("run_openvc.py", "openvc-core[data-integrity]==1.37.0")),
    PeerKind("openbadgeslib", _python("run_openbadgeslib.py", "openbadgeslib[ldp]==4.6.3")),
    PeerKind("openedx-didkit", _python("run_didkit.py", "openedx-didkit==0.3.5")),
)


class Peer:
    """A running peer; a context manager."""

    def __init__(self, kind: PeerKind) -> None:
        self.kind = kind
        self._process = subprocess.Popen(
            kind.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            _stream(self._process.stdin).close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def ask(self, question: Json) -> Any:
        """The answer to one question; raises LeftOut when the peer is gone or says that it cannot."""
        try:
            stdin = _stream(self._process.stdin)
            stdin.write(json.dumps(question) + "\n")
            stdin.flush()
        except OSError:
            raise LeftOut(self._last_words()) from None
        line = _stream(self._process.stdout).readline()
        if not line:
            raise LeftOut(self._last_words())
        answer = json.loads(line)
        if "error" in answer:
            raise LeftOut(answer["error"])
        return answer["answer"]

    def _last_words(self) -> str:
        said = _stream(self._process.stderr).read().strip().splitlines()
        return f"it stopped: {said[-1]:.200}" if said else "it stopped"


def start(kind: PeerKind, world: World) -> tuple[Peer, list[Json]]:
    """A peer that has been given the diplomas and the key, and the acts it says it can do."""
    peer = Peer(kind)
    try:
        given = copies_material(world, _contexts()) if kind.copies else material(world)
        return peer, peer.ask({"begin": given})
    except BaseException:
        peer.__exit__()
        raise


def peer_ways(peer: Peer, acts: list[Json]) -> Iterator[Contender]:
    """The contenders of a peer, one for each act it can do."""
    for act in acts:
        if not act.get("refuses"):
            number = act["number"]

            def turn(calls: int, number: int = number) -> list[float]:
                seconds: list[float] = peer.ask({"act": number, "calls": calls})
                return seconds

            yield Contender(act["block"], peer.kind.name, act["act"], turn, act.get("note", ""))


def material(world: World) -> Json:
    """What every peer is given: the diplomas, the contexts, the keys, and lesser documents for those who refuse."""
    signer = world.signers["Ed25519"]
    return {
        "contexts": _contexts(),
        "did": world.school.did,
        "controller": json.loads(world.web.pages[f"https://{world.school.host}/.well-known/did.json"]),
        "keys": {kind: _key(each) for kind, each in world.signers.items()},
        "sd_jwt": sd_jwt_material(world),
        "documents": _documents(world.documents, f"{_DID_KEY}{signer.public_key.multikey}"),
    }


def _contexts() -> Json:
    return {url: SHIPPED.load(url) for url in sorted(SHIPPED.urls)}


def _key(signer: LocalSigner) -> Json:
    return {
        "id": signer.verification_method,
        "secret": signer.private_key.secret.hex(),
        "jwk": signer.public_key.jwk,
        "multikey": signer.public_key.multikey,
    }


def _documents(diplomas: list[Json], did_key: str) -> list[Json]:
    """The diplomas, and what is tried where a peer refuses them: a peer is measured on the first it accepts."""
    return [
        {"note": "", "documents": diplomas},
        {"note": "given it without the address", "documents": [_without_address(each) for each in diplomas]},
        {
            "note": "given it as VCDM 1.1 by a did:key",
            "documents": [_older(each, did_key) for each in diplomas],
        },
        {"note": "given 0.3 kB of VCDM 1.1: it knows no other contexts", "documents": [_plain(did_key)]},
    ]


def _without_address(document: Json) -> Json:
    issuer = {name: value for name, value in document["issuer"].items() if name != "address"}
    return document | {"issuer": issuer}


def _older(document: Json, did_key: str) -> Json:
    contexts = ["https://www.w3.org/2018/credentials/v1", document["@context"][1]]
    older = document | {"@context": contexts, "issuer": did_key, "issuanceDate": document["validFrom"]}
    return {name: value for name, value in older.items() if name not in ("validFrom", "validUntil")}


def _plain(did_key: str) -> Json:
    return {
        "@context": ["https://www.w3.org/2018/credentials/v1"],
        "type": ["VerifiableCredential"],
        "issuer": did_key,
        "issuanceDate": "2026-07-01T00:00:00Z",
        "credentialSubject": {"id": "urn:uuid:3e9a4b3c-0d0e-4d5c-9f2b-6b6f7a1c2d3e"},
    }


def _stream(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise LeftOut("it has no pipes")
    return stream
