"""The rules of Open Badges 3.0 on top of the data model, for badges and for endorsements."""

from __future__ import annotations

import re
from typing import Any

from testamur.credentials.clauses import check_instant, check_period
from testamur.credentials.findings import Findings, each, join, quoted
from testamur.credentials.members import first, has_type, is_url, objects, values
from testamur.credentials.open_badges_classes import CLASSES, BadgeClass, is_word
from testamur.credentials.open_badges_sound import is_sound
from testamur.credentials.vcdm import check_credential, is_version_1
from testamur.jsontext import Json

BADGE_TYPES = ("OpenBadgeCredential", "AchievementCredential")
_CONTEXT = re.compile(r"https://purl\.imsglobal\.org/spec/ob/v3p0/context(-3\.[0-9]\.[0-9])*\.json")
_TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+")
_HASH = re.compile(r"(sha256\$[0-9a-fA-F]{64}|md5\$[0-9a-fA-F]{32})")
_CLAUSE = "OB §B.1"


def is_badge(document: Any) -> bool:
    """Whether a document says it is an Open Badge."""
    return isinstance(document, dict) and any(has_type(document, name) for name in BADGE_TYPES)


def is_badge_context(value: Any) -> bool:
    """Whether this is the address of an Open Badges 3.0 context."""
    return isinstance(value, str) and _CONTEXT.fullmatch(value) is not None


def check_badge(document: Json, path: str, found: Findings) -> None:
    """An AchievementCredential; OpenBadgeCredential is another name for it."""
    _check_context(document, path, found)
    check_class(document, "AchievementCredential", path, found)
    if is_version_1(document) and "name" not in document:
        found.lacks(join(path, "name"), "it must be there", _CLAUSE)
    _check_subject(document, path, found)


def check_endorsement(document: Json, path: str, found: Findings) -> None:
    """An EndorsementCredential: what is endorsed is named by its id."""
    _check_context(document, path, found)
    check_class(document, "EndorsementCredential", path, found)
    _check_one_subject(document, path, found)


def _check_context(document: Json, path: str, found: Findings) -> None:
    contexts = values(document.get("@context"))
    if len(contexts) < 2 or not is_badge_context(contexts[1]):
        found.add(join(path, "@context[1]"), "the second context must be that of Open Badges 3.0", _CLAUSE)
    start = "issuanceDate" if is_version_1(document) else "validFrom"
    if start not in document:
        found.lacks(join(path, start), "an Open Badge must have it", _CLAUSE)
    check_instant(document, "awardedDate", path, found, _CLAUSE)


def _check_subject(document: Json, path: str, found: Findings) -> None:
    _check_one_subject(document, path, found)
    subject, spot = first(document.get("credentialSubject")), join(path, "credentialSubject")
    if subject and "id" not in subject and not objects(subject.get("identifier")):
        found.lacks(spot, "the holder must be named by id or identifier", "OB §8.2")
    check_period(subject, "activityStartDate", "activityEndDate", spot, found, _CLAUSE)
    _check_results(subject, spot, found)


def _check_one_subject(document: Json, path: str, found: Findings) -> None:
    if len(values(document.get("credentialSubject"))) > 1:
        found.add(join(path, "credentialSubject"), "there must be exactly one subject", _CLAUSE)


def _check_results(subject: Json, path: str, found: Findings) -> None:
    """Results point at descriptions and levels of the achievement, and a status is given where one is due."""
    descriptions = objects(first(subject.get("achievement")).get("resultDescription"))
    kinds = {item["id"]: item.get("resultType") for item in descriptions if isinstance(item.get("id"), str)}
    rubrics = [item["rubricCriterionLevel"] for item in descriptions if "rubricCriterionLevel" in item]
    levels = [level.get("id") for rubric in rubrics for level in objects(rubric)]
    for result, spot in each(subject.get("result"), join(path, "result")):
        if not isinstance(result, dict):
            continue
        target, level = result.get("resultDescription"), result.get("achievedLevel")
        if isinstance(target, str) and target not in kinds:
            found.lacks(join(spot, "resultDescription"), "the achievement describes no such result", _CLAUSE)
        if isinstance(level, str) and level not in levels:
            found.lacks(join(spot, "achievedLevel"), "the achievement describes no such level", _CLAUSE)
        if isinstance(target, str) and kinds.get(target) == "Status" and "status" not in result:
            found.lacks(join(spot, "status"), "the result is a status, so it must be there", _CLAUSE)


def check_class(holder: Json, name: str, path: str, found: Findings) -> None:
    """The members of an object by the table of classes, and of every object inside it."""
    if not is_sound(holder, name):
        report_class(holder, name, path, found)


def report_class(holder: Json, name: str, path: str, found: Findings) -> None:
    """The same by going through the rules one by one, whatever the quick look says."""
    badge_class = CLASSES[name]
    if badge_class.typed and not has_type(holder, name):
        found.add(join(path, "type"), f"it must contain {name}", _CLAUSE)
    for member in badge_class.required:
        if member not in holder:
            found.lacks(join(path, member), "it must be there", _CLAUSE)
    for member in badge_class.only and [member for member in holder if member not in badge_class.only]:
        found.add(join(path, member), f"{name} has no such member", _CLAUSE)
    _check_values(holder, badge_class, path, found)
    for member, part in badge_class.parts.items():
        if member in holder:
            for item, spot in each(holder[member], join(path, member)):
                _check_part(item, part, spot, found)


def _check_part(item: Any, name: str, path: str, found: Findings) -> None:
    if found.full or (isinstance(item, str) and path.endswith("issuer")):
        return
    if not isinstance(item, dict):
        found.add(path, f"{quoted(item)} must be an object of class {name}", _CLAUSE)
    elif name == "EndorsementCredential":
        check_credential(item, path, found)
        check_endorsement(item, path, found)
    else:
        report_class(item, name, path, found)


def _check_values(holder: Json, badge_class: BadgeClass, path: str, found: Findings) -> None:
    for member in badge_class.urls:
        if member in holder and not is_url(holder[member]):
            found.add(join(path, member), f"{quoted(holder[member])} is not one URL", _CLAUSE)
    for member, vocabulary in badge_class.words.items():
        if member in holder and not is_word(holder[member], vocabulary):
            found.add(join(path, member), f"{quoted(holder[member])} is not a word for this", _CLAUSE)
    if "endorsementJwt" in holder:
        for token, spot in each(holder["endorsementJwt"], join(path, "endorsementJwt")):
            if not isinstance(token, str) or not _TOKEN.fullmatch(token):
                found.add(spot, "it must be a compact token", _CLAUSE)
    if "identityHash" in holder and holder.get("hashed") is True and not _is_hash(holder["identityHash"]):
        found.add(join(path, "identityHash"), "a hashed identity is written sha256$ and its digits", _CLAUSE)


def _is_hash(value: Any) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None
