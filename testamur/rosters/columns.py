"""The files of OneRoster 1.2 and their columns, in the order they stand in (OneRoster CSV §4)."""

from __future__ import annotations

from dataclasses import dataclass

_TABLES = """
academicSessions:
    title!; type! one:gradingPeriod|semester|schoolYear|term; startDate! date; endDate! date;
    parentSourcedId ref:academicSessions; schoolYear! year;
categories:
    title!; weight integer;
classes:
    title!; grades texts; courseSourcedId! ref:courses; classCode; classType! one:homeroom|scheduled;
    location; schoolSourcedId! ref:orgs; termSourcedIds! refs:academicSessions; subjects texts;
    subjectCodes texts; periods texts;
classResources:
    title; classSourcedId! ref:classes; resourceSourcedId! ref:resources;
courseResources:
    title; courseSourcedId! ref:courses; resourceSourcedId! ref:resources;
courses:
    schoolYearSourcedId ref:academicSessions; title!; courseCode; grades texts; orgSourcedId! ref:orgs;
    subjects texts; subjectCodes texts;
demographics:
    birthDate date; sex one:male|female|unspecified|other; americanIndianOrAlaskaNative one:true|false;
    asian one:true|false; blackOrAfricanAmerican one:true|false;
    nativeHawaiianOrOtherPacificIslander one:true|false; white one:true|false;
    demographicRaceTwoOrMoreRaces one:true|false; hispanicOrLatinoEthnicity one:true|false;
    countryOfBirthCode; stateOfBirthAbbreviation; cityOfBirth; publicSchoolResidenceStatus;
enrollments:
    classSourcedId! ref:classes; schoolSourcedId! ref:orgs; userSourcedId! ref:users;
    role! one:administrator|proctor|student|teacher; primary one:true|false; beginDate date;
    endDate date;
lineItemLearningObjectiveIds:
    lineItemSourcedId! ref:lineItems; source! one:case|unknown; learningObjectiveId!;
lineItems:
    title!; description; assignDate! date; dueDate! date; classSourcedId! ref:classes;
    categorySourcedId! ref:categories; academicSessionSourcedId! ref:academicSessions;
    resultValueMin number; resultValueMax number; schoolSourcedId! ref:orgs;
lineItemScoreScales:
    title; lineItemSourcedId! ref:lineItems; scoreScaleSourcedId! ref:scoreScales;
orgs:
    name!; type! one:department|school|district|local|state|national; identifier;
    parentSourcedId ref:orgs;
resources:
    vendorResourceId!; title;
    roles some:administrator|aide|guardian|parent|proctor|relative|student|teacher;
    importance one:primary|secondary; vendorId; applicationId;
resultLearningObjectiveIds:
    resultSourcedId! ref:results; source! one:case|unknown; learningObjectiveId!; score number;
    textScore;
results:
    lineItemSourcedId! ref:lineItems; studentSourcedId! ref:users;
    scoreStatus! one:exempt|fully_graded|not_submitted|partially_graded|submitted; score number;
    scoreDate! date; comment; textScore; classSourcedId ref:classes; inProgress boolean;
    incomplete boolean; late boolean; missing boolean;
resultScoreScales:
    title; resultSourcedId! ref:results; scoreScaleSourcedId! ref:scoreScales;
roles:
    userSourcedId! ref:users; roleType! one:primary|secondary;
    role! one:aide|counselor|districtAdministrator|guardian|parent|principal|proctor|relative|siteAdministrator|student|systemAdministrator|teacher;
    beginDate date; endDate date; orgSourcedId! ref:orgs; userProfileSourcedId ref:userProfiles;
scoreScales:
    title!; type!; orgSourcedId! ref:orgs; courseSourcedId! ref:courses; classSourcedId! ref:classes;
    scoreScaleValue! texts;
userProfiles:
    userSourcedId! ref:users; profileType!; vendorId!; applicationId; description; credentialType!;
    username!; password;
userResources:
    userSourcedId! ref:users; orgSourcedId ref:orgs; classSourcedId ref:classes;
    resourceSourcedId! ref:resources;
users:
    enabledUser! boolean; username!; userIds texts; givenName!; familyName!; middleName; identifier;
    email; sms; phone; agentSourcedIds refs:users; grades; password; userMasterIdentifier;
    resourceSourcedIds refs:resources; preferredGivenName; preferredMiddleName; preferredFamilyName;
    primaryOrgSourcedId ref:orgs; pronouns;
"""
"""Each file with the columns after sourcedId, status and dateLastModified; ! marks what no row may leave empty."""


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its kind, the file it refers to, the words it may have."""

    name: str
    kind: str  # text, texts, guid, ref, refs, one, some, date, instant, year, number, integer, boolean
    required: bool = False
    target: str = ""
    words: tuple[str, ...] = ()


_FIRST = (
    Field("sourcedId", "guid", required=True),
    Field("status", "one", words=("active", "tobedeleted")),
    Field("dateLastModified", "instant"),
)


def _field(text: str) -> Field:
    name, _, kind = text.strip().partition(" ")
    kind, _, more = (kind or "text").partition(":")
    words = tuple(word.replace("_", " ") for word in more.split("|")) if kind in ("one", "some") else ()
    target = more if kind in ("ref", "refs") else ""
    return Field(name.rstrip("!"), kind, name.endswith("!"), target, words)


def _tables() -> dict[str, tuple[Field, ...]]:
    found: dict[str, tuple[Field, ...]] = {}
    name = ""
    for line in _TABLES.strip().splitlines():
        if not line.startswith(" "):
            name = line.rstrip(":")
            found[name] = _FIRST
        else:
            found[name] += tuple(_field(text) for text in line.split(";") if text.strip())
    return found


FILES = _tables()
"""The fields of each file by its name without ".csv"."""

HISTORIC = {"users": ("orgSourcedIds", "role")}
"""Columns of OneRoster 1.1 that 1.2 has no more: an export that has them says 1.2 and is none."""
