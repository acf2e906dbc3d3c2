"""The history of a did:webvh: every version of its document, checked from the first to the last (did:webvh, Read)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from testamur.did.document import DidDocument, read_or_none
from testamur.did.webvh.address import files_url, scid_of
from testamur.did.webvh.entry import LogEntry, entry_hash, scid_hash
from testamur.did.webvh.parameters import (
    Parameters,
    Witnesses,
    first_parameters,
    later_parameters,
    signers,
    witnesses_of,
)
from testamur.did.webvh.proving import check_proofs
from testamur.errors import Malformed, ProofInvalid, Refused, TestamurError, Unsupported
from testamur.jsontext import Json, write_json
from testamur.keys import PublicKey, VerificationMethod
from testamur.times import write_instant

MAX_LOG = 8_000_000
MAX_ENTRIES = 4_000
_SKEW = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the document, and what holds from it on."""

    entry: LogEntry
    parameters: Parameters
    witnesses: Witnesses  # who must have approved this entry

    @property
    def document(self) -> Json:
        """The document with the services every did:webvh has (did:webvh, DID URL Resolution)."""
        did, services = self.entry.did, self.entry.state.get("service", [])
        listed = services if isinstance(services, list) else []
        names = {str(each.get("id")).rpartition("#")[2] for each in listed if isinstance(each, dict)}
        implied = [each for each in implied_services(did) if each["id"].rpartition("#")[2] not in names]
        return self.entry.state | {"service": [*listed, *implied]}


@dataclass(frozen=True, slots=True)
class Ends:
    """Until when a key is good, as its history tells in the end."""

    expires: datetime | None = None
    revoked: datetime | None = None


@dataclass(frozen=True)
class History:
    """A checked log; there is at least one version."""

    versions: tuple[Version, ...]
    size: int = 0  # bytes of the log

    @property
    def newest(self) -> Version:
        """The last version."""
        return self.versions[-1]

    @property
    def names(self) -> tuple[str, ...]:
        """Every DID the document has had, the first one first; they share one SCID."""
        return tuple(dict.fromkeys(version.entry.did for version in self.versions))

    @cached_property
    def ends(self) -> Mapping[PublicKey, Ends]:
        """Every key that can be read here: ``expires`` as last told, ``revoked`` as first told."""
        found: dict[PublicKey, Ends] = {}
        known: dict[str, VerificationMethod | None] = {}
        for version in self.versions:
            for url, written in DidDocument.parse(version.entry.state).methods.items():
                text = write_json(written)
                if text not in known:
                    known[text] = read_or_none(url, written)
                method = known[text]
                if method is not None:
                    before = found.get(method.public_key, Ends())
                    told = [end for end in (before.revoked, method.revoked) if end is not None]
                    found[method.public_key] = Ends(method.expires, min(told, default=None))
        return found

    def numbered(self, number: int) -> Version | None:
        """The version with this number."""
        return self.versions[number - 1] if 0 < number <= len(self.versions) else None

    def identified(self, version_id: str) -> Version | None:
        """The version with this ``versionId``."""
        return next((each for each in self.versions if each.entry.version_id == version_id), None)

    def in_force(self, moment: datetime) -> Version | None:
        """The version that was the newest at a moment; None before there was any."""
        found = None
        for version in self.versions:
            if version.entry.time > moment:
                break
            found = version
        return found

    def metadata(self, version: Version) -> Json:
        """The ``didDocumentMetadata`` of a version (did:webvh, Read); numbers are texts there."""
        first, newest = self.versions[0], self.newest
        said = newest.parameters
        metadata: Json = {
            "versionId": version.entry.version_id,
            "versionTime": write_instant(version.entry.time),
            "created": write_instant(first.entry.time),
            "updated": write_instant(version.entry.time),
            "scid": said.scid,
            "portable": said.portable,
            "deactivated": version.parameters.deactivated,
            "ttl": str(said.ttl),
        }
        if said.witness.threshold:
            metadata["witness"] = said.witness.written | {"threshold": str(said.witness.threshold)}
        if said.watchers:
            metadata["watchers"] = list(said.watchers)
        if len(self.names) > 1:
            metadata |= {"canonicalId": newest.entry.did, "equivalentId": list(self.names)}
        after = self.numbered(version.entry.number + 1)
        return metadata | ({"nextVersionId": after.entry.version_id} if after else {})


