"""Real documents and seeded mutations of them: everything JSON-LD lets a hostile or careless issuer write."""

import copy
import json
import random
from collections.abc import Iterator

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
XSD = "http://www.w3.org/2001/XMLSchema#"
NAMES = [
    "አበበ ቢቂላ",
    "فاطمة الزهراء",
    "प्रिया शर्मा",
    "សុខ សុភា",
    "Ольга Иванова",
    "李小明",
    "Nguyễn Thị Hoa",
    "D’Arcy O'Neil",
]

TEXTS = [
    *(
        "",
        " ",
        'a"b',
        "back\\slash",
        "tab\there",
        "nl\nx",
        "cr\rx",
        "\x00",
        "\x01\x1f",
        "\x7f",
        "\x80",
        "\u2028",
    ),
    *(
        "\ufeff",
        "\U0001f600",
        "\uffff",
        "\ue000z",
        "é",
        "e\u0301",
        "_:b0",
        "<x>",
        '" .\n<a> <b> "c',
        "true",
        "1",
    ),
    *("http://a b", "a\u0085b", "\u00ad", "𝒳\U0010fffd", "did:key:z", "1.5E0", "INF"),
]
NUMBERS = [
    *(
        0,
        1,
        -1,
        1.5,
        -0.0,
        1.0,
        1e20,
        1e21,
        1e22,
        2**53,
        2**53 - 1,
        2**53 + 1,
        4503599627370496.5,
        1e-7,
        5e-324,
    ),
    *(1.7976931348623157e308, 0.1, 100.0, 3.14159, -2.5e-10, 0.30000000000000004, 123456.789, True, False),
]
IDS = [
    *(
        "relative",
        "",
        "_:b0",
        "_:c14n0",
        "http://x/a b",
        "http://x/a>b",
        "https://x/é",
        "urn:x",
        "did:key:zA",
        "#f",
    ),
    *(
        "//host/x",
        "http:",
        ":x",
        "x:y",
        "@type",
        "@foo",
        "http://x/\n",
        "http://x/%20",
        "mailto:a@b",
        "Achievement",
    ),
    *("http://x/\u2028", "name:foo", "https://x/\U0001f600", 5, None, True, ["https://x/1"]),
]
TYPES = [
    *(
        "Undefined",
        "Profile",
        "Achievement",
        "Alignment",
        "Result",
        "AchievementSubject",
        "VerifiableCredential",
    ),
    *(
        "https://x/T",
        "x:T",
        "_:t",
        "Image",
        "IdentityObject",
        "BitstringStatusListEntry",
        "JsonSchema",
        "@json",
    ),
    *("@id", "VerifiablePresentation", "DataIntegrityProof"),
]
KEYS = [
    *(
        "undefinedTerm",
        "https://x/p",
        "x:p",
        "@foo",
        "name",
        "id",
        "type",
        "@id",
        "@type",
        "@index",
        "@language",
    ),
    *(
        "@value",
        "@list",
        "@set",
        "@graph",
        "@included",
        "@reverse",
        "@nest",
        "alignment",
        "image",
        "url",
        "evidence",
    ),
    *(
        "achievement",
        "proof",
        "cnf",
        "_sd",
        "https://schema.org/description",
        "allowedValue",
        "termsOfUse",
        "tag",
    ),
    *(
        "verifiableCredential",
        "endorsement",
        "relatedResource",
        "renderMethod",
        "role",
        "jsonSchema",
        "_:p",
        "",
    ),
]
FOO = "https://x/foo"
CONTEXTS = [
    *(None, {}, {"@vocab": "https://v/"}, {"@vocab": None}, {"@base": "https://b/"}, {"@language": "fr"}),
    *(
        {"x": "https://x/ns#"},
        {"name": "https://evil/name"},
        {"id": "@id"},
        {"@version": 1.1},
        {"foo": "@nest"},
    ),
    *(
        {"foo": {"@id": FOO, "@type": kind}}
        for kind in ("@id", "@vocab", "@json", "@none", XSD + "double", XSD + "date")
    ),
    *(
        {"foo": {"@id": FOO, "@container": kind}}
        for kind in ("@language", "@list", "@index", "@set", "@graph", "@id")
    ),
    *({"foo": {"@reverse": FOO}}, {"foo": {"@id": FOO, "@container": ["@graph", "@id"]}}, {"foo": None}),
    *(
        {"foo": {"@id": FOO, "@language": "de"}},
        {"foo": {"@id": FOO, "@direction": "rtl"}},
        {"@direction": "rtl"},
    ),
    *({"@protected": True, "foo": FOO}, {"@propagate": False, "foo": FOO}, {"@import": V2}, V2, OB, V1),
    {"Foo": {"@id": "https://x/Foo", "@context": {"foo": "https://x/foo2"}}},
    {"foo": {"@id": FOO, "@context": {"name": "https://x/innername"}}},
    {"foo": {"@id": FOO, "@context": None}},
    [{"foo": FOO}, {"bar": "https://x/bar"}],
    *("https://unknown/context", [V2, OB], 5, [None, V2]),
]
SPECIAL = [
    *({"@value": "x", "@language": tag} for tag in ("en", "EN-us", "x y", "", None, 5)),
    *(
        {"@value": "x", "@type": kind}
        for kind in ("https://x/dt", "relative", XSD + "string", XSD + "double", None)
    ),
    *({"@value": value} for value in (5, True, None, ["x"], {}, 1.5, "1.5", 1e21)),
    *({"@value": value, "@type": XSD + "double"} for value in (1.5, 2, "1.5", "1.5E0", "INF")),
    *({"@value": value, "@type": XSD + "integer"} for value in (1, "1", 1.5)),
    {"@value": {"a": [1, 2.50]}, "@type": "@json"},
    {"@value": None, "@type": "@json"},
    {"@value": "x", "@language": "en", "@direction": "ltr"},
    {"@value": "x", "extra": 1},
    {"@value": "x", "@index": "i"},
    {"@value": "x", "@type": "https://x/dt", "@language": "en"},
    *({"@list": ["a", "b"]}, {"@list": []}, {"@set": ["a", "b"]}, {"@set": []}, {"@id": "https://x/1"}),
    *(
        {"id": "https://x/1"},
        {"id": "https://x/1", "name": "n"},
        {"name": "n"},
        {},
        [],
        [[]],
        [["a"], "b"],
        None,
    ),
    *([None, "a"], ["a", "a"], [1, True, "1", 1.0], [1, 1.0], [1, {"@value": "1", "@type": XSD + "integer"}]),
    *([{"name": "n"}, {"name": "n"}], {"en": "hello", "fr": "bonjour"}, {"@type": "https://x/T"}, {"@id": 5}),
    *(
        {"type": []},
        {"id": "https://x/1", "@id": "https://x/2"},
        [{"id": "https://x/1"}, {"id": "https://x/1"}],
    ),
    [{"type": ["Alignment"], "targetName": "same"}, {"type": ["Alignment"], "targetName": "same"}],
    [{"type": ["Profile"], "parentOrg": {"type": ["Profile"], "name": "p"}}] * 2,
]


