"""The values of a row and the courses with it become an unsecured Comprehensive Learner Record (CLR §B.1).

The programme and each course are achievements that the record says of its learner, by the same issuer and
without signatures of their own. In what is only said the learner has no id: under one id the statements of
forty courses would flow together, and the signature would not say which grade belongs to which.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from testamur.credentials.clauses import V2
from testamur.credentials.clr import CLR_CONTEXT, CLR_TYPE
from testamur.credentials.courses import COURSES, Courses, read_courses
from testamur.credentials.template_fill import CONTEXTS, Filling, described, present
from testamur.jsontext import Json
from testamur.times import write_instant


@dataclass(frozen=True, slots=True)
class Transcript:
    """A filled template whose row came with courses."""

    filling: Filling
    courses: Courses

    def document(self) -> Json:
        """The record; members that would be empty are left out."""
        whole = self.filling.document()
        rows = read_courses(str(self.filling.values[COURSES]))
        subject = whole["credentialSubject"]
        held = [self._programme(whole), *self._course_records(rows, whole)]
        programme = subject["achievement"]["id"]
        ids = dict.fromkeys(item["credentialSubject"]["achievement"]["id"] for item in held[1:])
        return present(
            {
                "@context": [V2, CLR_CONTEXT, CONTEXTS[1]],
                "id": whole["id"],
                "type": ["VerifiableCredential", CLR_TYPE],
                "issuer": whole["issuer"],
                "validFrom": whole["validFrom"],
                "validUntil": whole.get("validUntil"),
                "awardedDate": whole.get("awardedDate"),
                "name": self.filling.template.title,
                "description": synopsis(rows),
                "credentialSubject": present(
                    {
                        "id": subject.get("id"),
                        "type": ["ClrSubject"],
                        "identifier": [*subject.get("identifier", []), *self._identifier()],
                        "verifiableCredential": held,
                        "association": [_part(course, programme) for course in ids],
                    }
                ),
                "relatedResource": whole["relatedResource"],
            }
        )

    def _identifier(self) -> list[Json]:
        """The learner's id as an identifier, where the record has no name to tell the courses' learner by."""
        if "holder.name" in self.filling.values:
            return []
        return [_identity("identifier", str(self.filling.values["holder.id"]))]

    def _learner(self) -> list[Json]:
        name = self.filling.values.get("holder.name")
        return [_identity("name", str(name))] if name else self._identifier()

    def _programme(self, whole: Json) -> Json:
        subject = {name: value for name, value in whole["credentialSubject"].items() if name != "id"}
        return self._held(f"{whole['id']}#0", whole, subject | {"identifier": self._learner()}, whole["name"])

    def _course_records(self, rows: Sequence[Json], whole: Json) -> list[Json]:
        taken: dict[str, Json] = {}
        return [
            self._held(f"{whole['id']}#{number}", whole, self._subject(row, taken), row["course.name"])
            for number, row in enumerate(rows, 1)
        ]

    def _held(self, name: str, whole: Json, subject: Json, title: str) -> Json:
        ended = subject.get("activityEndDate")
        return present(
            {
                "@context": list(CONTEXTS),
                "id": name,
                "type": ["VerifiableCredential", "AchievementCredential"],
                "issuer": whole["issuer"]["id"],
                "validFrom": write_instant(self.filling.at),
                "awardedDate": ended or (whole.get("awardedDate") if name.endswith("#0") else None),
                "name": title,
                "credentialSubject": subject,
            }
        )

    def _subject(self, row: Json, taken: dict[str, Json]) -> Json:
        achievement = self._achievement(row, taken)
        grade, scale = row.get("course.grade"), self.courses.grade
        member = "status" if scale.type == "Status" else "value"
        completed = row.get("course.completed")
        result = {"type": ["Result"], "resultDescription": f"{achievement['id']}.grade", member: grade}
        return present(
            {
                "type": ["AchievementSubject"],
                "identifier": self._learner(),
                "activityEndDate": f"{completed}T00:00:00Z" if completed else None,
                "creditsEarned": row.get("course.credits"),
                "term": row.get("course.term"),
                "result": [result] if grade is not None else [],
                "achievement": achievement,
            }
        )

    def _achievement(self, row: Json, taken: dict[str, Json]) -> Json:
        """The course, under one id in all transcripts of the school; another course of the same code gets another."""
        base = uuid.uuid5(uuid.NAMESPACE_URL, f"{self.filling.issuer_id}\ncourses").urn
        name = f"{base}#{quote(row.get('course.code') or row['course.name'], safe='')}"
        again = 2
        while True:
            made = self._course(name, row)
            if taken.setdefault(name, made) == made:
                return made
            name = f"{name.partition('~')[0]}~{again}"
            again += 1

    def _course(self, name: str, row: Json) -> Json:
        courses = self.courses
        scales = [described(courses.grade, f"{name}.grade")] if "course.grade" in row else []
        return present(
            {
                "id": name,
                "type": ["Achievement"],
                "achievementType": courses.type,
                "name": row["course.name"],
                "description": row["course.name"],
                "criteria": present(
                    {"id": self.filling.link(courses.criteria_url), "narrative": courses.criteria}
                ),
                "humanCode": row.get("course.code"),
                "fieldOfStudy": row.get("course.field"),
                "inLanguage": row.get("course.language"),
                "resultDescription": scales,
            }
        )


def synopsis(rows: Sequence[Json]) -> str:
    """Each course in a few words, for the code on paper: ``NUR 101, 6, A; NUR 102, 4, B+``."""
    return "; ".join(map(_in_few_words, rows))


def _in_few_words(row: Json) -> str:
    credits_, grade = row.get("course.credits"), row.get("course.grade")
    parts = [str(row.get("course.code") or row["course.name"])]
    parts += [f"{credits_:g}"] if credits_ is not None else []
    parts += [str(grade)] if grade is not None else []
    return ", ".join(parts)


def _identity(kind: str, value: str) -> Json:
    return {"type": "IdentityObject", "identityHash": value, "identityType": kind, "hashed": False}


def _part(course: str, programme: str) -> dict[str, Any]:
    return {"type": "Association", "associationType": "isPartOf", "sourceId": course, "targetId": programme}
