"""Builds a vocabulary of the paper code: ``python tools/vocabulary.py testamur/papercode/vocabulary_1.bin``.

A vocabulary that was released is never changed, since every code printed with it needs it; a better one gets
the next number and new first bytes in ``testamur/papercode/code.py``. What is used most stands last, where
DEFLATE reaches it with the fewest bits.
"""

from __future__ import annotations

import sys
from pathlib import Path

UUID, MIDNIGHT, INSTANT, NUMBER, AGAIN, EPOCH, HOST, SCRIPT = map(chr, range(1, 9))

NATIVE_WORDS = (
    "جامعة كلية معهد بكالوريوس ماجستير دبلوم في العلوم الهندسة إدارة محمد أحمد عبد الله ال بنت",
    "विश्वविद्यालय महाविद्यालय संस्थान स्नातक परास्नातक उपाधि विज्ञान प्रमाणपत्र कुमार सिंह शर्मा",
    "বিশ্ববিদ্যালয় কলেজ স্নাতক বিজ্ঞান",
    "ዩኒቨርሲቲ ኮሌጅ የመጀመሪያ ዲግሪ ዲፕሎማ ሳይንስ ገብረ ወልደ ኃይለ ተስፋዬ",
    "សាកលវិទ្យាល័យ វិទ្យាស្ថាន បរិញ្ញាបត្រ វិទ្យាសាស្ត្រ សញ្ញាបត្រ",
    "มหาวิทยาลัย วิทยาลัย ปริญญาตรี วิทยาศาสตรบัณฑิต ประกาศนียบัตร",
    "Университет Институт Колледж Бакалавр Магистр Диплом ович евич овна",
    "Πανεπιστήμιο Πτυχίο",
    "אוניברסיטה תואר",
    "විශ්වවිද්‍යාලය பல்கலைக்கழகம் విశ్వవిద్యాలయం",
)

WORDS = (
    "Universidade de Universität Università degli Studi di Université de Universitas Chuo Kikuu cha "
    "Hochschule École Instituto Tecnológico Colegio Escuela Faculdade Licenciatura em Bacharelado em Licence en "
    "Máster en Grado en Ingeniería Administración de Empresas Ciencias de la Educación Enfermería Sarjana "
    "Polytechnic Secondary School Training Centre Ministry of Education Teachers National State City "
    "Community College Academy Faculty of Institute of Technology College of University of Technology University of "
    "Accounting Agriculture Architecture Biology Business Administration Chemistry Civil Economics Education "
    "Electrical Electronics Environmental Finance History Hospitality Information Technology International Law "
    "Linguistics Literature Mathematics Mechanical Medicine Nursing Pharmacy Philosophy Physics Psychology Public "
    "Health Social Sciences Software Statistics Tourism Computer Science Engineering Management "
    "Upper Second Class Honours First Class Honours Second Class Pass with Merit with Distinction cum laude magna "
    "Very good Excellent Sobresaliente Notable Aprobado mention bien passed grade point average GPA ECTS credits "
    "a four-year programme of study a three-year in the and for of this has completed all requirements, including "
    "Awarded to graduates who have completed the course programme examination thesis and practical work "
    "The holder may teach the named subjects in public and private secondary schools. Licence to teach in secondary schools "
    "is enrolled at the school in the school year Completion of the course with Certificate of Completion Certificate in Certificate of Enrolment Higher National "
    "Diploma in Master of Science in Master of Arts in Master of Business Administration Doctor of Philosophy in "
    "Bachelor of Arts in Bachelor of Education in Bachelor of Engineering in Licenciatura en Universidad de "
    "Bachelor of Science in "
)

TERMS = (
    "endorsement", "evidence", "narrative", "genre", "audience", "address", "addressCountry", "streetAddress",
    "telephone", "parentOrg", "familyName", "givenName", "dateOfBirth", "otherIdentifier", "IdentifierEntry",
    "related", "version", "tag", "alignment", "Alignment", "targetName", "targetUrl", "targetFramework",
    "targetCode", "targetType", "targetDescription", "rubricCriterionLevel", "requiredLevel", "requiredValue",
    "allowedValue", "valueMin", "valueMax", "resultType", "GradePointAverage", "LetterGrade", "Percent", "RawScore",
    "ResultDescription", "resultDescription", "achievedLevel", "status", "Completed", "creator", "humanCode",
    "image", "Image", "caption", "url", "email", "phone", "official", "role", "term", "source", "salt", "hashed",
    "sourcedId", "nationalIdentityNumber", "emailAddress", "relatedResource", "digestMultibase", "termsOfUse",
    "refreshService", "credentialSchema", "1EdTechJsonSchemaValidator2019", "inLanguage", "specialization",
    "fieldOfStudy", "creditsAvailable", "creditsEarned", "activityStartDate", "activityEndDate", "validUntil",
    "AchievementCredential", "identityHash",
)  # fmt: skip

