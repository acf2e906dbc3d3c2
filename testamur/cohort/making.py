"""Documents of rows that fill the same places: what a row puts into one, and the ordinary way to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from testamur.cohort.plan import Cohort
from testamur.credentials import Template
from testamur.issuing import Issuer
from testamur.jsonld import Value
from testamur.jsontext import Json
from testamur.store import StatusSlot

Slots = tuple[StatusSlot, ...]
"""The status slots of one record: one to revoke it, a second one to suspend it where it can be."""


@dataclass(frozen=True, slots=True)
class Making:
    """Rows whose cells go to these places, under slots for these purposes.

    The sources of a row are the UUID of its record, list and index of each slot, and its values.
    """

    cohort: Cohort
    issuer: Issuer
    places: tuple[str, ...]
    purposes: tuple[str, ...]

    @property
    def template(self) -> Template:
        """The template that the rows fill."""
        return self.cohort.template

    @property
    def named(self) -> tuple[str, ...]:
        """The place of each source, "" for what comes from no cell."""
        return ("",) * self.first_value + self.places

    @property
    def first_value(self) -> int:
        """The number of the first source that is a cell's value."""
        return 1 + 2 * len(self.purposes)

    def sources(self, uuid: str, slots: Slots, values: Mapping[str, Value]) -> list[Value]:
        """What a row puts into its record."""
        found: list[Value] = [uuid]
        for slot in slots:
            found += (slot.list_number, slot.index)
        found += [values[place] for place in self.places]
        return found

    def unsecured(self, sources: Sequence[Value]) -> Json:
        """The credential that the template makes of these."""
        return self.template.document(
            dict(zip(self.places, sources[self.first_value :], strict=True)),
            issuer_id=self.issuer.organisation,
            issuer_name=self.cohort.issuer_name,
            issuer_url=self.cohort.issuer_url,
            record_id=f"urn:uuid:{sources[0]}",
            at=self.cohort.at,
        )

    def document(self, sources: Sequence[Value]) -> Json:
        """The same with its status."""
        numbers = [int(number) for number in sources[1 : self.first_value]]
        lists = zip(numbers[::2], numbers[1::2], self.purposes, strict=True)
        slots = tuple(StatusSlot(0, number, index, purpose) for number, index, purpose in lists)
        return self.unsecured(sources) | self.issuer.status_of(slots)

    def paper(self, document: Json) -> Json:
        """The extract of a document for paper."""
        return self.template.paper_document(document)
