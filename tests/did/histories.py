"""A ministry whose DID has a history: it makes log entries as it likes, good ones and bad ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from testamur.did import log_url, read_log, web_document, witness_url
from testamur.did.webvh.entry import entry_hash, write_line
from testamur.did.webvh.history import History
from testamur.did.webvh.proving import prove
from testamur.did.webvh.writing import begin_log, continue_log, unnamed
from testamur.jsontext import Json, parse_object, write_json
from testamur.keys import LocalSigner, PrivateKey, VerificationMethod
from tests.town import Web, key

FOUNDED = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = datetime(2026, 9, 1, 12, tzinfo=UTC)


def update_key(number: int) -> LocalSigner:
    private = key(f"update {number}")
    multikey = private.public_key.multikey
    return LocalSigner(private, f"did:key:{multikey}#{multikey}")


def signing_key(name: str) -> PrivateKey:
    return key(f"ministry {name}")


class Ministry:
    """Its log grows by a day with each entry; every update key is announced by the entry before."""

    def __init__(self, place: str = "did:web:ministry.example", *, portable: bool = True) -> None:
        self.place = place
        self.portable = portable
        self.keys: dict[str, dict[str, datetime]] = {"key-1": {}}
        self.entries = 1
        line = begin_log(
            self.state(unnamed(place)),
            update_key(1),
            following=update_key(2).public_key,
            portable=portable,
            at=FOUNDED,
        )
        self.log = line.encode()
        self.did: str = parse_object(line)["state"]["id"]

    @property
    def history(self) -> History:
        return read_log(self.log, self.did, TODAY)

    def state(self, did: str, **members: Any) -> Json:
        methods = [
            VerificationMethod(f"{did}#{name}", did, signing_key(name).public_key, **ends)
            for name, ends in self.keys.items()
        ]
        return web_document(did, methods) | members

    def signer(self, name: str) -> LocalSigner:
        return LocalSigner(signing_key(name), f"{self.did}#{name}")

    def moment(self) -> datetime:
        return FOUNDED + timedelta(days=self.entries)

    def update(self, state: Json | None = None, **parameters: Any) -> None:
        """One more entry, as a careful writer makes it."""
        history = self.history
        announced = bool(history.newest.parameters.next_key_hashes)
        self.log = continue_log(
            self.log,
            history,
            state or self.state(self.did),
            update_key(self.entries + 1) if announced else update_key(self.entries),
            following=update_key(self.entries + 2).public_key if announced else None,
            parameters=parameters,
            at=self.moment(),
        )
        self.entries += 1

    def forge(self, signer: LocalSigner, *, at: datetime | None = None, **members: Any) -> None:
        """One more entry with a right hash and a right proof over whatever it says."""
        lines = self.log.decode().splitlines()
        before = parse_object(lines[-1])
        signed: Json = {
            "versionId": before["versionId"],
            "versionTime": (at or self.moment()).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "parameters": {},
            "state": before["state"],
        } | members
        number = int(before["versionId"].split("-")[0]) + 1
        signed["versionId"] = f"{number}-{entry_hash(signed, before['versionId'])}"
        self.log += write_line(signed, [prove(signed, signer, at=FOUNDED)]).encode()
        self.entries += 1

    def move(self, place: str) -> None:
        """To another domain; the old name stays known."""
        moved = place.replace("did:web:", f"did:webvh:{self.did.split(':')[2]}:", 1)
        self.update(self.state(moved, alsoKnownAs=[self.did]))
        self.did = moved

    def publish(self, web: Web, *, witnesses: list[Json] | None = None, under: str = "") -> None:
        did = under or self.did
        web.pages[log_url(did)] = self.log
        if witnesses is not None:
            web.pages[witness_url(did)] = write_json(witnesses).encode()


def witness_proof(version_id: str, signer: LocalSigner) -> Json:
    """What a witness says of a version, and with it of all before."""
    return {"versionId": version_id, "proof": [prove({"versionId": version_id}, signer, at=FOUNDED)]}
