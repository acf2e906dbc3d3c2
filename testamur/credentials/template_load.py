"""From a template's TOML to a ``Template``: every table read, every rule checked, every mistake noted."""

from __future__ import annotations

import re
from collections.abc import Callable

from testamur.credentials.award import Alignment, Award, Result
from testamur.credentials.calendars import parse_date
from testamur.credentials.cells import Column
from testamur.credentials.courses import Courses
from testamur.credentials.look import LANGUAGE_TAG
from testamur.credentials.places import PAPER_ONLY, PLACES
from testamur.credentials.template import Template
from testamur.credentials.template_columns import read_columns, read_course_columns
from testamur.credentials.template_forms import FURTHER_FORMS, why_not
from testamur.credentials.template_kinds import (
    ACHIEVEMENT_TYPES,
    KINDS,
    RESULT_STATUSES,
    RESULT_TYPES,
    SECOND_PROOFS,
    Kind,
)
from testamur.credentials.template_look import read_crest, read_look
from testamur.credentials.template_toml import Table, TemplateMistakes, read_toml
from testamur.errors import Malformed

_LINK = re.compile(r"(https://[^\s/?#@]+|/)[^\s\\<>\"{}|^`]*")
_TYPE_NAME = re.compile(r"https://[^\s/?#@]+[^\s\\<>\"{}|^`]*|urn:[a-z0-9][a-z0-9-]{0,31}:[^\s\\<>\"{}|^`]+")
_RESULT_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)


def build(text: str, *, crest_of: Callable[[str], bytes]) -> Template:
    """The template of a TOML text; raises TemplateMistakes with everything that is wrong."""
    top = read_toml(text)
    language = _language(top)
    kind = KINDS[top.text("kind", "diploma", among=KINDS)]
    if "kind" not in top.members:
        top.wrong("kind", "this is missing", f"one of {', '.join(KINDS)}")
    title = top.needed("title", 'what the page is called, such as "Diploma"')
    results = tuple(_result(key, table) for key, table in top.table("result").named_tables().items())
    columns = read_columns(top, results, language)
    validity = top.table("validity")
    look = top.table("look")
    courses = _courses(top, kind, language)
    crest = read_crest(look, crest_of)
    template = Template(
        title=title,
        kind=top.text("kind", "diploma"),
        language=language,
        version=int(top.number("version", low=1, high=1_000_000) or 1),
        suspendable=top.flag("suspendable"),
        award=_award(top.table("award"), kind, columns),
        results=results,
        columns=columns,
        paper=_paper(top, results),
        look=read_look(look, kind, language, title, crest),
        valid_years=int(validity.number("years", low=1, high=100) or 0),
        valid_until=_valid_until(validity),
        second_proof=_second_proof(top),
        forms=_forms(top),
        always_shown=_always_shown(top, results),
        vct=_vct(top),
        crest=crest,
        courses=courses,
    )
    for reason in filter(None, (why_not(template, name) for name in template.forms)):
        top.wrong("forms", reason)
    _check_whole(top, validity, template)
    if top.mistakes:
        raise TemplateMistakes(top.mistakes)
    return template


def _language(top: Table) -> str:
    language = top.text("language", "en", limit=35)
    if not LANGUAGE_TAG.fullmatch(language):
        top.wrong("language", f"{language!r} is not a language tag", "such as en, am or pt-BR")
        return "en"
    return language


def _result(key: str, table: Table) -> Result:
    if not _RESULT_NAME.fullmatch(key):
        table.wrong("", f"{key!r:.60} is not usable as a name", "small letters, digits and _ only")
    kind = table.text("type", "Result", among=RESULT_TYPES)
    allowed, value = table.texts("allowed"), table.text("value", limit=100)
    statuses = [word for word in (value, *allowed) if kind == "Status" and word not in ("", *RESULT_STATUSES)]
    if statuses:
        table.wrong("value", f"{statuses[0]!r:.40} is no status", f"one of {', '.join(RESULT_STATUSES)}")
    if value and allowed and value not in allowed:
        table.wrong("value", f"{value!r:.40} is not in the list of allowed values")
    result = Result(
        key=key,
        name=table.needed("name", 'what the result is called, such as "Final grade"'),
        type=kind,
        value=value,
        allowed=tuple(RESULT_STATUSES) if kind == "Status" and not allowed else allowed,
        minimum=table.text("minimum", limit=20),
        maximum=table.text("maximum", limit=20),
        required=table.text("required", limit=100),
    )
    table.refuse_unknown()
    return result


def _courses(top: Table, kind: Kind, language: str) -> Courses | None:
    """What a transcript says of every course; None for a template without courses."""
    if "courses" not in top.members and not kind.has_courses:
        return None
    table = top.table("courses")
    if not kind.has_courses:
        table.wrong("", "only a transcript has courses", 'write kind = "transcript"')
    grade = _result("grade", table.table("grade"))
    courses = Courses(
        columns=read_course_columns(table, grade, language),
        grade=grade,
        type=table.text("type", "Course", among=ACHIEVEMENT_TYPES),
        criteria=table.text("criteria", limit=1000).strip(),
        criteria_url=_link(table, "criteria_url"),
    )
    if not any(column.goes_to == "course.name" and column.required for column in courses.columns):
        table.wrong("column", "every course needs its name", "a required column goes to course.name")
    if not courses.criteria and not courses.criteria_url:
        table.wrong("criteria", "this is missing", "say in a sentence what had to be done to pass a course")
    table.refuse_unknown()
    return courses


