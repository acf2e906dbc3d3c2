"""The words that the European Learning Model takes from lists of the European Union, by their addresses."""

from __future__ import annotations

import re

from testamur.credentials.members import text
from testamur.errors import Malformed
from testamur.jsontext import Json

_EU = "http://publications.europa.eu/resource/authority"
_SNB = "http://data.europa.eu/snb"
_CONCEPTS = {
    ("credential-profile", "generic"): (f"{_SNB}/credential/e34929035b", f"{_SNB}/credential/25831c2", "Generic"),
    ("education-credit", "ects"): (
        f"{_SNB}/education-credit/6fcec5c5af", f"{_SNB}/education-credit/25831c2", "European Credit Transfer System",
    ),
}  # fmt: skip
_LANGUAGES = {
    "am": "AMH", "ar": "ARA", "de": "DEU", "en": "ENG", "es": "SPA", "fr": "FRA", "hi": "HIN", "id": "IND",
    "km": "KHM", "pt": "POR", "ru": "RUS", "sw": "SWA", "th": "THA", "zh": "ZHO", "bg": "BUL", "cs": "CES",
    "da": "DAN", "el": "ELL", "et": "EST", "fi": "FIN", "ga": "GLE", "hr": "HRV", "hu": "HUN", "it": "ITA",
    "lt": "LIT", "lv": "LAV", "mt": "MLT", "nl": "NLD", "pl": "POL", "ro": "RON", "sk": "SLK", "sl": "SLV",
    "sv": "SWE", "uk": "UKR", "tr": "TUR",
}  # fmt: skip
_EQF = re.compile(r"(?:eqf(?:[-/ ]?level)?[-/ ]?|^level ?|^)([1-8])$", re.IGNORECASE)
_ISCED = re.compile(r"(?:^|[/# ])(\d{2,4})$")


def concept(scheme: str, name: str) -> Json:
    """A concept of one of the lists used here."""
    address, listed, label = _CONCEPTS[scheme, name]
    return _concept(address, listed, label)


def language_concept(tag: str) -> Json | None:
    """A language by its tag, or None where the list here does not have it."""
    code = _LANGUAGES.get(tag.partition("-")[0].lower())
    return _concept(f"{_EU}/language/{code}", f"{_EU}/language", "", "language") if code else None


def country_concept(code: str) -> Json:
    """A country by its ISO 3166-1 code of three letters; raises Malformed for anything else."""
    if not re.fullmatch(r"[A-Z]{3}", code):
        raise Malformed("", f"{code!r:.20} is no country: give its three capital letters, such as ETH or PRT")
    return _concept(f"{_EU}/country/{code}", f"{_EU}/country", "", "country")


def eqf_concept(alignment: Json) -> Json | None:
    """The level of the European Qualifications Framework that an alignment names, or None."""
    framework = text(alignment.get("targetFramework")).lower()
    if "european qualifications framework" not in framework and "eqf" not in framework:
        return None
    for told in (alignment.get("targetCode"), alignment.get("targetUrl"), alignment.get("targetName")):
        if found := _EQF.search(text(told).strip()):
            level = found[1]
            return _concept(f"{_SNB}/eqf/{level}", f"{_SNB}/eqf/25831c2", f"Level {level}")
    return None


def isced_concept(alignment: Json) -> Json | None:
    """The field of education (ISCED-F 2013) that an alignment names, or None."""
    if "isced" not in text(alignment.get("targetFramework")).lower():
        return None
    for told in (alignment.get("targetCode"), alignment.get("targetUrl")):
        if found := _ISCED.search(text(told).strip()):
            return _concept(
                f"{_SNB}/isced-f/{found[1]}", f"{_SNB}/isced-f/25831c2", text(alignment.get("targetName"))
            )
    return None


def _concept(address: str, scheme: str, label: str, notation: str = "") -> Json:
    members: Json = {"id": address, "type": "Concept", "inScheme": {"id": scheme, "type": "ConceptScheme"}}
    members |= {"notation": notation} if notation else {}
    return members | ({"prefLabel": {"en": label}} if label else {})
