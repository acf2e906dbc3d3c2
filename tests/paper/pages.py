"""Printed diplomas in five scripts, and an employer who trusts the schools that issued them."""

from __future__ import annotations

from functools import cache

from testamur.checks import Report
from testamur.did import Resolver
from testamur.jsontext import write_json
from testamur.keys import VerificationMethod
from testamur.proofs import DataIntegrity
from testamur.scanning import examine
from testamur.status import list_credential
from testamur.trust import PinnedTrust, all_pins
from testamur.verifying import Verifier
from tests.papercode.records import GRADUATES, KEY
from tests.town import NOW, School, Web


@cache
def employer() -> Verifier:
    """Trusts every school of the graduates; their keys and status lists are at hand."""
    web = Web()
    entries = []
    for name, host, *_ in GRADUATES.values():
        school = School(web, host, name)
        url = f"{school.did}#key-1"
        school.methods[url] = VerificationMethod(url, school.did, KEY.public_key)
        school.publish()
        listed = list_credential(f"https://{host}/status/3.json", school.did, {}, at=NOW)
        secured = DataIntegrity().secure(write_json(listed), school.status_key, at=NOW)
        web.pages[f"https://{host}/status/3.json"] = secured.text.encode()
        entries.append(school.trusted())
    trust = [PinnedTrust.of(entries)]
    return Verifier(Resolver(web, pins=all_pins(trust)), web, trust)


def reports(picture: bytes) -> tuple[Report, ...]:
    """What an employer is told of a picture."""
    return examine(picture, employer(), at=NOW, source="photo.jpg").reports
