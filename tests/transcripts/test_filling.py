"""A row and its courses become a learner record that breaks no rule and says each course once."""

import json

import pytest

from testamur.credentials import (
    Template,
    TemplateMistakes,
    check_rules,
    check_schema,
    facts,
    held_by,
    mixed_thing,
    shipped_template,
    write_courses,
)
from testamur.errors import RowMismatch
from tests.transcripts.papers import NAMES, courses, filled, template


@pytest.mark.parametrize("language", NAMES)
def test_a_transcript_fits_the_standard_and_tells_its_facts(language: str) -> None:
    document = filled(language, 5)
    assert check_rules(document) == check_schema(document) == []
    found = facts(document)
    _, holder, _, programme, *_ = NAMES[language]
    assert (found.holder, found.award) == (holder, f"Transcript of Records: {programme}")
    assert (found.result, found.number, found.awarded) == ("3.71", "T-2026-00417", "2026-07-01")
    told = [facts(held) for held in held_by(document)[1:]]
    rows = courses(5, language)
    assert [one.award for one in told] == [row["course.name"] for row in rows]
    assert [(one.result, float(one.credits)) for one in told] == [
        (row["course.grade"], row["course.credits"]) for row in rows
    ]


def test_no_two_things_of_a_transcript_share_an_id_so_no_grade_can_change_its_course() -> None:
    assert mixed_thing(filled("en", 40, name_latin="Selam T.")) == ""


def test_a_course_taken_twice_is_one_course_and_another_of_the_same_code_is_another() -> None:
    twice = [
        {"course.name": "Anatomy", "course.code": "A 1", "course.grade": "F", "course.credits": 0},
        {"course.name": "Anatomy", "course.code": "A 1", "course.grade": "B", "course.credits": 6},
        {"course.name": "Art", "course.code": "A 1", "course.grade": "A", "course.credits": 3},
    ]
    document = filled("en", 1, courses=write_courses(twice))
    ids = [held["credentialSubject"]["achievement"]["id"] for held in held_by(document)[1:]]
    assert ids[0] == ids[1] != ids[2]
    assert len(document["credentialSubject"]["association"]) == 2
    assert check_rules(document) == []
    assert mixed_thing(document) == ""


def test_the_extract_for_paper_sums_up_the_courses_and_says_nothing_else_than_the_record() -> None:
    document = filled("am", 3)
    extract = template("am").paper_document(document)
    assert check_rules(extract) == check_schema(extract) == []
    assert extract["description"] == "NUR 100, 3.5, A; NUR 101, 4, B; NUR 102, 5, C"
    assert [held["id"] for held in held_by(extract)] == [held_by(document)[0]["id"]]
    assert facts(extract).award == facts(document).award


def test_courses_that_would_make_a_code_nobody_can_read_are_left_out_of_it() -> None:
    import random

    chance = random.Random(1)
    many = [{"course.name": "".join(chance.choices("abcdefghijklmnop", k=30))} for _ in range(60)]
    document = filled("en", 1, courses=write_courses(many))
    assert "description" in document
    assert "description" not in template().paper_document(document)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("", "has no row"),
        ("[]", "no list of courses"),
        ("{}", "no list of courses"),
        ("[1]", "has no name"),
        ('[{"course.name":"A","holder.name":"B"}]', "something odd"),
        ('[{"course.name":"A","course.credits":"6"}]', "something odd"),
        ('[{"course.name":"A\\u202e"}]', "something odd"),
        ("[" * 200, "deep|nested|JSON"),
        (json.dumps([{"course.name": "A"}] * 301), "301 courses"),
    ],
)
def test_courses_that_no_sheet_gave_are_refused(cell: str, reason: str) -> None:
    with pytest.raises(RowMismatch, match=reason):
        filled("en", 1, courses=cell)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('kind = "transcript"', 'kind = "diploma"', "only a transcript has courses"),
        ('goes_to = "course.name"', 'goes_to = "course.field"', "a required column goes to course.name"),
        ('goes_to = "course.grade"', 'goes_to = "result.overall"', "not known here"),
        ('style = "transcript"', 'style = "diploma"', "student_number"),
    ],
)
def test_a_mistake_in_the_courses_of_a_template_is_named(old: str, new: str, reason: str) -> None:
    with pytest.raises(TemplateMistakes, match=reason):
        Template.load(shipped_template("transcript").replace(old, new))


def test_the_sheets_have_the_columns_of_the_template() -> None:
    assert template().empty_course_csv() == "\ufeffterm,code,title,credits,grade\r\n"
    assert "courses" not in template().empty_csv()


def test_a_transcript_is_made_in_no_form_of_which_a_part_could_be_shown() -> None:
    text = 'forms = ["ecdsa-sd-2023"]\n' + shipped_template("transcript")
    with pytest.raises(TemplateMistakes, match="is not made of a transcript"):
        Template.load(text)
