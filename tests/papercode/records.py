"""Small signed extracts in several scripts, for the paper code and the printed page."""

import json
from hashlib import sha512

from testamur.encoding import encode_base64url
from testamur.jsontext import Json
from testamur.keys import LocalSigner, PrivateKey
from testamur.proofs import VcJwt
from testamur.times import parse_instant

KEY = PrivateKey.from_secret("Ed25519", bytes(range(32)))
AT = parse_instant("2026-07-02T09:14:25Z")

GRADUATES = {
    "en": ("Technical University of Greenhollow", "tu-greenhollow.example", "Margarethe Viola Steinhauer", "",
           "Bachelor of Engineering in Mechatronics", "Seven semesters with a term in industry", "TUG-2026-00417", "3.41"),
    "es": ("Universidad de Valdoria", "diplomas.example.edu", "María José Hernández Ruiz", "",
           "Licenciatura en Enfermería", "Estudios de enfermería de cuatro años", "UV-2026-00417", "Sobresaliente 9,6"),
    "hi": ("शिवालिक महाविद्यालय देहरादून", "shivalik.example", "अनन्या राघवेन्द्र मिश्र", "Ananya Raghavendra Mishra",
           "वाणिज्य स्नातक", "वाणिज्य संकाय के छह सत्रों का अध्ययन", "SM-2026-00417", "8.61"),
    "am": ("የጎንደር የጤና ሳይንስ ኮሌጅ", "ghsc.example", "ሄኖክ ገብረመድኅን ታደሰ", "Henok Gebremedhin Tadesse",
           "የነርሲንግ የመጀመሪያ ዲግሪ", "አራት ዓመት የነርሲንግ ትምህርት", "GH-2026-00417", "3.41"),
    "ar": ("كلية الهندسة بالإسكندرية", "alexeng.example", "نور الدين محمود الشافعي", "Nour Eldin Mahmoud Elshafei",
           "بكالوريوس الهندسة المدنية", "خمس سنوات في الهندسة المدنية", "AE-2026-00417", "جيد جدا"),
    "km": ("សាកលវិទ្យាល័យបាត់ដំបង", "ub.example", "លី សុភាព", "Ly Sopheap",
           "បរិញ្ញាបត្រគ្រប់គ្រង", "ការសិក្សា៤ឆ្នាំផ្នែកគ្រប់គ្រង", "UB-2026-00417", "3.41"),
    "zh": ("绿谷理工大学", "lvgu.example", "王小明", "Wang Xiaoming",
           "机械工程学士", "四年制机械工程本科课程", "LG-2026-00417", "优"),
}  # fmt: skip


def record(language: str) -> Json:
    """An unsigned extract with the members in the order that templates write them."""
    school, host, name, latin, award, description, number, result = GRADUATES[language]
    people = [
        {"type": "IdentityObject", "identityHash": text, "identityType": "name", "hashed": False}
        for text in (name, latin)
        if text
    ]
    digest = sha512(host.encode()).hexdigest()
    listing = f"https://{host}/status/3.json"
    return {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"urn:uuid:{digest[:8]}-{digest[8:12]}-4{digest[12:15]}-8{digest[15:18]}-{digest[18:30]}",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": f"did:web:{host}", "type": ["Profile"], "name": school},
        "validFrom": "2026-07-02T09:14:25Z",
        "awardedDate": "2026-07-01T00:00:00Z",
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": people,
            "licenseNumber": number,
            "result": [{"type": ["Result"], "value": result}],
            "achievement": {
                "id": "urn:uuid:0b34f9ec-93b5-5f0e-8a14-61bb1b6b4f4c",
                "type": ["Achievement"],
                "achievementType": "BachelorDegree",
                "name": award,
                "description": description,
                "criteria": {},
            },
        },
        "credentialStatus": {
            "id": f"{listing}#93127",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": "93127",
            "statusListCredential": listing,
        },
    }


def signed(document: Json) -> str:
    """The extract as a ``vc+jwt`` under the test key."""
    signer = LocalSigner(KEY, document["issuer"]["id"] + "#key-1")
    return VcJwt(extract=True).secure(compact(document), signer, at=AT).text


def token(header: str, payload: str, signature: bytes = bytes(range(64))) -> str:
    """Any compact token."""
    return ".".join(encode_base64url(part) for part in (header.encode(), payload.encode(), signature))


def compact(document: Json) -> str:
    """JSON as the templates' documents are written."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