def diploma(number: int) -> dict:
    """An Open Badge of the kind a ministry issues; lists, links, dates, numbers and nodes that look alike."""
    chance = random.Random(number)
    base = "https://diplomas.example.edu/"
    courses = ["mathematics", "physics", "literature"]
    return {
        "@context": [V2, OB],
        "id": f"urn:uuid:{number:08d}-0000-4000-8000-000000000000",
        "type": ["VerifiableCredential", "AchievementCredential"],
        "name": "National Secondary Diploma",
        "issuer": {
            "id": "did:web:diplomas.example.edu",
            "type": ["Profile"],
            "name": "Universidad de Valdoria",
            "url": "https://example.edu",
            "image": {"id": base + "seal.png", "type": "Image", "caption": "Seal"},
            "address": {"type": ["Address"], "addressCountry": "Valdoria", "streetAddress": "1 Main Street"},
        },
        "validFrom": "2026-07-01T00:00:00Z",
        "awardedDate": f"2026-06-{1 + number % 28:02d}T10:00:00Z",
        "credentialSubject": {
            "id": f"did:example:{number}",
            "type": ["AchievementSubject"],
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityHash": chance.choice(NAMES),
                    "identityType": "name",
                },
                {
                    "type": "IdentityObject",
                    "hashed": True,
                    "identityHash": "sha256$ab",
                    "identityType": "emailAddress",
                },
            ],
            "creditsEarned": chance.choice([180, 180.5]),
            "achievement": {
                "id": base + "achievements/diploma",
                "type": ["Achievement"],
                "achievementType": "Diploma",
                "name": "National Secondary Diploma",
                "tag": ["secondary", "diploma", "national"],
                "criteria": {"narrative": 'Four examinations.\nAll of them "sufficient" or better.'},
                "alignment": [
                    {"type": ["Alignment"], "targetName": name, "targetUrl": "https://levels.example/4"}
                    for name in ("EQF level 4", "ISCED 3")
                ],
                "resultDescription": [
                    {
                        "id": f"{base}results/{course}",
                        "type": ["ResultDescription"],
                        "name": course,
                        "resultType": "LetterGrade",
                        "allowedValue": ["C", "B", "A"],
                    }
                    for course in courses
                ],
            },
            "result": [
                {
                    "type": ["Result"],
                    "resultDescription": f"{base}results/{course}",
                    "value": chance.choice("ABC"),
                }
                for course in courses
            ],
        },
        "credentialStatus": {
            "id": f"{base}status/3#{number}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(number),
            "statusListCredential": base + "status/3",
        },
    }


