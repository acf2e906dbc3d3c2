"""The did:webvh test suite: logs of six implementations, and every attack that fooled one of four."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from testamur.did import Resolver, log_url, witness_url
from testamur.errors import EvidenceUnusable, Malformed
from testamur.jsontext import Json
from tests.town import Web
from tests.vectors_home import vectors

pytestmark = pytest.mark.official
TODAY = datetime(2026, 11, 28, tzinfo=UTC)
SCENARIOS = [
    "basic-create",
    "basic-update",
    "deactivate",
    "key-rotation",
    "multi-update",
    "multiple-update-keys",
    "portable",
    "portable-move",
    "pre-rotation",
    "pre-rotation-consume",
    "services",
    "witness-threshold",
    "witness-update",
]
REFUSED = {
    "cross-did-witness-replay": "version 2 has 0 of the 1 witnesses",
    "did-key-body-fragment-mismatch": "is not a did:key and the same key again",
    "duplicate-witness-ids": "a witness stands there twice",
    "portable-scid-swap": "is not the hash of a first log entry",
    "pre-rotation-omit-updatekeys": "parameters.updateKeys: it must be in every entry",
    "scid-mismatch-genesis": "its SCID is not the hash of the first entry",
    "unknown-method-version": "'did:webvh:99.0' is not supported",
    "versiontime-future": "has not come yet",
    "versiontime-non-monotonic": "it is not later than that of the entry before",
    "witness-update-threshold-not-met": "version 2 has 1 of the 2 witnesses",
    "wrong-cryptosuite": "'eddsa-rdfc-2022' is not eddsa-jcs-2022",
    "zero-witness-threshold": "a threshold of 0 does not fit",
}
LITERAL = {
    "fragment-leaks-into-domain": "is not a DID",
    "lowercase-pct-port-ip": "its host is not a host name",
    "path-traversal-did": "its path has a segment that may not be there",
    "pct-encoded-ip-host": "its host is not a host name",
    "pct-encoded-traversal": "its path has a segment that may not be there",
}
GOOD_SCID = "QmV2V5CSzH5w9UF4rHHAdktXL93ounugmgV2LXVCx9s2i9"


def home() -> Path:
    return vectors("did-webvh") / "vectors"


def implementations(scenario: str) -> list[Path]:
    return sorted(path.parent for path in (home() / scenario).glob("*/did.jsonl"))


def hosted(folder: Path) -> tuple[str, Resolver]:
    """The DID of a log's last entry, and a resolver that finds the files of the folder where it says."""
    lines = (folder / "did.jsonl").read_text().splitlines()
    did = json.loads(lines[-1])["state"]["id"]
    return did, Resolver(web_of(folder, did))


def web_of(folder: Path, did: str) -> Web:
    web = Web(now=TODAY)
    host = did.split(":", 3)[3]
    named = f"did:webvh:{GOOD_SCID}:{host}"  # an attack may have an SCID that is none
    web.pages[log_url(named)] = (folder / "did.jsonl").read_bytes()
    if (folder / "did-witness.json").exists():
        web.pages[witness_url(named)] = (folder / "did-witness.json").read_bytes()
    return web


def plain(document: Json) -> Json:
    """With absolute service ids and in one order.

    Of the implied services one implementation writes the ids relative, and one the files without a slash.
    """
    services = []
    for each in document.get("service", []):
        name = document["id"] + each["id"] if each["id"].startswith("#") else each["id"]
        services.append(each | {"id": name, "serviceEndpoint": each["serviceEndpoint"].rstrip("/")})
    return document | {"service": sorted(services, key=lambda each: str(each["id"]))}


def read(path: Path) -> Any:
    return json.loads(path.read_text())


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_implementations_log_resolves_as_it_says(scenario: str) -> None:
    folders = implementations(scenario)
    assert len(folders) >= 4
    for folder in folders:
        did, resolver = hosted(folder)
        expected = read(folder / "resolutionResult.json")
        found = resolver.resolve(did)
        for name in ("versionId", "scid"):
            assert found.document_metadata[name] == expected["didDocumentMetadata"].get(
                name, found.document_metadata[name]
            )
        assert found.deactivated is (scenario == "deactivate")
        document = expected["didDocument"]
        if document is not None and (folder.name, scenario) != ("java", "deactivate"):
            assert plain(found.document.document) == plain(document)


@pytest.mark.parametrize("number", [1, 2])
def test_an_older_version_is_found_by_number_and_by_id_and_by_time(number: int) -> None:
    for folder in implementations("multi-update"):
        if folder.name == "python":
            continue  # its numbered results are those of the newest version
        did, resolver = hosted(folder)
        expected = read(folder / f"resolutionResult.{number}.json")
        found = resolver.resolve(did, version_number=number)
        assert plain(found.document.document) == plain(expected["didDocument"])
        metadata = found.document_metadata
        assert metadata["versionId"] == expected["didDocumentMetadata"]["versionId"]
        assert resolver.resolve(did, version_id=metadata["versionId"]) == found
        assert resolver.resolve(did, version_time=found.version_time) == found


@pytest.mark.parametrize("attack", sorted(REFUSED))
def test_an_attack_on_a_log_is_refused_for_its_own_reason(attack: str) -> None:
    folders = implementations(f"negative-{attack}")
    assert folders
    for folder in folders:
        did, resolver = hosted(folder)
        did = f"did:webvh:{GOOD_SCID}:{did.split(':', 3)[3]}" if "Attacker" in did else did
        with pytest.raises(EvidenceUnusable, match=re.escape(REFUSED[attack])) as refused:
            resolver.resolve(did)
        assert refused.value.problem.endswith("#INVALID_DID")


@pytest.mark.parametrize("attack", sorted(LITERAL))
def test_an_attack_on_the_did_itself_is_refused_before_anything_is_fetched(attack: str) -> None:
    script = (home() / f"negative-{attack}" / "script.yaml").read_text()
    dids = re.findall(r'did: "([^"]+)"', script)
    assert dids
    for did in dids:
        for written in (
            did,
            did.replace("Qm" + "0" * 46, GOOD_SCID),
            did.replace("Qm" + "0" * 44, GOOD_SCID),
        ):
            web = Web(now=TODAY)
            with pytest.raises(Malformed, match=LITERAL[attack]):
                Resolver(web).resolve(written)
            assert not web.asked


def test_all_attacks_are_looked_at() -> None:
    named = {path.name.removeprefix("negative-") for path in home().glob("negative-*")}
    assert named == REFUSED.keys() | LITERAL.keys()


def test_a_witnessed_log_of_the_python_implementation_resolves() -> None:
    did, resolver = hosted(vectors("did-webvh") / "sample-py")
    assert resolver.resolve(did).version_number == 2