def _award(table: Table, kind: Kind, columns: tuple[Column, ...]) -> Award:
    achievement_type = table.text("type", kind.achievement_type)
    if achievement_type not in ACHIEVEMENT_TYPES and not re.fullmatch(
        r"ext:[A-Za-z0-9._-]+", achievement_type
    ):
        table.text("type", kind.achievement_type, among=ACHIEVEMENT_TYPES)
    award = Award(
        type=achievement_type,
        name=table.text("name"),
        description=table.text("description", limit=1000).strip(),
        field=table.text("field"),
        specialization=table.text("specialization"),
        code=table.text("code", limit=60),
        language=table.text("language", limit=35),
        credits=table.number("credits", low=0, high=100_000),
        criteria=table.text("criteria", limit=4000).strip(),
        criteria_url=_link(table, "criteria_url"),
        image=_link(table, "image"),
        image_caption=table.text("image_caption"),
        alignments=tuple(_alignment(item) for item in table.tables("alignment")),
    )
    named = any(column.goes_to == "award.name" and column.required for column in columns)
    if not award.name and not named:
        table.wrong("name", "every record needs the name of its award",
                    "give it here, or a required column that goes to award.name")  # fmt: skip
    if not award.criteria and not award.criteria_url:
        table.wrong("criteria", "this is missing", "say in a sentence what had to be done for the award")
    table.refuse_unknown()
    return award


def _alignment(table: Table) -> Alignment:
    alignment = Alignment(
        name=table.needed("name", 'such as "EQF level 6"'),
        url=_link(table, "url"),
        framework=table.text("framework"),
        code=table.text("code", limit=60),
    )
    if not alignment.url:
        table.wrong("url", "this is missing", "the web address of the level or competency")
    table.refuse_unknown()
    return alignment


def _link(table: Table, key: str) -> str:
    link = table.text(key, limit=500).strip()
    if link and not _LINK.fullmatch(link):
        table.wrong(key, f"{link!r:.60} is not a web address",
                    "begin it with https://, or with / for a page of the school's own site")  # fmt: skip
        return ""
    return link


def _paper(top: Table, results: tuple[Result, ...]) -> tuple[str, ...]:
    paper = top.texts("paper")
    known = _places(results)
    for name in paper:
        if name not in known:
            top.wrong("paper", f"{name!r:.60} is no place", f"known are {', '.join(known)}")
    if not {"holder.name", "holder.id"} & set(paper):
        top.wrong("paper", "the code on paper must say who holds the record", 'add "holder.name"')
    return paper


def _places(results: tuple[Result, ...]) -> list[str]:
    """The places that can be listed: those of columns, results, and what is the same in all records."""
    own = [place for place in PLACES if place != "nothing"]
    return own + [f"result.{result.key}" for result in results] + list(PAPER_ONLY)


def _second_proof(top: Table) -> str:
    return top.text("second_proof", among=SECOND_PROOFS) if "second_proof" in top.members else ""


def _forms(top: Table) -> tuple[str, ...]:
    forms = top.texts("forms")
    for name in forms:
        if name not in FURTHER_FORMS:
            top.wrong("forms", f"{name!r:.60} is no form", f"known are {', '.join(FURTHER_FORMS)}")
    return forms


def _vct(top: Table) -> str:
    name = top.text("vct", limit=500).strip()
    if name and not _TYPE_NAME.fullmatch(name):
        top.wrong("vct", f"{name!r:.60} names no type of record for all the world",
                  "an https address at which the type is described, or a name that begins with urn:")  # fmt: skip
    return name


def _always_shown(top: Table, results: tuple[Result, ...]) -> tuple[str, ...] | None:
    if "always_shown" not in top.members:
        return None
    shown = top.texts("always_shown")
    for name in shown:
        if name not in (known := _places(results)):
            top.wrong("always_shown", f"{name!r:.60} is no place", f"known are {', '.join(known)}")
    return shown


def _valid_until(validity: Table) -> str:
    until = validity.text("until", limit=20)
    validity.refuse_unknown()
    if until:
        try:
            return parse_date(until)
        except Malformed as error:
            validity.wrong("until", error.message)
    return ""


def _check_whole(top: Table, validity: Table, template: Template) -> None:
    fed = {column.goes_to for column in template.columns}
    if not any(
        column.required and column.goes_to in ("holder.name", "holder.id") for column in template.columns
    ):
        top.wrong("column", "nothing says whose record it is", "a required column goes to holder.name")
    if "holder.latin_name" in fed and "holder.name" not in {
        c.goes_to for c in template.columns if c.required
    }:
        top.wrong("column", "a Latin form stands beside a name", "a required column goes to holder.name")
    if template.valid_years and template.valid_until:
        validity.wrong("until", "give either years or until, not both")
    for result in template.results:
        if not result.value and f"result.{result.key}" not in fed:
            top.wrong(
                f"result.{result.key}", "no column goes to this result", "add a column, or give its value"
            )
    if "courses" in template.paper and template.courses is None:
        top.wrong("paper", "courses is listed, but only a transcript has courses")
    if template.kind == "badge" and not template.award.image:
        top.wrong("award.image", "a badge needs a picture", "the web address of a PNG or SVG file")
    given = fed | {
        f"award.{part}" for part in ("field", "specialization", "code") if getattr(template.award, part)
    }
    given |= {"award.name", "award.description", "award.language", "valid_until", *PAPER_ONLY}
    given |= {f"result.{result.key}" for result in template.results}
    for name in template.paper:
        if name in PLACES and name not in given:
            top.wrong("paper", f"{name} is listed, but no column goes there")
    top.refuse_unknown()
