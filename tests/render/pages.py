"""Pages for the tests: a record, its look and what is enclosed, in several scripts."""

import copy
from collections.abc import Callable

from testamur.credentials import Look, Signatory
from testamur.credentials.languages import labels
from testamur.encoding import digest_multibase
from testamur.jsontext import Json
from testamur.papercode import encode
from testamur.render import Enclosed, page_fields, pdf
from tests.papercode.records import compact, record, signed

CREST = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 120"><path d="M5 5h90v60c0 30-30 45-45 50C35 110 5 95 '
    b'5 65z" fill="#1f3a5f"/><path d="M50 28l6 14h15l-12 9 5 15-14-9-14 9 5-15-12-9h15z" fill="#d9b65a"/></svg>'
)
TITLES = {
    "en": "Diploma",
    "es": "Diploma",
    "hi": "उपाधि पत्र",
    "am": "ዲፕሎማ",
    "ar": "شهادة تخرج",
    "km": "សញ្ញាបត្រ",
    "zh": "毕业证书",
}
SIGNATORIES = {
    "en": (("Prof. Elizabeth Hargreaves", "Rector"), ("Daniel Okafor", "Registrar")),
    "es": (("Dra. Carmen Ibáñez", "Rectora"), ("Luis Ortega", "Secretario general")),
    "hi": (("डॉ. रमेश चन्द्र जोशी", "कुलपति"), ("सुनीता रावत", "कुलसचिव")),
    "am": (("ዶ/ር አለማየሁ ተክሉ", "ፕሬዚዳንት"), ("ሰላም በቀለ", "ሬጅስትራር")),
    "ar": (("أ.د. سامي عبد العزيز", "رئيس الجامعة"), ("هدى المنياوي", "عميد القبول والتسجيل")),
    "km": (("ចាន់ សុភា", "សាកលវិទ្យាធិការ"), ("ហេង ដារ៉ា", "នាយកសិក្សា")),
    "zh": (("李卫国", "校长"), ("张丽", "教务处长")),
}


def look(language: str = "en", **members: object) -> Look:
    """A look with the shipped words of a language and two signatories."""
    words = {"title": TITLES[language], **labels(language)}
    people = tuple(Signatory(*who) for who in SIGNATORIES[language])
    standing = {
        "labels": words,
        "language": language,
        "signatories": people,
        "crest": digest_multibase(CREST),
    }
    return Look(**(standing | members))  # type: ignore[arg-type]


def vouched(claims: Json, page_look: Look) -> Json:
    """The full form's claims: the record with the digest of its look."""
    entry = {"id": "https://diplomas.example.edu/look.json", "digestMultibase": page_look.digest}
    return {**copy.deepcopy(claims), "relatedResource": [entry]}


def make(
    language: str = "en", *, change: Callable[[Json], None] = lambda claims: None, **members: object
) -> tuple[bytes, Json, Look]:
    """A PDF, the claims it was made from and its look; ``change`` alters the record before it is signed."""
    page_look = look(language, **members)
    extract = record(language)
    change(extract)
    claims = vouched(extract, page_look)
    jwt = signed(extract)
    crest = CREST if page_look.crest else b""
    enclosed = Enclosed(compact(claims), jwt, encode(jwt, "verify.example"), crest)
    return pdf(page_fields(claims, page_look), page_look, enclosed), claims, page_look
