"""Each folder of tests/vectors/negative is one attack; it must end as its ``expected.json`` says."""

from pathlib import Path

import pytest

from testamur.checks import Audience, Policy
from testamur.errors import Malformed
from testamur.jsontext import Json, parse_object
from testamur.scanning import examine, read_scan
from testamur.times import parse_instant
from tests.town import NOW, School, Town

ROOT = Path(__file__).resolve().parent.parent / "vectors" / "negative"
FOLDERS = sorted(path for path in ROOT.iterdir() if path.is_dir())


def world(told: Json, folder: Path) -> Town:
    """The town as the vector wants it: who was revoked, which key was stolen, who else is about."""
    town = Town()
    town.school.set_bits["revocation"] = {
        int(index): reason for index, reason in told.get("revoked", {}).items()
    }
    for name, algorithm in told.get("keys", {}).items():
        town.school.add_key(name, algorithm=algorithm)
    town.school.publish()
    town.school.publish_digests()
    if "compromised" in told:
        town.school.end_key(town.school.key, revoked=parse_instant(told["compromised"]))
    if "other_school" in told:
        School(town.web, told["other_school"], "Another school")
    town.web.pages |= {url: (folder / name).read_bytes() for url, name in told.get("pages", {}).items()}
    return town


def test_there_are_vectors() -> None:
    assert len(FOLDERS) > 20


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_an_attack_ends_as_it_must(folder: Path) -> None:
    expected = parse_object((folder / "expected.json").read_bytes())
    data = (folder / expected["input"]).read_bytes()
    if "error" in expected:
        (found,) = read_scan(data)
        assert found.document is None
        assert isinstance(found.error, Malformed)
        assert expected["error"] in str(found.error)
        return
    told = expected.get("world", {})
    policy = Policy(audience=Audience(*told["audience"])) if "audience" in told else Policy()
    reports = examine(
        data, world(told, folder).employer(policy=policy), at=NOW, source=expected["input"]
    ).reports
    assert {report.headline.value for report in reports} == {expected["headline"]}
    if "check" in expected:
        assert reports[0].outcome(expected["check"]) == expected["outcome"]
    if "doubt" in expected:
        assert any(expected["doubt"] in doubt for doubt in reports[0].doubts)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_vector_tells_its_attack(folder: Path) -> None:
    assert (folder / "README.md").read_text("utf-8").startswith("# ")
