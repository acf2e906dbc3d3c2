"""The signed lists: status as a credential in two forms, the notices beside it, the digests of all forms."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from testamur.jsontext import write_json
from testamur.keys import Named, Signer
from testamur.proofs import DataIntegrity, VcJwt, suite_for
from testamur.publishing.site import DIGESTS_URL, GOOD_FOR, Site
from testamur.status import (
    REASONS,
    Notice,
    list_credential,
    sign_list_cwt,
    sign_list_token,
    sign_notices,
    token_url,
)
from testamur.store import REPLACED, REVOCATION, Ledger, SetBit, StatusList


def signed_lists(site: Site, ledger: Ledger, signer: Signer, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    """Every status list as Data Integrity and as ``vc+jwt``, its notices, and the digest list."""
    for status_list in ledger.lists(site.ledger_name):
        bits = ledger.set_bits(status_list.id)
        yield from _status_files(site, status_list, bits, signer, at=at)
        if site.token_lists and status_list.purpose == REVOCATION:
            values = dict.fromkeys(ledger.suspended(status_list.id), 2) | dict.fromkeys(bits, 1)
            yield from _token_files(site, status_list, values, signer, at=at)
    yield from _digest_files(site, ledger, signer, at=at)


def _status_files(
    site: Site, status_list: StatusList, bits: dict[int, SetBit], signer: Signer, *, at: datetime
) -> Iterator[tuple[str, bytes]]:
    stem = f"status/{status_list.number}"
    url = site.at(f"{stem}.json")
    document = write_json(
        list_credential(
            url,
            site.did,
            bits,
            purpose=status_list.purpose,
            at=at,
            size=status_list.size,
            valid_for=GOOD_FOR,
        )
    )
    suite = suite_for(signer.public_key)
    yield f"{stem}.json", DataIntegrity(suite).secure(document, signer, at=at).text.encode("utf-8")
    yield f"{stem}.jwt", VcJwt().secure(document, signer, at=at).text.encode("ascii")
    notices = {index: Notice(_reason(bit), bit.at) for index, bit in bits.items()}
    token = sign_notices(url, site.did, notices, signer, at=at, valid_for=GOOD_FOR)
    yield f"{stem}.notices.jwt", token.encode("ascii")


def _token_files(
    site: Site, status_list: StatusList, values: dict[int, int], signer: Signer, *, at: datetime
) -> Iterator[tuple[str, bytes]]:
    """The same list with the suspended ones in it, as tokens: each is named by its own address (TSL §5).

    A school whose site is its name too is known by both, so that the key is named without either.
    """
    url = site.at(f"status/{status_list.number}.json")
    named = Named(signer, signer.verification_method.partition("#")[2] if site.names_itself else "")
    for kind in site.token_lists:
        own = token_url(url, kind)
        path = own.removeprefix(f"{site.url}/")
        if kind == "cwt":
            yield path, sign_list_cwt(own, values, signer, size=status_list.size, at=at, valid_for=GOOD_FOR)
        else:
            token = sign_list_token(own, values, named, size=status_list.size, at=at, valid_for=GOOD_FOR)
            yield path, token.encode("ascii")


def _reason(bit: SetBit) -> str:
    """The word that is published; what a registrar wrote stays in the ledger unless it is such a word."""
    if bit.state == REPLACED:
        return "replaced"
    return bit.reason if bit.reason in REASONS else "unspecified"


def _digest_files(site: Site, ledger: Ledger, signer: Signer, *, at: datetime) -> Iterator[tuple[str, bytes]]:
    from testamur.trust import sign_digest_list

    token, raw = sign_digest_list(
        ledger.digests(site.ledger_name), site.did, site.at("digests.bin"), signer, at=at, valid_for=GOOD_FOR
    )
    yield "digests.bin", raw
    yield DIGESTS_URL, token.encode("ascii")