TYPES = (
    "Achievement", "ApprenticeshipCertificate", "Assessment", "Award", "CommunityService", "Competency", "Degree",
    "Fieldwork", "GeneralEducationDevelopment", "JourneymanCertificate", "LearningProgram", "Membership",
    "MasterCertificate", "ProfessionalDoctorate", "ResearchDoctorate", "SecondarySchoolDiploma", "Certification",
    "MicroCredential", "CoCurricular", "CertificateOfCompletion", "AssociateDegree", "DoctoralDegree", "Course",
    "Badge", "License", "Certificate", "Diploma", "MasterDegree", "BachelorDegree",
)  # fmt: skip

HEADERS = (
    '{"alg":"ES256","kid":"did:web:', '{"alg":"EdDSA","typ":"vc+jwt","kid":"did:key:z6Mk',
    '#key-1","typ":"vc+jwt","form":"extract"}', "\2key-1\0", "\5key-1\0", "\1key-2\0", "\1key-1\0",
)  # fmt: skip

HOSTS = "www. degrees. credentials. records. registrar. .gov .edu.bd .edu.kh .edu.et .ac.ke .ac.uk .ac.in .edu.mx .org .edu diplomas."


def person(kind: str = "name") -> str:
    """An identifier of the holder as an Open Badge has it (OB §B.1.9)."""
    return f'{{"type":"IdentityObject","identityHash":"","identityType":"{kind}","hashed":false}}'


def document(
    award: str, *, before: str = "", dated: bool = True, also: str = "", subject: str = "", more: str = ""
) -> str:
    """The members of an Open Badge on paper in the order that the templates write them, with nothing in them."""
    names = person() + also
    awarded = f',"awardedDate":"{MIDNIGHT}"' if dated else ""
    listing = f"https://{HOST}/status/1.json"
    return (
        '{"@context":["https://www.w3.org/ns/credentials/v2",'
        '"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"],'
        f'"id":"urn:uuid:{UUID}","type":["VerifiableCredential","OpenBadgeCredential"],'
        f'"issuer":{{"id":"did:web:{HOST}","type":["Profile"],"name":""}},"validFrom":"{INSTANT}"{before}{awarded},'
        f'"credentialSubject":{{"type":["AchievementSubject"],"identifier":[{names}]{subject},'
        f'"achievement":{{"id":"urn:uuid:{UUID}","type":["Achievement"],"achievementType":"{award}",'
        f'"name":"","description":"","criteria":{{}}{more}}}}},'
        f'"credentialStatus":{{"id":"{listing}#{NUMBER}","type":"BitstringStatusListEntry",'
        f'"statusPurpose":"revocation","statusListIndex":"{AGAIN}","statusListCredential":"{listing}"}},'
        f'"iat":{EPOCH}}}'
    )


def documents() -> str:
    """One document for each kind of record, the most frequent kind last."""
    described = (
        f',"resultDescription":"urn:uuid:{UUID}"}},{{"type":["Result"],"resultDescription":"urn:uuid:{UUID}","value":""}}],'
        f'"resultDescription":[{{"id":"urn:uuid:{UUID}","type":["ResultDescription"],"name":"","resultType":"Result"}},'
        f'"criteria":{{"narrative":"","criteria":{{"id":"https://{HOST}/criteria/"}},"id":"did:key:z6Mk'
    )
    until = f',"validUntil":"{INSTANT}"'
    number, result = ',"licenseNumber":""', ',"result":[{"type":["Result"],"value":""}]'
    days = f',"activityStartDate":"{MIDNIGHT}","activityEndDate":"{MIDNIGHT}","creditsEarned":60'
    enrolled = f',"term":"2026/27","result":[{{"type":["Result"],"resultDescription":"urn:uuid:{UUID}","status":"Enrolled"}}]'
    status = f',"resultDescription":[{{"id":"urn:uuid:{UUID}","type":["ResultDescription"],"name":"Status","resultType":"Status"}}]'
    return "".join(
        (
            described,
            document("LearningProgram", before=until, dated=False, also="," + person("sourcedId"), subject=enrolled, more=status),
            document("License", before=until, also="," + person("ext:birthDate"), subject=number, more=',"specialization":""'),
            document("Course", subject=days + result, more=',"fieldOfStudy":"","creditsAvailable":240'),
            document("Diploma", subject=number + result),
            document("BachelorDegree", also="," + person(), subject=number + result),
        )
    )  # fmt: skip


def in_script(text: str) -> bytes:
    """Words as the code writes them once their script is chosen."""
    return bytes(ord(character) & 127 | (128 if ord(character) > 127 else 0) for character in text)


def build() -> bytes:
    """The whole vocabulary, least used first."""
    quoted = "".join(f'"{term}":"' for term in TERMS) + "".join(f'"{kind}"' for kind in TYPES)
    text = WORDS + quoted + HOSTS + "".join(HEADERS) + documents()
    return b" ".join(in_script(words) for words in NATIVE_WORDS) + text.encode("utf-8")


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(build())