def read_log(body: bytes, did: str, now: datetime) -> History:
    """Return the history in a log for a DID that is one of its names; raises Malformed, Refused, Unsupported.

    What witnesses said is not asked here.
    """
    if len(body) > MAX_LOG:
        raise Malformed("", f"the log is longer than {MAX_LOG:,} bytes")
    lines = body.removesuffix(b"\n").split(b"\n", MAX_ENTRIES)
    if len(lines) > MAX_ENTRIES:
        raise Malformed("", f"the log has more than {MAX_ENTRIES:,} entries")
    versions: list[Version] = []
    for number, line in enumerate(lines, 1):
        try:
            versions.append(_next_version(versions[-1] if versions else None, LogEntry.parse(line), now))
        except (Malformed, Refused, Unsupported) as error:
            raise _in_entry(error, number) from None
    history = History(tuple(versions), len(body))
    if did not in history.names:
        raise Malformed(
            "state.id", f"the log is that of {history.newest.entry.did:.120}", clause="did:webvh, Read"
        )
    return history


def _next_version(before: Version | None, entry: LogEntry, now: datetime) -> Version:
    """The version an entry brings about, checked against the one before it."""
    parameters = (
        first_parameters(entry.parameters)
        if before is None
        else later_parameters(before.parameters, entry.parameters)
    )
    _check_chain(before, entry, parameters.scid)
    _check_time(before, entry, now)
    _check_name(before, entry, parameters)
    former = None if before is None else before.parameters
    check_proofs(entry.signed, entry.proofs, signers(former, parameters))
    version = Version(entry, parameters, witnesses_of(former, parameters))
    DidDocument.parse(version.document)
    return version


def _check_chain(before: Version | None, entry: LogEntry, scid: str) -> None:
    expected = 1 if before is None else before.entry.number + 1
    if entry.number != expected:
        raise Malformed("versionId", f"it is version {entry.number} in the place of {expected}")
    if before is None and scid_hash(entry.signed, scid) != scid:
        raise ProofInvalid("its SCID is not the hash of the first entry", clause="did:webvh, SCID")
    previous = scid if before is None else before.entry.version_id
    if entry_hash(entry.signed, previous) != entry.hash:
        raise ProofInvalid("its hash does not follow from the entry before", clause="did:webvh, Entry Hash")


def _check_time(before: Version | None, entry: LogEntry, now: datetime) -> None:
    if before is not None and entry.time <= before.entry.time:
        raise Malformed("versionTime", "it is not later than that of the entry before")
    if entry.time - now > _SKEW:
        raise Malformed("versionTime", f"{write_instant(entry.time)} has not come yet")


def _check_name(before: Version | None, entry: LogEntry, parameters: Parameters) -> None:
    """The SCID stays for ever; the place may change where that was allowed (did:webvh, Portability)."""
    if scid_of(entry.did) != parameters.scid:
        raise Malformed(
            "state.id", f"{entry.did:.120} has another SCID than its log", clause="did:webvh, Portability"
        )
    if before is None or entry.did == before.entry.did:
        return
    if not parameters.portable:
        raise Malformed("state.id", "it may not move to another place", clause="did:webvh, Portability")
    known = entry.state.get("alsoKnownAs")
    if not isinstance(known, list) or before.entry.did not in known:
        raise Malformed(
            "state.alsoKnownAs", "it does not name the place it moved from", clause="did:webvh, Portability"
        )


def implied_services(did: str) -> list[Json]:
    """Return the services that every did:webvh has unless its document says otherwise (did:webvh, DID URL Resolution)."""
    place = files_url(did)
    return [
        {"id": f"{did}#files", "type": "relativeRef", "serviceEndpoint": place},
        {
            "@context": "https://identity.foundation/linked-vp/contexts/v1",
            "id": f"{did}#whois",
            "type": "LinkedVerifiablePresentation",
            "serviceEndpoint": f"{place}whois.vp",
        },
    ]


def _in_entry(error: Malformed | Refused | Unsupported, number: int) -> TestamurError:
    """The same error, saying in which entry."""
    where = f"entry {number}: {error}"
    if isinstance(error, Malformed):
        return Malformed("", where, clause=error.clause)
    return type(error)(where, clause=error.clause)
