"""Open Badges 3.0 records for tests of every room: whole diplomas and lean ones, in many scripts.

Everything is invented; the same number always gives the same record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Json = dict[str, Any]

V2 = "https://www.w3.org/ns/credentials/v2"
BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"


@dataclass(frozen=True)
class Place:
    """A school, what it awards and one of its graduates, in its own language."""

    language: str
    host: str
    school: str
    programme: str
    field: str
    description: str
    criteria: str
    holder: str
    latin: str


PLACES = (
    Place("en", "valdoria.example", "University of Valdoria", "Bachelor of Science in Hydrology", "Hydrology",
          "Four years of study of rivers, groundwater and the people who live by them.",
          "240 credits, two seasons of field work and a thesis defended in public.", "Zoë O’Sullivan-Łukasz", ""),
    Place("am", "sheger.example", "ሸገር ዩኒቨርሲቲ", "በውሃ ምህንድስና የሳይንስ ባችለር", "የውሃ ምህንድስና",
          "ለአራት ዓመታት የተሰጠ የውሃ ምህንድስና ትምህርት።", "240 ክሬዲት እና የመመረቂያ ጽሑፍ።", "ሰላማዊት ኃይለማርያም", "Selamawit Hailemariam"),
    Place("ar", "furat.example", "جامعة الفرات الأهلية", "بكالوريوس في علم المياه", "علم المياه",
          "أربع سنوات من دراسة الأنهار والمياه الجوفية.", "٢٤٠ ساعة معتمدة ورسالة تخرج.", "نور الهدى بنت سالم", "Nour al-Huda bint Salim"),
    Place("hi", "sangam.example", "संगम विश्वविद्यालय", "जल विज्ञान में विज्ञान स्नातक", "जल विज्ञान",
          "नदियों और भूजल का चार वर्षीय अध्ययन।", "२४० क्रेडिट और एक शोध-प्रबंध।", "अनुष्का त्रिवेदी", "Anushka Trivedi"),
    Place("km", "tonle.example", "សាកលវិទ្យាល័យទន្លេ", "បរិញ្ញាបត្រវិទ្យាសាស្ត្រផ្នែកជលសាស្ត្រ", "ជលសាស្ត្រ",
          "ការសិក្សារយៈពេលបួនឆ្នាំអំពីទន្លេ។", "២៤០ ក្រេឌីត និងសារណាមួយ។", "ចាន់ សុភ័ក្ត្រ", "Chan Sopheak"),
    Place("ka", "mtkvari.example", "მტკვრის უნივერსიტეტი", "ჰიდროლოგიის ბაკალავრი", "ჰიდროლოგია",
          "მდინარეების ოთხწლიანი შესწავლა.", "240 კრედიტი და დიპლომი.", "თამარ ბერიძე", "Tamar Beridze"),
    Place("my", "ayar.example", "ဧရာတက္ကသိုလ်", "ဇလဗေဒ သိပ္ပံဘွဲ့", "ဇလဗေဒ",
          "မြစ်များကို လေးနှစ်ကြာ လေ့လာခြင်း။", "၂၄၀ ခရက်ဒစ်နှင့် စာတမ်း။", "မေသူဇာ", "May Thu Zar"),
    Place("zh", "jiang.example", "江水大学", "水文学理学学士", "水文学",
          "四年的河流与地下水研究。", "240学分及毕业论文。", "欧阳思齐", "Ouyang Siqi"),
    Place("uk", "dnipro-river.example", "Університет річок", "Бакалавр гідрології", "Гідрологія",
          "Чотири роки вивчення річок.", "240 кредитів і дипломна робота.", "Олександра Коваленко", "Oleksandra Kovalenko"),
    Place("nqo", "joliba.example", "ߖߟߌ߬ߓߊ߫ ߞߊ߬ߙߊ߲߬ߕߊ", "ߖߌ߫ ߟߐ߲ߞߏ ߞߊ߬ߙߊ߲", "ߖߌ߫ ߟߐ߲ߞߏ",
          "ߛߊ߲߬ ߠߊߥߟߌ߫ ߞߊ߬ߙߊ߲.", "߂߄߀", "ߡߊߙߌߦߡߎ߫ ߕߙߊߥߟߋ߫", "Mariamou Traoré"),
)  # fmt: skip


def lean_diploma(number: int = 0) -> Json:
    """What fits on paper: the holder, the award, one result, the day, the number and a status entry."""
    place = PLACES[number % len(PLACES)]
    base, day = f"https://{place.host}", f"2026-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
    result = _urn(place.host, "average")
    names = [name for name in (place.holder, place.latin) if name]
    return {
        "@context": [V2, BADGES],
        "id": _urn(place.host, f"record/{number}"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": place.programme,
        "issuer": {"id": f"did:web:{place.host}", "type": ["Profile"], "name": place.school},
        "validFrom": f"{day}T08:00:00Z",
        "awardedDate": f"{day}T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [_name(name) for name in names],
            "licenseNumber": f"{place.host[:3].upper()}-2026-{number:05d}",
            "achievement": {
                "id": _urn(place.host, "achievement"),
                "type": ["Achievement"],
                "achievementType": "BachelorDegree",
                "name": place.programme,
                "description": place.description,
                "criteria": {"narrative": place.criteria},
                "resultDescription": [
                    {
                        "id": result,
                        "type": ["ResultDescription"],
                        "name": "Grade point average",
                        "resultType": "GradePointAverage",
                    }
                ],
            },
            "result": [
                {"type": ["Result"], "resultDescription": result, "value": f"{2 + number % 20 / 10:.2f}"}
            ],
        },
        "credentialStatus": {
            "id": f"{base}/status/1.json#{number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(number),
            "statusListCredential": f"{base}/status/1.json",
        },
    }


def diploma(number: int = 0) -> Json:
    """What a careful registrar issues, about 4 kB: the lean record and all that explains it."""
    place = PLACES[number % len(PLACES)]
    document = lean_diploma(number)
    base = f"https://{place.host}"
    subject = document["credentialSubject"]
    document["description"] = place.description
    document["validUntil"] = "2076-12-31T23:59:59Z"
    document["issuer"] |= {
        "url": base,
        "email": f"registrar@{place.host}",
        "phone": "+999 1 555 0100",
        "image": {"id": f"{base}/crest.png", "type": "Image", "caption": place.school},
        "address": {
            "type": ["Address"],
            "addressCountryCode": "XX",
            "addressLocality": place.field,
            "streetAddress": "1 River Street",
            "geo": {"type": "GeoCoordinates", "latitude": 9.03, "longitude": 38.74},
        },
        "otherIdentifier": [
            {
                "type": "IdentifierEntry",
                "identifier": f"SCH-{number:04d}",
                "identifierType": "ext:schoolRegister",
            }
        ],
    }
    subject |= {
        "id": f"did:key:z6MkTest{number:040d}".replace("0", "1"),
        "activityStartDate": "2022-09-01T00:00:00Z",
        "activityEndDate": document["awardedDate"],
        "creditsEarned": 240.5,
        "role": "Student",
        "term": "2022–2026",
        "narrative": place.criteria,
    }
    subject["identifier"].append(
        {
            "type": "IdentityObject",
            "hashed": False,
            "identityHash": f"2022/{number:05d}",
            "identityType": "sourcedId",
        }
    )
    subject["achievement"] |= _details(place, base)
    honours = _urn(place.host, "honours")
    subject["achievement"]["resultDescription"].append(
        {
            "id": honours,
            "type": ["ResultDescription"],
            "name": "Honours",
            "resultType": "Result",
            "allowedValue": ["Pass", "Merit", "Distinction"],
        }
    )
    subject["result"].append({"type": ["Result"], "resultDescription": honours, "value": "Distinction"})
    document["evidence"] = [
        {"id": f"{base}/theses/{number}", "type": ["Evidence"], "name": place.field, "genre": "Thesis"}
    ]
    return document


def endorsement(number: int = 0) -> Json:
    """A ministry's word for a school."""
    place = PLACES[number % len(PLACES)]
    return {
        "@context": [V2, BADGES],
        "id": _urn(place.host, f"endorsement/{number}"),
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "Accreditation",
        "issuer": {
            "id": "did:web:ministry.example",
            "type": ["Profile"],
            "name": "Ministry of Rivers and Schools",
        },
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": f"did:web:{place.host}",
            "type": ["EndorsementSubject"],
            "endorsementComment": f"{place.school} may award degrees",
        },
    }


