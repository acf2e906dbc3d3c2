"""Selam, who keeps her diploma: records of the town's school in the forms that a wallet meets."""

from __future__ import annotations

from dataclasses import replace

from testamur.jsontext import write_json
from testamur.proofs import DataIntegrity, SdJwtVc, SecuredDocument
from testamur.vault import Contents, Passphrase
from testamur.wallet.holder_keys import private_key
from tests.town import GRADUATION, NOW, School, Town

CHEAP = Passphrase("ስንዴ እና ማር", passes=1, memory=8192)


def sd_jwt_vc(school: School, holder_key, **changes: object) -> SecuredDocument:
    """A record of which the holder may show a part, bound to her key."""
    claims = {
        "iss": f"https://{school.host}",
        "vct": "urn:example:diploma",
        "jti": f"https://{school.host}/records/sd",
        "award": "Bachelor of Science",
        "awarded": "2026-07-01",
        "name": "ሰላም ተስፋዬ",
        "birthdate": "2004-05-06",
        "results": [{"name": "Final grade", "value": "17.5 of 20"}],
        "nbf": int(GRADUATION.timestamp()),
    } | changes
    paths = (("name",), ("birthdate",), ("results",))
    form = SdJwtVc(paths, holder_key=private_key(holder_key).public_key if holder_key else None)
    signer = replace(school.key, verification_method=f"https://{school.host}#key-1")
    return form.secure(write_json(claims), signer, at=GRADUATION)


def ecdsa_sd(school: School) -> SecuredDocument:
    """The diploma with a base proof of ecdsa-sd-2023."""
    signer = school.add_key("p256", algorithm="P-256")
    school.publish()
    return DataIntegrity("ecdsa-sd-2023").secure(write_json(school.diploma()), signer, at=GRADUATION)


def received(town: Town, *texts: str) -> Contents:
    """A wallet's content with these records."""
    from testamur.wallet.receiving import receive

    contents = Contents()
    for text in texts:
        contents = receive(contents, text.encode(), "record", town.employer(), at=NOW).contents
    return contents
