"""Transcripts of a small university in several scripts, filled, signed and printed."""

from dataclasses import dataclass
from functools import cache

from testamur.credentials import Template, shipped_template, write_courses
from testamur.jsontext import Json, write_json
from testamur.papercode import encode
from testamur.proofs import SecuredDocument, VcJwt
from tests.town import GRADUATION, Town

NAMES = {
    "en": ("Valdoria University", "Selam Tesfaye", "", "BSc Nursing", "Anatomy", "Semester"),
    "am": ("ቫልዶሪያ ዩኒቨርሲቲ", "ሰላማዊት በቀለ", "Selamawit Bekele", "ነርሲንግ", "የሰውነት አካል", "ሴሚስተር"),
    "ar": ("جامعة فالدوريا", "فاطمة الزهراء", "Fatima al-Zahra", "التمريض", "التشريح", "الفصل"),
    "hi": ("वाल्डोरिया विश्वविद्यालय", "प्रियंका शर्मा", "Priyanka Sharma", "नर्सिंग", "शरीर रचना", "सत्र"),
    "km": ("សាកលវិទ្យាល័យ", "សុខ សុភាព", "Sok Sopheap", "គិលានុបដ្ឋាក", "កាយវិភាគវិទ្យា", "ឆមាស"),
}


@dataclass(frozen=True)
class Paper:
    """A transcript in both forms with everything its page needs."""

    template: Template
    document: Json
    full: SecuredDocument
    paper: SecuredDocument
    code: str


def template(language: str = "en") -> Template:
    text = shipped_template("transcript").replace('language = "en"', f'language = "{language}"')
    return Template.load(text)


def courses(count: int, language: str = "en") -> list[Json]:
    *_, name, term = NAMES[language]
    return [
        {
            "course.name": f"{name} {number}",
            "course.code": f"NUR {100 + number}",
            "course.credits": 3 + number % 4 + (0.5 if number % 7 == 0 else 0),
            "course.grade": "ABC"[number % 3],
            "course.term": f"{term} {1 + number // 7}",
        }
        for number in range(count)
    ]


def filled(language: str, count: int, **cells: str) -> Json:
    school, holder, latin, programme, *_ = NAMES[language]
    row = {
        "student_number": "2022-00417", "name": holder, "name_latin": latin, "birth_date": "2003-05-17",
        "programme": programme, "average": "3.71", "started": "2022-09-12", "issued": "2026-07-01",
        "transcript_number": "T-2026-00417", "courses": write_courses(courses(count, language)),
    } | cells  # fmt: skip
    return template(language).fill(
        row, line=2, issuer_id="did:web:diplomas.valdoria.example", issuer_name=school,
        issuer_url="https://diplomas.valdoria.example",
        record_id="urn:uuid:00000000-0000-4000-8000-000000000001", at=GRADUATION,
    )  # fmt: skip


@cache
def paper(language: str, count: int) -> Paper:
    school = Town().school
    document = filled(language, count) | {"credentialStatus": school.status(5)}
    made = template(language)
    extract = write_json(made.paper_document(document))
    token = VcJwt(extract=True).secure(extract, school.key, at=GRADUATION)
    code = encode(token.text, school.host)
    return Paper(made, document, school.issue(document), token, code)
