"""The sheets that a mapping makes of a roster: a row for each learner, and one for each course of a transcript."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from testamur.rosters.mapping import Mapping, filled
from testamur.rosters.values import Record, Roster, RosterProblem
from testamur.spreadsheets import Sheet

_MAX_UP = 20  # steps from an org or session to the one above it


@dataclass(frozen=True, slots=True)
class RosterRows:
    """Rows that a mapping made, as a sheet has them; ``digest`` is of the roster and the mapping."""

    path: Path
    table: tuple[tuple[str, ...], ...]
    mark: bytes

    def rows(self) -> Iterator[list[str]]:
        """The header and every row."""
        return (list(cells) for cells in self.table)

    def digest(self) -> bytes:
        """What the rows were made of."""
        return self.mark

    @property
    def sheet(self) -> Sheet:
        """As a sheet."""
        return Sheet(self, tuple((name, at) for at, name in enumerate(self.table[0])), 1)


@dataclass(frozen=True, slots=True)
class RosterSheets:
    """The learners, the courses where the template has some, and what the mapping leaves open."""

    learners: Sheet
    courses: Sheet | None
    problems: tuple[RosterProblem, ...]


def learner_sheets(roster: Roster, mapping: Mapping) -> RosterSheets:
    """The sheets of the learners that the mapping chooses, in the order of users.csv."""
    joining = _Joining(roster, mapping)
    learners: list[tuple[str, ...]] = [tuple(mapping.columns)]
    courses: list[tuple[str, ...]] = [(mapping.key, *mapping.courses)]
    for user_id in joining.learners():
        found = joining.of_learner(user_id)
        row = {name: filled(text, found) for name, text in mapping.columns.items()}
        if mapping.courses:
            own = list(joining.courses(user_id, found))
            if not own:
                continue
            courses += [
                (row[mapping.key], *(filled(text, one) for text in mapping.courses.values())) for one in own
            ]
        learners.append(tuple(row.values()))
    mark = sha256(roster.digest + mapping.text.encode("utf-8")).digest()
    if len(learners) == 1:
        joining.problems.append(RosterProblem("", 0, "", "the mapping chooses no learner of this roster"))
    return RosterSheets(
        RosterRows(roster.path, tuple(learners), mark).sheet,
        RosterRows(roster.path, tuple(courses), mark).sheet if mapping.courses else None,
        tuple(joining.problems),
    )


class _Joining:
    """Finds what belongs to a learner."""

    def __init__(self, roster: Roster, mapping: Mapping) -> None:
        self._roster, self._mapping = roster, mapping
        self.problems: list[RosterProblem] = []
        self._roles = self._primary_roles()
        self._sessions = self._below("academicSessions", mapping.session)
        self._schools = self._below("orgs", mapping.school)
        self._results: dict[tuple[str, str], list[Record]] = defaultdict(list)
        for result in roster.rows("results").values():
            item = roster.rows("lineItems").get(result["lineItemSourcedId"], {})
            place = result["classSourcedId"] or item.get("classSourcedId", "")
            if result["scoreStatus"] in mapping.statuses and self._is_final(item):
                self._results[result["studentSourcedId"], place].append(result)
        self._enrolled: dict[str, list[Record]] = defaultdict(list)
        for enrollment in roster.rows("enrollments").values():
            if enrollment["role"] == "student":
                self._enrolled[enrollment["userSourcedId"]].append(enrollment)

    def learners(self) -> Iterator[str]:
        """Who has the role, at the school and of the grade that are asked for."""
        for user_id, user in self._roster.rows("users").items():
            role = self._roles.get(user_id)
            if role is None or (self._schools and role["orgSourcedId"] not in self._schools):
                continue
            if self._mapping.grades and self._mapping.grades not in _parts(user["grades"]):
                continue
            yield user_id

    def of_learner(self, user_id: str) -> dict[str, dict[str, str]]:
        """What a learner's columns are taken from."""
        user, role = self._roster.rows("users")[user_id], self._roles[user_id]
        names = {
            "fullName": _joined(user, "givenName", "middleName", "familyName"),
            "preferredFullName": _joined(
                user, "preferredGivenName", "preferredMiddleName", "preferredFamilyName"
            ),
        }
        return {
            "user": dict(user) | names,
            "role": dict(role),
            "school": dict(self._roster.rows("orgs").get(role["orgSourcedId"], {})),
            "district": dict(self._above(role["orgSourcedId"], "district")),
            "session": self._session(self._mapping.session),
            "demographics": dict(self._roster.rows("demographics").get(user_id, {})),
        }

    def courses(self, user_id: str, found: dict[str, dict[str, str]]) -> Iterator[dict[str, dict[str, str]]]:
        """What the columns of each of a learner's courses are taken from."""
        for enrollment in self._enrolled[user_id]:
            place = enrollment["classSourcedId"]
            taught = self._roster.rows("classes").get(place, {})
            terms = _parts(taught.get("termSourcedIds", ""))
            if self._sessions and not self._sessions & set(terms):
                continue
            results = self._results[user_id, place]
            if len(results) > 1:
                line = int(enrollment[""])
                reason = (
                    f"{user_id} has {len(results)} results in {place}: say in the mapping which line item holds"
                    " the final one (line_item)"
                )
                self.problems.append(RosterProblem("enrollments.csv", line, "", reason))
            if not results and not self._mapping.ungraded:
                continue
            result = results[0] if results else {}
            item = self._roster.rows("lineItems").get(result.get("lineItemSourcedId", ""), {})
            term = item.get("academicSessionSourcedId") or (terms[0] if terms else "")
            yield found | {
                "enrollment": dict(enrollment),
                "class": dict(taught),
                "course": dict(self._roster.rows("courses").get(taught.get("courseSourcedId", ""), {})),
                "result": dict(result),
                "lineItem": dict(item),
                "term": self._session(term),
            }

    def _is_final(self, item: Record) -> bool:
        return self._mapping.line_item.casefold() in item.get("title", "").casefold()

    def _primary_roles(self) -> dict[str, Record]:
        """For each user with the role that is asked for, the primary one of it."""
        found: dict[str, Record] = {}
        for role in self._roster.rows("roles").values():
            if role["role"] == self._mapping.role and (
                role["userSourcedId"] not in found or role["roleType"] == "primary"
            ):
                found[role["userSourcedId"]] = role
        return found

    def _below(self, file: str, top: str) -> frozenset[str]:
        """A session or org and all below it; none where nothing was asked for."""
        if not top:
            return frozenset()
        if top not in self._roster.rows(file):
            self.problems.append(RosterProblem(f"{file}.csv", 0, "sourcedId", f"{top!r:.60} is not in it"))
        found = {top}
        for _ in range(_MAX_UP):
            more = {
                name for name, record in self._roster.rows(file).items() if record["parentSourcedId"] in found
            }
            if more <= found:
                break
            found |= more
        return frozenset(found)

    def _above(self, org: str, kind: str) -> Record:
        """The nearest org of a kind at or above this one."""
        for _ in range(_MAX_UP):
            record = self._roster.rows("orgs").get(org, {})
            if not record or record["type"] == kind:
                return record
            org = record["parentSourcedId"]
        return {}

    def _session(self, name: str) -> dict[str, str]:
        record = dict(self._roster.rows("academicSessions").get(name, {}))
        if record.get("endDate"):
            record["lastDay"] = (date.fromisoformat(record["endDate"]) - timedelta(days=1)).isoformat()
        return record


def _parts(cell: str) -> Sequence[str]:
    return [part for item in cell.split(",") if (part := item.strip())]


def _joined(user: Record, *names: str) -> str:
    return " ".join(part for name in names if (part := user[name]))