def old_diploma(number: int = 0) -> Json:
    """The lean record as it was written under VCDM 1.1."""
    document = lean_diploma(number)
    document["@context"] = [
        "https://www.w3.org/2018/credentials/v1",
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.1.json",
    ]
    document["issuanceDate"] = document.pop("validFrom")
    return document


def _details(place: Place, base: str) -> Json:
    return {
        "criteria": {"id": f"{base}/programmes/hydrology", "narrative": place.criteria},
        "creator": {"id": f"did:web:{place.host}", "type": ["Profile"], "name": place.school},
        "creditsAvailable": 240,
        "fieldOfStudy": place.field,
        "humanCode": "HYD-1",
        "inLanguage": place.language,
        "specialization": place.field,
        "image": {"id": f"{base}/badges/hydrology.png", "type": "Image"},
        "tag": [place.field, "river"],
        "version": "2026",
        "alignment": [
            {
                "type": ["Alignment"],
                "targetName": "Level 6",
                "targetType": "ceterms:Credential",
                "targetFramework": "National qualifications framework",
                "targetUrl": "https://framework.example/levels/6",
            }
        ],
    }


def _name(name: str) -> Json:
    return {"type": "IdentityObject", "hashed": False, "identityHash": name, "identityType": "name"}


def _urn(host: str, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'https://{host}/{name}')}"
