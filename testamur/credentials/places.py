"""Where a column can go: each place of a record under the name that a template calls it by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """One place: what stands there in a registrar's words, an example, and the types a column may have."""

    name: str
    meaning: str
    example: str
    types: tuple[str, ...] = ("text", "choice")
    max_length: int = 200


def places_of(*places: Place) -> dict[str, Place]:
    """A table of places by their names."""
    return {place.name: place for place in places}


_TEXT = ("text", "choice")
_DATE = ("date",)
_NUMBER = ("number", "integer")

PLACES = places_of(
    Place("holder.name", "the person's name, in the script it is officially written in", "ሰላማዊት በቀለ"),
    Place("holder.latin_name", "the same name in Latin letters", "Selamawit Bekele"),
    Place("holder.birth_date", "the day the person was born", "2003-05-17", _DATE),
    Place("holder.id", "the person's own identifier, a DID or a web address", "did:key:z6Mk...", ("did", "url")),
    Place("holder.email", "an e-mail address; only a salted digest of it goes into the record", "a@example.org",
          ("email",)),
    Place("holder.student_number", "the number the school knows the person by", "2022-00417",
          ("text", "choice", "integer"), 60),
    Place("award.name", "what is awarded", "Bachelor of Science in Nursing"),
    Place("award.description", "a sentence about the award", "Four years of study with clinical practice", _TEXT, 1000),
    Place("award.field", "the field of study", "Nursing"),
    Place("award.specialization", "the specialisation, or what a licence allows", "Mathematics, grades 7 to 12"),
    Place("award.code", "the school's own code for the award", "BSN-4", _TEXT, 60),
    Place("award.language", "the language of study, as a tag", "am", _TEXT, 35),
    Place("awarded", "the day the award was made", "2026-07-01", _DATE),
    Place("started", "the day study began", "2022-09-12", _DATE),
    Place("ended", "the day study ended", "2026-06-20", _DATE),
    Place("valid_until", "the last day the record is good for", "2031-07-01", _DATE),
    Place("number", "the number of the diploma or licence", "D-2026-00417", ("text", "choice", "integer"), 60),
    Place("credits", "the credits the person earned", "240", _NUMBER),
    Place("term", "the term or school year", "2025/26", _TEXT, 60),
    Place("role", "the person's part in what was done", "team leader", _TEXT, 100),
    Place("narrative", "a sentence about this person's work", "Thesis on maternal health in Jimma", _TEXT, 1000),
    Place("nothing", "read for the school's own use; goes into no record", "any text",
          ("text", "choice", "date", "number", "integer", "email", "url", "did"), 500),
)  # fmt: skip
"""The fixed places; ``result.<name>`` is one more for each result that a template describes."""

RESULT = Place("result", "a result or grade", "3.71", ("text", "choice", "number", "integer"), 100)
"""What every ``result.<name>`` place has in common."""

PAPER_ONLY = {
    "issuer.name": "the school's name",
    "award.criteria": "what had to be done for it",
    "award.type": "the kind of award",
    "award.credits": "the credits the award is worth",
    "courses": "each course of a transcript with its credits and grade, where they fit into a code",
}
"""More that the ``paper`` list of a template may name; a column cannot go there."""