def mutated(count: int, seed: int) -> Iterator[dict]:
    """So many mutated diplomas; the same for the same seed."""
    chance = random.Random(seed)
    for number in range(count):
        document = diploma(number)
        for _ in range(chance.choice([0, 1, 1, 1, 1, 2, 3])):
            chance.choice(MUTATIONS)(document, chance)
        yield json.loads(json.dumps(document))


def nodes(value: object) -> Iterator[dict]:
    """Every object in a document, contexts left out."""
    if isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key != "@context":
                yield from nodes(item)
    elif isinstance(value, list):
        for item in value:
            yield from nodes(item)


def lists(document: dict) -> list[list]:
    return [
        item
        for node in nodes(document)
        for key, item in node.items()
        if isinstance(item, list) and key != "@context"
    ]


def some_node(document: dict, chance: random.Random) -> dict:
    return chance.choice(list(nodes(document)))


def some_key(node: dict, chance: random.Random) -> str:
    return chance.choice([key for key in node if key != "@context"] or ["name"])


def known_ids(document: dict) -> list[str]:
    return [node["id"] for node in nodes(document) if isinstance(node.get("id"), str)] or ["urn:x"]


def add_member(document: dict, chance: random.Random) -> None:
    value = chance.choice(["v", "https://x/v", 5, True, ["a"], {"type": "Profile", "name": "z"}, *SPECIAL])
    some_node(document, chance)[chance.choice(KEYS)] = copy.deepcopy(value)


def change_type(document: dict, chance: random.Random) -> None:
    kinds = [chance.choice(TYPES), chance.choice(TYPES)]
    some_node(document, chance)["type"] = chance.choice([kinds[0], kinds, 5, None, [], [5], {"a": 1}])


def add_type(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    before = node.get("type") or []
    node["type"] = [*(before if isinstance(before, list) else [before]), chance.choice(TYPES)]


def drop_member(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    node.pop(some_key(node, chance), None)


def repeat_item(document: dict, chance: random.Random) -> None:
    items = chance.choice([found for found in lists(document) if found] or [["x"]])
    items.append(copy.deepcopy(chance.choice(items)))


def shuffle(document: dict, chance: random.Random) -> None:
    for node in list(nodes(document)):
        members = list(node.items())
        chance.shuffle(members)
        node.clear()
        node.update(members)
    for items in lists(document):
        chance.shuffle(items)


def replace(choices: list) -> "object":
    def change(document: dict, chance: random.Random) -> None:
        node = some_node(document, chance)
        value = chance.choice(choices)
        node[some_key(node, chance)] = copy.deepcopy(chance.choice([value, [value, chance.choice(choices)]]))

    return change


def change_id(document: dict, chance: random.Random) -> None:
    some_node(document, chance)["id"] = chance.choice([*IDS, *known_ids(document)])


def refer(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    node[some_key(node, chance)] = {"id": chance.choice(known_ids(document))}


def wrap(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    key = some_key(node, chance)
    node[key] = [node.get(key)]


def bring_context(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    context = copy.deepcopy(chance.choice(CONTEXTS))
    if node is document:
        document["@context"] = (
            [*document["@context"], context] if isinstance(document["@context"], list) else context
        )
        node = some_node(document, chance)
    else:
        node["@context"] = context
    values = [
        "v",
        FOO,
        5,
        2.5,
        ["b", "a"],
        {"en": "a", "fr": "b"},
        {"name": "q"},
        "bar",
        {"https://x/1": {"name": "q"}},
    ]
    node["foo"] = copy.deepcopy(chance.choice(values))
    if chance.random() < 0.3:
        node["type"] = "Foo"


def say_twice(document: dict, chance: random.Random) -> None:
    node = some_node(document, chance)
    node["https://schema.org/name"] = node.get("name", "x") if chance.random() < 0.5 else "other"


MUTATIONS = [
    *(
        add_member,
        add_member,
        change_type,
        add_type,
        drop_member,
        repeat_item,
        shuffle,
        change_id,
        refer,
        wrap,
    ),
    *(
        bring_context,
        bring_context,
        say_twice,
        replace(TEXTS),
        replace(NUMBERS),
        replace(SPECIAL),
        replace(SPECIAL),
    ),
]
